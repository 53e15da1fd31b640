//! Administration from the shell: all that is needed to start, without a server that runs.

use serde_json::{Value, json};

use crate::support::skimwatch::Skimwatch;

fn json_of(program: &Skimwatch, args: &[&str]) -> Value {
    serde_json::from_str(&program.ok(args)).expect("JSON")
}

/// What a command that is refused says.
fn refused(program: &Skimwatch, args: &[&str]) -> String {
    let output = program.run(args);
    assert_eq!(output.status.code(), Some(1), "{args:?}");
    String::from_utf8(output.stderr).expect("text")
}

fn write(program: &Skimwatch, name: &str, text: &str) -> String {
    let path = program.folder().join(name);
    std::fs::write(&path, text).expect("written");
    path.display().to_string()
}

#[test]
fn a_provider_is_set_up() {
    let program = Skimwatch::prepare(&[]);
    let put = [
        "organization",
        "put",
        "psp-1",
        "--name",
        "サンプル決済",
        "--language",
        "ja",
    ];
    assert_eq!(program.ok(&put).trim(), "psp-1 is added");
    assert_eq!(program.ok(&put).trim(), "psp-1 is as told");
    let shops = "key,name,domains,integration\nshop-a,店 A,a.example www.a.example,js\nshop-b,店 B,b.example,link\n";
    let table = write(&program, "shops.csv", shops);
    let import = ["import", &table, "--organization", "psp-1"];
    let dry = program.ok(&[&import[..], &["--dry-run"]].concat());
    assert!(
        dry.contains("line 2\tshop-a\tis added") && dry.contains("nothing was changed"),
        "{dry}"
    );
    assert_eq!(program.ok(&["site", "list"]), "");
    assert_eq!(
        program.ok(&import).trim(),
        "2 added, 0 changed, 0 unchanged"
    );
    let told = json_of(&program, &[&import[..], &["--json"]].concat());
    assert_eq!(
        (&told["applied"], &told["summary"]["unchanged"]),
        (&json!(true), &json!(2))
    );
    assert_eq!(told["verdicts"][0]["verdict"], "unchanged");
    let listed = json_of(&program, &["organization", "list", "--json"]);
    assert_eq!(
        (&listed[1]["id"], &listed[1]["sites"]),
        (&json!("psp-1"), &json!(2))
    );

    let shown = json_of(&program, &["site", "show", "shop-b"]);
    assert_eq!(
        (&shown["payment"]["integration"], &shown["merchant"]),
        (&json!("link"), &json!("shop-b"))
    );
    program.ok(&["organization", "unshare", "psp-1", "shop-b"]);
    let exported = json_of(&program, &["export", "--organization", "psp-1"]);
    assert_eq!(exported["merchants"].as_array().map(Vec::len), Some(1));
    let to = program.folder().join("out.csv").display().to_string();
    let wrote = program.ok(&["export", "--format", "csv", "--to", &to]);
    assert!(wrote.starts_with("2 sites written"), "{wrote}");
    assert_eq!(
        program.ok(&["import", &to]).trim(),
        "0 added, 0 changed, 2 unchanged"
    );
}

#[test]
fn a_token_is_shown_once() {
    let program = Skimwatch::prepare(&[]);
    program.ok(&["organization", "put", "psp-1", "--name", "Example Payments"]);
    let add = [
        "token",
        "add",
        "SIEM export",
        "--organization",
        "psp-1",
        "--days",
        "30",
    ];
    assert!(program.ok(&add).starts_with("skimwatch_"));
    let tokens = json_of(
        &program,
        &["token", "list", "--organization", "psp-1", "--json"],
    );
    assert_eq!(
        (&tokens[0]["name"], &tokens[0]["role"]),
        (&json!("SIEM export"), &json!("auditor"))
    );
    let id = tokens[0]["id"].as_str().expect("an id");
    program.ok(&["token", "revoke", id, "--organization", "psp-1"]);
    let again = refused(
        &program,
        &["token", "revoke", id, "--organization", "psp-1"],
    );
    assert!(again.contains("revoked already"), "{again}");
    assert!(program.ok(&["audit", "verify"]).contains("none changed"));
}

#[test]
fn what_cannot_be_done_is_said_in_a_sentence() {
    let program = Skimwatch::prepare(&[]);
    let bad = write(&program, "bad.csv", "key,rate\na,5\nb,many\n");
    let other = write(&program, "other.csv", "name\nA\n");
    let json = write(
        &program,
        "bad.json",
        "{\"merchants\": [{\"key\": \"a/b\"}]}",
    );
    for (args, what) in [
        (
            &["import", &bad][..],
            "line 3\tb\tcannot be used: rate is \"many\", no number",
        ),
        (
            &["import", &bad],
            "nothing was changed: 1 of 2 lines cannot be used",
        ),
        (&["import", &other], "the first line names no column `key`"),
        (&["import", &json], "1 to 64 characters"),
        (&["import", "/nowhere.json"], "/nowhere.json cannot be read"),
        (
            &["import", &bad, "--organization", "nobody"],
            "there is no organization nobody",
        ),
        (&["site", "show", "nobody"], "there is no site nobody"),
        (&["site", "rotate-key", "nobody"], "there is no site nobody"),
        (&["site", "retire-key", "nobody"], "there is no key nobody"),
        (
            &["organization", "share", "operator", "nobody"],
            "there is no site nobody",
        ),
        (
            &[
                "organization",
                "put",
                "x",
                "--name",
                "X",
                "--kind",
                "operator",
            ],
            "there is one operator",
        ),
        (&["token", "add", "x", "--days", "9999"], "days: 1 to 730"),
        (
            &["token", "add", "x", "--organization", "nobody"],
            "there is no organization nobody",
        ),
    ] {
        let told = refused(&program, args);
        assert!(told.contains(what), "{args:?}: {told}");
    }
    assert_eq!(program.ok(&["site", "list"]), "");
}

#[test]
fn every_command_explains_itself() {
    let program = Skimwatch::prepare(&[]);
    let help = program.ok(&["--help"]);
    let commands = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let commands: Vec<&str> = commands
        .take_while(|line| !line.is_empty())
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != "help")
        .collect();
    assert!(commands.len() > 15, "{commands:?}");
    for command in commands {
        let help = program.ok(&[command, "--help"]);
        let first = help.lines().next().unwrap_or_default();
        assert!(
            first.len() > 10 && help.contains("Usage:"),
            "{command}: {help}"
        );
    }
    for shell in ["bash", "zsh", "fish"] {
        let script = program.ok(&["completion", shell]);
        assert!(script.contains("rotate-key"), "{shell}");
    }
}
