//! Query strings, read strictly: a parameter that does not exist is a mistake worth telling.

use std::str::FromStr;

use actix_web::HttpRequest;
use actix_web::http::header;
use actix_web::web::Query;
use serde::de::DeserializeOwned;

use super::error::ApiError;
use crate::ids::SiteId;
use crate::language::Language;

/// Longest value of a parameter, in bytes.
pub(super) const MAX_VALUE_BYTES: usize = 512;

/// The query string as `T`.
pub(super) fn query<T: DeserializeOwned>(request: &HttpRequest) -> Result<T, ApiError> {
    Query::<T>::from_query(request.query_string())
        .map(Query::into_inner)
        .map_err(|error| ApiError::Query(error.to_string()))
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
