//! The settings of detection as a list of numbers: checked here, shown by `backtest --weights`.
//!
//! The list is read off the settings themselves, so that a weight which is added there is checked and shown too.

use serde_json::Value;

use crate::detect;

/// Names and values of the weights, in the order of their names.
pub fn weights(config: &detect::Config) -> Vec<(String, f64)> {
    let named = |(name, value): (String, Option<f64>)| {
        let name = name.strip_prefix("detect.weights.")?.to_owned();
        Some((name, value?))
    };
    numbers(config).into_iter().filter_map(named).collect()
}

/// Says what is wrong, with the name of the setting.
pub(super) fn check(config: &detect::Config) -> Result<(), String> {
    let numbers = numbers(config);
    if let Some((name, _)) = numbers.iter().find(|(_, value)| value.is_none()) {
        return Err(format!("{name} is no finite number"));
    }
    let (part, parts) = (config.part, config.parts);
    if part == 0 || part > parts {
        return Err(format!(
            "detect.part is {part}: one of {parts} detectors is from 1 to detect.parts, which is {parts}"
        ));
    }
    let thresholds = [
        ("medium", config.medium),
        ("high", config.high),
        ("critical", config.critical),
    ];
    let steps = thresholds.iter().zip(&thresholds[1..]);
    match steps
        .into_iter()
        .find(|((_, lower), (_, upper))| lower > upper)
    {
        Some(((low, lower), (up, upper))) => Err(format!(
            "detect.{low} is {lower}, above detect.{up}, which is {upper}"
        )),
        None => Ok(()),
    }
}

/// Every number by its full name; one that is not finite has no value.
fn numbers(config: &detect::Config) -> Vec<(String, Option<f64>)> {
    let mut found = Vec::new();
    // Settings of numbers alone always have a form.
    let value = serde_json::to_value(config).unwrap_or_default();
    collect("detect".to_owned(), &value, &mut found);
    found
}

fn collect(name: String, value: &Value, found: &mut Vec<(String, Option<f64>)>) {
    match value {
        Value::Object(fields) => {
            for (field, value) in fields {
                collect(format!("{name}.{field}"), value, found);
            }
        }
        Value::Number(number) => found.push((name, number.as_f64())),
        // What JSON has no number for.
        Value::Null => found.push((name, None)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Change = fn(&mut detect::Config);

    #[test]
    fn what_cannot_be_is_named() {
        let changed = |change: Change| {
            let mut config = detect::Config::default();
            change(&mut config);
            check(&config)
        };
        let cases: [(&str, Change, &str); 7] = [
            ("part 0", |c| c.part = 0, "detect.part is 0"),
            (
                "part 3 of 2",
                |c| (c.part, c.parts) = (3, 2),
                "detect.part is 3",
            ),
            (
                "NaN",
                |c| c.weights.known = f64::NAN,
                "detect.weights.known is no",
            ),
            (
                "infinite",
                |c| c.critical = f64::INFINITY,
                "detect.critical is no",
            ),
            (
                "medium",
                |c| c.medium = c.high + 1.0,
                "above detect.high, which",
            ),
            ("high", |c| c.high = c.critical + 1.0, "detect.high is"),
            ("none", |_| (), ""),
        ];
        for (name, change, says) in cases {
            match changed(change) {
                Ok(()) => assert_eq!(says, "", "{name}"),
                Err(error) => assert!(!says.is_empty() && error.contains(says), "{name}: {error}"),
            }
        }
    }

    #[test]
    fn every_weight_is_listed() {
        let config = detect::Config::default();
        let weights = weights(&config);
        let known = weights.iter().find(|(name, _)| name == "known");
        assert_eq!(known.map(|(_, value)| *value), Some(config.weights.known));
        assert!(weights.iter().all(|(name, _)| !name.contains('.')));
    }
}
