//! The services that are imitated, and whether a name imitates one.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::name::Name;
use super::{Likeness, Way, glyphs, slips, words};

/// Ordinary names that are one slip or one glance away from a brand.
const ORDINARY: &str = "ecube karna klara magneto papal payal rakuen stipe";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Name,
    Word,
    Host,
}

#[derive(Clone, Copy, Debug)]
struct Brand {
    domain: &'static str,
    kind: Kind,
}

#[derive(Debug, Default)]
struct Brands {
    exact: HashMap<&'static str, Brand>,
    folded: HashMap<String, Brand>,
    slips: HashMap<String, Brand>,
    /// Domains of their owners that no list of services has.
    theirs: Vec<&'static str>,
}

static BRANDS: LazyLock<Brands> = LazyLock::new(|| {
    let mut brands = Brands::default();
    let lines = include_str!("brands.tsv").lines();
    for line in lines.filter(|line| !line.starts_with('#')) {
        brands.add(line);
    }
    brands
});

/// Which brand a name imitates.
pub(super) fn likeness(name: &Name<'_>) -> Option<Likeness> {
    let brands = &*BRANDS;
    if brands.theirs.contains(&name.domain) {
        return None;
    }
    let (brand, way) = brands.whole(name).or_else(|| brands.joined(name))?;
    Some(Likeness {
        of: brand.domain.to_owned(),
        way,
    })
}

impl Brands {
    fn add(&mut self, line: &'static str) {
        let mut columns = line.split('\t');
        let mut next = || columns.next().unwrap_or("");
        let (label, domain) = (next(), next());
        let kind = match next() {
            "word" => Kind::Word,
            "host" => Kind::Host,
            _ => Kind::Name,
        };
        self.theirs.extend(next().split_ascii_whitespace());
        self.theirs.push(domain);
        let brand = Brand { domain, kind };
        self.exact.insert(label, brand);
        self.folded.insert(glyphs::fold(label), brand);
        if kind != Kind::Word {
            let slips = slips::of(label).into_iter().map(|slip| (slip, brand));
            self.slips.extend(slips);
        }
    }

    /// Brand and way of a name that is a brand's, or nearly.
    fn whole(&self, name: &Name<'_>) -> Option<(&Brand, Way)> {
        let label = &*name.label;
        if let Some(brand) = self.exact.get(label) {
            let is_theirs = match brand.kind {
                Kind::Name => !words::is_cheap(name.suffix),
                Kind::Word => true,
                Kind::Host => name.is_hosted,
            };
            return (!is_theirs).then_some((brand, Way::Suffix));
        }
        if ORDINARY.split_ascii_whitespace().any(|word| word == label) {
            return None;
        }
        let slip = || Some((self.slips.get(label)?, Way::Misspelled));
        self.alike(label)
            .map(|brand| (brand, Way::Confusable))
            .or_else(slip)
    }

    fn alike(&self, text: &str) -> Option<&Brand> {
        let wide = || self.folded.get(&glyphs::fold_wide(text)?);
        self.folded.get(&glyphs::fold(text)).or_else(wide)
    }

    /// Brand and way of a name that is a brand's with words of the web around it.
    fn joined(&self, name: &Name<'_>) -> Option<(&Brand, Way)> {
        let of_parts = words::parts(&name.label).find_map(|(part, mut around)| {
            let exact = self.exact.get(part);
            let brand = exact.or_else(|| self.alike(part))?;
            let is_word = match brand.kind {
                Kind::Word => words::is_strict,
                Kind::Name | Kind::Host => words::is_web,
            };
            let way = exact.map_or(Way::Confusable, |_| Way::Joined);
            // Developers call what they try out by what it is about.
            let is_meant = way == Way::Confusable || !name.is_hosted;
            (is_meant && around.all(is_word)).then_some((brand, way))
        });
        of_parts.or_else(|| self.run_together(name))
    }

    /// `paypalsecure`, `cdnjquery`.
    fn run_together(&self, name: &Name<'_>) -> Option<(&Brand, Way)> {
        if name.is_hosted {
            return None;
        }
        let label = words::bare(&name.label);
        let rests =
            words::strict().flat_map(|word| [label.strip_suffix(word), label.strip_prefix(word)]);
        rests
            .flatten()
            .filter(|rest| rest.len() >= slips::FEWEST_LETTERS)
            .filter_map(|rest| self.exact.get(rest))
            .find(|brand| brand.kind != Kind::Word)
            .map(|brand| (brand, Way::Joined))
    }
}
