//! Names of sites, looked up once for a page. [`Names`] is the type to know.

use std::collections::BTreeMap;

use actix_web::web::{self, Data};
use maud::{Markup, html};

use super::Pages;
use super::foreign::{foreign, visible};
use crate::ids::SiteId;
use crate::registry::{Registry, RegistryError};
use crate::scope::Scope;

/// Most names that are looked up for one page; other sites go by their id.
const MAX_NAMES: usize = 400;

/// Names of sites.
#[derive(Clone, Debug, Default)]
pub(super) struct Names(BTreeMap<String, String>);

impl Names {
    /// Those of these sites. Blocks on the disk.
    pub(super) fn of<'a>(
        registry: &Registry,
        scope: &Scope,
        sites: impl IntoIterator<Item = &'a SiteId>,
    ) -> Result<Self, RegistryError> {
        let mut names = BTreeMap::new();
        for site in sites {
            if names.len() >= MAX_NAMES {
                break;
            }
            if names.contains_key(site.as_str()) {
                continue;
            }
            if let Some(entry) = registry.site(scope, site)? {
                names.insert(site.to_string(), entry.record.name);
            }
        }
        Ok(Self(names))
    }

    /// The same, off this thread. Where they cannot be read, sites go by their ids.
    pub(super) async fn read<'a>(
        pages: &Data<Pages>,
        scope: &Scope,
        sites: impl Iterator<Item = &'a str>,
    ) -> Self {
        let sites: Vec<SiteId> = sites.filter_map(|site| SiteId::new(site).ok()).collect();
        let (pages, scope) = (Data::clone(pages), scope.clone());
        let names = web::block(move || Self::of(&pages.registry, &scope, &sites)).await;
        names.ok().and_then(Result::ok).unwrap_or_default()
    }

    /// The name, or the id of a site without one.
    pub(super) fn get<'a>(&'a self, site: &'a str) -> &'a str {
        let name = self.0.get(site).map(|name| name.trim());
        name.filter(|name| !name.is_empty()).unwrap_or(site)
    }

    /// The name, leading to the site's page.
    pub(super) fn link(&self, site: &str) -> Markup {
        html! { a href={ "/sites/" (site) } { (foreign(self.get(site))) } }
    }

    /// The name where no element may stand.
    pub(super) fn text(&self, site: &str) -> String {
        visible(self.get(site))
    }
}
