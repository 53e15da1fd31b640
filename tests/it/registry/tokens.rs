//! Tokens of programs: shown once, kept as a hash, for a time and a role.

use std::sync::Arc;
use std::time::Duration;

use skimwatch::ids::OrganizationId;
use skimwatch::registry::{
    Authenticator, MAX_TOKENS, Registry, RegistryError, TOKEN_PREFIX, TokenRequest,
};
use skimwatch::role::{Right, Role};

use super::{Bench, anna};
use crate::cases::organization_of;

fn request(role: Role, days: u32) -> TokenRequest {
    TokenRequest {
        name: "for a test".to_owned(),
        role,
        days,
    }
}

fn psp() -> OrganizationId {
    OrganizationId::new("psp").expect("a plain id")
}

#[test]
fn a_token_counts_until_it_ends() {
    let bench = Bench::new();
    let registry = Arc::new(bench.open());
    organization_of(&registry, "psp", &["a"]);
    let author = anna();
    let doors = Authenticator::new(Some("bootstrap"), Arc::<Registry>::clone(&registry));
    let made = registry.add_token(&psp(), &request(Role::Analyst, 30), &author);
    let (id, token) = made.expect("made");
    assert!(token.starts_with(TOKEN_PREFIX) && token.len() > 50);
    let caller = || doors.bearer(&format!("bearer {token}")).expect("readable");
    let known = caller().expect("known");
    assert_eq!(
        (known.organization.clone(), known.role),
        (psp(), Role::Analyst)
    );
    assert!(known.scope.sees("a") && !known.scope.sees("b"));
    assert!(known.author(Right::Triage).is_ok() && known.author(Right::Manage).is_err());
    for wrong in ["bootstra", "", "skimwatch_", &token[..token.len() - 1]] {
        let shown = doors.caller(wrong).expect("readable");
        assert!(shown.is_none(), "{wrong:?}");
    }
    bench.clock.advance(Duration::from_secs(30 * 86_400 - 1));
    assert!(caller().is_some());
    bench.clock.advance(Duration::from_secs(1));
    assert!(caller().is_none(), "its time is over");

    let made = registry.add_token(&psp(), &request(Role::Auditor, 30), &author);
    let (id_2, token_2) = made.expect("made");
    assert!(doors.caller(&token_2).expect("readable").is_some());
    let other = OrganizationId::operator();
    assert!(registry.revoke_token(&other, &id_2, &author).is_err());
    registry
        .revoke_token(&psp(), &id_2, &author)
        .expect("revoked");
    assert!(doors.caller(&token_2).expect("readable").is_none());
    let again = registry.revoke_token(&psp(), &id_2, &author);
    assert!(matches!(again, Err(RegistryError::NoToken)), "{again:?}");
    let listed = registry.tokens(&psp()).expect("readable");
    let ids: Vec<&str> = listed.iter().map(|it| it.id.as_str()).collect();
    assert_eq!(ids, [id.as_str(), id_2.as_str()], "the revoked one last");

    // Neither token stands in any file.
    for file in std::fs::read_dir(bench.dir.path()).expect("a folder") {
        let bytes = std::fs::read(file.expect("a file").path()).expect("readable");
        for token in [&token, &token_2] {
            let found = bytes.windows(token.len()).any(|it| it == token.as_bytes());
            assert!(!found);
        }
    }
}

#[test]
fn what_cannot_be_a_token() {
    let bench = Bench::new();
    let registry = bench.open();
    organization_of(&registry, "psp", &[]);
    let add = |organization: &str, request: TokenRequest| {
        let organization = OrganizationId::new(organization).expect("a plain id");
        registry.add_token(&organization, &request, &anna())
    };
    let nameless = TokenRequest {
        name: " ".to_owned(),
        ..request(Role::Analyst, 1)
    };
    for (name, organization, request, what) in [
        (
            "no organization",
            "nobody",
            request(Role::Analyst, 1),
            "no organization nobody",
        ),
        (
            "operator",
            "psp",
            request(Role::Operator, 1),
            "not the operator",
        ),
        ("no days", "psp", request(Role::Analyst, 0), "days: 1 to"),
        ("too long", "psp", request(Role::Analyst, 731), "days: 1 to"),
        ("no name", "psp", nameless, "name: say"),
    ] {
        let error = add(organization, request).expect_err(name).to_string();
        assert!(error.contains(what), "{name}: {error}");
    }
    for _ in 0..MAX_TOKENS {
        add("psp", request(Role::Analyst, 1)).expect("made");
    }
    let full = add("psp", request(Role::Analyst, 1)).expect_err("full");
    assert!(full.to_string().contains("revoke one first"), "{full}");
    bench.clock.advance(Duration::from_secs(86_400));
    add("psp", request(Role::Analyst, 1)).expect("those of yesterday count no more");
}
