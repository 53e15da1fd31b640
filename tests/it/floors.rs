//! What the detector may not fall short of, on scenarios that the repository makes itself: `bench/detection.sh` with
//! the program under test. Three families of one seed here; the command without them runs all.

use std::path::Path;
use std::process::Command;

#[test]
fn the_detector_holds_its_floors() {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("bench/detection.sh");
    let run = |families: &str| {
        let mut command = Command::new(&script);
        command.args(["--program", env!("CARGO_BIN_EXE_skimwatch")]);
        command.args(["--families", families, "--seeds", "21", "--check"]);
        let output = command.output().expect("Python is there");
        let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (
            output.status.success(),
            said(&output.stdout),
            said(&output.stderr),
        )
    };
    let (holds, table, log) = run("first-contact,expired-vendor,home-framing");
    assert!(holds, "{table}\n{log}");
    for family in ["first-contact", "expired-vendor", "home-framing"] {
        assert!(table.contains(&format!("| {family} ")), "{table}");
    }
}

#[test]
fn a_detector_that_finds_nothing_is_told_so() {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("bench/detection.sh");
    let output = Command::new(script)
        .env("SKIMWATCH__DETECT__HIGH", "99")
        .env("SKIMWATCH__DETECT__CRITICAL", "99")
        .args(["--program", env!("CARGO_BIN_EXE_skimwatch")])
        .args(["--families", "home-framing", "--seeds", "21", "--check"])
        .output()
        .expect("Python is there");
    let table = String::from_utf8_lossy(&output.stdout);
    assert!(!output.status.success(), "{table}");
    assert!(table.contains("recall"), "{table}");
}
