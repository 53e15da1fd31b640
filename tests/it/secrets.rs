//! Secrets of every kind, each planted in every place of a report that holds values.

use serde_json::{Value, json};

/// As they stand in a parameter's value. None of them stands anywhere by chance.
const VALUES: [(&str, &str); 14] = [
    ("number", "5353916123456781"),
    ("number", "3714-496353-98431"),
    ("cvv", "7391"),
    ("expiry", "11%2F31"),
    ("name", "Wilhelmina%20Okonkwo"),
    ("mail", "wilhelmina.okonkwo%40mail.invalid"),
    ("phone", "%2B81-90-5550-7261"),
    ("password", "Tr0ub4dor%263xy"),
    ("session", "9f86d081884c7d659a2feaa0c55ad015"),
    (
        "jwt",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ3aWxoZWxtaW5hIn0.bm9ib2R5LXNpZ25lZC1pdA",
    ),
    ("authorization", "Bearer%20mF_9.B5f-4.1JqMzz"),
    ("key", "key_live_51H8xGkQ2aB3cD4eF5"),
    ("access", "AKIAIOSFODNN7EXAMPLE"),
    ("card", "NTM1MzkxNjEyMzQ1Njc4MXwxMS8zMXw3Mzkx"),
];

/// Reports, one in each body.
pub(crate) fn reports() -> Vec<Value> {
    VALUES
        .iter()
        .flat_map(|(name, value)| {
            let plain = decoded(value);
            [
                violation(json!({"blocked-uri": format!("https://skimmer.test/c?{name}={value}")})),
                violation(json!({
                    "document-uri": format!("https://shop.example.test/checkout?{name}={value}"),
                    "referrer": format!("https://pay.psp.test/back?{name}={value}"),
                    "source-file": format!("https://cdn.skimmer.test/a.js?{name}={value}#{value}"),
                })),
                violation(json!({
                    "violated-directive": "script-src",
                    "blocked-uri": "inline",
                    "script-sample": format!("send({{{name}:'{plain}'}})"),
                    "original-policy": format!("script-src 'nonce-{value}'; report-uri /r?{name}={value}"),
                })),
                json!([{
                    "type": "coep", "age": 5, "url": format!("https://shop.example.test/checkout?{name}={value}"),
                    "body": {
                        "type": "corp", "disposition": "reporting",
                        "blockedURL": format!("https://skimmer.test/c?{name}={value}"),
                        "message": format!("refused '{plain}'"),
                    },
                }]),
            ]
        })
        .collect()
}

fn violation(more: Value) -> Value {
    let mut report = json!({
        "document-uri": "https://shop.example.test/checkout",
        "referrer": "",
        "violated-directive": "connect-src",
        "original-policy": "default-src 'self'",
        "disposition": "enforce",
        "blocked-uri": "https://skimmer.test/c",
    });
    if let (Some(report), Value::Object(more)) = (report.as_object_mut(), more) {
        report.extend(more);
    }
    json!({"csp-report": report})
}

fn decoded(value: &str) -> String {
    percent_encoding::percent_decode_str(value)
        .decode_utf8_lossy()
        .into_owned()
}

/// What may be nowhere: each value as sent and decoded, the short ones with their names.
pub(crate) fn texts() -> impl Iterator<Item = String> {
    let forms = |&(name, value): &(&str, &str)| {
        let plain = decoded(value);
        let long = value.len() > 8;
        let alone = [value.to_owned(), plain.clone()];
        let named = [format!("{name}={value}"), format!("{name}:'{plain}'")];
        alone.into_iter().filter(move |_| long).chain(named)
    };
    let parts = [
        "Wilhelmina",
        "Okonkwo",
        "okonkwo",
        "wilhelmina",
        "371449635398431",
        "SFODNN7",
    ];
    VALUES
        .iter()
        .flat_map(forms)
        .chain(parts.map(str::to_owned))
}
