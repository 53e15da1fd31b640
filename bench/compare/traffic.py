"""What is sent: plans of requests, and the two clients that send them.

500 bodies in the forms of Chrome, Firefox and Safari (300 single reports, 200 batches of 1 to 10) drawn evenly, 1,000
site keys drawn by Zipf: the busiest gets 13 % of the requests. A plan is the same each time, and repeats.
"""

import bisect
import gzip
import itertools
import json
import os
import random
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

BENCH = Path(__file__).resolve().parent.parent
PACE = BENCH.parent / "target/bench/release/pace"
CONNECTIONS = 64
REQUESTS = 8192
CLIENT_CORE = os.cpu_count() - 1
KINDS = ("mix", "single")


def keys():
    """The site keys, the most popular first."""
    with gzip.open(BENCH / "sites.txt.gz", "rt") as file:
        return file.read().split()


def bodies():
    """The bodies, with their headers and how many reports are in each."""
    with gzip.open(BENCH / "bodies.ndjson.gz", "rt") as file:
        return [json.loads(line) for line in file]


@dataclass
class Plan:
    """Requests in order, the reports in each, and what is in one of them on average."""

    lines: list
    counts: list
    reports: float
    bytes: float


def plan(kind, paths, only_site=None):
    """Requests of a kind. `paths` has two patterns with `{site}`, for single reports and for batches."""
    chance = random.Random(1)
    rows = [row for row in bodies() if kind == "mix" or row["kind"] == "report-uri"]
    sites = keys()
    weights = list(itertools.accumulate(1 / (rank + 1) for rank in range(len(sites))))
    drawn = []
    for _ in range(REQUESTS):
        row = rows[chance.randrange(len(rows))]
        site = only_site or sites[bisect.bisect_left(weights, chance.random() * weights[-1])]
        drawn.append((paths[row["kind"] != "report-uri"].replace("{site}", site), row))
    return Plan(
        [f"{path}\t{row['ct']}\t{row['user_agent']}\t{row['body']}\n" for path, row in drawn],
        [row["reports"] for _, row in drawn],
        sum(row["reports"] for _, row in drawn) / REQUESTS,
        sum(row["bytes"] for _, row in drawn) / REQUESTS,
    )


def flood(port, what, seconds, cores=(CLIENT_CORE,), threads=1, scheme="http"):
    """As fast as it goes, each connection with one request at a time."""
    with tempfile.NamedTemporaryFile("w", suffix=".plan") as file:
        file.writelines(what.lines)
        file.flush()
        command = ["wrk", f"-t{threads}", f"-c{CONNECTIONS * threads}", f"-d{seconds}s", "--timeout", "10s"]
        command += ["-s", str(BENCH / "plan.lua"), f"{scheme}://127.0.0.1:{port}"]
        done = run(command, cores, env={**os.environ, "PLAN": file.name})
    return checked(json.loads(done.split("JSON ", 1)[1]))


def pace(port, what, rate, seconds, connections):
    """At a fixed rate. Latencies count from when each request was due.

    Shoppers wait for nobody but themselves, so there have to be connections enough for all that falls due during a commit, a slow one
    too: with 64 and 8 ms no more than 8,000 requests a second would come through.
    """
    command = [str(PACE), str(port), str(rate), str(seconds), str(connections)]
    return checked(json.loads(run(command, (CLIENT_CORE,), input="".join(what.lines))))


def run(command, cores, **more):
    done = subprocess.run(
        command, capture_output=True, text=True, preexec_fn=lambda: os.sched_setaffinity(0, cores), **more
    )
    if done.returncode:
        raise SystemExit(f"{command[0]} failed: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout


def checked(result):
    """A figure counts only if every request was taken."""
    if result["rejected"] or result.get("broken"):
        raise SystemExit(f"requests were refused, so that the figures would mean nothing: {result}")
    return result
