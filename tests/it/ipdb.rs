//! `deploy/asn-to-mmdb.py`, read back by the reader that the collector uses.

use std::net::IpAddr;
use std::process::Command;

use maxminddb::Reader;

use crate::support::setting;

#[derive(serde::Deserialize)]
struct Asn {
    autonomous_system_number: u32,
    autonomous_system_organization: String,
}

/// Ranges that are no prefix, that touch, that overlap (the first one keeps its addresses), names of every length.
fn tables() -> (String, String) {
    let long = "ö".repeat(300);
    let v4 = format!(
        "16777216,16777471,13335,\"Cloudflare, Inc.\"\n\
         16777475,16777475,7,One\n\
         16777476,16777480,4294967295,{long}\n\
         16777479,16777487,9,Late\n"
    );
    let v6 =
        "42540528726795050063891204319802818560,42540528726795050063891204319802818567,2500,\n";
    (v4, v6.to_owned())
}

#[test]
fn ranges_become_a_database() {
    let folder = tempfile::tempdir().expect("a temporary directory can be made");
    let path = |name: &str| folder.path().join(name);
    let (v4, v6) = tables();
    std::fs::write(path("v4.csv"), v4).expect("it can be written");
    std::fs::write(path("v6.csv"), v6).expect("it can be written");
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/deploy/asn-to-mmdb.py");
    let mut python = Command::new(setting("SKIMWATCH_TEST_PYTHON"));
    python
        .arg(script)
        .args([path("v4.csv"), path("v6.csv"), path("asn.mmdb")]);
    let output = python.output().expect("Python starts");
    assert!(output.status.success(), "{output:?}");

    let reader = Reader::open_readfile(path("asn.mmdb")).expect("it is a database");
    let long = "ö".repeat(300);
    let cases = [
        ("before all", "0.255.255.255", None),
        (
            "first of a range",
            "1.0.0.0",
            Some((13335, "Cloudflare, Inc.")),
        ),
        (
            "last of a range",
            "1.0.0.255",
            Some((13335, "Cloudflare, Inc.")),
        ),
        ("in a gap", "1.0.1.2", None),
        ("a range of one", "1.0.1.3", Some((7, "One"))),
        (
            "greatest number, long name",
            "1.0.1.4",
            Some((u32::MAX, long.as_str())),
        ),
        ("in two ranges", "1.0.1.7", Some((u32::MAX, long.as_str()))),
        ("behind the overlap", "1.0.1.9", Some((9, "Late"))),
        ("last of all IPv4", "1.0.1.15", Some((9, "Late"))),
        ("behind all IPv4", "1.0.1.16", None),
        ("IPv6, no name", "2001:200::7", Some((2500, ""))),
        ("behind all IPv6", "2001:200::8", None),
    ];
    for (name, address, expected) in cases {
        let address: IpAddr = address.parse().expect("an address");
        let found = reader.lookup(address).expect("the tree is whole");
        let found: Option<Asn> = found.decode().expect("the record is whole");
        let found = found.as_ref().map(|asn| {
            (
                asn.autonomous_system_number,
                asn.autonomous_system_organization.as_str(),
            )
        });
        assert_eq!(found, expected, "{name}");
    }
}
