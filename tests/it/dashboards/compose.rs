//! `deploy/compose.yaml`, the image and the provisioning, as far as that can be tried where no container engine is.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use super::at;
use super::models::list;
use crate::support::setting;
use crate::support::skimwatch::{Skimwatch, free_address};

/// YAML, and XML as `[tag, attributes, text, children]`, on standard input; JSON on standard output.
const READERS: [(&str, &str); 2] = [
    (
        "yaml",
        "import json, sys, yaml; json.dump(yaml.safe_load(sys.stdin), sys.stdout)",
    ),
    (
        "xml",
        "import json, sys, xml.etree.ElementTree as x\n\
         t = lambda e: [e.tag, e.attrib, (e.text or '').strip(), [t(c) for c in e]]\n\
         json.dump(t(x.parse(sys.stdin).getroot()), sys.stdout)",
    ),
];

/// A file as JSON. YAML's reader comes with schemathesis.
pub(super) fn read(path: &str) -> Value {
    let ending = path.rsplit('.').next().unwrap_or_default();
    let reader = READERS.iter().find(|(name, _)| *name == ending);
    let mut python = Command::new(setting("SKIMWATCH_TEST_PYTHON"))
        .args(["-c", reader.expect("a reader").1])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("Python starts");
    let text = std::fs::read(at(path)).expect("readable");
    let mut input = python.stdin.take().expect("a pipe");
    input.write_all(&text).expect("written");
    drop(input);
    let output = python.wait_with_output().expect("it ends");
    assert!(output.status.success(), "{path} cannot be read");
    serde_json::from_slice(&output.stdout).expect("JSON")
}

pub(super) fn compose() -> Value {
    let mut compose = read("deploy/compose.yaml");
    compose["services"].take()
}

/// Name and value of what a service finds in its environment.
pub(super) fn environment(service: &Value) -> Vec<(String, String)> {
    let all = service["environment"]
        .as_object()
        .expect("an environment")
        .iter();
    // A value that is no text would be one thing to YAML and another to the container.
    all.map(|(name, value)| (name.clone(), value.as_str().expect("a text").to_owned()))
        .collect()
}

/// `ENV` of the Dockerfile.
fn image_environment(dockerfile: &str) -> Vec<(String, String)> {
    let words = dockerfile.split_whitespace();
    let set = words.filter(|word| word.starts_with("SKIMWATCH__"));
    let pair = |word: &str| {
        let (name, value) = word.split_once('=').expect("a value");
        (name.to_owned(), value.to_owned())
    };
    set.map(pair).collect()
}

fn dockerfile() -> String {
    std::fs::read_to_string(at("deploy/Dockerfile")).expect("readable")
}

#[test]
fn what_is_mounted_is_there() {
    let whole = read("deploy/compose.yaml");
    for (name, service) in compose().as_object().expect("services") {
        for volume in list(service, "volumes") {
            let volume = volume.as_str().expect("a text");
            let (from, rest) = volume.split_once(':').expect("a place");
            if from.starts_with('.') {
                let path = at("deploy").join(from);
                assert!(path.exists(), "{name}: {volume}");
                assert!(rest.ends_with(":ro"), "{name} may change {from}");
            } else {
                assert!(whole["volumes"].get(from).is_some(), "{name}: {volume}");
            }
        }
        for network in list(service, "networks") {
            let network = network.as_str().expect("a text");
            assert!(
                whole["networks"].get(network).is_some(),
                "{name}: {network}"
            );
        }
        for port in list(service, "ports") {
            let port = port.as_str().expect("a text");
            assert!(
                port.starts_with("127.0.0.1:"),
                "{name} is open to all: {port}"
            );
        }
        let tag = service["image"].as_str().expect("a name");
        let is_pinned = tag.contains(':') && !tag.ends_with(":latest");
        assert!(is_pinned || service.get("build").is_some(), "{name}: {tag}");
    }
}

#[test]
fn secrets_come_from_outside() {
    for (name, service) in compose().as_object().expect("services") {
        for (variable, value) in environment(service) {
            let is_secret = ["PASSWORD", "TOKEN", "SECRET"]
                .iter()
                .any(|it| variable.contains(it));
            assert_eq!(
                is_secret,
                value.contains(":?"),
                "{name}: {variable}={value}"
            );
        }
    }
    let ignored = std::fs::read_to_string(at(".gitignore")).expect("readable");
    assert!(ignored.lines().any(|line| line == "/deploy/.env"));
}

