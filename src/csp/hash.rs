//! The hash of what a policy says.

/// Hash of a policy: the first eight bytes of its BLAKE3, little-endian.
///
/// Left out: nonces, which change with each page view, and the values of `report-uri` and `report-to`,
/// which may carry tokens. Folded: white space, empty directives and policies, and the case of directive names. Kept: the order
/// of directives and sources, duplicates, and hashes of scripts, which change with the scripts.
pub fn hash(text: &str) -> u64 {
    let mut said = String::with_capacity(text.len());
    for policy in text.split(',') {
        let before = said.len();
        for directive in policy.split(';') {
            add_directive(&mut said, directive);
        }
        if said.len() > before {
            said.push(',');
        }
    }
    let [a, b, c, d, e, f, g, h, ..] = *blake3::hash(said.as_bytes()).as_bytes();
    u64::from_le_bytes([a, b, c, d, e, f, g, h])
}

fn add_directive(said: &mut String, directive: &str) {
    let mut tokens = directive.split_ascii_whitespace();
    let Some(name) = tokens.next() else {
        return;
    };
    let start = said.len();
    said.push_str(name);
    said[start..].make_ascii_lowercase();
    if !is_report_address(name) {
        for token in tokens {
            said.push(' ');
            said.push_str(if is_nonce(token) { "'nonce-'" } else { token });
        }
    }
    said.push(';');
}

fn is_report_address(name: &str) -> bool {
    name.eq_ignore_ascii_case("report-uri") || name.eq_ignore_ascii_case("report-to")
}

pub(super) fn is_nonce(token: &str) -> bool {
    token
        .get(..7)
        .is_some_and(|start| start.eq_ignore_ascii_case("'nonce-"))
}

#[cfg(test)]
mod tests {
    use super::hash;

    const POLICY: &str = "script-src 'self' 'nonce-abc' https://a.test; img-src *; report-uri https://r.test/r/k?t=1";

    #[test]
    fn is_the_same_for_policies_that_say_the_same() {
        for (name, other) in [
            (
                "another nonce",
                POLICY.replace("nonce-abc", "nonce-xyz123=="),
            ),
            (
                "a nonce in capitals",
                POLICY.replace("nonce-abc", "NONCE-abc"),
            ),
            (
                "another report address",
                POLICY.replace("k?t=1", "other?t=2"),
            ),
            ("white space", POLICY.replace(' ', " \t\n ")),
            ("a semicolon more", format!(" ;{POLICY} ; ;")),
            ("case of a name", POLICY.replace("img-src", "IMG-src")),
        ] {
            assert_eq!(hash(&other), hash(POLICY), "{name}");
        }
    }

    #[test]
    fn differs_for_policies_that_say_something_else() {
        for (name, other) in [
            (
                "order of directives",
                "img-src *; script-src 'self' 'nonce-abc' https://a.test; report-uri /".to_owned(),
            ),
            ("a source more", POLICY.replace('*', "* data:")),
            ("no nonce", POLICY.replace("'nonce-abc' ", "")),
            ("case of a path", POLICY.replace("a.test", "a.test/P")),
            ("a comma for a semicolon", POLICY.replace(';', ",")),
            ("tokens run together", POLICY.replace("'self' ", "'self'")),
            ("no report address", POLICY.replace("report-uri", "x")),
        ] {
            assert_ne!(hash(&other), hash(POLICY), "{name}");
        }
    }

    /// The hash is stored for ever: another one would split every policy in two.
    #[test]
    fn is_taken_of_this_text() {
        for (policy, text) in [
            ("default-src 'self'", "default-src 'self';,"),
            (", ;,IMG-SRC  * ;report-to r,", "img-src *;report-to;,"),
            ("a 'nonce-1' b, c;d", "a 'nonce-' b;,c;d;,"),
            ("", ""),
        ] {
            let bytes = *blake3::hash(text.as_bytes()).as_bytes();
            assert_eq!(hash(policy).to_le_bytes(), bytes[..8], "{policy}");
        }
    }
}
