"""Alerts beside the truth. [`judge`] gives a scenario's [`Verdict`], [`measured`] the figures of several.

The rules: only `high` and `critical` alerts count as raised, `medium` ones as warnings too; the best score of each destination ranks it,
whatever its severity; what is said before the end of the warm-up does not count either way. A domain that the attacker owns is malicious
at all times, a service that he uses from his first report on. A false alert is a destination once a day.
"""

import bisect
import itertools
import json
import statistics
from collections import Counter
from dataclasses import dataclass, field

from .world.suffix import registrable

RAISED = ("high", "critical")
WARNING = ("medium", *RAISED)
DAY = 86_400


@dataclass
class Found:
    """What became of one campaign. Times in minutes after its first report; None where nothing was said."""

    id: str
    kind: str
    concealed: bool
    minutes: float | None = None
    warning: float | None = None
    reports: int | None = None
    merchants: int | None = None


@dataclass
class Verdict:
    """What became of one scenario. `raised`: destination, whether it is malicious; `best`: destination, (score, whether it is)."""

    name: str
    reports: int
    thousand_days: float
    positives: int
    framed: int
    campaigns: list
    raised: dict = field(default_factory=dict)
    best: dict = field(default_factory=dict)
    false_alerts: set = field(default_factory=set)
    false_warnings: set = field(default_factory=set)
    framed_raised: set = field(default_factory=set)
    causes: Counter = field(default_factory=Counter)


class Labels:
    """What the truth says of a destination."""

    def __init__(self, truth):
        self.campaigns = truth["campaigns"]
        self.owned, self.used, self.causes = {}, {}, {}
        self.positives = set()
        for number, campaign in enumerate(self.campaigns):
            for at in campaign["destinations"]:
                self.positives.add(at["domain"] if at["owned"] else at["host"])
                if at["owned"]:
                    self.owned.setdefault(at["domain"], []).append(number)
                else:
                    for name in (at["host"], at["domain"]):
                        self.used.setdefault(name, []).append((number, at["host"]))
        self.framed = {domain for cause in truth["benign"] if cause["framed"] for domain in cause["domains"]}
        for cause in truth["benign"]:
            for domain in cause["domains"]:
                self.causes.setdefault(domain, cause["kind"])
        self.causes |= {domain: "framed" for domain in self.framed}
        self.neutral = {registrable(host) for host in truth.get("neutral", [])}

    def of(self, destination, t):
        """The name it counts under, and the numbers of the campaigns that send there at this time."""
        domain = registrable(destination)
        if domain in self.owned:
            return domain, self.owned[domain]
        used = [(number, host) for number, host in self.used.get(destination, []) if self.campaigns[number]["first_t"] <= t]
        return (used[0][1], [number for number, _ in used]) if used else (domain, [])


def judge(truth, alerts, name=None):
    """`alerts`: objects as a backtest writes them, in any order."""
    labels = Labels(truth)
    campaigns = [Found(c["id"], c["kind"], bool(c["concealed_by"])) for c in truth["campaigns"]]
    days = (truth["end"] - truth["warmup_end"]) / DAY
    verdict = Verdict(
        name or truth["scenario"],
        truth["reports"],
        truth["merchants"] * days / 1000,
        len(labels.positives),
        len(labels.framed),
        campaigns,
    )
    said = [alert for alert in alerts if alert.get("destination") and alert["t"] >= truth["warmup_end"]]
    for alert in sorted(said, key=lambda alert: alert["t"]):
        destination = alert["destination"].lower().rstrip(".")
        if registrable(destination) not in labels.neutral:
            count(verdict, labels, destination, alert)
    return verdict


def count(verdict, labels, destination, alert):
    t, severity, score = alert["t"], alert.get("severity"), alert.get("score", 0.0)
    name, guilty = labels.of(destination, t)
    if name not in verdict.best or score > verdict.best[name][0]:
        verdict.best[name] = (score, bool(guilty))
    for number in guilty if severity in WARNING else ():
        reach(verdict.campaigns[number], labels.campaigns[number], t, severity)
    if guilty:
        if severity in RAISED:
            verdict.raised[name] = True
        return
    day = (name, int(t // DAY))
    if severity in WARNING:
        verdict.false_warnings.add(day)
    if severity in RAISED:
        if name not in verdict.raised:
            verdict.raised[name] = False
            verdict.causes[labels.causes.get(name, "background")] += 1
        verdict.false_alerts.add(day)
        if name in labels.framed:
            verdict.framed_raised.add(name)


def reach(found, campaign, t, severity):
    """A campaign is warned of, or raised; what counts is the first time."""
    t = max(t, campaign["first_t"])
    minutes = (t - campaign["first_t"]) / 60
    if found.warning is None:
        found.warning = minutes
    if severity in RAISED and found.minutes is None:
        found.minutes = minutes
        found.reports = bisect.bisect_right(campaign["report_times"], t)
        found.merchants = sum(since <= t for since in campaign["sites"].values())


def area(ranking, positives):
    """Under the curve of precision over recall. Those of one score come together; what was never scored is never found."""
    if not positives:
        return None
    surface = taken = true = 0
    for _, group in itertools.groupby(sorted(ranking, reverse=True), key=lambda entry: entry[0]):
        group = [guilty for _, guilty in group]
        taken += len(group)
        true += sum(group)
        surface += sum(group) / positives * true / taken
    return surface


def median(values):
    values = [value for value in values if value is not None]
    return statistics.median(values) if values else None


def ninetieth(values):
    values = sorted(value for value in values if value is not None)
    return values[min(len(values) - 1, int(0.9 * len(values)))] if values else None


def measured(verdicts, name):
    """The figures of one scenario or of several, pooled."""
    campaigns = [found for verdict in verdicts for found in verdict.campaigns]
    found = [c for c in campaigns if c.minutes is not None]
    concealed = [c for c in campaigns if c.concealed]
    raised = sum(len(v.raised) for v in verdicts)
    thousand_days = sum(v.thousand_days for v in verdicts)
    return {
        "name": name,
        "reports": sum(v.reports for v in verdicts),
        "campaigns": len(campaigns),
        "found": len(found),
        "recall": len(found) / len(campaigns) if campaigns else None,
        "raised": raised,
        "precision": sum(sum(v.raised.values()) for v in verdicts) / raised if raised else None,
        "false_alerts": sum(len(v.false_alerts) for v in verdicts) / thousand_days,
        "false_warnings": sum(len(v.false_warnings) for v in verdicts) / thousand_days,
        "minutes": median(c.minutes for c in campaigns),
        "minutes_p90": ninetieth(c.minutes for c in campaigns),
        "warning_minutes": median(c.warning for c in campaigns),
        "reports_to_detect": median(c.reports for c in campaigns),
        "merchants_hit": median(c.merchants for c in campaigns),
        "pr_auc": area([entry for v in verdicts for entry in v.best.values()], sum(v.positives for v in verdicts)),
        "framed": sum(v.framed for v in verdicts),
        "framed_raised": sum(len(v.framed_raised) for v in verdicts),
        "concealed": len(concealed),
        "concealed_found": sum(c.minutes is not None for c in concealed),
        "causes": dict(sum((v.causes for v in verdicts), Counter()).most_common()),
        "missed": [f"{v.name}/{c.id} ({c.kind})" for v in verdicts for c in v.campaigns if c.minutes is None],
    }


def read(folder, name, alerts="alerts.ndjson"):
    """The verdict of a folder with truth.json and the alerts."""
    truth = json.loads((folder / "truth.json").read_text())
    with (folder / alerts).open() as lines:
        return judge(truth, [json.loads(line) for line in lines if line.strip()], name)
