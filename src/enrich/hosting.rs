//! Which autonomous systems rent servers, or are exits of VPNs and Tor: no shopper browses from there.
//!
//! The list is shipped. `deploy/refresh-hosting.sh` makes it by a rule over the names of the owners, and
//! `deploy/hosting-kept.txt` says what is added and taken away by hand. The rule: a network through which shoppers do
//! come is not in it, though servers stand there too: proxies of browsers, gateways of offices.

use std::sync::LazyLock;

/// In order.
static HOSTING: LazyLock<Vec<u32>> = LazyLock::new(|| {
    let lines = include_str!("hosting-asns.txt").lines();
    lines.filter_map(number).collect()
});

/// Whether an autonomous system is one from which no shopper browses. 0, which is none, is not.
pub fn is_hosting(asn: u32) -> bool {
    HOSTING.binary_search(&asn).is_ok()
}

/// `14061 # DigitalOcean, LLC`
fn number(line: &str) -> Option<u32> {
    line.split(' ').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_in_order_and_whole() {
        let lines = include_str!("hosting-asns.txt").lines();
        assert_eq!(HOSTING.len(), lines.count() - 1, "all but the first line");
        assert!(HOSTING.is_sorted_by(|a, b| a < b));
        assert!((1_000..3_000).contains(&HOSTING.len()), "{}", HOSTING.len());
    }

    #[test]
    fn servers() {
        for (name, asn) in [
            ("DigitalOcean", 14061),
            ("Hetzner", 24940),
            ("OVH", 16276),
            ("Amazon", 16509),
            ("Amazon, of old", 14618),
            ("Google Cloud", 396_982),
            ("Microsoft", 8075),
            ("Oracle", 31898),
            ("Alibaba", 45102),
            ("Stark Industries", 44477),
            ("Tor exits", 60729),
            ("WorldStream", 49981),
            ("Linode", 63949),
            ("Vultr", 20473),
            ("Contabo", 51167),
            ("GMO", 7506),
            ("SAKURA", 9370),
            ("Xserver, by its name", 131_965),
            ("M247", 9009),
            ("Datacamp, by its name", 212_238),
        ] {
            assert!(is_hosting(asn), "{name}");
        }
    }

    #[test]
    fn networks_of_people() {
        for (name, asns) in [
            ("none", [0].as_slice()),
            (
                "Japan",
                &[
                    4713, 2516, 17676, 9605, 138_384, 2518, 4685, 17506, 2497, 2519, 18126,
                ],
            ),
            (
                "United States",
                &[7922, 21928, 701, 7018, 3561, 22773, 20115, 6167],
            ),
            (
                "Europe",
                &[2856, 5089, 3320, 3209, 3215, 1136, 3269, 12322, 3352],
            ),
            (
                "elsewhere",
                &[9299, 45899, 26599, 4134, 4837, 4766, 55836, 37611],
            ),
            ("WARP", &[13335]),
            ("Private Relay", &[36183, 20940, 54113, 714]),
            ("Google's proxies", &[15169]),
            ("gateways of offices", &[22616, 53813, 62044, 55256, 36692]),
            ("Wi-Fi for guests", &[41012]),
        ] {
            for asn in asns {
                assert!(!is_hosting(*asn), "{name}: {asn}");
            }
        }
    }
}
