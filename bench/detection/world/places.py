"""Networks that shoppers, and those who pose as them, come from. The prefixes lie near what the named operators announce."""

import ipaddress
from typing import NamedTuple


class Network(NamedTuple):
    cidr: str
    asn: int
    org: str
    country: str
    kind: str
    weight: int


ACCESS = [
    Network("180.0.0.0/10", 4713, "NTT OCN", "JP", "home", 16),
    Network("114.144.0.0/12", 4713, "NTT OCN", "JP", "home", 10),
    Network("219.0.0.0/10", 17676, "SoftBank", "JP", "home", 12),
    Network("27.80.0.0/12", 2516, "KDDI", "JP", "home", 9),
    Network("121.80.0.0/13", 17511, "OPTAGE", "JP", "home", 6),
    Network("119.170.0.0/15", 9824, "JCOM", "JP", "home", 6),
    Network("125.192.0.0/13", 2527, "So-net", "JP", "home", 5),
    Network("59.156.0.0/14", 9365, "ITSCOM", "JP", "home", 2),
    Network("218.216.0.0/13", 10013, "FreeBit", "JP", "home", 2),
    Network("220.144.0.0/13", 2518, "BIGLOBE", "JP", "home", 4),
    Network("1.72.0.0/13", 9605, "NTT DOCOMO", "JP", "mobile", 20),
    Network("111.96.0.0/13", 2516, "KDDI", "JP", "mobile", 14),
    Network("126.208.0.0/12", 17676, "SoftBank", "JP", "mobile", 12),
    Network("101.102.0.0/18", 138384, "Rakuten Mobile", "JP", "mobile", 5),
    Network("160.13.0.0/16", 2497, "IIJ", "JP", "office", 5),
    Network("61.120.0.0/14", 4725, "SoftBank Enterprise", "JP", "office", 4),
    Network("2409:10::/30", 4713, "NTT OCN", "JP", "home", 9),
    Network("2404:7a80::/26", 2518, "BIGLOBE", "JP", "home", 5),
    Network("2001:268:9000::/36", 2516, "KDDI", "JP", "mobile", 5),
    Network("24.0.0.0/12", 7922, "Comcast", "US", "home", 16),
    Network("68.104.0.0/13", 22773, "Cox", "US", "home", 7),
    Network("47.32.0.0/12", 20115, "Charter", "US", "home", 10),
    Network("107.64.0.0/10", 20057, "AT&T Mobility", "US", "mobile", 10),
    Network("174.192.0.0/10", 22394, "Verizon Wireless", "US", "mobile", 10),
    Network("2600:1700::/28", 7018, "AT&T", "US", "home", 8),
    Network("86.128.0.0/11", 2856, "BT", "GB", "home", 7),
    Network("94.0.0.0/12", 5607, "Sky UK", "GB", "home", 6),
    Network("92.40.0.0/15", 206067, "Three UK", "GB", "mobile", 5),
    Network("79.192.0.0/10", 3320, "Deutsche Telekom", "DE", "home", 9),
    Network("2.240.0.0/13", 6805, "Telefonica DE", "DE", "mobile", 5),
    Network("82.64.0.0/14", 12322, "Free", "FR", "home", 5),
    Network("114.32.0.0/12", 3462, "HiNet", "TW", "home", 4),
    Network("175.192.0.0/10", 4766, "Korea Telecom", "KR", "home", 4),
]

HOSTING = [
    Network("139.162.64.0/18", 63949, "Akamai Linode", "JP", "hosting", 1),
    Network("45.32.0.0/16", 20473, "Vultr", "JP", "hosting", 1),
    Network("178.128.0.0/16", 14061, "DigitalOcean", "SG", "hosting", 1),
    Network("88.198.0.0/16", 24940, "Hetzner", "DE", "hosting", 1),
    Network("153.120.0.0/15", 9371, "SAKURA Internet", "JP", "hosting", 1),
]


def address(network, rng):
    """An address in it. A mobile network hides many behind few."""
    block = ipaddress.ip_network(network.cidr)
    if block.version == 6:
        subnet = rng.getrandbits(56 - block.prefixlen) << 72
        return str(ipaddress.IPv6Address(int(block.network_address) + subnet + rng.getrandbits(64)))
    offset = rng.randrange(block.num_addresses)
    if network.kind == "mobile":
        offset = rng.randrange(48) * (block.num_addresses // 48) + rng.randrange(32)
    return str(ipaddress.IPv4Address(int(block.network_address) + offset))


def draw(networks, rng):
    return rng.choices(networks, [network.weight for network in networks])[0]


def table():
    """What a free IP database would know."""
    known = [*ACCESS, *HOSTING]
    return [{"cidr": n.cidr, "asn": n.asn, "org": n.org, "country": n.country, "kind": n.kind} for n in known]
