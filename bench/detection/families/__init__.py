"""What happens in each scenario: a function each, whose docstring says what happens, to whom, and what only looks like it.

`FAMILIES` has them by name, with their sizes.
"""

from ..world.scenario import Scenario, Size
from . import borrowed, busy, evasion, forged, newcomers, slow

FAMILIES = {
    "first-contact": (newcomers.first_contact, Size()),
    "queue-flooding": (evasion.queue_flooding, Size(shops=72)),
    "forged-source": (evasion.forged_source, Size()),
    "expired-vendor": (slow.expired_vendor, Size()),
    "home-framing": (forged.home_framing, Size()),
    "home-aging-and-drowning": (forged.home_aging_and_drowning, Size()),
    "loader-then-gate": (slow.loader_then_gate, Size(days=18)),
    "abused-storage": (borrowed.abused_storage, Size()),
    "busy-shops": (busy.busy_shops, Size(shops=25, busy=900.0)),
    "benign-storm": (newcomers.benign_storm, Size(shops=110)),
    "canary": (forged.canary, Size()),
}


def scenario(name, seed, days=None, warmup=None):
    """A family's scenario, ready to be written."""
    build, size = FAMILIES[name]
    size = Size(size.shops, days or size.days, warmup or size.warmup, size.busy)
    if size.warmup >= size.days:
        raise SystemExit(f"{name} would last {size.days:g} days, all of them warm-up: give more --days or less --warmup-days")
    made = Scenario(name, seed, size)
    build(made)
    return made


def watching(*kinds):
    """Shops whose policy watches all of these."""
    return lambda shop: all(kind in shop.watches for kind in kinds)
