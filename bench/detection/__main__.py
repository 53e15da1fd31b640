"""Runs the families, prints the tables, and holds the figures to the floors."""

import argparse
import json
import os
import signal
import sys
import unittest
from pathlib import Path

from . import ablation, families, floors, measures, runs, tables, test_measures

PAGE = tables.TOP / "bench/results/detection.md"


def options():
    parser = argparse.ArgumentParser(prog="bench/detection.sh")
    parser.add_argument("--seeds", type=numbers, default=[21, 22, 23], metavar="N,...", help="default 21,22,23")
    parser.add_argument(
        "--families", type=names, metavar="NAME,...", help=f"own or external ones; own: {', '.join(families.FAMILIES)}"
    )
    parser.add_argument(
        "--shared",
        type=Path,
        default=os.environ.get("SKIMWATCH_SCENARIOS"),
        metavar="DIR",
        help="an external simulator, DIR/simulate.py; default $SKIMWATCH_SCENARIOS",
    )
    parser.add_argument("--preset", default="small", help="of the external simulator; default small")
    parser.add_argument("--days", type=float, help="length of each scenario")
    parser.add_argument("--warmup-days", type=float, help="in which nothing counts")
    parser.add_argument("--program", type=Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--keep", type=Path, metavar="DIR", help="keep scenarios and alerts in DIR, and use what is there")
    parser.add_argument("--json", type=Path, metavar="FILE", help="all figures")
    parser.add_argument("--write", action="store_true", help="write bench/results/detection.md")
    parser.add_argument("--check", action="store_true", help="end with 1 and name every floor that is broken")
    parser.add_argument("--ablate", action="store_true", help="what each weight is worth instead")
    given = parser.parse_args()
    given.shared = Path(given.shared) if given.shared else None
    if given.shared and not (given.shared / "simulate.py").exists():
        parser.error(f"{given.shared} has no simulate.py")
    if given.write and given.families:
        parser.error("--write needs every family: a page of some would mislead")
    given.external = runs.families_of(given.shared) if given.shared else []
    known = [*families.FAMILIES, *given.external]
    if unknown := set(given.families or ()) - set(known):
        parser.error(f"no family {', '.join(sorted(unknown))}; there are {', '.join(known)}")
    return given


def numbers(text):
    return [int(number) for number in text.split(",")]


def names(text):
    return text.split(",")


def jobs(given, known, **more):
    chosen = [family for family in known if family in (given.families or known)]
    return [runs.Job(family, seed, days=given.days, warmup=given.warmup_days, **more) for family in chosen for seed in given.seeds]


def own_jobs(given):
    return jobs(given, list(families.FAMILIES))


def external_jobs(given):
    return jobs(given, given.external, shared=given.shared, preset=given.preset)


def grouped(found, total):
    """Figures of each family, over its seeds, and of all."""
    kinds = list(dict.fromkeys(run.job.family for run in found))
    each = [measures.measured([run.verdict for run in found if run.job.family == kind], kind) for kind in kinds]
    return each, measures.measured([run.verdict for run in found], total)


def quiet(given, folder, demands):
    """The larger scenarios in which nothing is to be found."""
    family, preset = demands["family"], demands["preset"]
    if family not in (given.families or given.external) or family not in given.external:
        return []
    wanted = [runs.Job(family, seed, given.shared, preset) for seed in given.seeds]
    return runs.all_of(wanted, given.program, folder, keep=bool(given.keep))


def evaluated(given, folder):
    """Lines, figures by set, and what is broken."""
    demands = floors.read()
    lines, figures, bad = list(tables.head(given.seeds, given.preset if given.shared else None)), {}, []

    def told(key, title, found, total):
        each, pooled = grouped(found, total)
        lines.extend(tables.section(title, each, pooled))
        lines.append(tables.speed(title, found))
        figures[key] = {
            "families": each,
            "total": pooled,
            "scenarios": [measures.measured([run.verdict], run.job.name) for run in found],
        }
        return each, pooled

    if wanted := own_jobs(given):
        each, total = told(
            "own", "Our own families", runs.all_of(wanted, given.program, folder, keep=bool(given.keep)), "own families"
        )
        if len(each) == len(families.FAMILIES):
            bad += floors.broken(demands["own"], total)
        bad += [line for one in each for line in floors.broken(demands["own"].get(one["name"], {}), one)]
    if wanted := external_jobs(given):
        found = runs.all_of(wanted, given.program, folder, keep=bool(given.keep))
        each, total = told("development", "Development families", found, "development families")
        if len(each) == len(given.external) and given.preset == demands["development"]["preset"]:
            bad += floors.broken(demands["development"], total)
        bad += [line for run in found for line in floors.concealed(demands["concealed"], run.verdict)]
        if found := quiet(given, folder, demands["quiet"]):
            title = f"{demands['quiet']['family']}, {demands['quiet']['preset']}"
            _, total = told("quiet", title, found, title)
            bad += floors.broken(demands["quiet"], total)
    return lines, figures, bad


def scorer_holds():
    """Its own tests: figures of a scorer that is wrong would check nothing."""
    suite = unittest.defaultTestLoader.loadTestsFromModule(test_measures)
    return unittest.TextTestRunner(stream=sys.stderr, verbosity=0).run(suite).wasSuccessful()


def main():
    given = options()
    # Else gigabytes of scenarios would outlive it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))
    if given.check and not scorer_holds():
        raise SystemExit("the scorer's own tests fail: none of its figures can be trusted")
    with runs.workplace(given.keep) as folder:
        if given.ablate:
            print("\n".join(ablation.table([*own_jobs(given), *external_jobs(given)], given.program, folder)))
            return
        lines, figures, bad = evaluated(given, folder)
    lines += ["\n## Floors\n", *([f"* {line}" for line in bad] or ["None of those that apply is broken."])]
    page = "\n".join(lines)
    print(page)
    if given.json:
        given.json.write_text(json.dumps(figures, indent=1) + "\n")
    if given.write:
        PAGE.write_text(page + "\n")
    if given.check and bad:
        raise SystemExit("\n".join(["floors are broken:", *bad]))


if __name__ == "__main__":
    main()
