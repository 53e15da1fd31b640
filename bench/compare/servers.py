"""The servers, each started as its users would start it, on the first core, and stopped again.

Each of them is a context that gives a [`Running`].
"""

import contextlib
import json
import os
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from . import proc, traffic

TOP = traffic.BENCH.parent
SKIMWATCH = TOP / "target/release/skimwatch"
LIMIT = TOP / "target/bench/release/limit"
OURS = ("/r/{site}", "/r/{site}")
# High enough that nothing is folded: full work for every report.
UNLIMITED = {"SKIMWATCH__LIMIT__SITE_RATE": "10000000", "SKIMWATCH__LIMIT__NETWORK_RATE": "10000000"}
SECRET = "of-one-measurement-and-of-no-use-later"


@dataclass
class Running:
    """A server that answers."""

    port: int
    pid: int
    paths: tuple = OURS
    web: int = 0
    engine: int = 0


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def started(command, log, cores=(0,), env=None, niceness=0):
    """A process on these cores, its output in a file. It is asked to end, and waited for."""

    def prepare():
        os.sched_setaffinity(0, cores)
        os.nice(niceness)

    with open(log, "ab") as out:
        child = subprocess.Popen(
            [str(word) for word in command],
            stdout=out,
            stderr=out,
            stdin=subprocess.DEVNULL,
            env={**os.environ, **(env or {})},
            preexec_fn=prepare,
        )
    try:
        yield child
    finally:
        child.send_signal(signal.SIGTERM)
        try:
            child.wait(60)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def until(what, child, log, ready):
    """Waits for something of a process that has to go on living."""
    for _ in range(12_000):
        if child.poll() is not None:
            break
        try:
            if ready():
                return
        except OSError:
            pass
        time.sleep(0.005)
    raise SystemExit(f"{what} did not start: {Path(log).read_text()[-2000:]}")


def listens(port):
    socket.create_connection(("127.0.0.1", port), 1).close()
    return True


@contextlib.contextmanager
def plain(name, port, command, log, paths=OURS):
    """A server that is ready when its port is open."""
    with started(command, log) as child:
        until(name, child, log, lambda: listens(port))
        yield Running(port, child.pid, paths)


@contextlib.contextmanager
def limit(folder, mode):
    """A body is read and answered, nothing else."""
    port = free_port()
    with plain(mode, port, [LIMIT, mode, port], folder / "log") as running:
        yield running


@contextlib.contextmanager
def nginx(folder):
    """nginx reads the body, by Lua, and answers."""
    port = free_port()
    (folder / "nginx.conf").write_text(
        (traffic.BENCH / "nginx.conf").read_text().replace("@PORT@", str(port)).replace("@FOLDER@", str(folder))
    )
    with plain("nginx", port, ["nginx", "-c", folder / "nginx.conf"], folder / "log") as running:
        yield running


def has_nginx():
    return bool(shutil.which("nginx")) and Path("/usr/share/nginx/modules-available/mod-http-lua.conf").exists()


@contextlib.contextmanager
def go_csp_collector(folder):
    """Parses and logs each report as JSON into a file. It has as many filters as its own list, none of which match."""
    (folder / "filters").write_text("".join(f"never-{i:02}://\n" for i in range(24)))
    port = free_port()
    command = [os.environ["GO_CSP_COLLECTOR"], "-port", port, "-metrics-port", free_port()]
    command += ["-output-format", "json", "-filter-file", folder / "filters"]
    with plain("go-csp-collector", port, command, folder / "log", ("/csp", "/reporting-api/csp")) as running:
        yield running


def merchants():
    """An import file with all sites of the traffic."""
    rows = [
        {"key": key, "name": f"Shop {n}", "country": "JP", "domains": [f"shop{n}.example"], "checkout_paths": ["/checkout"]}
        for n, key in enumerate(traffic.keys())
    ]
    return json.dumps({"format": 1, "merchants": rows})


