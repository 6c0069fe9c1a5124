"""Writes the section "Body" of docs/validation.md and its figure: every target beside the model's value.

Run ``python -m validation.body``; it takes under a minute. Nothing that set a parameter is compared.
"""

from __future__ import annotations

from pathlib import Path

from validation import body_loads as loads
from validation.body_controls import psoas_cut_at_pelvis, psoas_unfitted
from validation.page import DOCS, write_section

from psoas.body.statics.loads import solve
from psoas.body.study.validation import Check, checks, failed_targets
from psoas.body.subject.model import Body
from psoas.body.view.plots import figure, save

FIGURE = "validation_disc_pressure.svg"

INTRODUCTION = """
Written by `python -m validation.body`. The model is a man of the source's size for anatomy, and the man whose disc was
measured (1.739 m, 70 kg, 45 years) for loads. Set by measurement and so left out below: relaxed standing at 0.50 MPa
(Wilke; sets the conversion from compression to pressure), maximal back extension of 288 N.m (sets the strength of the
back muscles), fibre and sarcomere lengths, joint stiffness, segment masses.
"""

MISSES = """
* **Flexion-relaxation and the plateau.** Force goes on rising, ever more slowly, to full flexion, and back muscles stay
  at work there. The discs and ligaments here stiffen little towards the end of their range: only their stiffness around
  upright could be read; and the bend stops at 41.6° of lumbar flexion (measured on the skin), short of the 52° seen on
  radiographs. Loads beyond about 50° of trunk inclination are therefore too high, and muscle effort too.
* **Holding 20 kg close.** A third too high. How far the crate stood from the spine is not known (0.25 m here), and the
  model neither raises abdominal pressure by itself nor leans back; it is also weak at T12/L1, where the source gives
  iliocostalis a short arm.
* **Active straight leg raise.** Least effort leaves psoas silent (the ratio is meaningless) and lets iliacus and rectus
  femoris lift the leg. People use psoas on both sides: stability is no part of the cost.
* **Sit-up.** Psoas works a little more than measured; how far the trunk was raised in the measurement is not known.
* **Gravity moment of the bent trunk.** Divided by the weight above and the sine of the angle, the table's moments put
  the centre of mass of the upper body 16 to 17 cm above L5/S1; published segment masses put it well higher. We hold the
  table's figure for another definition, and leave the miss standing.
* **Sitting upright and sitting bent.** A seventh to a quarter too low, more against Sato. How flat each person's lumbar
  curve was is not known; people also tense the back to sit straight, and the model uses no more than it must.
* **Prone.** The difference is 0.04 MPa: relaxed muscles and the measured swelling of a lying disc are of that size.
* **Walking, running.** Loads are of one moment in equilibrium with the body's acceleration as a whole; the turning of
  trunk and limbs is left out. Pressure comes out high, compression in body weights in range.
* **Prone on elbows, sitting with elbows on the thighs.** How much the arms carry is decided by least effort; people
  lean less (elbows on thighs) or hang more freely (prone) than that.
* **Nachemson's percentages.** From an older needle; later studies did not find sitting above standing either.
"""


def main() -> None:
    """Write the figure and replace the section between its marks, or add it at the end of the file."""
    DOCS.mkdir(exist_ok=True)
    pressures = loads.pressures()
    draw(pressures, DOCS / FIGURE)
    write_section("body", body_section(pressures))


def body_section(pressures: list[loads.Pressure]) -> str:
    """The whole section as Markdown."""
    wilke = [row for row in pressures if row.id in loads.WILKE]
    r, slope, intercept = loads.agreement(wilke)
    bare_r, bare_slope, _ = loads.agreement(loads.without_tone(wilke))
    anatomy = checks()
    return "\n".join(
        [
            "## Body",
            "",
            INTRODUCTION.strip(),
            "",
            "### Disc pressure at L4/5",
            "",
            f"![Disc pressure, model against measured]({FIGURE})",
            "",
            f"Over the eight postures of Wilke's man that were read: **r = {r:.3f}, slope = {slope:.2f}**, intercept",
            f"{intercept:.2f} MPa (aim: r at least 0.95, slope 0.9 to 1.1). With no co-contraction at all r is",
            f"{bare_r:.3f} and the slope {bare_slope:.2f}. A value counts as met within 25 percent of the measured one",
            "(our choice: one man, and published conversions from pressure to force span 0.55 to 0.77).",
            "",
            *pressure_table(pressures),
            "",
            "### Order, trend and range",
            "",
            *check_table(),
            "",
            "### Anatomy and activation",
            "",
            *anatomy_table(anatomy),
            "",
            "### Wrong on purpose",
            "",
            *control_table(anatomy),
            "",
            "### Where it misses, and why",
            MISSES.rstrip(),
        ]
    )


