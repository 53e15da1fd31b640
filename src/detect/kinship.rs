//! [`Kinship`]: which sites are one merchant. Two shops of one house are no independent witnesses.

use super::Map;
use crate::ids::SiteId;
use crate::normalize::{Profile, registrable_domain};

/// Which sites are one merchant: those that share a registrable domain.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kinship {
    by_site: Map<SiteId, u32>,
    domains: Map<SiteId, Box<[Box<str>]>>,
}

impl Kinship {
    /// Reads it off the domains of the sites, in whatever order they come.
    pub fn of<'a>(sites: impl Iterator<Item = (&'a SiteId, &'a Profile)>) -> Self {
        let mut houses: Map<String, u32> = Map::default();
        let (mut by_site, mut own) = (Map::default(), Map::default());
        // In a fixed order, so that figures are added up in a fixed order and come out the same to the last bit.
        let mut sites: Vec<_> = sites.collect();
        sites.sort_unstable_by_key(|(site, _)| *site);
        for (number, (site, profile)) in (0..).zip(sites) {
            let domains = || profile.domains().map(registrable_domain);
            let house = domains().find_map(|domain| houses.get(domain).copied());
            let house = house.unwrap_or(number);
            for domain in domains() {
                houses.entry(domain.to_owned()).or_insert(house);
            }
            by_site.insert(site.clone(), house);
            own.insert(site.clone(), profile.domains().map(Box::from).collect());
        }
        Self {
            by_site,
            domains: own,
        }
    }

    /// The domains of a site.
    pub(super) fn domains(&self, site: &SiteId) -> impl Iterator<Item = &str> {
        self.domains
            .get(site)
            .into_iter()
            .flatten()
            .map(AsRef::as_ref)
    }

    /// The number of the site's merchant; a site that is not known stands for itself.
    pub(super) fn house(&self, site: &SiteId) -> Option<u32> {
        self.by_site.get(site).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shops_of_one_house() {
        let site = |id: &str, domains: &[&str]| {
            let domains: Vec<String> = domains.iter().map(|d| (*d).to_owned()).collect();
            (
                SiteId::new(id).expect("a name"),
                Profile::new(&domains, &[], &[]),
            )
        };
        let sites = [
            site("a", &["www.house.example", "house.example"]),
            site("b", &["outlet.house.example"]),
            site("c", &["other.example"]),
            site("d", &["third.example", "shop.other.example"]),
            site("e", &[]),
        ];
        let kinship = Kinship::of(sites.iter().map(|(id, profile)| (id, profile)));
        let house = |n: usize| kinship.house(&sites[n].0);
        assert_eq!(house(0), house(1));
        assert_ne!(house(0), house(2));
        assert_eq!(house(2), house(3));
        assert_ne!(house(4), house(0));
        assert_eq!(kinship.house(&SiteId::new("x").expect("a name")), None);
        let backward = sites.iter().rev().map(|(id, profile)| (id, profile));
        assert_eq!(Kinship::of(backward), kinship);
    }
}
