"""The scorer on cases small enough to be reckoned by hand. `bench/detection.sh --check` runs them; alone, in `bench/`:
`python3 -m unittest detection.test_measures`.
"""

import unittest

from . import floors, measures

DAY, WARM = 86_400, 7 * 86_400


def truth(**more):
    """A campaign with a domain of its own from minute 0 after the warm-up, at two merchants."""
    crime = {
        "id": "c1",
        "kind": "test",
        "traits": [],
        "concealed_by": "flood",
        "first_t": WARM,
        "report_times": [WARM, WARM + 60, WARM + 600],
        "sites": {"a": WARM, "b": WARM + 600},
        "destinations": [destination("x.bad.com", "bad.com")],
    }
    framed = {"kind": "framed", "framed": True, "domains": ["innocent.com"]}
    tag = {"kind": "new-tag", "framed": False, "domains": ["tag.com", "innocent.com"]}
    plain = {"scenario": "test", "merchants": 500, "reports": 9, "warmup_end": WARM, "end": WARM + 4 * DAY}
    return plain | {"campaigns": [crime], "benign": [tag, framed], "neutral": ["cdn.broken.com"]} | more


def destination(host, domain, owned=True):
    return {"host": host, "domain": domain, "owned": owned}


def alert(name, minute=0, severity="high", score=1.0):
    return {"t": WARM + 60 * minute, "destination": name, "severity": severity, "score": score}


# Name: alerts, figures.
CASES = {
    "nothing is said": (
        [],
        {"recall": 0, "precision": None, "minutes": None, "pr_auc": 0, "false_alerts": 0, "concealed_found": 0},
    ),
    "a host of the attacker's domain is the domain": (
        [alert("y.bad.com")],
        {"recall": 1, "precision": 1, "pr_auc": 1, "concealed_found": 1},
    ),
    "what is said in the warm-up does not count": (
        [alert("bad.com", -1), alert("tag.com", -1)],
        {"recall": 0, "raised": 0, "false_alerts": 0},
    ),
    "the first alert counts": (
        [alert("bad.com", 20), alert("bad.com", 2)],
        {"minutes": 2, "reports_to_detect": 2, "merchants_hit": 1},
    ),
    "a warning is no alert": (
        [alert("bad.com", 1, "medium"), alert("bad.com", 10), alert("tag.com", 1, "medium")],
        {"warning_minutes": 1, "minutes": 10, "merchants_hit": 2, "precision": 1, "false_alerts": 0, "false_warnings": 0.5},
    ),
    "what is low only ranks": ([alert("bad.com", 1, "low")], {"recall": 0, "pr_auc": 1, "warning_minutes": None}),
    "a false alert counts once a day": (
        [alert("tag.com", 1), alert("a.tag.com", 9), alert("tag.com", 1441)],
        {"raised": 1, "precision": 0, "false_alerts": 1, "causes": {"new-tag": 1}},
    ),
    "who is accused by forgers": ([alert("www.innocent.com")], {"framed_raised": 1, "causes": {"framed": 1}}),
    "a broken-into supplier counts neither way": ([alert("broken.com")], {"raised": 0, "false_alerts": 0, "pr_auc": 0}),
    "the better score ranks": (
        [alert("tag.com", 1, "low", 3.0), alert("bad.com", 2, "low", 1.0), alert("bad.com", 3, "low", 4.0)],
        {"pr_auc": 1},
    ),
    "equal scores come together": ([alert("tag.com", 1, "low"), alert("bad.com", 1, "low")], {"pr_auc": 0.5}),
}


class Measures(unittest.TestCase):
    def test_cases(self):
        for name, (alerts, wanted) in CASES.items():
            with self.subTest(name):
                figures = measures.measured([measures.judge(truth(), alerts)], "test")
                self.assertEqual(wanted, {key: figures[key] for key in wanted})

    def test_a_borrowed_service_is_malicious_from_the_first_report_on(self):
        known = truth()
        known["campaigns"][0] |= {"first_t": WARM + 120, "destinations": [destination("api.shared.org", "shared.org", owned=False)]}
        early, late, other = alert("shared.org", 1), alert("shared.org", 3), alert("www.shared.org", 4)
        for alerts, recall, precision in (([early], 0, 0), ([late], 1, 1), ([other], 0, 0), ([early, late], 1, 0.5)):
            figures = measures.measured([measures.judge(known, alerts)], "test")
            self.assertEqual((recall, precision), (figures["recall"], figures["precision"]))

    def test_scenarios_are_pooled(self):
        verdicts = [measures.judge(truth(), said) for said in ([alert("bad.com", 4)], [alert("tag.com")], [])]
        figures = measures.measured(verdicts, "all")
        self.assertEqual((1 / 3, 0.5, 1 / 6, 4), tuple(figures[key] for key in ("recall", "precision", "false_alerts", "minutes")))

    def test_the_ninetieth_of_a_hundred(self):
        for count, wanted in ((1, 0), (2, 1), (10, 9), (100, 90)):
            self.assertEqual(wanted, measures.ninetieth(range(count)))


class Floors(unittest.TestCase):
    def test_bounds(self):
        figures = {"name": "test", "campaigns": 1, "recall": 0.9, "false_alerts": 0.2, "minutes": None, "precision": None}
        cases = {
            "kept": ({"recall": {"least": 0.9}, "false_alerts": {"most": 0.2}}, 0),
            "short": ({"recall": {"least": 0.91}}, 1),
            "over": ({"false_alerts": {"most": 0.1}}, 1),
            "not measured": ({"minutes": {"most": 1}}, 1),
            "nothing raised": ({"precision": {"least": 1}}, 0),
            "what is no bound": ({"preset": "medium", "own": {}}, 0),
        }
        for name, (section, broken) in cases.items():
            with self.subTest(name):
                self.assertEqual(broken, len(list(floors.broken(section, figures))))

    def test_the_file_bounds_only_what_is_measured(self):
        figures = measures.measured([measures.judge(truth(), [])], "test")
        demands = floors.read()
        for section in (demands["development"], demands["quiet"], demands["own"]):
            self.assertEqual(set(), set(floors.bounds(section)) - set(figures))
        list(floors.concealed(demands["concealed"], measures.judge(truth(), [])))


if __name__ == "__main__":
    unittest.main()
