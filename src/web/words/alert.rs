//! The page of an alert.

use super::messages::severities_more;
use crate::detect::Config;
use crate::language::Language;

/// From how many points on an alert has which severity, by these settings.
pub(in crate::web) fn thresholds(language: Language, config: &Config) -> String {
    let points = |points: f64| format!("{points:.1}");
    severities_more(
        language,
        &points(config.medium),
        &points(config.high),
        &points(config.high + config.alone),
        &points(config.critical),
        config.patience.as_secs() / 3600,
    )
}