def pressure_table(pressures: list[loads.Pressure]) -> list[str]:
    """Rows of measured and modelled pressure; Nachemson's in percent of standing."""
    rows = [
        "| target | posture here | model | measured | within 25 % | source | read in |",
        "|---|---|---|---|---|---|---|",
    ]
    for p in pressures:
        unit = "%" if p.id.startswith("nachemson") else "MPa"
        form = ".0f" if unit == "%" else ".2f"
        span = f"{p.low:{form}}" if p.low == p.high else f"{p.low:{form}}-{p.high:{form}}"
        near = 0.75 * p.low <= p.model <= 1.25 * p.high
        rows.append(
            f"| {p.id} | {p.posture} | {p.model:{form}} {unit} | {span} {unit} | {_yes(near)} "
            f"| {p.source} | {p.read_in} |"
        )
    return rows


def check_table() -> list[str]:
    """Rows of the remaining comparisons."""
    rows = ["| check | model | expected | agrees | source | read in |", "|---|---|---|---|---|---|"]
    return rows + [
        f"| {c.id} | {c.model} | {c.measured} | {_yes(c.agrees)} | {c.source} | {c.read_in} |" for c in loads.checks()
    ]


def anatomy_table(anatomy: list[Check]) -> list[str]:
    """Rows of every target: anatomy, then activations in tasks."""
    rows = ["| target | posture | model | range | in range | kind | source |", "|---|---|---|---|---|---|---|"]
    for c in anatomy:
        t = c.target
        value = f"{c.value:.3g} {t.unit}" if isinstance(c.value, float) else c.value or "both sides silent"
        span = "pattern" if t.low is None else f"{t.low:g} to {t.high:g}"
        rows.append(
            f"| {t.id}: {t.what} | {t.posture} | {value} | {span} | {_yes(c.in_range)} "
            f"| {t.kind} | {', '.join(t.source)} |"
        )
    return rows


def control_table(anatomy: list[Check]) -> list[str]:
    """Which targets bodies that are wrong on purpose fail, beside the right one."""
    rows = [
        "| body | targets failed | passive psoas in standing, N a side | targets that catch it |",
        "|---|---|---|---|",
    ]
    right = {c.target.id for c in anatomy if not c.in_range}
    for name, body in (
        ("this body", None),
        ("psoas cut at the pelvis", psoas_cut_at_pelvis()),
        ("psoas with unfitted fibres and slack", psoas_unfitted()),
    ):
        failed = right if body is None else failed_targets(body)
        standing = solve(Body.of() if body is None else body, "standing")
        pull = standing.muscles["psoas_major_right"].passive_n
        rows.append(f"| {name} | {len(failed)} | {pull:.0f} | {', '.join(sorted(failed - right)) or '-'} |")
    return rows


def draw(pressures: list[loads.Pressure], path: Path) -> None:
    """Model against measured pressure: Wilke's read postures filled, everything else open."""
    drawn, axes = figure(width_in=6.0, height_in=5.0)
    shown = [row for row in pressures if not row.id.startswith("nachemson")]
    axes.plot([0, 2.5], [0, 2.5], color="0.7", linewidth=1)
    for chosen, marker, label in (
        ([p for p in shown if p.id in loads.WILKE], "o", "Wilke, read"),
        (
            [p for p in shown if p.id.startswith("wilke") and p.id not in loads.WILKE],
            "s",
            "Wilke, recalled or repeated",
        ),
        ([p for p in shown if p.id.startswith("sato")], "^", "Sato, recalled"),
    ):
        filled = marker == "o"
        axes.errorbar(
            [p.measured for p in chosen], [p.model for p in chosen],
            xerr=[[p.measured - p.low for p in chosen], [p.high - p.measured for p in chosen]],
            fmt=marker, label=label, fillstyle="full" if filled else "none", color="C0" if filled else "0.4",
        )  # fmt: skip
        for p in chosen if filled else []:
            axes.annotate(p.posture, (p.measured, p.model), textcoords="offset points", xytext=(6, -3), fontsize=7)
    axes.set_xlabel("measured disc pressure, L4/5 (MPa)")
    axes.set_ylabel("model (MPa)")
    axes.legend(frameon=False, loc="upper left")
    save(drawn, path)


def _yes(agrees: bool | None) -> str:
    return "shown only" if agrees is None else "yes" if agrees else "**no**"


if __name__ == "__main__":
    main()
