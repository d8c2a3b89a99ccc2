//! What must hold for the market, in words for people and a reason for programs.

use thiserror::Error;

/// Bad input: nothing has changed.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("{message}")]
pub struct MarketError {
    /// One word for programs, such as `cycle`.
    pub reason: &'static str,
    /// One sentence for people: what must hold, what was, how to mend it.
    pub message: String,
}

/// What an operation gives.
pub type Result<T> = std::result::Result<T, MarketError>;

/// A refusal.
pub fn refuse<T>(reason: &'static str, message: impl Into<String>) -> Result<T> {
    Err(MarketError { reason, message: message.into() })
}
