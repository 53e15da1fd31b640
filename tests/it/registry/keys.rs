//! Keys are exchanged: old and new count together for a while.

use std::time::Duration;

use serde_json::json;
use skimwatch::clock::{Clock as _, Timestamp};
use skimwatch::registry::{MAX_OVERLAP, RegistryError};
use skimwatch::scope::Scope;
use skimwatch::sites::{KeyState, MAX_KEYS};

use super::{Bench, anna, key, merchants, site};
use crate::cases::organization_of;

const DAY: Duration = Duration::from_secs(24 * 3600);

fn states(registry: &skimwatch::registry::Registry) -> Vec<(String, KeyState)> {
    let entry = registry.site(&Scope::Operator, &site("a"));
    let keys = entry.expect("readable").expect("there").record.keys;
    keys.into_iter()
        .map(|it| (it.key.to_string(), it.state))
        .collect()
}

#[test]
fn old_and_new_count_together_for_a_while() {
    let bench = Bench::new();
    let registry = bench.open();
    registry
        .import(&merchants(json!([{"key": "a"}])), "test")
        .expect("good");
    let start = bench.clock.now();
    let rotate = |overlap| registry.rotate_key(&Scope::Operator, (&site("a"), overlap), &anna());
    let (new, until) = rotate(7 * DAY).expect("rotated");
    assert_eq!(until, Timestamp(start.0 + 7 * 86_400_000));
    let version = registry.sites_version().expect("readable");
    assert_eq!(registry.retire_due_keys().expect("looked"), 0);
    bench.clock.advance(7 * DAY - Duration::from_millis(1));
    assert_eq!(registry.retire_due_keys().expect("looked"), 0);
    let active = |(_, state): &(String, KeyState)| *state == KeyState::Active;
    assert!(states(&registry).iter().all(active), "both count");
    assert_eq!(registry.sites_version().expect("readable"), version);
    bench.clock.advance(Duration::from_millis(1));
    assert_eq!(registry.retire_due_keys().expect("looked"), 1);
    assert_eq!(registry.retire_due_keys().expect("looked"), 0, "once");
    assert!(registry.sites_version().expect("readable") > version);
    let expected = [
        (new.to_string(), KeyState::Active),
        ("a".to_owned(), KeyState::Retired),
    ];
    assert_eq!(states(&registry), expected);

    // A later rotation never lets a key count for longer than an earlier one said.
    let (third, _) = rotate(DAY).expect("rotated");
    rotate(30 * DAY).expect("rotated");
    bench.clock.advance(DAY);
    assert_eq!(registry.retire_due_keys().expect("looked"), 1);
    let retired = states(&registry).into_iter().filter(|it| !active(it));
    let retired: Vec<String> = retired.map(|it| it.0).collect();
    assert!(retired.contains(&new.to_string()) && !retired.contains(&third.to_string()));
    let none = rotate(Duration::ZERO).expect("rotated").0;
    let left: Vec<_> = states(&registry).into_iter().filter(active).collect();
    assert_eq!(left, [(none.to_string(), KeyState::Active)], "at once");
    registry.audit_verify().expect("whole");
}

#[test]
fn what_cannot_be_rotated() {
    let bench = Bench::new();
    let registry = bench.open();
    registry
        .import(&merchants(json!([{"key": "a"}, {"key": "b"}])), "test")
        .expect("good");
    organization_of(&registry, "psp", &["a"]);
    let psp = "psp".parse().expect("a plain id");
    let scope = registry.scope(&psp).expect("readable");
    let rotate = |scope, id, overlap| registry.rotate_key(scope, (&site(id), overlap), &anna());
    let unseen = rotate(&scope, "b", DAY).expect_err("not theirs");
    let unknown = rotate(&scope, "c", DAY).expect_err("nobody's");
    assert_eq!(
        unseen.to_string().replace('b', "c"),
        unknown.to_string().replace('b', "c"),
        "nothing is learned of another's site"
    );
    let long = rotate(&scope, "a", MAX_OVERLAP + DAY).expect_err("too long");
    assert!(long.to_string().contains("400 days"), "{long}");
    assert!(matches!(
        registry.retire_key(&scope, &key("b"), &anna()),
        Err(RegistryError::NoKey(_))
    ));
    for _ in 1..MAX_KEYS {
        rotate(&scope, "a", DAY).expect("rotated");
    }
    let full = rotate(&scope, "a", DAY).expect_err("full");
    assert!(matches!(full, RegistryError::TooManyKeys(_)), "{full}");
}
