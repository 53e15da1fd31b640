//! The page of an alert.

use super::messages::{SCORING_MORE, lane_summary, score_parts, severities_more};
use crate::detect::Config;
use crate::language::Language;

/// How a score comes about.
pub(in crate::web) fn scoring(language: Language) -> &'static str {
    SCORING_MORE.of(language)
}

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

/// What a score is made of: the base and the sum of the points.
pub(in crate::web) fn made_of(language: Language, (base, sum): (&str, &str)) -> String {
    score_parts(language, base, sum)
}

/// A lane of the timeline, for those who do not see it.
pub(in crate::web) fn lane(
    language: Language,
    merchant: &str,
    (first, last): (&str, &str),
) -> String {
    lane_summary(language, merchant, first, last)
}
