//! The webhook for programs: JSON, signed as Standard Webhooks has it.
//!
//! The signature is HMAC-SHA-256 of `id.timestamp.body` under the channel's secret. The timestamp is of the try, so that
//! a receiver may refuse what somebody recorded and sends again; the id is of the message, so that it may drop what it
//! has. Names and destinations are as they are: what a program does with them is its own affair.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::hmac;
use serde_json::{Value, json};

use super::failure::Failure;
use super::letter::{link, title};
use super::story::{MOST_NAMES, Story};
use crate::cases::Alert;
use crate::clock::Timestamp;
use crate::registry::{Addressee, SECRET_PREFIX};

/// What is posted.
pub(super) fn body(to: &Addressee, stories: &[Story], public_url: Option<&str>) -> Value {
    match stories {
        [story] => {
            let mut body = notice(to, story, public_url);
            body["organization"] = to.organization.as_str().into();
            body
        }
        several => {
            let notices = several.iter().map(|story| notice(to, story, public_url));
            let newest = several.iter().map(|story| story.notice.at).max();
            json!({
                "type": "digest",
                "timestamp": newest.unwrap_or_default().to_string(),
                "organization": to.organization.as_str(),
                "data": { "notices": notices.collect::<Vec<_>>() },
            })
        }
    }
}

fn notice(to: &Addressee, story: &Story, public_url: Option<&str>) -> Value {
    let notice = &story.notice;
    let alert = story.alert.as_ref();
    let of = if alert.is_some() { "alert" } else { "channel" };
    json!({
        "type": format!("{of}.{}", notice.kind.as_str()),
        "timestamp": notice.at.to_string(),
        "data": {
            "id": notice.id, "severity": notice.severity.as_str(), "subject": notice.subject,
            "title": title(to, story), "language": to.language.tag(),
            "alert": alert.map(|alert| described(to, story, (alert, public_url))),
        },
    })
}

fn described(to: &Addressee, story: &Story, (alert, url): (&Alert, Option<&str>)) -> Value {
    let campaign = &alert.campaign;
    let merchants = campaign.sites.iter().take(MOST_NAMES).map(|hit| {
        let site = hit.site.as_str();
        json!({ "site": site, "name": story.name(site), "first_seen": hit.first_seen.to_string() })
    });
    let merchants: Vec<Value> = merchants.collect();
    let more = campaign.sites.len() - merchants.len();
    let members = campaign.members.iter().take(MOST_NAMES);
    let members: Vec<&str> = members.map(|it| it.destination.as_str()).collect();
    let reasons = campaign.reasons.iter().map(|reason| {
        json!({ "code": reason.code(), "text": reason.text(to.language), "weight": reason.weight })
    });
    json!({
        "id": alert.id.as_str(), "url": url.map(|url| link(url, alert.id.as_str())),
        "state": alert.state.as_str(), "severity": campaign.severity.as_str(), "score": campaign.score,
        "campaign": campaign.id.as_str(), "kind": campaign.kind.as_str(),
        "destination": campaign.destination, "account": campaign.account, "destinations": members,
        "first_seen": campaign.first_seen.to_string(), "raised_at": alert.raised_at.to_string(),
        "merchants": merchants, "merchants_more": more, "reasons": reasons.collect::<Vec<_>>(),
    })
}

/// The headers of a try: which message it is, when it is sent, and that it is ours.
pub(super) fn headers(
    secret: &str,
    (id, at): (&str, Timestamp),
    body: &str,
) -> Result<Vec<(&'static str, String)>, Failure> {
    let key = secret.strip_prefix(SECRET_PREFIX);
    let key = key.and_then(|key| STANDARD.decode(key).ok());
    let key = key.ok_or_else(|| Failure::again("the channel has no secret to sign with"))?;
    let timestamp = at.0.div_euclid(1000).to_string();
    let signed = format!("{id}.{timestamp}.{body}");
    let signature = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &key), signed.as_bytes());
    Ok(vec![
        ("webhook-id", id.to_owned()),
        ("webhook-timestamp", timestamp),
        (
            "webhook-signature",
            format!("v1,{}", STANDARD.encode(signature)),
        ),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From the specification of Standard Webhooks.
    #[test]
    fn the_signature_is_that_of_the_standard() {
        let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        let body = r#"{"test": 2432232314}"#;
        let id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
        let headers = headers(secret, (id, Timestamp(1_614_265_330_999)), body).expect("a secret");
        let expected = [
            ("webhook-id", id),
            ("webhook-timestamp", "1614265330"),
            (
                "webhook-signature",
                "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
            ),
        ];
        assert_eq!(
            headers,
            expected.map(|(name, value)| (name, value.to_owned()))
        );
    }
}
