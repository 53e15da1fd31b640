//! The destinations that belong together, if there are several: since when, and what each does.

use maud::{Markup, html};

use super::super::access::encoded;
use super::super::alerts::severity;
use super::super::foreign::{code, foreign};
use super::super::reader::Reader;
use super::super::{when, words};
use super::{SHOWN, View};
use crate::cases::Member;

pub(super) fn section(reader: &Reader, view: &View) -> Markup {
    let members = &view.alert.campaign.members;
    if members.len() < 2 {
        return html! {};
    }
    let left_out = members.len().saturating_sub(SHOWN);
    html! {
        h2 { (reader.t(words::MEMBERS)) }
        div class="scroll" tabindex="0" {
            table {
                thead { tr {
                    th { (reader.t(words::DESTINATION)) }
                    th { (reader.t(words::WHAT_IT_DOES)) }
                    th { (reader.t(words::FIRST_REPORT)) }
                    th { (reader.t(words::LAST_REPORT)) }
                    th class="figure" { (reader.t(words::MERCHANTS)) }
                    th { (reader.t(words::SEVERITY)) }
                    th class="figure" { (reader.t(words::SCORE)) }
                } }
                tbody { @for member in members.iter().take(SHOWN) { (line(reader, view, member)) } }
            }
        }
        @if left_out > 0 { p class="quiet" { (words::more(reader.language, left_out)) } }
        p class="quiet under" { (reader.t(words::MEMBERS_MORE)) }
    }
}

fn line(reader: &Reader, view: &View, member: &Member) -> Markup {
    html! {
        tr {
            td class="destination" {
                a href={ "/destinations/" (encoded(&member.destination)) } { (foreign(&member.destination)) }
                @if let Some(account) = &member.account { " " (code(account)) }
            }
            td { (reader.t(words::act(member.kind))) }
            td class="when" { (view.grain.moment(member.first_seen)) }
            td class="when" { (view.grain.moment(member.last_seen)) }
            td class="figure" { (when::number(u64::from(member.sites))) }
            td { (severity(reader, member.severity)) }
            td class="figure" { (super::reasons::points(member.score)) }
        }
    }
}
