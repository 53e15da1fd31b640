//! Every page there is, in one place: what is looked at, by whom, and what is no page.

/// Who looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Who {
    /// Nobody that is known.
    Nobody,
    /// Somebody who has shown the password and not yet the second factor.
    Half,
    /// Whoever runs the installation, by the token of its settings.
    Operator,
    /// An administrator of a provider.
    Administrator,
    /// An analyst of a provider.
    Analyst,
    /// Somebody of a shop.
    Merchant,
}

impl Who {
    pub(super) const ALL: [Self; 6] = [
        Self::Nobody,
        Self::Half,
        Self::Operator,
        Self::Administrator,
        Self::Analyst,
        Self::Merchant,
    ];
}

/// A page as somebody sees it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shown {
    /// What its pictures are called.
    pub(super) name: &'static str,
    /// Where it is. `{…}` is found on another page: [`LINKS`](super::stage::LINKS).
    pub(super) path: &'static str,
    pub(super) who: Who,
    pub(super) status: u16,
}

const fn page(name: &'static str, path: &'static str, who: Who) -> Shown {
    Shown {
        name,
        path,
        who,
        status: 200,
    }
}

const fn refused(name: &'static str, path: &'static str, who: Who, status: u16) -> Shown {
    Shown {
        name,
        path,
        who,
        status,
    }
}

pub(super) const PAGES: [Shown; 36] = [
    page("login", "/login", Who::Nobody),
    page("invitation", "/invitation", Who::Nobody),
    page("login-second", "/login/second", Who::Half),
    page("overview", "/", Who::Operator),
    page("overview-provider", "/", Who::Analyst),
    page("overview-merchant", "/", Who::Merchant),
    page("alerts", "/alerts", Who::Operator),
    page("alerts-closed", "/alerts?state=closed", Who::Operator),
    page("alerts-all", "/alerts?state=all", Who::Analyst),
    page("alerts-none", "/alerts?state=closed", Who::Merchant),
    page("alert", "/alerts/{alert}", Who::Analyst),
    page("alert-closed", "/alerts/{closed}", Who::Operator),
    page("alert-merchant", "/alerts/{alert}", Who::Merchant),
    page("sites", "/sites", Who::Administrator),
    page("sites-none", "/sites?q=nowhere", Who::Analyst),
    page("site", "/sites/hanamizuki-tea", Who::Analyst),
    page("site-waiting", "/sites/demo-shop", Who::Administrator),
    page("site-merchant", "/sites/hanamizuki-tea", Who::Merchant),
    page(
        "site-policies",
        "/sites/hanamizuki-tea/policies",
        Who::Analyst,
    ),
    page(
        "site-scripts",
        "/sites/hanamizuki-tea/scripts",
        Who::Analyst,
    ),
    page("destinations", "/destinations", Who::Analyst),
    page("destinations-none", "/destinations?q=nowhere", Who::Analyst),
    page("destination", "/destinations/{destination}", Who::Analyst),
    page(
        "destination-unknown",
        "/destinations/never.example",
        Who::Analyst,
    ),
    page("reports", "/reports", Who::Analyst),
    page(
        "reports-none",
        "/reports?destination=never.example",
        Who::Analyst,
    ),
    refused(
        "reports-wrong",
        "/reports?range=between&from=then&host=no%20host",
        Who::Analyst,
        400,
    ),
    page("report", "/reports/{report}", Who::Analyst),
    page("status", "/status", Who::Operator),
    page("status-merchant", "/status", Who::Merchant),
    page("people", "/people", Who::Administrator),
    page("person", "/people/{person}", Who::Administrator),
    page("account", "/account", Who::Analyst),
    page("account-second", "/account/second", Who::Analyst),
    refused("nothing", "/nothing/here", Who::Analyst, 404),
    refused("forbidden", "/people", Who::Analyst, 403),
];

/// What `GET` answers with something that nobody looks at: files, streams, ways to another place.
pub(super) const NO_PAGES: [&str; 6] = [
    "/assets/{hash}/{name}",
    "/live",
    "/sites.csv",
    "/reports/export",
    "/login/provider",
    "oidc::CALLBACK",
];

/// The routes that answer `GET`, as `src/web/mod.rs` says.
fn routes() -> Vec<String> {
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/src/web/mod.rs");
    let source = std::fs::read_to_string(source).expect("the source is readable");
    let resources = source.split("web::resource(").skip(1);
    let gets = resources.filter(|it| it.contains("web::get()"));
    gets.map(|it| {
        let (path, _) = it.split_once(')').expect("its end");
        path.trim().trim_matches('"').to_owned()
    })
    .collect()
}

/// Whether a path is one of a route.
fn is_of(path: &str, route: &str) -> bool {
    let path = path.split('?').next().unwrap_or_default();
    let (path, route): (Vec<_>, Vec<_>) = (path.split('/').collect(), route.split('/').collect());
    let fits = |(part, of): (&&str, &&str)| part == of || (of.starts_with('{') && !part.is_empty());
    path.len() == route.len() && path.iter().zip(&route).all(fits)
}

#[test]
fn every_page_is_in_the_list() {
    let routes = routes();
    assert!(routes.len() > 20, "{routes:?}");
    for route in &routes {
        let is_shown = PAGES.iter().any(|page| is_of(page.path, route));
        let is_no_page = NO_PAGES.contains(&route.as_str());
        assert!(
            is_shown != is_no_page,
            "{route} is no page of tests/it/screen/list.rs, or both page and none"
        );
    }
    let gone = NO_PAGES
        .iter()
        .filter(|it| !routes.iter().any(|route| route == *it));
    assert_eq!(gone.collect::<Vec<_>>(), Vec::<&&str>::new());
}
