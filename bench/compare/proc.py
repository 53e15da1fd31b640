"""What the kernel says of processes and of the machine."""

import contextlib
import os
import platform
import subprocess
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")


def tree(root):
    """A process and all its descendants."""
    children = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (fields := stat(int(entry.name))):
            children.setdefault(int(fields[1]), []).append(int(entry.name))
    found = [root]
    for pid in found:
        found += children.get(pid, [])
    return found


def stat(pid):
    """The fields of /proc/PID/stat after the name, or None if the process is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return None


def cpu(pids):
    """User and system seconds."""
    stats = [fields for fields in map(stat, pids) if fields]
    return sum(int(f[11]) for f in stats) / TICK, sum(int(f[12]) for f in stats) / TICK


def busy():
    """Seconds that all cores of the machine were busy since it started."""
    fields = Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:8]
    return (sum(map(int, fields)) - int(fields[3]) - int(fields[4])) / TICK


def memory(pids, field):
    """KiB: VmRSS now, VmHWM at most."""
    total = 0
    for pid in pids:
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith(field + ":"):
                total += int(line.split()[1])
    return total


def forget_peak(pids):
    """From here on VmHWM counts anew. Needs to be the owner."""
    for pid in pids:
        Path(f"/proc/{pid}/clear_refs").write_text("5")


@contextlib.contextmanager
def first():
    """Before other sessions of this machine, where the kernel lets us: this one measures."""
    own = Path("/proc/self/autogroup")
    with contextlib.suppress(OSError):
        own.write_text("-10")
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            own.write_text("0")


def machine(folder):
    """The machine in a line."""
    info = Path("/proc/cpuinfo").read_text()
    model = next((line.split(":")[1].strip() for line in info.splitlines() if line.startswith("model name")), "?")
    memory_gb = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    disk = subprocess.run(["df", "--output=fstype,source", folder], capture_output=True, text=True).stdout
    disk = " on ".join(disk.splitlines()[-1].split())
    return f"{model}, {os.cpu_count()} cores, {memory_gb:.0f} GB, Linux {platform.release()}, {disk}"
