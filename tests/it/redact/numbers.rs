//! Card numbers of every brand, always the same ones.

/// Makes numbers that look random and are the same in every run (SplitMix64).
#[derive(Debug)]
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(super) fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut n = self.0;
        n = (n ^ (n >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        n = (n ^ (n >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        n ^ (n >> 31)
    }

    /// From 0 to below `end`.
    pub(super) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.roll() % end as u64).expect("it is below a usize")
    }

    pub(super) fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }

    /// A text of this many of these characters.
    pub(super) fn text(&mut self, alphabet: &str, length: usize) -> String {
        let alphabet = alphabet.as_bytes();
        (0..length)
            .map(|_| char::from(*self.one(alphabet)))
            .collect()
    }
}

struct Brand {
    name: &'static str,
    lengths: &'static [usize],
    /// Of the first six digits.
    ranges: &'static [(u32, u32)],
}

const fn brand(
    name: &'static str,
    lengths: &'static [usize],
    ranges: &'static [(u32, u32)],
) -> Brand {
    Brand {
        name,
        lengths,
        ranges,
    }
}

/// Maestro is none of them: its ranges are those of bank cards and loyalty cards of all kinds, at twelve to
/// nineteen digits.
const BRANDS: [Brand; 7] = [
    brand("visa", &[13, 16, 19], &[(400_000, 499_999)]),
    brand(
        "mastercard",
        &[16],
        &[(510_000, 559_999), (222_100, 272_099)],
    ),
    brand("amex", &[15], &[(340_000, 349_999), (370_000, 379_999)]),
    brand("jcb", &[16], &[(352_800, 358_999)]),
    brand(
        "diners",
        &[14],
        &[
            (300_000, 305_999),
            (309_500, 309_599),
            (360_000, 369_999),
            (380_000, 399_999),
        ],
    ),
    brand(
        "discover",
        &[16],
        &[(601_100, 601_199), (644_000, 649_999), (650_000, 659_999)],
    ),
    brand("unionpay", &[16, 17, 18, 19], &[(620_000, 629_999)]),
];

/// A number and its brand.
pub(super) fn number(dice: &mut Dice) -> (String, &'static str) {
    let brand = dice.one(&BRANDS);
    let length = *dice.one(brand.lengths);
    let (from, to) = *dice.one(brand.ranges);
    loop {
        let first = u64::from(from) + dice.roll() % u64::from(to - from + 1);
        let mut number = format!("{first}{}", dice.text("0123456789", length - 7));
        number.push(check_digit(&number));
        // Nobody can tell a product code from an old Visa number, nor a long number from a shorter one with a
        // security code behind it: one in ten is both.
        let is_code = length == 13 && is_product_code(&number);
        let is_two =
            (16..length).any(|end| check_digit(&number[..end - 1]) == char_at(&number, end - 1));
        if !is_code && !is_two {
            return (number, brand.name);
        }
    }
}

fn char_at(text: &str, at: usize) -> char {
    char::from(text.as_bytes()[at])
}

/// The digit that makes these a number (ISO/IEC 7812-1).
fn check_digit(digits: &str) -> char {
    let sum: u32 = (1u32..)
        .zip(digits.bytes().rev())
        .map(|(at, b)| u32::from(b - b'0') * if at % 2 == 1 { 2 } else { 1 })
        .map(|d| if d > 9 { d - 9 } else { d })
        .sum();
    char::from_digit((10 - sum % 10) % 10, 10).expect("a digit")
}

/// The check of EAN-13.
fn is_product_code(digits: &str) -> bool {
    let sum: u32 = (0..)
        .zip(digits.bytes())
        .map(|(at, b)| u32::from(b - b'0') * if at % 2 == 1 { 3 } else { 1 })
        .sum();
    sum.is_multiple_of(10)
}