def settings(folder, **more):
    """Settings of a new installation, and its two ports."""
    intake, web = free_port(), free_port()
    own = {
        "SKIMWATCH__DATA_DIR": str(folder / "data"),
        "SKIMWATCH__INTAKE__LISTEN": f"127.0.0.1:{intake}",
        "SKIMWATCH__WEB__LISTEN": f"127.0.0.1:{web}",
        "SKIMWATCH__WEB__BOOTSTRAP_TOKEN": SECRET,
        **UNLIMITED,
        **more,
    }
    return own, intake, web


def import_sites(folder, env):
    (folder / "merchants.json").write_text(merchants())
    command = [SKIMWATCH, "import", folder / "merchants.json"]
    done = subprocess.run(command, env={**os.environ, **env}, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"the sites cannot be imported: {done.stderr}")


@contextlib.contextmanager
def engine(folder, cores, niceness=0):
    """The embedded ClickHouse in a process of its own. Gives the settings that lead to it, and its process."""
    port, log = free_port(), folder / "engine.log"
    face = folder / "engine/face.json"
    command = [SKIMWATCH, "engine", "--path", folder / "engine", "--listen", f"127.0.0.1:{port}"]
    with started(command, log, cores, {"SKIMWATCH__ENGINE__SECRET": SECRET}, niceness) as child:
        until("the engine", child, log, lambda: face.exists() and listens(port))
        yield child.pid, {
            "SKIMWATCH__CLICKHOUSE__URL": f"http://127.0.0.1:{port}",
            "SKIMWATCH__CLICKHOUSE__USER": json.loads(face.read_text())["user"],
            "SKIMWATCH__CLICKHOUSE__PASSWORD": SECRET,
        }


@contextlib.contextmanager
def skimwatch(folder, roles="intake", workers=1, cores=(0,), engine_cores=(traffic.CLIENT_CORE,), niceness=0, **more):
    """The intake role with everything it does, and ClickHouse on another core. Metrics need the web role as well."""
    env, intake, web = settings(folder, SKIMWATCH__INTAKE__WORKERS=str(workers), **more)
    import_sites(folder, env)
    log = folder / "serve.log"
    with engine(folder, engine_cores, niceness) as (engine_pid, to_engine):
        with started([SKIMWATCH, "serve", "--roles", roles], log, cores, {**env, **to_engine}) as child:
            until("skimwatch", child, log, lambda: ready(web) if "web" in roles else listens(intake))
            yield Running(intake, child.pid, web=web, engine=engine_pid)


def certificate(folder):
    """Settings of a certificate of this measurement's own, and what a client needs to trust it."""
    key, chain = folder / "key.pem", folder / "chain.pem"
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    command += ["-keyout", key, "-out", chain, "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    subprocess.run(command, check=True, capture_output=True)
    env = {"SKIMWATCH__INTAKE__TLS_CERT": str(chain), "SKIMWATCH__INTAKE__TLS_KEY": str(key)}
    return env, ssl.create_default_context(cafile=chain)


def get(web, path):
    with urllib.request.urlopen(f"http://127.0.0.1:{web}{path}", timeout=5) as answer:
        return answer.read().decode()


def ready(web):
    try:
        return bool(get(web, "/readyz"))
    except urllib.error.HTTPError:
        return False


def metric(web, name):
    """The value of one of skimwatch's metrics."""
    for line in get(web, "/metrics").splitlines():
        if line.startswith(f"skimwatch_{name} "):
            return float(line.split()[-1])
    raise SystemExit(f"/metrics has no skimwatch_{name}")


def histogram(web, name):
    """How many values of one of skimwatch's histograms are at most each bound."""
    counts = {}
    for line in get(web, "/metrics").splitlines():
        if line.startswith(f"skimwatch_{name}_bucket{{le="):
            bound, count = line.split('"', 2)[1:]
            counts[float(bound)] = int(count.split()[-1])
    return counts


def longest(before, after):
    """The bound that no value between two looks at a histogram exceeded."""
    since = {bound: count - before.get(bound, 0) for bound, count in after.items()}
    return min(bound for bound, count in since.items() if count == max(since.values()))


@contextlib.contextmanager
def folder():
    """A directory for one server, on the disk that the build is on."""
    with tempfile.TemporaryDirectory(prefix="bench.", dir=TOP / "target") as path:
        yield Path(path)
