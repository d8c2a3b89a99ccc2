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
    fn a_decay_of_no_time_is_one() {
        assert_eq!(decay_q52(0, 1), Ok(1 << 52));
        assert_eq!(decay_q52(1, 1000), Ok(libm::round(libm::exp(-1.0) * (1i64 << 52) as f64) as i64));
        assert!(decay_q52(1, 0).is_err());
    }
}
