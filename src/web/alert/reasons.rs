//! Why it was raised: what speaks for an attack, what against, and the sum.

use maud::{Markup, html};

use super::super::reader::Reader;
use super::super::words;
use super::View;
use crate::detect::Config;
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
        table class="reasons" {
            thead { tr { th class="figure" { (reader.t(words::POINTS)) } th aria-hidden="true" {} th { (reader.t(words::REASON)) } } }
            tbody { @for reason in &campaign.reasons { (line(reader, reason, most)) } }
            tfoot { tr {
                td class="figure" { (points(campaign.score)) }
                td aria-hidden="true" {}
                th { (reader.t(words::SUM)) }
            } }
        }
        p class="quiet" { (words::scoring(reader.language, &Config::default())) }
    }
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
            td class="figure" { (points(reason.weight)) }
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

/// With a sign, and a minus that is as wide as a plus.
fn points(weight: f64) -> String {
    format!("{weight:+.1}").replace('-', "−")
}
