//! Numbers that every machine computes alike: pure Rust functions, and chance from a hash.

use sha2::{Digest, Sha256};
use thiserror::Error;

pub use libm::{acos, atan2, cos, exp, log, pow, sin};

/// What must hold for a number.
#[derive(Debug, Error, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum MathError {
    /// A time constant that is none.
    #[error(
        "a decay has 0 s or more and a time constant above 0 ms; this one has {seconds} s and {tau_milliseconds} ms"
    )]
    Decay { seconds: i64, tau_milliseconds: i64 },
}

/// exp(-seconds / tau) in units of 2^-52.
pub fn decay_q52(seconds: i64, tau_milliseconds: i64) -> Result<i64, MathError> {
    if seconds < 0 || tau_milliseconds <= 0 {
        return Err(MathError::Decay { seconds, tau_milliseconds });
    }
    let decay = libm::exp(-(seconds as f64) * 1000.0 / tau_milliseconds as f64);
    Ok(libm::round(decay * (1i64 << 52) as f64) as i64)
}

/// A divisor that is used again and again: a product and a shift take the place of the division (Granlund and Montgomery 1994).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Divisor {
    by: u64,
    /// ceil(2^(63 + shift) / by), exact for all dividends below 2^63.
    inverse: u64,
    shift: u32,
}

impl Divisor {
    /// A divisor of 1 or more.
    pub fn new(by: i64) -> Divisor {
        assert!(by > 0, "a divisor is above 0; this one is {by}");
        let by = by as u64;
        let shift = 64 - (by - 1).leading_zeros();
        let inverse = (1u128 << (63 + shift)).div_ceil(u128::from(by)) as u64;
        Divisor { by, inverse, shift }
    }

    /// The divisor.
    pub fn by(&self) -> i64 {
        self.by as i64
    }

    /// Rounded down; the dividend is not negative.
    #[inline(always)]
    pub fn floor(&self, dividend: i64) -> i64 {
        debug_assert!(dividend >= 0, "a dividend of a divisor is not negative");
        ((u128::from(dividend as u64) * u128::from(self.inverse)) >> (63 + self.shift)) as i64
    }

    /// Rounded up; the dividend is not negative and so far below 2^63 that the divisor may be added.
    #[inline(always)]
    pub fn ceil(&self, dividend: i64) -> i64 {
        self.floor(dividend + (self.by - 1) as i64)
    }
}

/// Chance: the first 8 bytes, the highest first, of sha256 over seed, name and number.
pub fn random_u64(seed: i128, name: &str, number: i128) -> u64 {
    let mut hasher = Sha256::new();
    hasher.update(format!("joulebus chance 1\n{seed}\n{name}\n{number}\n"));
    let hash = hasher.finalize();
    u64::from_be_bytes(hash[..8].try_into().expect("a sha256 has 32 bytes"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_divisor_divides_as_division_does() {
        let edges = |by: i64| [0, 1, by - 1, by, by.saturating_add(1), i64::MAX / by * by - 1, i64::MAX - 1, i64::MAX];
        for by in (1..200).chain([999_999, 1_000_000, (1 << 32) - 1, 1 << 32, 1 << 61, (1 << 62) - 1, i64::MAX]) {
            let divisor = Divisor::new(by);
            for dividend in edges(by).into_iter().filter(|&dividend| dividend >= 0) {
                assert_eq!(divisor.floor(dividend), dividend / by, "{dividend} / {by}");
            }
        }
        assert_eq!([0, 1, 7, 8].map(|dividend| Divisor::new(7).ceil(dividend)), [0, 1, 1, 2]);
    }

    #[test]
    fn a_decay_of_no_time_is_one() {
        assert_eq!(decay_q52(0, 1), Ok(1 << 52));
        assert_eq!(decay_q52(1, 1000), Ok(libm::round(libm::exp(-1.0) * (1i64 << 52) as f64) as i64));
        assert!(decay_q52(1, 0).is_err());
    }
}
