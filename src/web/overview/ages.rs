//! Unresolved alerts by severity and by how long they have been open: what nobody looks at shows.

use maud::{Markup, html};

use super::super::alerts::severity;
use super::super::reader::Reader;
use super::super::{when, words};
use crate::cases::Waiting;
use crate::finding::Severity;

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

/// Ages that are told apart, by their end.
const AGES: [(i64, words::Text); 4] = [
    (HOUR, words::AGE_HOUR),
    (DAY, words::AGE_DAY),
    (7 * DAY, words::AGE_WEEK),
    (i64::MAX, words::AGE_OLDER),
];

/// The most urgent first.
const SEVERITIES: [Severity; 3] = [Severity::Critical, Severity::High, Severity::Medium];

/// How many there are of a severity and an age, and how many of these nobody looked at in time.
#[derive(Clone, Copy, Default)]
struct Cell {
    count: u32,
    late: u32,
}

pub(super) fn table(reader: &Reader, waiting: &[Waiting]) -> Markup {
    html! {
        h2 id="ages-title" { (reader.t(words::AGES)) }
        div class="scroll" tabindex="0" {
            table class="ages" aria-labelledby="ages-title" {
                thead { tr {
                    th { (reader.t(words::SEVERITY)) }
                    @for (_, text) in AGES { th class="figure" scope="col" { (reader.t(text)) } }
                } }
                tbody {
                    @for level in SEVERITIES {
                        tr {
                            th scope="row" { (severity(reader, level)) }
                            @for cell in cells(waiting, level, reader.now.0) { (shown(reader, cell)) }
                        }
                    }
                }
            }
        }
    }
}

fn cells(waiting: &[Waiting], level: Severity, now: i64) -> [Cell; AGES.len()] {
    let mut cells = [Cell::default(); AGES.len()];
    for it in waiting.iter().filter(|it| it.severity == level) {
        let age = now.saturating_sub(it.opened_at.0);
        let place = AGES.iter().position(|(end, _)| age < *end);
        if let Some(cell) = place.and_then(|place| cells.get_mut(place)) {
            cell.count += 1;
            cell.late += u32::from(it.due_at.is_some_and(|due| due.0 < now));
        }
    }
    cells
}

fn shown(reader: &Reader, cell: Cell) -> Markup {
    let class = match cell {
        Cell { count: 0, .. } => "figure quiet",
        Cell { late: 0, .. } => "figure",
        _ => "figure late",
    };
    html! {
        td class=(class) {
            (when::number(cell.count))
            @if cell.late > 0 { " " span class="tag bad" { (words::overdue(reader.language, cell.late)) } }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Timestamp;

    #[test]
    fn every_alert_has_its_place() {
        let now = 100 * DAY;
        let waiting = |age: i64, due: i64| Waiting {
            severity: Severity::High,
            opened_at: Timestamp(now - age),
            due_at: Some(Timestamp(now + due)),
        };
        let all = [
            waiting(-1, 1),
            waiting(0, 1),
            waiting(HOUR - 1, -1),
            waiting(HOUR, 1),
            waiting(DAY, -1),
            waiting(7 * DAY, -1),
            waiting(99 * DAY, -1),
        ];
        let cells = cells(&all, Severity::High, now);
        assert_eq!(
            cells.map(|it| (it.count, it.late)),
            [(3, 1), (1, 0), (1, 1), (2, 2)]
        );
        let none = super::cells(&all, Severity::Critical, now);
        assert!(none.iter().all(|it| it.count == 0));
    }
}
