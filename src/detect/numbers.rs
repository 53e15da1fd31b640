//! The arithmetic of likelihoods.

use super::clients::count;

/// ln(Σ eˣ), without leaving the range of numbers.
pub(super) fn log_sum(logs: &[f64]) -> f64 {
    let most = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    most + logs.iter().map(|log| (log - most).exp()).sum::<f64>().ln()
}

/// Log-odds → probability.
pub(super) fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

#[expect(clippy::cast_precision_loss, reason = "milliseconds of a month fit")]
/// A span of time that is never below zero.
pub(super) fn millis(n: i64) -> f64 {
    n.max(0) as f64
}

/// Lower end of a share by Wilson's interval, at about 80 % confidence.
pub(super) fn low(k: usize, n: usize) -> f64 {
    const Z: f64 = 1.28;
    if n == 0 {
        return 0.0;
    }
    let (n, p) = (to_f64(n), to_f64(k) / to_f64(n));
    let center = p + Z * Z / (2.0 * n);
    let spread = Z * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
    ((center - spread) / (1.0 + Z * Z / n)).clamp(0.0, 1.0)
}

/// Small counts, exact.
pub(super) fn to_f64(n: usize) -> f64 {
    f64::from(count(n))
}
