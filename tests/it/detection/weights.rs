//! Score and reasons: a score is the sum of its reasons, and each reason a weight of the configuration times what
//! was measured.

use skimwatch::detect::Config;
use skimwatch::finding::{Evidence, Finding};

/// Checks it of one finding.
pub(super) fn add_up(finding: &Finding) {
    let config = Config::default();
    let sum: f64 = finding.reasons.iter().map(|reason| reason.weight).sum();
    assert!(
        (config.prior + sum - finding.score).abs() < 1e-9,
        "the reasons are the score: {finding:?}"
    );
    let weights = serde_json::to_value(&config.weights).expect("plain figures");
    for reason in &finding.reasons {
        // It only says that nobody can tell.
        let weight = match field(&reason.evidence) {
            None => 0.0,
            Some(field) => weights[field].as_f64().expect("a weight"),
        };
        let points = weight * reason.value;
        assert!(
            (reason.weight - points).abs() < 1e-9,
            "{reason:?}: {points}"
        );
    }
    let by_weight =
        |pair: &[skimwatch::finding::Reason]| pair[0].weight.abs() >= pair[1].weight.abs();
    assert!(finding.reasons.windows(2).all(by_weight), "{finding:?}");
}

/// The weight that an evidence goes by.
fn field(evidence: &Evidence) -> Option<&'static str> {
    let name = match evidence {
        Evidence::NewOnPaymentPages { .. } => "reach",
        Evidence::FollowsVisitors { .. } | Evidence::FollowsPages { .. } => "share",
        Evidence::SpreadsFast { .. } | Evidence::SpreadsSlowly { .. } => "burst",
        Evidence::AfterPayment { .. } => "after_payment",
        Evidence::ByItself => "itself",
        Evidence::AllowedSince { .. } => "allowed_here",
        Evidence::OneBrowserFamily { .. } | Evidence::ManyBrowserFamilies { .. } => "kinds",
        Evidence::PaymentPagesOnly => "payment_only",
        Evidence::OtherPagesToo { .. } => "other_pages",
        Evidence::SendsOnly => "sends_only",
        Evidence::FormsGoThere => "forms",
        Evidence::LooksLikeWidget => "widget",
        Evidence::LooksLikeTag => "tag",
        Evidence::ImitatesService | Evidence::ImitatesShop => "lookalike",
        Evidence::WellKnown => "service",
        Evidence::AccountOfService => "account",
        Evidence::CheapName => "cheap_name",
        Evidence::ByTagManager => "tag_manager",
        Evidence::ByExtension => "extension",
        Evidence::SharedScript { .. } => "shared_script",
        Evidence::CardNumbers { hidden: true, .. } => "hidden_cards",
        Evidence::CardNumbers { hidden: false, .. } => "plain_cards",
        Evidence::LooksForged { .. } => "forged",
        Evidence::HiddenInFlood { .. } => "hidden_in_flood",
        Evidence::Flooded { .. } => "flooded",
        Evidence::OneOfMany { .. } => return None,
        Evidence::Blocked { .. } => "blocked",
        Evidence::KnownForLong { .. } => "known",
        Evidence::AllowedByPolicies { .. } => "allowed",
    };
    Some(name)
}
