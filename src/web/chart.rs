//! Bars over time, drawn on the server. [`Bars`] is the type to know.
//!
//! The drawing stretches with the page and holds no text, so that the labels around it stay readable on a phone. What
//! it shows is said in words, and stands in a table behind it.

use std::time::Duration;

use maud::{Markup, html};

use super::reader::Reader;
use super::{when, words};
use crate::clock::Timestamp;
use crate::store::Slice;

/// Height of the drawing in its own units; a bar and its gap are [`BAR`] wide.
const HEIGHT: u64 = 100;
const BAR: usize = 10;

/// Slices below this are told apart by the clock alone, in milliseconds.
const HOUR: i64 = 3_600_000;

/// Into so many parts the axis of time is divided; each boundary has a label.
const PARTS: i64 = 4;

/// So many lines stand above the ground at most.
const LINES: u64 = 4;

/// Where a bar leads to: what came from a moment on, before another.
pub(super) type Lead<'a> = &'a dyn Fn(Timestamp, Timestamp) -> String;

/// Reports by slice of time.
pub(super) struct Bars {
    first: i64,
    step: i64,
    values: Vec<u64>,
    /// Whether the last slice is the present one.
    is_live: bool,
}

/// Where a series of this many slices begins that ends with the present one.
pub(super) fn begins(now: Timestamp, step: Duration, count: u16) -> Timestamp {
    let step = milliseconds(step);
    Timestamp((now.0 / step - (i64::from(count) - 1)).max(0) * step)
}

fn milliseconds(step: Duration) -> i64 {
    i64::try_from(step.as_millis()).unwrap_or(i64::MAX).max(1)
}

/// The height of the drawing, and how far apart its lines are: round figures.
fn scale(most: u64) -> (u64, u64) {
    let mut tens: u64 = 1;
    loop {
        for line in [tens, 2 * tens, 5 * tens] {
            if line.saturating_mul(LINES) >= most {
                return (most.div_ceil(line).max(1) * line, line);
            }
        }
        tens = tens.saturating_mul(10);
    }
}

impl Bars {
    /// These slices, and the empty ones between them. The last one is the present one.
    pub(super) fn new(begin: Timestamp, step: Duration, count: u16, slices: &[Slice]) -> Self {
        let step = milliseconds(step);
        let mut values = vec![0; usize::from(count)];
        for slice in slices {
            let place = usize::try_from((slice.at - begin.0) / step).ok();
            if let Some(value) = place.and_then(|place| values.get_mut(place)) {
                *value += slice.reports;
            }
        }
        Self {
            first: begin.0,
            step,
            values,
            is_live: true,
        }
    }

    /// The same if they end at a moment of the past.
    pub(super) fn ended(self) -> Self {
        Self {
            is_live: false,
            ..self
        }
    }

    /// All reports in it.
    pub(super) fn total(&self) -> u64 {
        self.values.iter().sum()
    }

    /// The chart under a title.
    pub(super) fn draw(&self, reader: &Reader, title: &str) -> Markup {
        self.draw_leading(reader, title, None)
    }

    /// The same; each bar leads somewhere.
    pub(super) fn draw_leading(
        &self,
        reader: &Reader,
        title: &str,
        lead: Option<Lead<'_>>,
    ) -> Markup {
        let most = self.values.iter().copied().max().unwrap_or(0);
        let (top, line) = scale(most);
        let summary = words::chart(reader.language, title, self.total(), most);
        let width = self.values.len() * BAR;
        // What leads somewhere is no mere picture.
        let role = if lead.is_some() { "group" } else { "img" };
        let lines = (0..=top / line).rev().map(|nth| nth * line);
        html! {
            figure class="chart" {
                figcaption { (title) span class="most" { (words::at_most(reader.language, most)) } }
                div class="plot" {
                    div class="scale" aria-hidden="true" { @for at in lines.clone() { span { (when::number(at)) } } }
                    svg viewBox={ "0 0 " (width) " " (HEIGHT) } preserveAspectRatio="none" role=(role) aria-label=(summary) {
                        title { (summary) }
                        (grid(width, lines.map(|at| HEIGHT - at * HEIGHT / top)))
                        @for (i, &value) in self.values.iter().enumerate() { (self.bar(reader, (i, value), top, lead)) }
                    }
                    div class="axis" aria-hidden="true" {
                        @for place in 0..=PARTS { span { (self.label(reader, place)) } }
                    }
                }
                @if most == 0 { p class="quiet none-yet" { (reader.t(words::NO_BARS)) } }
                @else { (self.table(reader, lead)) }
            }
        }
    }

