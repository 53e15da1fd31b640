"""How soon after the 204 of the report that decides it an alert stands.

One program with everything in it takes reports, as in the demo. A campaign is made up again and again, each time of another domain: three
shoppers in networks of their own at each of two merchants send a card number in base64. The clock starts with the 204 of the last of the
six, so an alert that stands by then counts as 0; it ends when the control state has the alert as high or critical.
"""

import base64
import json
import os
import sqlite3
import statistics
import time
import urllib.request

from . import servers, traffic

CAMPAIGNS = int(os.environ.get("CAMPAIGNS", "100"))
PATIENCE = 60
AGENTS = [
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36",
]


def report(port, shop, address, agent, domain):
    card = base64.b64encode(json.dumps({"n": "4242424242424242", "m": 12, "c": address}).encode()).decode().rstrip("=")
    body = {
        "csp-report": {
            "document-uri": f"https://shop{shop}.example/checkout",
            "effective-directive": "connect-src",
            "violated-directive": "connect-src",
            "blocked-uri": f"https://{domain}/c?d={card}",
            "original-policy": "default-src 'self'",
            "disposition": "report",
        }
    }
    headers = {"Content-Type": "application/csp-report", "User-Agent": agent, "X-Forwarded-For": address}
    request = urllib.request.Request(f"http://127.0.0.1:{port}/r/{traffic.keys()[shop]}", json.dumps(body).encode(), headers)
    urllib.request.urlopen(request).read()


def raised(control, domain):
    sql = "SELECT 1 FROM campaigns WHERE destination = ? AND severity IN ('high', 'critical')"
    member = "SELECT 1 FROM campaign_members WHERE destination = ? AND severity IN ('high', 'critical')"
    return control.execute(sql, (domain,)).fetchone() or control.execute(member, (domain,)).fetchone()


def delay(intake, control, number):
    """Seconds, of one campaign."""
    domain = f"gate{number}.example"
    for shopper in range(6):
        address = f"126.{64 + number % 32}.{(6 * number + shopper) % 250}.{shopper + 1}"
        report(intake, 2 * number + shopper % 2, address, AGENTS[shopper % 3], domain)
    answered = time.monotonic()
    while not raised(control, domain):
        if time.monotonic() - answered > PATIENCE:
            raise SystemExit(f"no alert about {domain} within {PATIENCE} s")
        time.sleep(0.02)
    return time.monotonic() - answered


def main():
    with servers.folder() as folder:
        env, intake, web = servers.settings(folder, SKIMWATCH__INTAKE__TRUSTED_PROXIES="127.0.0.0/8")
        servers.import_sites(folder, env)
        log = folder / "serve.log"
        with servers.started([servers.SKIMWATCH, "serve"], log, (0, traffic.CLIENT_CORE), env) as child:
            servers.until("skimwatch", child, log, lambda: servers.ready(web))
            control = sqlite3.connect(f"file:{folder / 'data' / 'control.sqlite'}?mode=ro", uri=True)
            times = sorted(delay(intake, control, number) for number in range(CAMPAIGNS))
    p99 = times[max(0, len(times) * 99 // 100 - 1)]
    print(f"| from the 204 of the deciding report to the alert, s; {CAMPAIGNS} campaigns | median | p99 | slowest |\n|---|---|---|---|")
    print(f"| everything in one process | {statistics.median(times):.2f} | {p99:.2f} | {times[-1]:.2f} |")


if __name__ == "__main__":
    main()
