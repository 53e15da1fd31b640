//! The capacity pages are what their model makes of the figures beside them.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::support::setting;

fn bench() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("bench")
}

fn check(arguments: &[&str]) -> Output {
    Command::new(setting("SKIMWATCH_TEST_PYTHON"))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .arg(bench().join("capacity.py"))
        .arg("--check")
        .args(arguments)
        .output()
        .expect("Python starts")
}

fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn pages_are_what_the_model_makes() {
    let output = check(&[]);
    assert!(output.status.success(), "{}", told(&output));
}

/// Else the check would say yes to anything.
#[test]
fn pages_of_other_figures_are_told_apart() {
    let text = std::fs::read_to_string(bench().join("results/figures.json")).expect("figures");
    let mut figures: serde_json::Value = serde_json::from_str(&text).expect("figures are JSON");
    figures["report_cpu_us"]["value"] = 1000.into();
    let folder = tempfile::tempdir().expect("a temporary directory can be made");
    let other = folder.path().join("figures.json");
    std::fs::write(&other, figures.to_string()).expect("a file can be written");
    let output = check(&["--figures", other.to_str().expect("a path of ASCII")]);
    assert!(!output.status.success());
    assert!(told(&output).contains("CAPACITY.md"), "{}", told(&output));
}