    fn bar(
        &self,
        reader: &Reader,
        (place, value): (usize, u64),
        top: u64,
        lead: Option<Lead<'_>>,
    ) -> Markup {
        // What is there is seen, however little it is.
        let height = if value == 0 {
            0
        } else {
            (value * HEIGHT / top.max(1)).max(3)
        };
        let (from, to) = self.span(place);
        let tip = words::bar(reader.language, &when::text(from), value);
        // All of the height can be pointed at, however low the bar is.
        let drawn = html! {
            g {
                title { (tip) }
                rect class="reach" x=(place * BAR) y="0" width=(BAR) height=(HEIGHT) {}
                @if height > 0 {
                    rect class="some" x=(place * BAR + 1) y=(HEIGHT - height) width=(BAR - 2) height=(height) {}
                }
            }
        };
        match lead.filter(|_| value > 0) {
            // The table behind is for those who do not point.
            Some(lead) => html! { a href=(lead(from, to)) tabindex="-1" { (drawn) } },
            None => drawn,
        }
    }

    /// When a slice begins and ends.
    fn span(&self, place: usize) -> (Timestamp, Timestamp) {
        let at = self.first + i64::try_from(place).unwrap_or(0) * self.step;
        (Timestamp(at), Timestamp(at + self.step))
    }

    /// The boundaries of the parts of the axis. The end of one that is live is the present.
    fn label(&self, reader: &Reader, place: i64) -> Markup {
        let count = i64::try_from(self.values.len()).unwrap_or(0);
        let at = Timestamp(self.first + count * self.step * place / PARTS);
        match place {
            PARTS if self.is_live => html! { (reader.t(words::NOW)) },
            _ if self.step < HOUR && count * self.step <= 24 * HOUR => when::clock(at),
            _ => when::moment(at),
        }
    }

    /// The figures, newest first, without the empty ones.
    fn table(&self, reader: &Reader, lead: Option<Lead<'_>>) -> Markup {
        let some = self.values.iter().enumerate().rev();
        html! {
            details class="behind" {
                summary { (reader.t(words::AS_TABLE)) }
                div class="scroll" tabindex="0" {
                    table class="dense" {
                        thead { tr {
                            th { (reader.t(words::FROM_THEN)) }
                            th class="figure" { (reader.t(words::REPORTS)) }
                        } }
                        tbody { @for (place, value) in some.filter(|(_, value)| **value > 0) {
                            @let (from, to) = self.span(place);
                            tr {
                                td class="when" {
                                    @match lead {
                                        Some(lead) => { a href=(lead(from, to)) { (when::moment(from)) } }
                                        None => (when::moment(from)),
                                    }
                                }
                                td class="figure" { (when::number(*value)) }
                            }
                        } }
                    }
                }
            }
        }
    }
}

/// Lines at these heights, and between the parts of the axis of time.
fn grid(width: usize, heights: impl Iterator<Item = u64>) -> Markup {
    let parts = usize::try_from(PARTS).unwrap_or(1);
    html! {
        @for y in heights { line class="grid" x1="0" x2=(width) y1=(y) y2=(y) {} }
        @for place in 1..parts {
            @let x = width * place / parts;
            line class="grid" x1=(x) x2=(x) y1="0" y2=(HEIGHT) {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    #[test]
    fn the_present_slice_is_the_last() {
        let now = Timestamp(600_001);
        let begin = begins(now, MINUTE, 3);
        assert_eq!(begin, Timestamp(480_000));
        let slice = |at, reports| Slice { at, reports };
        let slices = [
            slice(480_000, 1),
            slice(600_000, 7),
            slice(660_000, 9),
            slice(0, 5),
        ];
        let bars = Bars::new(begin, MINUTE, 3, &slices);
        assert_eq!(bars.values, [1, 0, 7]);
        assert_eq!(bars.total(), 8);
        assert_eq!(begins(Timestamp(5), MINUTE, 60), Timestamp(0));
    }

    #[test]
    fn axes_have_few_lines_at_round_figures() {
        for (most, scaled) in [
            (0, (1, 1)),
            (1, (1, 1)),
            (4, (4, 1)),
            (5, (6, 2)),
            (17, (20, 5)),
            (21, (30, 10)),
            (99, (100, 50)),
            (1_234_567, (1_500_000, 500_000)),
        ] {
            assert_eq!(scale(most), scaled, "{most}");
        }
        for most in (0..5000).chain([u64::MAX / 100]) {
            let (top, line) = scale(most);
            assert!(top >= most && top.is_multiple_of(line), "{most}");
            assert!(top / line <= LINES, "{most}: {top} {line}");
        }
    }
}
