"""Scenarios made, the program run on them, its alerts judged. [`run`] is the door; a [`Job`] says which scenario."""

import contextlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from . import families, measures

AT_ONCE = 2
# A backtest may say how fast its detector core was: "detector: 412345 sightings/s".
CORE = re.compile(r"detector\b[^\n]*?([\d][\d,_.]*)\s*sightings(?:/s| per second)")


@dataclass(frozen=True)
class Job:
    """A scenario: of our own families, or of an external simulator's in `shared`."""

    family: str
    seed: int
    shared: Path | None = None
    preset: str | None = None
    days: float | None = None
    warmup: float | None = None

    @property
    def name(self):
        """Unique among the jobs of a run."""
        return "-".join(part for part in (self.family, self.preset if self.shared else None, str(self.seed)) if part)


@dataclass
class Run:
    """What came of a job under some settings."""

    job: Job
    verdict: measures.Verdict
    seconds: float
    core: float | None


def families_of(shared):
    """The names of the external simulator's families."""
    done = call([sys.executable, shared / "simulate.py", "--list"])
    return [line.split()[0] for line in done.stdout.splitlines() if line.strip()]


def make(job, folder):
    """Writes the scenario's files."""
    if job.shared:
        size = ["--preset", job.preset] + [
            f"--{flag}={value:g}" for flag, value in (("days", job.days), ("warmup-days", job.warmup)) if value
        ]
        call([sys.executable, job.shared / "simulate.py", job.family, "--out", folder, "--seed", str(job.seed), *size])
    else:
        families.scenario(job.family, job.seed, job.days, job.warmup).write(folder)


def detect(program, folder, settings, alerts="alerts.ndjson"):
    """Runs the program. Seconds, and what it says of its core."""
    files = {"merchants": "merchants.json", "requests": "requests.ndjson", "networks": "networks.json", "alerts": alerts}
    command = [program, "backtest"]
    for flag, file in files.items():
        command += [f"--{flag}", folder / file]
    begun = time.monotonic()
    done = call(command, env={**os.environ, **settings})
    told = CORE.search(done.stdout + done.stderr)
    return time.monotonic() - begun, float(re.sub(r"[,_]", "", told[1])) if told else None


def run(job, program, folder, settings=(), keep=False):
    """Makes the scenario unless it is there, runs the program, judges the alerts."""
    place = folder / job.name
    if not (place / "truth.json").exists():
        make(job, place)
    with tempfile.NamedTemporaryFile(dir=place, suffix=".ndjson") as alerts:
        seconds, core = detect(program, place, dict(settings), Path(alerts.name).name)
        verdict = measures.read(place, job.name, Path(alerts.name).name)
        if keep:
            shutil.copyfile(alerts.name, place / "alerts.ndjson")
    if not keep:
        shutil.rmtree(place)
    return Run(job, verdict, seconds, core)


def all_of(jobs, program, folder, settings=(), keep=False, what=""):
    """The runs, in the order of the jobs, two at a time."""
    with ProcessPoolExecutor(AT_ONCE) as pool:
        waiting = [pool.submit(run, job, program, folder, settings, keep) for job in jobs]
        found = []
        try:
            for number, future in enumerate(waiting, 1):
                found.append(future.result())
                print(f"{what}{found[-1].job.name}, {number} of {len(jobs)}", file=sys.stderr, flush=True)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
        return found


@contextlib.contextmanager
def workplace(kept):
    """A folder for the scenarios: the named one stays, another goes."""
    if kept:
        kept.mkdir(parents=True, exist_ok=True)
        yield kept
    else:
        with tempfile.TemporaryDirectory(prefix="detection-") as folder:
            yield Path(folder)


def call(command, **more):
    """Runs it to its end; what it writes is kept."""
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, **more)
    if done.returncode:
        raise SystemExit(f"{' '.join(map(str, command[:3]))} failed: {(done.stderr or done.stdout).strip()}")
    return done
