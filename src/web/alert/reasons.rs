//! Why it was raised: what speaks for an attack, what against, and the sum.

use maud::{Markup, html};

use super::super::foreign::foreign;
use super::super::reader::Reader;
use super::super::words;
use super::View;
use crate::cases::Campaign;
use crate::finding::Reason;

/// Width of a drawing; its middle is zero.
const WIDTH: f64 = 200.0;

pub(super) fn section(reader: &Reader, view: &View) -> Markup {
    let campaign = &view.alert.campaign;
    let weights = campaign.reasons.iter().map(|reason| reason.weight.abs());
    let most = weights.fold(1.0, f64::max);
    html! {
        h2 {
            (reader.t(words::WHY)) " "
            span class="as-of" { (reader.t(words::AS_OF)) " " (view.grain.moment(campaign.judged_at)) }
        }
        @if let (true, Some(member)) = (campaign.members.len() > 1, campaign.judged()) {
            p { (reader.t(words::JUDGED)) " " strong class="destination" { (foreign(&member.destination)) } }
        }
        table class="reasons" {
            thead { tr { th class="figure" { (reader.t(words::POINTS)) } th aria-hidden="true" {} th { (reader.t(words::REASON)) } } }
            tbody { @for reason in &campaign.reasons { (line(reader, reason, most)) } }
            tfoot { tr {
                td class="figure" { (points(campaign.score)) }
                td aria-hidden="true" {}
                th { (reader.t(words::SCORE)) span class="made-of" { (made_of(reader, campaign)) } }
            } }
        }
        p class="quiet" { (reader.t(words::SCORING)) }
        p class="quiet" { (words::thresholds(reader.language, &view.detect)) }
    }
}

/// The sum as it was when it was judged: what everything begins with is what the reasons leave over.
fn made_of(reader: &Reader, campaign: &Campaign) -> String {
    let sum: f64 = campaign.reasons.iter().map(|reason| reason.weight).sum();
    words::made_of(reader.language, &plain(campaign.score - sum), &points(sum))
}

fn line(reader: &Reader, reason: &Reason, most: f64) -> Markup {
    let half = WIDTH / 2.0;
    let length = (reason.weight.abs() / most * (half - 2.0)).max(2.0);
    let (class, from) = if reason.weight < 0.0 {
        ("against", half - length)
    } else {
        ("for", half)
    };
    html! {
        tr {
            td class="figure" {
                (points(reason.weight))
                @if let Some(factors) = factors(reason) { span class="factors" { (factors) } }
            }
            td class="bar" aria-hidden="true" {
                svg viewBox={ "0 0 " (WIDTH) " 12" } preserveAspectRatio="none" {
                    rect class=(class) x=(format!("{from:.1}")) y="1" width=(format!("{length:.1}")) height="10" {}
                    rect class="zero" x=(half - 0.5) y="0" width="1" height="12" {}
                }
            }
            td { (reason.text(reader.language)) }
        }
    }
}

/// What was measured, times what the settings give for it. A fact is its weight, and what was taken down before
/// values were has none.
fn factors(reason: &Reason) -> Option<String> {
    let is_fact = reason.value.to_bits() == 1.0_f64.to_bits();
    let weight = reason.weight / reason.value;
    let is_known = !is_fact && weight.is_finite();
    is_known.then(|| format!("{} × {}", plain(reason.value), plain(weight)))
}

/// With a sign.
pub(super) fn points(weight: f64) -> String {
    minus(&format!("{weight:+.2}"))
}

fn plain(number: f64) -> String {
    // What is next to nothing has no sign.
    let number = if number.abs() < 0.005 { 0.0 } else { number };
    minus(&format!("{number:.2}"))
}

/// A minus that is as wide as a plus.
fn minus(text: &str) -> String {
    text.replace('-', "−")
}
