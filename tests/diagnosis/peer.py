"""The same network in pyAgrum, an exact engine of others, with every conditional table written out afresh."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Iterable, Sequence
from itertools import combinations

import numpy as np

from psoas.diagnosis.network import Network

with warnings.catch_warnings():
    # Its SWIG types have no __module__, which Python calls deprecated; raised as an error in the import it crashes.
    warnings.simplefilter("ignore", DeprecationWarning)
    import pyagrum as gum

Chance = Callable[[frozenset[str]], float]  # P(as observed | exactly these sources)


def chance_of(leak: float, alone: dict[str, float], answer: str, counts: float) -> Chance:
    """Noisy-OR with inhibitors, discounted as a whole: what hangs together is not multiplied in full."""

    def chance(present: frozenset[str]) -> float:
        silent, let_through = 1.0 - leak, 1.0
        for source, p in alone.items():
            if source in present and p > leak:
                silent *= (1.0 - p) / (1.0 - leak)
            if source in present and p < leak:
                let_through *= p / leak
        yes = (1.0 - silent) * let_through
        return float((yes if answer == "yes" else 1.0 - yes) ** counts)

    return chance


def evidence(net: Network, names: Sequence[str] | None = None) -> list[tuple[list[str], Chance]]:
    """Every observation of a case: the sources it depends on, and its table."""
    found: list[tuple[list[str], Chance]] = []
    for item in net.observations:
        alone = {
            source: float(p)
            for source, p in zip(net.states.sources, item.chance.present, strict=True)
            if names is None or source in names
        }
        found.append((list(alone), chance_of(item.chance.leak, alone, item.answer, item.counts)))
    return found


def odds_of(net: Network, setting: str = "studio") -> dict[str, float]:
    """Odds of every source: the starting shares drawn to their mean, then each fact of the case by its ratio."""
    priors = net.knowledge.diagnosis_choices.priors
    logits = {s: math.log(p / (1 - p)) for s in net.states.sources for p in [getattr(priors[s], setting).value]}
    mean = sum(logits.values()) / len(logits)
    pulled = net.knobs.towards_equal
    odds = {s: math.exp(pulled * mean + (1 - pulled) * value) for s, value in logits.items()}
    for fact in net.told:
        for number, source in enumerate(net.states.sources):
            p, leak = float(fact.chance.present[number]), fact.chance.leak
            ratio = p / leak if fact.answer == "yes" else (1 - p) / (1 - leak)
            odds[source] *= ratio**net.knobs.temperature
    return odds


def marginals_by_joint_node(net: Network, setting: str = "studio") -> dict[str, float]:
    """Posterior of every source, from the network with one node for all sources."""
    model, joint = joint_node_network(net, setting)
    weight = joint_posterior(model)
    return {
        s: float(sum(w for present, w in zip(joint, weight, strict=True) if s in present)) for s in net.states.sources
    }


def joint_node_network(net: Network, setting: str = "studio") -> tuple[gum.BayesNet, list[frozenset[str]]]:
    """One node with every set of at most three sources, its prior the product of the odds, and a child per answer."""
    sources, odds = net.states.sources, odds_of(net, setting)
    joint = [
        (frozenset(chosen), math.prod(odds[s] for s in chosen))
        for size in range(4)
        for chosen in combinations(sources, size)
    ]
    model = gum.BayesNet()
    state = model.add(gum.LabelizedVariable("state", "", len(joint)))
    total = sum(weight for _, weight in joint)
    model.cpt(state).fillWith([weight / total for _, weight in joint])
    for number, (_, chance) in enumerate(evidence(net)):
        child = model.add(gum.LabelizedVariable(f"seen{number}", "", 2))
        model.addArc(state, child)
        table = np.array([chance(present) for present, _ in joint])
        table = table / table.max()  # after a discount it is a likelihood, not a probability
        model.cpt(child)[:] = np.stack([1 - table, table], axis=1)
    return model, [present for present, _ in joint]


def joint_posterior(model: gum.BayesNet) -> np.ndarray:
    """P(state | every child seen), by lazy propagation."""
    engine = gum.LazyPropagation(model)
    engine.setEvidence({name: 1 for name in model.names() if name != "state"})
    engine.setTargets({"state"})
    engine.makeInference()
    found: np.ndarray = engine.posterior("state").toarray()
    return found


def marginals_by_binary_nodes(
    names: Sequence[str], odds: Iterable[float], seen: Iterable[tuple[list[str], Chance]]
) -> dict[str, float]:
    """A node for each source, an observed node for 'at most three at once', and an observed child per answer."""
    model = gum.BayesNet()
    for name, ratio in zip(names, odds, strict=True):
        model.add(gum.LabelizedVariable(name, "", 2))
        model.cpt(name).fillWith([1 / (1 + ratio), ratio / (1 + ratio)])
    children = [(list(names), lambda present: 1.0 if len(present) <= 3 else 0.0), *seen]
    for number, (parents, chance) in enumerate(children):
        child = f"seen{number}"
        model.add(gum.LabelizedVariable(child, "", 2))
        parents = [name for name in parents if name in names]
        for parent in parents:
            model.addArc(parent, child)
        instances = list(np.ndindex(*(2,) * len(parents)))
        table = [chance(frozenset(n for n, on in zip(parents, instance, strict=True) if on)) for instance in instances]
        for instance, value in zip(instances, table, strict=True):
            given = dict(zip(parents, map(int, instance), strict=True))
            p = value / max(table)
            if given:
                model.cpt(child)[given] = [1 - p, p]
            else:
                model.cpt(child).fillWith([1 - p, p])
    engine = gum.LazyPropagation(model)
    engine.setEvidence({f"seen{number}": 1 for number in range(len(children))})
    engine.makeInference()
    return {name: float(engine.posterior(name)[1]) for name in names}