/// As the container is started: by the program itself, which stops at a setting that it does not know.
#[test]
fn the_program_knows_every_setting() {
    let mut all = image_environment(&dockerfile());
    assert!(all.len() > 3, "{all:?}");
    all.extend(environment(&compose()["skimwatch"]));
    let value = |value: &str| match value.split_once(":-") {
        Some((_, default)) => default.trim_end_matches('}').to_owned(),
        None if value.starts_with("${") => "x".repeat(48),
        None => value.to_owned(),
    };
    let all: Vec<(String, String)> = all.iter().map(|(k, v)| (k.clone(), value(v))).collect();
    let mut all: Vec<(&str, &str)> = all.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    assert!(
        all.iter().all(|(name, _)| name.starts_with("SKIMWATCH__")),
        "{all:?}"
    );
    let output = |all: &[(&str, &str)]| Skimwatch::prepare(all).run(&["backtest", "--weights"]);
    let known = output(&all);
    let said = String::from_utf8_lossy(&known.stderr);
    assert!(known.status.success(), "{said}");
    all.push(("SKIMWATCH__WEB__NO_SUCH", "1"));
    assert!(!output(&all).status.success(), "it says no to others");
}

/// The command of the image, word for word but for the port.
#[test]
fn the_check_of_its_health_tells_ready_from_not() {
    let program = Skimwatch::start(&[]);
    let text = dockerfile();
    let (_, command) = text.split_once(" CMD [\"bash\"").expect("a command");
    let command = format!("[\"bash\"{}", command.lines().next().expect("a line"));
    let command: Vec<String> = serde_json::from_str(&command).expect("a list");
    let healthy = |port: u16| {
        let command = command
            .iter()
            .map(|it| it.replace("8081", &port.to_string()));
        let command: Vec<String> = command.collect();
        let mut process = Command::new(&command[0]);
        process.args(&command[1..]).stderr(Stdio::null());
        process.status().expect("bash starts").success()
    };
    assert!(healthy(program.web.port()));
    // A door that answers, though not that it is ready.
    assert!(!healthy(program.intake.port()));
    assert!(!healthy(free_address().port()));
}

#[test]
fn the_image_is_built_of_what_is_there() {
    let text = dockerfile();
    let mut stages = BTreeSet::new();
    for line in text.lines() {
        match line.split_whitespace().collect::<Vec<_>>()[..] {
            ["FROM", _, "AS", stage] => {
                stages.insert(stage);
            }
            ["COPY", from, ..] if from.starts_with("--from=") => {
                assert!(stages.contains(&from["--from=".len()..]), "{line}");
            }
            ["COPY", ref paths @ .., _] => {
                assert!(paths.iter().all(|path| at(path).exists()), "{line}");
            }
            _ => {}
        }
    }
    let user = text
        .lines()
        .filter_map(|line| line.strip_prefix("USER "))
        .next_back();
    let user: u32 = user.and_then(|id| id.parse().ok()).expect("a number");
    assert!(user >= 1000 && text.contains(&format!("--uid {user}")));
    let rust = format!("FROM rust:{}-", env!("CARGO_PKG_RUST_VERSION"));
    assert!(text.contains(&rust), "{rust}");
    let service = &compose()["skimwatch"];
    assert_eq!(service["read_only"], true);
    assert_eq!(service["cap_drop"][0], "ALL");
    let file = service["build"]["dockerfile"].as_str().expect("a path");
    assert!(Path::new(&at(file)).exists());
    // What the build must not do without.
    let left_out = std::fs::read_to_string(at(".dockerignore")).expect("readable");
    for needed in ["src", "schema", "tests", "bench", "deploy", "Cargo.lock"] {
        assert!(!left_out.lines().any(|line| line == needed), "{needed}");
    }
}

#[test]
fn grafana_finds_the_database_and_the_dashboards() {
    let services = compose();
    let grafana = &services["grafana"];
    let given = environment(grafana);
    let of = |name: &str| {
        given
            .iter()
            .find(|(it, _)| it == name)
            .map(|(_, value)| value.as_str())
    };
    let source = &read("dashboards/provisioning/datasources/skimwatch.yaml")["datasources"][0];
    let plugin = of("GF_PLUGINS_PREINSTALL_SYNC").expect("a plugin");
    let kind = source["type"].as_str().expect("a type");
    assert!(plugin.starts_with(&format!("{kind}@")), "{plugin}");
    let host = source["jsonData"]["host"]
        .as_str()
        .and_then(|it| it.strip_prefix('$'));
    let host = of(host.expect("a variable")).expect("given");
    assert!(services.get(host).is_some(), "{host}");
    let password = source["secureJsonData"]["password"].as_str();
    let password = password
        .and_then(|it| it.strip_prefix('$'))
        .expect("a variable");
    assert!(of(password).is_some(), "{password}");
    assert_eq!(source["jsonData"]["username"], "grafana");
    assert_eq!(source["jsonData"]["defaultDatabase"], "skimwatch");
    let provider = &read("dashboards/provisioning/dashboards/skimwatch.yaml")["providers"][0];
    let path = provider["options"]["path"].as_str().expect("a path");
    let mounted = format!("../dashboards/grafana:{path}:ro");
    let volumes = list(grafana, "volumes");
    assert!(
        volumes.iter().any(|it| *it == mounted.as_str()),
        "{mounted}"
    );
    let home = of("GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH").expect("a path");
    let file = home.strip_prefix(path).expect("among the dashboards");
    assert!(
        at("dashboards/grafana")
            .join(file.trim_start_matches('/'))
            .exists()
    );
}
