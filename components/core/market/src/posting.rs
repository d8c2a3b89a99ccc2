//! A posting: watt-hours from one asset to another in an epoch. The direction is the sign.

use std::sync::Arc;

use crate::error::{Result, refuse};

/// No contract, no original epoch.
pub const NOBODY: u32 = u32::MAX;
/// No original epoch.
pub const NO_EPOCH: i64 = -1;

/// Why energy was booked; in the order in which documents list them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// What a meter measured.
    Meter,
    /// What a meter measured in an epoch that was sealed when the value came.
    Correction,
    /// What closes a group.
    Residual,
    /// What a contract moves from the residual to its partner.
    Contract,
    /// Its counterpart with the upstream.
    Counter,
}

/// All kinds, in the order of their codes.
pub const KINDS: [(&str, Kind); 5] = [
    ("meter", Kind::Meter),
    ("correction", Kind::Correction),
    ("residual", Kind::Residual),
    ("contract", Kind::Contract),
    ("counter", Kind::Counter),
];

impl Kind {
    /// Its name.
    pub fn name(self) -> &'static str {
        KINDS[self as usize].0
    }

    /// The kind of a code.
    pub fn of(code: u64) -> Result<Kind> {
        match KINDS.get(code as usize) {
            Some(&(_, kind)) => Ok(kind),
            None => refuse(
                "damage",
                format!("damaged: a posting's kind has a code below {}; this one has {code}", KINDS.len()),
            ),
        }
    }

    /// Measured, not balanced.
    pub fn is_metered(self) -> bool {
        matches!(self, Kind::Meter | Kind::Correction)
    }
}

/// Energy from one asset to another.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Posting {
    pub from: u32,
    pub to: u32,
    pub wh: u64,
    pub co2_mg: u64,
    /// Or `NOBODY`.
    pub contract: u32,
    pub kind: Kind,
    /// Whose posting it is: the metered one, or the one that was sealed with it. True: `to`, false: `from`.
    pub owner_is_to: bool,
    /// Where it comes from, in the caller's words.
    pub source: Option<Arc<str>>,
    /// The epoch that a correction is about; otherwise `NO_EPOCH`.
    pub original_epoch: i64,
}

impl Posting {
    /// A posting without contract, source and original epoch.
    pub fn new(kind: Kind, from: u32, to: u32, wh: u64, owner_is_to: bool) -> Posting {
        Posting { from, to, wh, co2_mg: 0, contract: NOBODY, kind, owner_is_to, source: None, original_epoch: NO_EPOCH }
    }

    /// Whose posting it is.
    pub fn owner(&self) -> u32 {
        if self.owner_is_to { self.to } else { self.from }
    }

    /// Signed: what it brings to an asset that it touches.
    pub fn into(&self, asset: u32) -> i64 {
        if self.to == asset { self.wh as i64 } else { -(self.wh as i64) }
    }

    /// The other side.
    pub fn other(&self, asset: u32) -> u32 {
        if self.to == asset { self.from } else { self.to }
    }

    /// Whether it must be balanced by the asset: everything but its own metered values.
    pub fn is_open_for(&self, asset: u32) -> bool {
        !(self.kind.is_metered() && self.owner() == asset)
    }
}
