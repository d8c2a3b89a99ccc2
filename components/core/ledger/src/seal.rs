//! Epochs and seals: the canonical text of a quarter of an hour, hashed and chained to the one before.

use sha2::{Digest, Sha256};

/// Seconds of an epoch.
pub const EPOCH_SECONDS: i64 = 900;
/// The hash of no seal.
pub const NO_HASH: [u8; 32] = [0; 32];

/// Where a home's ticks lie in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Calendar {
    /// Start of tick 0.
    pub start_unix_seconds: i64,
    /// Length of a tick.
    pub tick_seconds: i64,
}

impl Calendar {
    /// The epoch in which a tick starts.
    pub fn epoch(&self, tick: i64) -> i64 {
        (self.start_unix_seconds + tick * self.tick_seconds).div_euclid(EPOCH_SECONDS)
    }

    /// The first tick that starts in a later epoch.
    pub fn end_of_epoch(&self, tick: i64) -> i64 {
        let end = (self.epoch(tick) + 1) * EPOCH_SECONDS;
        let left = end - (self.start_unix_seconds + tick * self.tick_seconds);
        // Rounded up: a tick belongs to the epoch in which it starts.
        tick + (left + self.tick_seconds - 1) / self.tick_seconds
    }
}

/// One pair of accounts in one sealed epoch.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct SealedColumn {
    pub from: String,
    pub to: String,
    pub sum: u128,
    pub moment: u128,
    pub hash: [u8; 32],
}

/// An epoch's transfers, chained to the seal before.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Seal {
    pub epoch: i64,
    pub first_tick: i64,
    pub ticks: i64,
    pub previous: [u8; 32],
    pub hash: [u8; 32],
    /// Sorted by (from, to).
    pub columns: Vec<SealedColumn>,
}

/// The hash of a column's runs.
pub fn column_hash(from: &str, to: &str, runs: &[u8]) -> [u8; 32] {
    let mut hasher = Sha256::new();
    for part in ["joulebus column 1\n", from, "\n", to, "\n"] {
        hasher.update(part);
    }
    hasher.update(runs);
    hasher.finalize().into()
}

/// Computes the hash of a seal whose other fields are filled.
pub fn seal_hash(home: &str, calendar: Calendar, seal: &Seal) -> [u8; 32] {
    let mut text = String::with_capacity(256 + 128 * seal.columns.len());
    text.push_str("joulebus seal 1\n");
    text.push_str(home);
    for number in [calendar.tick_seconds, seal.epoch, seal.first_tick, seal.ticks] {
        text.push('\n');
        text.push_str(&number.to_string());
    }
    text.push('\n');
    push_hex(&mut text, &seal.previous);
    text.push('\n');
    seal.columns.iter().for_each(|column| push_column(&mut text, column));
    Sha256::digest(text).into()
}

fn push_column(text: &mut String, column: &SealedColumn) {
    let SealedColumn { from, to, sum, moment, hash } = column;
    for part in [from.as_str(), ">", to, " ", &sum.to_string(), " ", &moment.to_string(), " "] {
        text.push_str(part);
    }
    push_hex(text, hash);
    text.push('\n');
}

/// A hash as 64 lower case digits.
pub fn hex(hash: &[u8; 32]) -> String {
    let mut text = String::with_capacity(64);
    push_hex(&mut text, hash);
    text
}

fn push_hex(text: &mut String, hash: &[u8; 32]) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    for byte in hash {
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tick_belongs_to_the_epoch_in_which_it_starts() {
        let calendar = Calendar { start_unix_seconds: 1_000, tick_seconds: 60 };
        assert_eq!((calendar.epoch(0), calendar.end_of_epoch(0)), (1, 14));
        assert_eq!((calendar.epoch(13), calendar.epoch(14)), (1, 2));
        let hours = Calendar { start_unix_seconds: 0, tick_seconds: 3600 };
        assert_eq!((hours.epoch(1), hours.end_of_epoch(1)), (4, 2));
    }
}
