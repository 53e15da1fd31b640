//! Is this row of digits a payment card number? By issuer range, length and check digit.

use super::report::CardNumber;

/// Fewest and most digits of a card number (ISO/IEC 7812 allows 19; 13 is Visa's oldest).
pub(super) const DIGITS: std::ops::RangeInclusive<usize> = 13..=19;

/// The scheme of a card number, given as values 0 to 9.
pub(super) fn brand(digits: &[u8]) -> Option<&'static str> {
    let range = DIGITS;
    if !range.contains(&digits.len()) || !has_check_digit(digits) {
        return None;
    }
    by_range(prefix(digits, 6), digits.len()).filter(|_| !is_product_code(digits))
}

/// A card number in this encoding, if the digits are one.
pub(super) fn number(digits: &[u8], encoding: &'static str) -> Option<CardNumber> {
    brand(digits).map(|brand| CardNumber {
        brand,
        length: u8::try_from(digits.len()).unwrap_or(u8::MAX),
        encoding,
    })
}

fn prefix(digits: &[u8], n: usize) -> u32 {
    digits
        .iter()
        .take(n)
        .fold(0, |sum, &digit| sum * 10 + u32::from(digit))
}

/// Issuer identification numbers, six digits, and the lengths that the scheme issues. Longer ones are
/// allotted to some, but hardly any card has them and many an id does.
fn by_range(iin: u32, length: usize) -> Option<&'static str> {
    let (brand, fits) = match iin {
        400_000..=499_999 => ("visa", matches!(length, 13 | 16 | 19)),
        510_000..=559_999 | 222_100..=272_099 => ("mastercard", length == 16),
        340_000..=349_999 | 370_000..=379_999 => ("amex", length == 15),
        352_800..=358_999 => ("jcb", length == 16),
        300_000..=305_999 | 309_500..=309_599 | 360_000..=369_999 | 380_000..=399_999 => {
            ("diners", length == 14)
        }
        620_000..=629_999 | 810_000..=817_199 => ("unionpay", (16..=19).contains(&length)),
        601_100..=601_199 | 644_000..=659_999 => ("discover", length == 16),
        _ => return None,
    };
    fits.then_some(brand)
}

/// The Luhn check of ISO/IEC 7812-1.
fn has_check_digit(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(at, &digit)| match (at % 2, u32::from(digit)) {
            (1, digit) if digit > 4 => digit * 2 - 9,
            (1, digit) => digit * 2,
            (_, digit) => digit,
        })
        .sum();
    sum.is_multiple_of(10)
}

/// Japanese product codes (JAN) have 13 digits and begin with 4, as old Visa numbers do; one in ten
/// passes the Luhn check. Theirs, of EAN-13, tells them.
fn is_product_code(digits: &[u8]) -> bool {
    let weigh = |(at, &digit): (usize, &u8)| u32::from(digit) * if at % 2 == 1 { 3 } else { 1 };
    digits.len() == 13 && digits.iter().enumerate().map(weigh).sum::<u32>() % 10 == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(number: &str) -> Option<&'static str> {
        brand(&number.bytes().map(|b| b - b'0').collect::<Vec<_>>())
    }

    #[test]
    fn brands() {
        for (number, want) in [
            ("4111111111111111", Some("visa")),
            ("4222222222222", Some("visa")),
            ("5555555555554444", Some("mastercard")),
            ("2223003122003222", Some("mastercard")),
            ("378282246310005", Some("amex")),
            ("3530111333300000", Some("jcb")),
            ("30569309025904", Some("diners")),
            ("36006666333344", Some("diners")),
            ("6011111111111117", Some("discover")),
            ("6200000000000005", Some("unionpay")),
            ("4111111111111112", None),
            ("1111111111111117", None),
            ("411111111111111", None),
            ("4111", None),
            ("", None),
        ] {
            assert_eq!(of(number), want, "{number}");
        }
    }

    #[test]
    fn a_product_code_is_no_card() {
        // A JAN code whose digits pass the Luhn check as well.
        let code = "4900000000009";
        let digits: Vec<_> = code.bytes().map(|b| b - b'0').collect();
        assert!(!has_check_digit(&digits) || is_product_code(&digits));
        let both = (0..1_000_000u64)
            .map(|n| {
                format!("49{n:011}")
                    .bytes()
                    .map(|b| b - b'0')
                    .collect::<Vec<_>>()
            })
            .find(|digits| has_check_digit(digits) && is_product_code(digits))
            .expect("some code passes both checks");
        assert_eq!(brand(&both), None);
    }
}
