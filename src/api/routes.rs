//! The table of routes. What is served and what is described come from it, so that neither can be forgotten.

use actix_web::web;
use actix_web::{HttpResponse, Resource, Scope};
use utoipa::OpenApi;

use super::error::ApiError;
use super::{
    alert, alerts, audit, campaigns, destination, destinations, export, exports, imports, key,
    keys, live, merchant, merchants, openapi, organization, organizations, policies, reports,
    scripts, share, site, site_verdict, sites, stats, token, tokens, triage, verdict, verdicts,
};

/// Each module answers one path, `PATH`, with a function for each method. Where two paths fit, the first answers.
macro_rules! routes {
    ($($module:ident: $($method:ident)+;)+) => {
        /// What the code says of all routes.
        #[derive(OpenApi)]
        #[openapi(paths($($($module::$method),+),+))]
        pub(super) struct Described;

        /// Adds the routes.
        pub(super) fn add(scope: Scope) -> Scope {
            scope$(.service(
                resource($module::PATH, &[$(stringify!($method)),+])
                    $(.route(web::$method().to($module::$method)))+
            ))+
        }
    };
}

routes! {
    alerts: get;
    live: get;
    alert: get patch;
    audit: get;
    campaigns: get;
    destinations: get;
    destination: get;
    site_verdict: put delete;
    verdict: put delete;
    verdicts: get;
    merchants: get post;
    merchant: get patch;
    openapi: get;
    organizations: get;
    organization: get put;
    share: put delete;
    policies: get;
    reports: get;
    export: get;
    scripts: get;
    sites: get post;
    site: get patch delete;
    keys: post;
    key: delete;
    imports: post;
    exports: get;
    stats: get;
    triage: get;
    tokens: get post;
    token: delete;
}

/// A path that says which methods it answers to whoever sends another.
fn resource(path: &str, methods: &[&str]) -> Resource {
    let allowed = methods.join(", ").to_uppercase();
    let refuse = move || {
        let allowed = allowed.clone();
        async move { Err::<HttpResponse, _>(ApiError::Method(allowed)) }
    };
    web::resource(path).default_service(web::to(refuse))
}
