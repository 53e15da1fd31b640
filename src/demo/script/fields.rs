//! The fields of each dialect, in the order in which the engine writes them.
//!
//! The rule: an `Option` is a field that the engine leaves out when it does not know the value.

use serde::Serialize;
use serde_json::value::RawValue;

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Wrapped<T> {
    pub(super) csp_report: T,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct ChromiumUri<'a> {
    pub(super) document_uri: &'a str,
    pub(super) referrer: &'a str,
    pub(super) violated_directive: &'a str,
    pub(super) effective_directive: &'a str,
    pub(super) original_policy: &'a RawValue,
    pub(super) disposition: &'a str,
    pub(super) blocked_uri: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) line_number: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) column_number: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) source_file: Option<&'a str>,
    pub(super) status_code: u16,
    pub(super) script_sample: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct FirefoxUri<'a> {
    pub(super) blocked_uri: &'a str,
    pub(super) column_number: u32,
    pub(super) disposition: &'a str,
    pub(super) document_uri: &'a str,
    pub(super) effective_directive: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) line_number: Option<u32>,
    pub(super) original_policy: &'a RawValue,
    pub(super) referrer: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) source_file: Option<&'a str>,
    pub(super) status_code: u16,
    pub(super) violated_directive: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct WebKitOuter<'a> {
    pub(super) r#type: &'a str,
    pub(super) url: &'a str,
    pub(super) csp_report: WebKitUri<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct WebKitUri<'a> {
    pub(super) document_uri: &'a str,
    pub(super) referrer: &'a str,
    pub(super) violated_directive: &'a str,
    pub(super) effective_directive: &'a str,
    pub(super) original_policy: &'a RawValue,
    pub(super) blocked_uri: &'a str,
    pub(super) status_code: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) source_file: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) line_number: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) column_number: Option<u32>,
}

#[derive(Serialize)]
pub(super) struct WebKitTo<'a> {
    pub(super) r#type: &'a str,
    pub(super) url: &'a str,
    pub(super) body: WebKitToBody<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct WebKitToBody<'a> {
    #[serde(rename = "documentURL")]
    pub(super) document_url: &'a str,
    pub(super) disposition: &'a str,
    pub(super) referrer: &'a str,
    pub(super) effective_directive: &'a str,
    #[serde(rename = "blockedURL")]
    pub(super) blocked_url: String,
    pub(super) original_policy: &'a RawValue,
    pub(super) status_code: u16,
    pub(super) sample: &'a str,
    pub(super) source_file: String,
    pub(super) line_number: u32,
    pub(super) column_number: u32,
}

#[derive(Serialize)]
pub(super) struct ChromiumTo<'a> {
    pub(super) age: i64,
    pub(super) body: ChromiumToBody<'a>,
    pub(super) r#type: &'a str,
    pub(super) url: &'a str,
    pub(super) user_agent: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ChromiumToBody<'a> {
    #[serde(rename = "blockedURL")]
    pub(super) blocked_url: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) column_number: Option<u32>,
    pub(super) disposition: &'a str,
    #[serde(rename = "documentURL")]
    pub(super) document_url: &'a str,
    pub(super) effective_directive: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) line_number: Option<u32>,
    pub(super) original_policy: &'a RawValue,
    pub(super) referrer: &'a str,
    pub(super) sample: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) source_file: Option<&'a str>,
    pub(super) status_code: u16,
}
