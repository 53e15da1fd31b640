//! Who changes whom: within an organization, by roles, and never so that nobody is left.

use skimwatch::ids::OrganizationId;
use skimwatch::language::Language;
use skimwatch::registry::{Author, Caller, MAX_USERS, Newcomer, PeopleError};
use skimwatch::role::{Right, Role};

use super::{House, org, shell};

/// Somebody of an organization, in that role.
fn author(house: &House, of: &OrganizationId, role: Role) -> Option<Author> {
    let caller = Caller {
        name: format!("{}@{of}", role.as_str()),
        organization: of.clone(),
        role,
        scope: house.registry.scope(of).expect("there"),
    };
    caller.author(Right::Manage).ok()
}

fn newcomer(email: &str, role: Role) -> Newcomer {
    Newcomer {
        email: email.to_owned(),
        name: "Somebody".to_owned(),
        role,
        language: Language::Ja,
    }
}

#[test]
fn only_roles_that_one_may_give_are_given_and_taken() {
    let house = House::new();
    let registry = &house.registry;
    let mut number = 0;
    for of in ["operator", "psp-a"] {
        for by in [Role::Operator, Role::Administrator] {
            if of != "operator" && by == Role::Operator {
                continue;
            }
            let author = author(&house, &org(of), by).expect("manages");
            for role in Role::ALL {
                number += 1;
                let invited = registry.invite_user(
                    &org(of),
                    &newcomer(&format!("u{number}@example.com"), role),
                    &author,
                );
                let may = role != Role::Operator || (by == Role::Operator && of == "operator");
                assert_eq!(invited.is_ok(), may, "{of} {by:?} gives {role:?}");
                let Ok(invited) = invited else { continue };
                let them = (&org(of), invited.user.id.as_str());
                let promoted = registry.set_role(them, Role::Operator, &author);
                let may = by == Role::Operator && of == "operator";
                assert_eq!(promoted.is_ok(), may, "{of} {by:?} promotes {role:?}");
            }
        }
    }
    // Nobody takes a role away who may not give it.
    let (operator, _) = house.invite(("operator", "operator@example.com", Role::Operator));
    let clerk = author(&house, &org("operator"), Role::Administrator).expect("manages");
    let them = (&org("operator"), operator.id.as_str());
    for (name, result) in [
        (
            "role",
            registry.set_role(them, Role::Analyst, &clerk).map(drop),
        ),
        (
            "disable",
            registry.set_active(them, false, &clerk).map(drop),
        ),
        ("reset", registry.reset_user(them, &clerk).map(drop)),
        ("totp", registry.reset_totp(them, &clerk).map(drop)),
        ("remove", registry.remove_user(them, &clerk)),
    ] {
        assert!(
            matches!(result, Err(PeopleError::NotYoursToGive(_))),
            "{name}: {result:?}"
        );
    }
    for role in [
        Role::Analyst,
        Role::Merchant,
        Role::MerchantReader,
        Role::Auditor,
    ] {
        assert!(author(&house, &org("psp-a"), role).is_none(), "{role:?}");
    }
}

#[test]
fn nobody_changes_people_of_another_organization() {
    let house = House::new();
    let registry = &house.registry;
    let user = house.add(("psp-b", "theirs@example.com", Role::Analyst));
    let stranger = author(&house, &org("psp-a"), Role::Administrator).expect("manages");
    // By their own organization's name, and by one's own.
    for of in ["psp-b", "psp-a"] {
        let them = (&org(of), user.id.as_str());
        for (name, result) in [
            (
                "role",
                registry
                    .set_role(them, Role::Administrator, &stranger)
                    .map(drop),
            ),
            (
                "disable",
                registry.set_active(them, false, &stranger).map(drop),
            ),
            ("reset", registry.reset_user(them, &stranger).map(drop)),
            ("totp", registry.reset_totp(them, &stranger).map(drop)),
            ("remove", registry.remove_user(them, &stranger)),
        ] {
            let expected = matches!(result, Err(PeopleError::NotYours | PeopleError::NoUser));
            assert!(expected, "{of} {name}: {result:?}");
        }
    }
    let invited = registry.invite_user(
        &org("psp-b"),
        &newcomer("x@example.com", Role::Analyst),
        &stranger,
    );
    assert!(matches!(invited, Err(PeopleError::NotYours)));
    assert_eq!(house.user(&user.id), user_after_invitation(&user));
    let operator = author(&house, &org("operator"), Role::Operator).expect("manages");
    let them = (&org("psp-b"), user.id.as_str());
    registry
        .set_role(them, Role::Auditor, &operator)
        .expect("the operator may");
}

/// As they were invited, with the password that they set.
fn user_after_invitation(user: &skimwatch::registry::User) -> skimwatch::registry::User {
    skimwatch::registry::User {
        has_password: true,
        is_invited: false,
        ..user.clone()
    }
}

#[test]
fn addresses_are_unique_without_case_and_everywhere() {
    let house = House::new();
    house.add(("psp-a", "Somebody@Example.com", Role::Analyst));
    for (of, email) in [
        ("psp-a", "somebody@example.com"),
        ("psp-b", "SOMEBODY@EXAMPLE.COM"),
    ] {
        let again = house
            .registry
            .invite_user(&org(of), &newcomer(email, Role::Analyst), &shell());
        assert!(matches!(again, Err(PeopleError::Taken)), "{email}");
    }
    for (email, name) in [
        ("nobody", "x"),
        ("x@example.com", " "),
        ("x@example.com", "a\nb"),
    ] {
        let bad = Newcomer {
            name: name.to_owned(),
            ..newcomer(email, Role::Analyst)
        };
        assert!(
            house
                .registry
                .invite_user(&org("psp-a"), &bad, &shell())
                .is_err(),
            "{email} {name}"
        );
    }
    let nowhere = house.registry.invite_user(
        &org("psp-c"),
        &newcomer("y@example.com", Role::Analyst),
        &shell(),
    );
    assert!(nowhere.is_err());
}

#[test]
fn somebody_is_always_left_to_run_the_installation() {
    let house = House::new();
    let registry = &house.registry;
    let one = house.add(("operator", "one@example.com", Role::Operator));
    // Who cannot log in does not count.
    let (two, link) = house.invite(("operator", "two@example.com", Role::Operator));
    let them = (&org("operator"), one.id.as_str());
    let gone = || registry.set_active(them, false, &shell());
    assert!(matches!(gone(), Err(PeopleError::LastOperator)));
    registry
        .set_role((&org("operator"), &two.id), Role::Operator, &shell())
        .expect("no change");
    registry
        .accept_invitation(&link, super::PASSWORD)
        .expect("set");
    gone().expect("another one is there");
    let last = (&org("operator"), two.id.as_str());
    assert!(matches!(
        registry.remove_user(last, &shell()),
        Err(PeopleError::LastOperator)
    ));
}

#[test]
fn an_organization_has_so_many_people_and_no_more() {
    let house = House::new();
    let of = org("psp-a");
    for number in 0..MAX_USERS {
        let email = format!("u{number}@example.com");
        house
            .registry
            .invite_user(&of, &newcomer(&email, Role::Analyst), &shell())
            .expect("room");
    }
    let more =
        house
            .registry
            .invite_user(&of, &newcomer("more@example.com", Role::Analyst), &shell());
    assert!(matches!(more, Err(PeopleError::TooMany)));
}
