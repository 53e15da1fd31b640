//! Schemathesis, which is not ours, reads the description and asks what it finds there, well and badly: nothing breaks,
//! and every answer is as described.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::json;

use crate::support::setting;
use crate::support::skimwatch::Skimwatch;

#[test]
fn answers_are_as_described_whatever_is_asked() {
    let program = Skimwatch::start(&[]);
    program
        .import(&json!([{"key": "demo-shop", "name": "Demo", "domains": ["shop.example.test"]}]));
    let python = PathBuf::from(setting("SKIMWATCH_TEST_PYTHON"));
    let tool = python
        .parent()
        .unwrap_or(Path::new(""))
        .join("schemathesis");
    let address = format!("http://{}", program.web);
    let bearer = format!("Authorization: Bearer {}", Skimwatch::TOKEN);
    let output = Command::new(tool)
        .current_dir(program.folder())
        .args(["run", &format!("{address}/api/v1/openapi.json")])
        .args(["--header", &bearer])
        // It never ends; a test of its own listens to it.
        .args(["--exclude-path", "/api/v1/alerts/live"])
        .args(["--checks", CHECKS])
        .args(["--phases", "examples,coverage,fuzzing,stateful"])
        .args([
            "--max-examples",
            "12",
            "--seed",
            "1",
            "--generation-deterministic",
        ])
        // How many of its own guesses it throws away says nothing about us.
        .args(["--suppress-health-check", "filter_too_much,too_slow"])
        .args(["--workers", "1", "--request-timeout", "30", "--no-color"])
        .output()
        .expect("deploy/test.sh installs it");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success(),
        "{said}\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(
        said.contains("operations tested") || said.contains("Tested"),
        "{said}"
    );
}

/// What is held against each answer. Whether what is asked badly is refused is not: ids and dates are stricter than
/// their schemas, and what is merely odd is answered.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,\
                      response_headers_conformance,response_schema_conformance,unsupported_method,ignored_auth";
