//! All that a market remembers; no operation is known here.

use std::collections::BTreeMap;

use crate::asset::{Asset, AssetKind, Assets, NO_HASH, Rule};
use crate::book::Book;
use crate::contract::Contracts;
use crate::error::Result;
use crate::metered::{Late, Readings};
use crate::money::Money;
use crate::time::Calendar;

/// What counts up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Counters {
    /// Changing operations since birth.
    pub revision: u64,
    pub contracts_named: u64,
    pub late_next: u64,
    /// Sealing operations since birth.
    pub seal_number: u64,
    /// The hash of the last sealing operation.
    pub head: [u8; 32],
    /// Assets whose names earlier blobs carry.
    pub names_told: u64,
}

/// The memory of a market: a snapshot is all of it, and equal memories behave alike.
#[derive(Debug)]
pub(crate) struct State {
    pub name: String,
    pub calendar: Calendar,
    pub assets: Assets,
    pub contracts: Contracts,
    pub books: BTreeMap<i64, Book>,
    /// Epochs that have left the engine, as half-open ranges: start to end.
    pub closed: BTreeMap<i64, i64>,
    pub lates: BTreeMap<u64, Late>,
    pub readings: Readings,
    pub money: Money,
    pub counters: Counters,
}

impl State {
    /// A memory of a root only; its names are checked. Refuses a length of epochs that is none.
    pub fn new(name: &str, epoch_seconds: i64, root: &str) -> Result<State> {
        let mut assets = Assets::default();
        let kind = AssetKind::Balance;
        assets.push(Asset { name: root.into(), kind, rule: Rule::default(), members: Box::default(), metadata: None });
        Ok(State {
            name: name.to_owned(),
            calendar: Calendar::new(epoch_seconds)?,
            assets,
            contracts: Contracts::default(),
            books: BTreeMap::new(),
            closed: BTreeMap::new(),
            lates: BTreeMap::new(),
            readings: Readings::new(),
            money: Money::default(),
            counters: Counters {
                revision: 0,
                contracts_named: 0,
                late_next: 1,
                seal_number: 0,
                head: NO_HASH,
                names_told: 0,
            },
        })
    }
}
