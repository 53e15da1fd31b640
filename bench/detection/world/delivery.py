"""When reports arrive, and which are lost on the way. [`requests`] turns a visit into requests.

The rules, as real browsers were seen to keep them: Chromium's `report-to` has one queue for all pages, emptied once a minute, whose
oldest reports go when it holds 100; its `report-uri` loses what comes after 118 in one page; Firefox stops at 100 a page; WebKit
loses nothing, and reports a request twice under a policy that only reports.
"""

from typing import NamedTuple

from .browsers import CHROMIUM, FIREFOX

QUEUE, SINGLES, GECKO = 100, 118, 100
TICK = 60.0
NAMELESS_IMAGES = 0.6


class Request(NamedTuple):
    """One POST. `ages` are milliseconds for `report-to`, None for `report-uri`."""

    t: float
    view: object
    violations: list
    ages: list | None


def requests(events, batches, rng):
    """Of one visit: `events` are (time, view, violation) in order; `batches`: the policy names `report-to`."""
    browser = events[0][1].browser
    modern = batches and browser.modern
    if browser.engine == CHROMIUM:
        events = list(as_chromium_sees(events, rng))
        return ticked(events) if modern else singles(within(events, SINGLES), None, rng)
    if browser.engine == FIREFOX:
        events = within(doubled(events, lambda view, v: not view.enforced and v.url.startswith("wss:")), GECKO)
        return bursts(events) if modern else singles(events, None, rng)
    twice = doubled(events, lambda view, v: not view.enforced and v.kind in ("connect", "form"))
    return singles(twice, [0] if modern else None, rng)


def as_chromium_sees(events, rng):
    """Each violation once a page; an image has a source only sometimes."""
    seen = set()
    for t, view, violation in events:
        key = (view.document, violation.kind, violation.url)
        if key not in seen:
            seen.add(key)
            if violation.kind == "img" and rng.random() < NAMELESS_IMAGES:
                violation = violation._replace(source="")
            yield t, view, violation


def within(events, most):
    """The first of each page."""
    counts = {}
    for event in events:
        page = id(event[1])
        counts[page] = counts.get(page, 0) + 1
        if counts[page] <= most:
            yield event


def doubled(events, which):
    for t, view, violation in events:
        yield t, view, violation
        if which(view, violation):
            yield t, view, violation._replace(source="")


def singles(events, ages, rng):
    return [Request(t + 0.1 + 0.3 * rng.random(), view, [violation], ages) for t, view, violation in events]


def bursts(events):
    """Firefox sends what has piled up within some milliseconds."""
    found = []
    for t, view, violation in events:
        last = found[-1] if found else None
        if last and last.view is view and t - last.t < 0.2:
            last.violations.append(violation)
            last.ages.append(4 + len(last.ages) % 30)
        else:
            found.append(Request(t, view, [violation], [4]))
    return found


def ticked(events):
    """The first while nothing waits leaves at once; what follows waits for the end of the minute."""
    sent, waiting, tick = [], [], 0.0
    for event in events:
        t = event[0]
        while waiting and tick <= t:
            sent += emptied(waiting, tick)
            waiting, tick = [], tick + TICK
        if t >= tick:
            sent += emptied([event], t + 0.3)
            tick = t + 0.3 + TICK
        else:
            waiting.append(event)
    return sent + emptied(waiting, tick)


def emptied(waiting, at):
    """A POST for each page that still has something in the queue."""
    pages = {}
    for event in waiting[-QUEUE:]:
        pages.setdefault(id(event[1]), []).append(event)
    return [
        Request(at, page[0][1], [violation for _, _, violation in page], [int(1000 * (at - t)) for t, _, _ in page])
        for page in pages.values()
    ]
