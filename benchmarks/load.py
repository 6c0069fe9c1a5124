"""The practice app under load: fifty users at once on pages and on `assess`, against a real server and store.

    .venv/bin/python -m benchmarks.load                      # users who look at a page for two seconds on average
    .venv/bin/python -m benchmarks.load --think-s 0          # machines that never wait
    .venv/bin/python -m benchmarks.load --workers 0          # heavy computing in the server itself

The server is a process of its own (`psoas serve`) on an encrypted SQLite file with the ten people of the demonstration.
The users run in this process and take a part of the same cores, so the figures are on the careful side. They begin when
the server has loaded the body model in the background, some seconds after its start.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2 as httpx
from benchmarks.timing import machine

PASSPHRASE = "a passphrase for the load test"
CASE: dict[str, Any] = {
    "psoas_case": 1,
    "person": {"age_years": 44, "sex": "female"},
    "pain": {"regions": {"lumbar_left": 5, "groin_right": 2}, "duration_weeks": 30, "course": "stable"},
    "findings": {"worse_with_sitting": "yes", "straight_leg_raise": {"left": "no", "right": "no"}, "fever": "no"},
}
ASSESS_SHARE, REPEATED_SHARE = 0.2, 0.5
"""A fifth of the requests assess; half of those ask what was asked before."""


@dataclass
class Tally:
    """Seconds of every answer by kind, and what went wrong."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Served:
    """A server that runs, a session on it, and the people to look at."""

    url: str
    token: str
    pid: int
    people: tuple[str, ...]

    @property
    def cookies(self) -> dict[str, str]:
        """Of a browser that is signed in; their name ends in the port."""
        return {f"psoas-session-{self.url.rpartition(':')[2].strip('/')}": self.token}

    @property
    def bearer(self) -> dict[str, str]:
        """Of a program that is signed in."""
        return {"authorization": f"Bearer {self.token}"}


@contextmanager
def server(workers: int) -> Iterator[Served]:
    """`psoas serve` on a fresh encrypted store."""
    from psoas.records import open_records
    from psoas.web.demo import fill
    from psoas.web.settings import DEMO_LOGIN, DEMO_PASSWORD

    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "practice.db"
        with open_records(f"sqlite:///{store}", key=PASSPHRASE) as records:
            scope = fill(records)
            session = records.sign_in(DEMO_LOGIN, DEMO_PASSWORD, address="load")
            if session is None:
                raise SystemExit("the owner of the demonstration cannot sign in")
            with records.work(scope) as work:
                people = tuple(person.id for person in work.people.search(limit=20))
        command = [sys.executable, "-m", "psoas", "serve", "--port", "0", "--no-browser", "--store", str(store)]
        process = subprocess.Popen(
            [*command, "--workers", str(workers)],
            stderr=subprocess.PIPE, text=True, env={**os.environ, "PSOAS_PASSPHRASE": PASSPHRASE},
        )  # fmt: skip
        try:
            if process.stderr is None:
                raise SystemExit("the server says nothing")
            said = []
            for line in process.stderr:
                said.append(line)
                if match := re.search(r"https?://\S+?(?=/ )", line):
                    break
            else:
                raise SystemExit("".join(said))
            yield Served(match.group(0), session.token, process.pid, people)
        finally:
            process.terminate()
            process.wait(20)


def question(rng: random.Random, number: int) -> tuple[str, dict[str, Any]]:
    """A case to assess: one of a few that come again and again, or one nobody has asked."""
    if rng.random() < REPEATED_SHARE:
        return "assess, asked before", {**CASE, "person": {"age_years": rng.choice((30, 44, 61)), "sex": "female"}}
    return "assess, new", _new_case(number)


def _new_case(number: int) -> dict[str, Any]:
    """Nobody has asked this: durations and ages that do not come twice."""
    pain = {**CASE["pain"], "duration_weeks": 1 + (number % 9973) / 10}
    return {**CASE, "pain": pain, "person": {"age_years": 20 + number % 61, "sex": "male"}}


async def ask(client: httpx.AsyncClient, served: Served, rng: random.Random, number: int, tally: Tally) -> None:
    """One request."""
    if rng.random() < ASSESS_SHARE:
        kind, case = question(rng, number)
        call = client.post("/api/v1/assess", json=case, headers=served.bearer)
    else:
        person = rng.choice(served.people)
        kind, path = rng.choice([
            ("people", "/people"), ("person", f"/people/{person}"), ("progress", f"/people/{person}/progress"),
            ("check-in form", f"/people/{person}/check-ins/new"), ("account", "/account"),
        ])  # fmt: skip
        call = client.get(path, cookies=served.cookies)
    start = time.perf_counter()
    try:
        answer = await call
    except httpx.HTTPError as err:
        tally.errors.append(f"{kind}: {type(err).__name__}")
        return
    tally.seconds[kind].append(time.perf_counter() - start)
    if answer.status_code != 200:
        tally.errors.append(f"{kind}: {answer.status_code}")


async def user(served: Served, number: int, until: float, think_s: float, tally: Tally) -> None:
    """One user: asks, looks, asks again."""
    rng = random.Random(number)
    async with httpx.AsyncClient(base_url=served.url, timeout=30) as client:
        await asyncio.sleep(rng.random() * max(think_s, 0.2))
        asked = 0
        while time.perf_counter() < until:
            await ask(client, served, rng, number * 10_000 + asked, tally)
            asked += 1
            if think_s:
                await asyncio.sleep(rng.expovariate(1 / think_s))


