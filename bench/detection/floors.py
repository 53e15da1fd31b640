"""What the detector has to reach, from `floors.toml`. [`broken`] says what it does not."""

import tomllib
from pathlib import Path

FILE = Path(__file__).with_name("floors.toml")


def read():
    return tomllib.loads(FILE.read_text())


def bounds(section):
    """The bounds of a section, without what else stands in it."""
    return {name: value for name, value in section.items() if isinstance(value, dict) and value.keys() & {"least", "most"}}


def broken(section, figures):
    """A sentence for each bound of the section that these figures do not keep."""
    for name, bound in bounds(section).items():
        if name not in figures:
            raise SystemExit(f"{FILE.name} bounds {name}, which is not measured; there are {', '.join(figures)}")
        value = figures[name]
        if value is None:
            if not figures["campaigns"] or name == "precision":
                continue
            yield f"{figures['name']}: {name} could not be measured"
        elif "least" in bound and value < bound["least"]:
            yield f"{figures['name']}: {name} is {value:.3g}, and at least {bound['least']} is demanded"
        elif "most" in bound and value > bound["most"]:
            yield f"{figures['name']}: {name} is {value:.3g}, and at most {bound['most']} is allowed"


def concealed(section, verdict):
    """Of one scenario."""
    hidden = [found for found in verdict.campaigns if found.concealed]
    if not hidden:
        return []
    figures = {
        "name": verdict.name,
        "campaigns": len(hidden),
        "missed": sum(found.minutes is None for found in hidden),
        "false_alert_days": len(verdict.false_alerts),
    }
    return broken(section, figures)
