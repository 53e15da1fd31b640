//! What to do about an alert, step by step: said to the analyst of the payment service provider.

use maud::{Markup, html};

use super::Text;
use super::messages::*;
use crate::finding::FindingKind;
use crate::language::Language;

/// The step that says where to look: the file that browsers name belongs to it.
pub(in crate::web) const LOOK_STEP: usize = 2;

/// What to do, in order.
pub(in crate::web) fn steps(kind: FindingKind) -> [Text; 5] {
    match kind {
        FindingKind::Exfiltration => [SEND_1, SAVE, LOOK, OVER, FINISH],
        FindingKind::ForeignScript => [SCRIPT_1, SCRIPT_2, SCRIPT_3, OVER, SCRIPT_5],
        FindingKind::FakePaymentPage => [FAKE_1, FAKE_2, FAKE_3, FAKE_4, FINISH],
        FindingKind::SuspectReports => [FLOOD_1, FLOOD_2, FLOOD_3, OVER, FINISH],
    }
}

/// The file to look at first, and at how many merchants browsers name it.
pub(in crate::web) fn look_at(language: Language, script: &Markup, merchants: u64) -> Markup {
    let file = html! { strong { (look_first(language, script)) } };
    look_at_named(language, &file, merchants)
}
