//! Card numbers in addresses.

use skimwatch::finding::Severity;

use super::extra::*;
use super::world::*;

const HIDDEN: Extra<'static> = Extra {
    card: "base64",
    ..SENDS
};
const PLAIN: Extra<'static> = Extra {
    card: "plain",
    ..SENDS
};

#[test]
fn hidden_card_numbers_at_one_merchant_are_enough() {
    for (name, extra, want) in [
        ("none", SENDS, false),
        ("in plain digits", PLAIN, false),
        ("in an encoding", HIDDEN, true),
    ] {
        let mut world = World::of(3);
        world.skim(0, 6, extra);
        let is_high = world.severity_of(SKIMMER) >= Some(Severity::High);
        assert_eq!(is_high, want, "{name}");
        let said = world.reason(SKIMMER, "card-numbers").is_some();
        assert_eq!(said, !extra.card.is_empty(), "{name}");
        assert_eq!(world.last_of(SKIMMER).hits[0].card_number, said, "{name}");
    }
}

/// Of order numbers some pass for a card's by chance.
#[test]
fn card_numbers_must_stand_in_a_share_of_the_reports() {
    for (name, visitors, carded, extra, counts) in [
        ("order numbers, 4 %", 50, 2, PLAIN, false),
        ("order numbers, 10 %", 50, 5, PLAIN, false),
        ("order numbers, 24 %", 50, 12, PLAIN, false),
        ("half of all", 50, 25, PLAIN, true),
        ("by chance, in an encoding", 50, 2, HIDDEN, false),
        ("one in seven, in an encoding", 49, 7, HIDDEN, true),
        ("a single one", 1, 1, HIDDEN, false),
        ("two of two", 2, 2, HIDDEN, true),
    ] {
        let mut world = World::of(3);
        for n in 0..visitors {
            let with = n % (visitors / carded) == 0 && n / (visitors / carded) < carded;
            world.visit(0, 40_000 + n, &[if with { extra } else { SENDS }]);
        }
        let said = world.reason(SKIMMER, "card-numbers").is_some();
        assert_eq!(said, counts, "{name}");
    }
}
