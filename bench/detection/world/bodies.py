"""Violation → the bytes that a browser of its kind posts, as real ones were seen to."""

import json
from typing import NamedTuple

from .suffix import origin_of
from .truth import Trace

EFFECTIVE = {
    "script": "script-src-elem",
    "inline": "script-src-elem",
    "eval": "script-src",
    "style": "style-src-elem",
    "img": "img-src",
    "connect": "connect-src",
    "font": "font-src",
    "frame": "frame-src",
    "form": "form-action",
    "media": "media-src",
}
BEFORE_LEVEL_3 = {"script-src-elem": "script-src", "style-src-elem": "style-src"}


class Violation(NamedTuple):
    """What a page or a visitor's software does against a policy. `source`: "" none, "page" the page, "/…" a file of the shop."""

    kind: str
    url: str
    source: str = ""
    line: int = 1
    column: int = 1
    trace: Trace | None = None


class View(NamedTuple):
    """One page view."""

    site: str
    origin: str
    document: str
    referrer: str
    policy: str
    enforced: bool
    browser: object
    ip: str


def blocked(violation):
    """Of frames, all engines tell the origin only."""
    return origin_of(violation.url) if violation.kind == "frame" else violation.url


def source_of(view, violation):
    source = violation.source
    if source == "page":
        return view.document
    return view.origin + source if source.startswith("/") else source


def with_port(url):
    """WebKit spells the default port out."""
    scheme, found, rest = url.partition("://")
    if not found or scheme not in ("https", "wss"):
        return url
    authority, slash, path = rest.partition("/")
    return url if ":" in authority else f"{scheme}://{authority}:443{slash}{path}"


def disposition(view):
    return "enforce" if view.enforced else "report"


def chromium_single(view, violation):
    effective = EFFECTIVE[violation.kind]
    report = {
        "document-uri": view.document,
        "referrer": view.referrer,
        "violated-directive": effective,
        "effective-directive": effective,
        "original-policy": view.policy,
        "disposition": disposition(view),
        "blocked-uri": blocked(violation),
    }
    if source := source_of(view, violation):
        report |= {"line-number": violation.line, "column-number": violation.column, "source-file": source.partition("?")[0]}
    return {"csp-report": report | {"status-code": 200, "script-sample": ""}}


def firefox_single(view, violation):
    effective, source = EFFECTIVE[violation.kind], source_of(view, violation)
    report = {
        "blocked-uri": blocked(violation),
        "column-number": violation.column if source else 1,
        "disposition": disposition(view),
        "document-uri": view.document,
        "effective-directive": effective,
    }
    if source:
        report["line-number"] = violation.line
    report |= {"original-policy": view.policy, "referrer": view.referrer}
    if source:
        report["source-file"] = source
    return {"csp-report": report | {"status-code": 0 if violation.kind == "frame" else 200, "violated-directive": effective}}


def webkit_single(view, violation):
    effective, source = EFFECTIVE[violation.kind], source_of(view, violation)
    if not view.browser.modern:
        effective = BEFORE_LEVEL_3.get(effective, effective)
    report = {
        "document-uri": view.document,
        "referrer": view.referrer,
        "violated-directive": effective,
        "effective-directive": effective,
        "original-policy": view.policy,
        "blocked-uri": blocked(violation),
        "status-code": 0,
    }
    if source:
        report |= {"source-file": source, "line-number": violation.line, "column-number": violation.column}
    outer = {"type": "csp-violation", "url": view.document} if view.browser.modern else {}
    return outer | {"csp-report": report}


def chromium_item(view, violation, age):
    body = {"blockedURL": blocked(violation)}
    source = source_of(view, violation)
    if source:
        body["columnNumber"] = violation.column
    body |= {"disposition": disposition(view), "documentURL": view.document, "effectiveDirective": EFFECTIVE[violation.kind]}
    if source:
        body["lineNumber"] = violation.line
    body |= {"originalPolicy": view.policy, "referrer": view.referrer, "sample": ""}
    if source:
        body["sourceFile"] = source.partition("?")[0]
    body["statusCode"] = 200
    return {"age": age, "body": body, "type": "csp-violation", "url": view.document, "user_agent": view.browser.agent}


def firefox_item(view, violation, age):
    source = source_of(view, violation) or None
    body = {
        "documentURL": view.document,
        "blockedURL": blocked(violation),
        "referrer": view.referrer or None,
        "effectiveDirective": EFFECTIVE[violation.kind],
        "originalPolicy": view.policy,
        "sourceFile": source,
        "sample": None,
        "disposition": disposition(view),
        "statusCode": 200,
        "lineNumber": violation.line if source else None,
        "columnNumber": violation.column if source else None,
    }
    return {"age": age, "type": "csp-violation", "url": view.document, "user_agent": view.browser.agent, "body": body}


def webkit_item(view, violation):
    """One object, whatever the transport's format says."""
    source = source_of(view, violation)
    body = {
        "documentURL": view.document,
        "disposition": disposition(view),
        "referrer": view.referrer,
        "effectiveDirective": EFFECTIVE[violation.kind],
        "blockedURL": with_port(blocked(violation)),
        "originalPolicy": view.policy,
        "statusCode": 200,
        "sample": "",
        "sourceFile": with_port(source) or view.document,
        "lineNumber": violation.line if source else 0,
        "columnNumber": violation.column if source else 1,
    }
    return {"type": "csp-violation", "url": view.document, "body": body}


SINGLE = {"chromium": chromium_single, "firefox": firefox_single, "webkit": webkit_single}


def body(view, violations, ages):
    """Content type and text of one request. With `ages` it goes by `report-to`."""
    engine = view.browser.engine
    if ages is None:
        return "application/csp-report", compact(SINGLE[engine](view, violations[0]))
    if engine == "webkit":
        return "application/csp-report", compact(webkit_item(view, violations[0]))
    item = chromium_item if engine == "chromium" else firefox_item
    items = [item(view, violation, age) for violation, age in zip(violations, ages)]
    text = compact(items) if engine == "chromium" else json.dumps(items, indent=1)
    return "application/reports+json", text


def compact(value):
    return json.dumps(value, separators=(",", ":"))
