//! Names of devices, and of the accounts that are nobody's.

use crate::refusal::OfferError;

/// Accounts that no device may have.
pub const ACCOUNTS: [&str; 4] = ["curtailed", "driving", "heat", "unserved"];

/// Refuses a name that is no name or an account of the ledger.
pub fn check_name(name: &str) -> Result<(), OfferError> {
    let mut letters = name.bytes();
    let starts = letters.next().is_some_and(|letter| letter.is_ascii_lowercase());
    let goes_on = letters.all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == b'_');
    if !starts || !goes_on || name.len() > 32 {
        return Err(OfferError::Name { name: name.to_owned() });
    }
    if ACCOUNTS.contains(&name) {
        return Err(OfferError::Reserved { name: name.to_owned() });
    }
    Ok(())
}
