//! Query strings, read strictly: a parameter that does not exist is a mistake worth telling.

use std::str::FromStr;
use std::sync::Arc;

use actix_web::HttpRequest;
use actix_web::http::header;
use actix_web::web::Query;
use actix_web::web::block;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use utoipa::{IntoParams, ToSchema};

use super::Api;
use super::error::ApiError;
use crate::ids::{OrganizationId, SiteId};
use crate::language::Language;
use crate::registry::Caller;

/// Longest value of a parameter, in bytes.
pub(super) const MAX_VALUE_BYTES: usize = 512;

/// As much of the name of a parameter that does not exist is told.
const MAX_NAME_CHARS: usize = 64;

/// The query string as `T`.
pub(super) fn query<T: DeserializeOwned>(request: &HttpRequest) -> Result<T, ApiError> {
    Query::<T>::from_query(request.query_string())
        .map(Query::into_inner)
        .map_err(|error| ApiError::Query(error.to_string()))
}

/// The query string as what two lists of parameters say of it, neither of which knows the other's.
pub(super) fn both<A, B>(request: &HttpRequest) -> Result<(A, B), ApiError>
where
    A: DeserializeOwned + IntoParams,
    B: DeserializeOwned + IntoParams,
{
    let known = [A::into_params(|| None), B::into_params(|| None)].concat();
    let sent: Vec<(String, String)> = query(request)?;
    let stranger = sent
        .iter()
        .find(|(name, _)| !known.iter().any(|it| it.name == *name));
    if let Some((name, _)) = stranger {
        let name: String = name.chars().take(MAX_NAME_CHARS).collect();
        return Err(ApiError::Query(format!("there is no parameter {name:?}")));
    }
    Ok((query(request)?, query(request)?))
}

/// Refuses any parameter.
pub(super) fn none(request: &HttpRequest) -> Result<(), ApiError> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct None {}
    let None {} = query(request)?;
    Ok(())
}

/// What a part of the path names: what cannot be a name names nothing.
pub(super) fn known<T: FromStr>(part: &str) -> Result<T, ApiError> {
    part.parse().ok().ok_or(ApiError::NotFound)
}

/// An organization that the caller may ask about: one's own, or for whoever `sees_all` any that there is.
pub(super) async fn organization(
    api: &Api,
    (caller, sees_all): (&Caller, bool),
    named: Option<&str>,
) -> Result<Option<OrganizationId>, ApiError> {
    let Some(id) = parsed::<OrganizationId>("organization", named)? else {
        return Ok(None);
    };
    if id == caller.organization {
        return Ok(Some(id));
    }
    if !sees_all {
        return Err(ApiError::NotFound);
    }
    let (registry, of) = (Arc::clone(&api.registry), id.clone());
    let found = block(move || registry.organization(&of)).await??;
    found.map(|_| Some(id)).ok_or(ApiError::NotFound)
}

/// Language of sentences
#[derive(ToSchema)]
#[schema(as = Language, rename_all = "lowercase")]
#[expect(dead_code, reason = "it stands in the description")]
pub(super) enum LanguageWord {
    En,
    Ja,
}

/// A text within bounds.
pub(super) fn text(name: &'static str, value: Option<String>) -> Result<Option<String>, ApiError> {
    match value {
        Some(value) if value.is_empty() => refuse(name, "is empty"),
        Some(value) if value.len() > MAX_VALUE_BYTES => refuse(name, "is too long"),
        value => Ok(value),
    }
}

/// A text that is read as `T`.
pub(super) fn parsed<T>(name: &'static str, value: Option<&str>) -> Result<Option<T>, ApiError>
where
    T: FromStr<Err: ToString>,
{
    value
        .map(str::parse)
        .transpose()
        .or_else(|error: T::Err| refuse(name, error.to_string()))
}

/// One of a closed set of words.
pub(super) fn word<'a>(
    name: &'static str,
    value: Option<String>,
    mut words: impl Iterator<Item = &'a str>,
) -> Result<Option<String>, ApiError> {
    match value {
        Some(value) if !words.any(|word| word == value) => refuse(name, "is no known word"),
        value => Ok(value),
    }
}

/// The id of a site.
pub(super) fn site(name: &'static str, value: Option<&str>) -> Result<Option<SiteId>, ApiError> {
    value
        .map(SiteId::new)
        .transpose()
        .or_else(|error| refuse(name, error.to_string()))
}

/// The language of sentences: the one that is asked for, or what the caller's program prefers.
pub(super) fn language(request: &HttpRequest, value: Option<&str>) -> Result<Language, ApiError> {
    if let Some(tag) = value {
        let known = Language::ALL.into_iter().find(|it| it.tag() == tag);
        return known.map_or_else(|| refuse("lang", "is en or ja"), Ok);
    }
    let accepted = request.headers().get(header::ACCEPT_LANGUAGE);
    let accepted = accepted.and_then(|value| value.to_str().ok());
    Ok(accepted.map_or_else(Language::default, Language::accepted))
}

/// How much is asked for: from 1 to `most`.
pub(super) fn limit(value: Option<&str>, default: u32, most: u32) -> Result<u32, ApiError> {
    match parsed::<u32>("limit", value)? {
        None => Ok(default),
        Some(limit) if (1..=most).contains(&limit) => Ok(limit),
        Some(_) => refuse("limit", format!("is from 1 to {most}")),
    }
}

pub(super) fn refuse<T>(name: &'static str, what: impl Into<String>) -> Result<T, ApiError> {
    Err(ApiError::Parameter {
        name,
        what: what.into(),
    })
}
