//! Policies and their directives.

use content_security_policy::{CspList, PolicyDisposition, PolicySource};

use super::Source;

/// Bytes of a header that are parsed; what is beyond the last whole directive in them is left out.
pub const MAX_POLICY_BYTES: usize = 32 * 1024;

/// Directives of a header that are parsed. CSP Level 3 and its companions know about 30.
pub const MAX_DIRECTIVES: usize = 256;

/// One serialized policy, as CSP Level 3 §2.2.1 parses it: names in lower case, the first of two directives
/// of one name counts, directives with characters outside ASCII are left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    directives: Vec<Directive>,
}

/// A directive of a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Directive {
    name: String,
    values: Vec<String>,
}

impl Policy {
    /// Parses one policy, as `original-policy` holds it. Of a header in which several are joined by commas
    /// it is the first.
    pub fn parse(text: &str) -> Self {
        Self::parse_list(text)
            .into_iter()
            .next()
            .unwrap_or_default()
    }

    /// Parses a header: policies joined by commas, each of which holds for itself. Empty ones are left out.
    pub fn parse_list(header: &str) -> Vec<Self> {
        // Source and disposition play no part in parsing.
        let list = CspList::parse(
            bounded(header),
            PolicySource::Header,
            PolicyDisposition::Enforce,
        );
        let policies = list.0.into_iter();
        policies
            .map(|policy| Self {
                directives: policy
                    .directive_set
                    .into_iter()
                    .map(Directive::from)
                    .collect(),
            })
            .collect()
    }

    /// The directives, in the order of the policy.
    pub fn directives(&self) -> impl Iterator<Item = &Directive> {
        self.directives.iter()
    }
}

impl Directive {
    /// Its name, in lower case.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its value, split at white space.
    pub fn values(&self) -> impl Iterator<Item = &str> {
        self.values.iter().map(String::as_str)
    }

    /// Its value as source expressions. They mean something for directives that hold a source list only.
    pub fn sources(&self) -> impl Iterator<Item = Source<'_>> {
        self.values().map(Source::of)
    }
}

impl From<content_security_policy::Directive> for Directive {
    fn from(directive: content_security_policy::Directive) -> Self {
        Self {
            name: directive.name,
            values: directive.value,
        }
    }
}

/// The whole directives at the start of a header that is too long. The parser compares each name with all
/// before it, so their number needs a bound of its own.
fn bounded(header: &str) -> &str {
    let start = &header[..header.floor_char_boundary(MAX_POLICY_BYTES)];
    let mut ends = start.match_indices([';', ',']).map(|(at, _)| at);
    if let Some(end) = ends.nth(MAX_DIRECTIVES - 1) {
        return &start[..end];
    }
    if start.len() == header.len() {
        return header;
    }
    &start[..start.rfind([';', ',']).unwrap_or(0)]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(policy: &Policy) -> Vec<&str> {
        policy.directives().map(Directive::name).collect()
    }

    #[test]
    fn reads_directives_and_their_sources() {
        let policy = Policy::parse(
            "Script-Src 'self' 'nonce-abc' 'sha256-xyz=' https://*.cdn.test:443/js/ data:; ; script-src *; sandbox",
        );
        assert_eq!(names(&policy), ["script-src", "sandbox"]);
        let first = policy
            .directives()
            .next()
            .map(|d| d.sources().collect::<Vec<_>>());
        assert_eq!(
            first,
            Some(vec![
                Source::Keyword("self"),
                Source::Nonce("abc"),
                Source::Hash("sha256-xyz="),
                Source::Host("https://*.cdn.test:443/js/"),
                Source::Scheme("data"),
            ])
        );
    }

    #[test]
    fn keeps_the_policies_of_a_joined_header_apart() {
        let policies = Policy::parse_list("default-src 'self', script-src a.test; img-src *,, ;");
        let all: Vec<_> = policies.iter().map(names).collect();
        assert_eq!(all, [vec!["default-src"], vec!["script-src", "img-src"]]);
        assert_eq!(
            names(&Policy::parse("default-src 'self', script-src a.test")),
            ["default-src"]
        );
        assert_eq!(Policy::parse(" ; "), Policy::default());
    }

    #[test]
    fn is_bounded_in_length_and_number() {
        let many: String = (0..5000).map(|n| format!("d{n} x;")).collect();
        assert_eq!(Policy::parse(&many).directives().count(), MAX_DIRECTIVES);
        let long = format!("img-src *; script-src {}", "é ".repeat(MAX_POLICY_BYTES));
        assert_eq!(names(&Policy::parse(&long)), ["img-src"]);
    }
}
