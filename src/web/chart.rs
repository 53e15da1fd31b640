//! Bars over time, drawn on the server. [`Bars`] is the type to know.
//!
//! The drawing stretches with the page and holds no text, so that the labels around it stay readable on
//! a phone; what it shows is said in words too.

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

/// Reports by slice of time.
pub(super) struct Bars {
    first: i64,
    step: i64,
    values: Vec<u64>,
}

/// Where a series of this many slices begins that ends with the present one.
pub(super) fn begins(now: Timestamp, step: Duration, count: u16) -> Timestamp {
    let step = i64::try_from(step.as_millis()).unwrap_or(i64::MAX).max(1);
    Timestamp((now.0 / step - (i64::from(count) - 1)).max(0) * step)
}

impl Bars {
    /// These slices, and the empty ones between them.
    pub(super) fn new(begin: Timestamp, step: Duration, count: u16, slices: &[Slice]) -> Self {
        let step = i64::try_from(step.as_millis()).unwrap_or(i64::MAX).max(1);
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
        }
    }

    /// The chart under a title.
    pub(super) fn draw(&self, reader: &Reader, title: &str) -> Markup {
        let most = self.values.iter().copied().max().unwrap_or(0);
        let total: u64 = self.values.iter().sum();
        let summary = words::chart(reader.language, title, total, most);
        let width = self.values.len() * BAR;
        html! {
            figure class="chart" {
                figcaption { (title) span class="most" { (words::at_most(reader.language, most)) } }
                svg viewBox={ "0 0 " (width) " " (HEIGHT) } preserveAspectRatio="none" role="img" aria-label=(summary) {
                    title { (summary) }
                    @for (i, &value) in self.values.iter().enumerate() {
                        (self.bar(reader, (i, value), most))
                    }
                }
                div class="axis" aria-hidden="true" {
                    @for place in 0..3 { span { (self.label(reader, place)) } }
                }
            }
        }
    }

    fn bar(&self, reader: &Reader, (place, value): (usize, u64), most: u64) -> Markup {
        // What is there is seen, however little it is.
        let height = if value == 0 {
            1
        } else {
            (value * (HEIGHT - 2) / most.max(1)).max(4)
        };
        let class = if value == 0 { "none" } else { "some" };
        let at = self.first + i64::try_from(place).unwrap_or(0) * self.step;
        let tip = words::bar(reader.language, &when::text(Timestamp(at)), value);
        html! {
            rect class=(class) x=(place * BAR + 1) y=(HEIGHT - height) width=(BAR - 2) height=(height) { title { (tip) } }
        }
    }

    /// Begin and middle of the axis; its end is the present.
    fn label(&self, reader: &Reader, place: i64) -> Markup {
        let count = i64::try_from(self.values.len()).unwrap_or(0);
        let at = Timestamp(self.first + count * self.step * place / 2);
        match place {
            2 => html! { (reader.t(words::NOW)) },
            _ if self.step < HOUR => when::clock(at),
            _ => when::moment(at),
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
        assert_eq!(begins(Timestamp(5), MINUTE, 60), Timestamp(0));
    }
}
