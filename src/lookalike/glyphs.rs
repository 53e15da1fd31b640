//! Characters that look alike. [`fold`] gives the same for two texts that a person reads as the same.

/// A letter, and what is taken for it. `i` and `l` are one: a capital `I` looks like an `l`.
const ALIKE: [(char, &str); 24] = [
    ('a', "àáâãäåāăąǎạảấầẩẫậắằẳẵặаαɑ"),
    ('b', "ḃḅЬьƅ"),
    ('c', "çćĉċčсϲ"),
    ('d', "ďđḍԁɗ"),
    ('e', "èéêëēĕėęěẹẻẽếềểễệеёє"),
    ('f', "ƒḟ"),
    ('g', "qĝğġģǧɡԛ"),
    ('h', "ĥħḥһհ"),
    ('j', "ĵјϳ"),
    ('k', "ķǩḳкκ"),
    ('l', "1i|ìíîïĩīĭįǐỉịıĺļľŀłḷіїιɩӏ"),
    ('m', "ṁṃм"),
    ('n', "ñńņňŋṇпո"),
    ('o', "0òóôõöøōŏőơǒọỏốồổỗộớờởỡợоοσօ"),
    ('p', "ṗрρ"),
    ('r', "ŕŗřṛгѓ"),
    ('s', "śŝşšșṣѕ"),
    ('t', "ţťŧțṭтτ"),
    ('u', "ùúûüũūŭůűųưǔụủứừửữựυսц"),
    ('v', "ṽṿνѵ"),
    ('w', "ŵẁẃẅẉѡԝω"),
    ('x', "ẋẍхχ"),
    ('y', "ýŷÿẏỳỵỷỹуүγ"),
    ('z', "źżžẓ"),
];

/// The text as the eye takes it, character by character.
pub(super) fn fold(text: &str) -> String {
    text.chars().map(letter).collect()
}

/// The same where two narrow letters pass for a wide one; `None` if there are none.
pub(super) fn fold_wide(text: &str) -> Option<String> {
    let has_pair = text.contains("rn") || text.contains("vv");
    has_pair.then(|| fold(&text.replace("rn", "m").replace("vv", "w")))
}

/// Whether one passes for the other without being it.
pub(super) fn is_alike(text: &str, other: &str) -> bool {
    let other_folded = fold(other);
    text != other
        && (fold(text) == other_folded || fold_wide(text).is_some_and(|t| t == other_folded))
}

fn letter(c: char) -> char {
    // Most characters stand for themselves.
    if c.is_ascii() && !matches!(c, '0' | '1' | 'i' | 'q' | '|') {
        return c;
    }
    let row = ALIKE.iter().find(|(_, alike)| alike.contains(c));
    row.map_or(c, |(letter, _)| *letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_alike() {
        for (name, text, other, want) in [
            ("digits", "g00g1e", "google", true),
            ("l for i", "anaiytics", "analytics", true),
            ("two for one", "rnagento", "magento", true),
            ("two v", "vvoocommerce", "woocommerce", true),
            ("q for g", "qoogle", "google", true),
            ("Cyrillic", "раураӏ", "paypal", true),
            ("accents", "strípe", "stripe", true),
            ("the same", "stripe", "stripe", false),
            ("one for two", "klama", "klarna", false),
            ("another letter", "stripo", "stripe", false),
        ] {
            assert_eq!(is_alike(text, other), want, "{name}");
        }
    }

    #[test]
    fn no_character_passes_for_two_letters() {
        let mut seen = std::collections::HashSet::new();
        for (letter, alike) in ALIKE {
            for c in alike.chars().chain([letter]) {
                assert!(seen.insert(c), "{c}");
            }
        }
    }
}
