"""The labels: what was malicious and what was not. Only reports that arrive are recorded."""

from dataclasses import dataclass, field

from .suffix import registrable

MOST_TIMES = 20_000
MOST_HOSTS = 3_000


class Trace:
    """What arrived of one host for one reason."""

    def __init__(self, host):
        self.host, self.first, self.last, self.reports = host, 0.0, 0.0, 0
        self.sites, self.times = {}, []

    def note(self, site, t):
        """Takes a report, in order of arrival."""
        if not self.reports:
            self.first = t
        self.last = t
        self.reports += 1
        self.sites.setdefault(site, t)
        if len(self.times) < MOST_TIMES:
            self.times.append(t)


@dataclass
class Crime:
    """A campaign."""

    id: str
    kind: str
    traits: tuple
    tampering: str = "js"
    concealed_by: str | None = None
    traces: dict = field(default_factory=dict)
    owned: dict = field(default_factory=dict)

    def trace(self, host, role="exfil", owned=True):
        self.owned[host] = owned
        return self.traces.setdefault((host, role), Trace(host))

    def json(self):
        seen = [(role, trace) for (_, role), trace in self.traces.items() if trace.reports]
        if not seen:
            return None
        sites = {}
        for _, trace in seen:
            for site, t in trace.sites.items():
                sites[site] = min(t, sites.get(site, t))
        times = sorted(t for _, trace in seen for t in trace.times)
        return {
            "id": self.id,
            "kind": self.kind,
            "tampering": self.tampering,
            "traits": list(self.traits),
            "concealed_by": self.concealed_by,
            "first_t": round(times[0], 3),
            "last_t": round(max(trace.last for _, trace in seen), 3),
            "reports": sum(trace.reports for _, trace in seen),
            "sites": in_order(sites),
            "report_times": [round(t, 3) for t in times[:MOST_TIMES]],
            "destinations": [
                {
                    "host": trace.host,
                    "domain": registrable(trace.host),
                    "owned": self.owned[trace.host],
                    "role": role,
                    "first_t": round(trace.first, 3),
                    "last_t": round(trace.last, 3),
                    "reports": trace.reports,
                    "sites": in_order(trace.sites),
                }
                for role, trace in seen
            ],
        }


@dataclass
class Harmless:
    """A harmless cause of new destinations. What forged reports accuse is `framed`."""

    kind: str
    note: str
    framed: bool = False
    traces: dict = field(default_factory=dict)

    def trace(self, host):
        return self.traces.setdefault(host, Trace(host))

    def json(self):
        seen = [trace for trace in self.traces.values() if trace.reports]
        if not seen:
            return None
        return {
            "kind": self.kind,
            "note": self.note,
            "framed": self.framed,
            "hosts": sorted(trace.host for trace in seen)[:MOST_HOSTS],
            "domains": sorted({registrable(trace.host) for trace in seen})[:MOST_HOSTS],
            "host_count": len(seen),
            "site_count": len({site for trace in seen for site in trace.sites}),
            "reports": sum(trace.reports for trace in seen),
            "first_t": round(min(trace.first for trace in seen), 3),
        }


def in_order(sites):
    return {site: round(t, 3) for site, t in sorted(sites.items(), key=lambda item: item[1])}
