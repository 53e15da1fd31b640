//! One recorded request, in either format.

use base64::Engine as _;
use serde::Deserialize;

/// One recorded request.
#[derive(Clone, Debug, PartialEq)]
pub struct Recorded {
    /// When it was received, in seconds of whatever clock recorded it.
    pub at: f64,
    /// The site's key, if the record names one.
    pub site: Option<String>,
    /// `POST` or `OPTIONS`.
    pub method: String,
    /// Headers in order, without those that belong to the connection.
    pub headers: Vec<(String, String)>,
    /// The body, byte for byte.
    pub body: Vec<u8>,
}

/// Why a line is no recorded request.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// Not JSON, or not of either format.
    #[error("neither a captured request nor a scenario's: {0}")]
    Format(#[from] serde_json::Error),
    /// The body's base64 is damaged.
    #[error("body_b64 is no base64: {0}")]
    Base64(#[from] base64::DecodeError),
}

/// Headers that the sending connection sets itself.
const OF_THE_CONNECTION: [&str; 6] = [
    "host",
    "content-length",
    "connection",
    "transfer-encoding",
    "expect",
    "te",
];

#[derive(Deserialize)]
#[serde(untagged)]
enum Line {
    Captured {
        time: f64,
        method: String,
        headers: Vec<(String, String)>,
        #[serde(default)]
        body_b64: String,
    },
    Scenario {
        t: f64,
        site: String,
        ip: String,
        ua: String,
        content_type: String,
        body: String,
    },
}

impl Recorded {
    /// Reads one line.
    ///
    /// # Errors
    /// [`RecordError`] says what the line lacks.
    pub fn parse(line: &str) -> Result<Self, RecordError> {
        match serde_json::from_str(line)? {
            Line::Captured {
                time,
                method,
                mut headers,
                body_b64,
            } => {
                headers.retain(|(name, _)| {
                    let name = name.to_ascii_lowercase();
                    !name.starts_with(':') && !OF_THE_CONNECTION.contains(&name.as_str())
                });
                let body = base64::engine::general_purpose::STANDARD.decode(body_b64)?;
                Ok(Self {
                    at: time,
                    site: None,
                    method,
                    headers,
                    body,
                })
            }
            Line::Scenario {
                t,
                site,
                ip,
                ua,
                content_type,
                body,
            } => {
                let header = |name: &str, value| (name.to_owned(), value);
                let headers = vec![
                    header("content-type", content_type),
                    header("user-agent", ua),
                    header("x-forwarded-for", ip),
                ];
                Ok(Self {
                    at: t,
                    site: Some(site),
                    method: "POST".to_owned(),
                    headers,
                    body: body.into_bytes(),
                })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_formats() {
        let captured = r#"{"id":"x","time":2.5,"method":"POST","headers":[["Host","a"],["Origin","null"]],"body_b64":"e30="}"#;
        let recorded = Recorded::parse(captured).expect("a captured request");
        assert_eq!(recorded.headers, [("Origin".to_owned(), "null".to_owned())]);
        assert_eq!(
            (recorded.at, recorded.body.as_slice(), recorded.site),
            (2.5, &b"{}"[..], None)
        );

        let scenario =
            r#"{"t":1,"site":"m1","ip":"192.0.2.1","ua":"U","content_type":"c","body":"{}"}"#;
        let recorded = Recorded::parse(scenario).expect("a scenario's request");
        assert_eq!(recorded.site.as_deref(), Some("m1"));
        assert!(
            recorded
                .headers
                .contains(&("x-forwarded-for".to_owned(), "192.0.2.1".to_owned()))
        );

        assert!(Recorded::parse("{}").is_err());
    }
}
