//! Whether a page comes after the payment: by what such pages are called.

/// Words of a path, between `/`, `-`, `_` and `.`, that say that the order is made.
const AFTER: [&str; 14] = [
    "complete",
    "completed",
    "completion",
    "success",
    "successful",
    "thanks",
    "thankyou",
    "thank",
    "received",
    "done",
    "finish",
    "finished",
    "kanryo",
    "confirmation",
];

/// Japanese has no spaces, so these count anywhere.
const AFTER_JAPANESE: [&str; 3] = ["完了", "ありがとう", "有難う"];

/// Whether the order is made when a page of this redacted path is shown. Nobody types a card there any more.
pub(super) fn is_after_payment(path: &str) -> bool {
    let word = |word: &str| AFTER.iter().any(|after| after.eq_ignore_ascii_case(word));
    if path.split(['/', '-', '_', '.']).any(word) {
        return true;
    }
    if !path.contains('%') && path.is_ascii() {
        return false;
    }
    let path = percent_encoding::percent_decode_str(path).decode_utf8_lossy();
    AFTER_JAPANESE.iter().any(|word| path.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_after_the_payment() {
        for (path, want) in [
            ("/checkout/onepage/success/", true),
            ("/shopping/complete", true),
            ("/checkout/order-received/", true),
            ("/order/thanks.php", true),
            ("/Thank-You", true),
            ("/ご注文/完了", true),
            ("/%E3%81%94%E6%B3%A8%E6%96%87/%E5%AE%8C%E4%BA%86", true),
            ("/shopping/confirm", false),
            ("/checkout/", false),
            ("/ご注文/お支払い", false),
            ("/condone", false),
            ("", false),
        ] {
            assert_eq!(is_after_payment(path), want, "{path}");
        }
    }
}