def settle(served: Served, most_s: float = 120) -> None:
    """Ask for everything once, and wait until the server has loaded the body model in the background and is idle."""
    with httpx.Client(base_url=served.url, timeout=60) as client:
        for name, call in kinds(served).items():
            if call(client, 0).status_code != 200:
                raise SystemExit(f"{name} does not answer")
    until, before = time.perf_counter() + most_s, -1.0
    time.sleep(8)
    while time.perf_counter() < until and (now := cpu_seconds(served.pid)) - before > 0.02:
        before = now
        time.sleep(2)


def kinds(served: Served) -> dict[str, Callable[[httpx.Client, int], httpx.Response]]:
    """Every kind of request, the same as the users send; the number makes an assess a new one."""
    person = served.people[0]
    pages = {
        "people": "/people", "person": f"/people/{person}", "progress": f"/people/{person}/progress",
        "check-in form": f"/people/{person}/check-ins/new", "account": "/account",
    }  # fmt: skip
    cookies = {"cookie": "; ".join(f"{name}={value}" for name, value in served.cookies.items())}
    found: dict[str, Callable[[httpx.Client, int], httpx.Response]] = {
        name: lambda client, _, path=path: client.get(path, headers=cookies)  # type: ignore[misc]
        for name, path in pages.items()
    }
    found["assess, asked before"] = lambda client, _: client.post("/api/v1/assess", json=CASE, headers=served.bearer)
    found["assess, new"] = lambda client, n: client.post(
        "/api/v1/assess", json=_new_case(5000 + n), headers=served.bearer
    )
    return found


def report_cpu(served: Served, rounds: int = 40) -> None:
    """Processor time of the server for one answer of each kind, asked one after the other by one user."""
    print("processor time of the server for one answer, one user:")
    with httpx.Client(base_url=served.url, timeout=60) as client:
        for name, call in kinds(served).items():
            before = cpu_seconds(served.pid)
            for number in range(rounds):
                call(client, number + 1)
            print(f"  {name:22s} {1000 * (cpu_seconds(served.pid) - before) / rounds:6.1f} ms")


async def load(served: Served, users: int, seconds: float, think_s: float) -> Tally:
    """All users at once for a while."""
    tally = Tally()
    until = time.perf_counter() + seconds
    await asyncio.gather(*(user(served, number, until, think_s, tally) for number in range(users)))
    return tally


def cpu_seconds(pid: int) -> float:
    """Processor time that a process and its children have used; 0 where /proc does not tell."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    own = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return own + sum(cpu_seconds(int(child)) for child in children)


def first_page(served: Served) -> tuple[int, int, int]:
    """Bytes of the first page after signing in with all it loads: as sent, packed by gzip, and how many files."""
    with httpx.Client(base_url=served.url, cookies=served.cookies) as client:
        page = client.get("/people")
        names = dict.fromkeys(re.findall(r'(?:src|href)="(/static/[^"]+)"', page.text))
        bodies = [page.content, *(client.get(name).content for name in names)]
    return sum(map(len, bodies)), sum(len(gzip.compress(body)) for body in bodies), len(bodies)


def percentile(values: list[float], share: float) -> float:
    """The value that this share of the values does not exceed, milliseconds."""
    return 1000 * sorted(values)[min(len(values) - 1, round(share * (len(values) - 1)))]


def report(tally: Tally, seconds: float) -> None:
    """A line for each kind and one for all."""
    everything = [one for values in tally.seconds.values() for one in values]
    print(f"{'':24s} {'n':>6s} {'p50 ms':>8s} {'p95 ms':>8s} {'p99 ms':>8s} {'mean ms':>8s}")
    for kind, values in [*sorted(tally.seconds.items()), ("all", everything)]:
        marks = " ".join(f"{percentile(values, share):8.1f}" for share in (0.5, 0.95, 0.99))
        print(f"{kind:24s} {len(values):6d} {marks} {1000 * statistics.fmean(values):8.1f}")
    print(f"{len(everything) / seconds:.1f} answers a second, {len(tally.errors)} errors", *set(tally.errors))


def main() -> None:
    """Parse, serve, load, report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--users", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--think-s", type=float, default=2.0, help="mean time a user looks at an answer")
    parser.add_argument("--workers", type=int, default=1, help="processes for heavy computing")
    given = parser.parse_args()
    print(machine())
    with server(given.workers) as served:
        sent, packed, files = first_page(served)
        print(f"first page: {sent / 1000:.0f} kB in {files} files as sent ({packed / 1000:.0f} kB packed)")
        print(f"{given.users} users, {given.think_s:g} s between requests on average, {given.workers} worker(s)")
        settle(served)
        report_cpu(served)
        before, began = cpu_seconds(served.pid), time.perf_counter()
        tally = asyncio.run(load(served, given.users, given.seconds, given.think_s))
        used, took = cpu_seconds(served.pid) - before, time.perf_counter() - began
    report(tally, given.seconds)
    answers = max(1, sum(map(len, tally.seconds.values())))
    print(f"the server used {used:.1f} s of processor in {took:.1f} s, {1000 * used / answers:.1f} ms an answer")
    print(f"load average at the end: {' '.join(f'{one:.1f}' for one in os.getloadavg())}")


if __name__ == "__main__":
    main()
