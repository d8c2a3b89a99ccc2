//! Contracts, and the merit order of those who hold them.

use std::collections::HashMap;
use std::sync::Arc;

use crate::error::{Result, refuse};

/// Which way energy goes, seen from the asset whose merit order has the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// It delivers to the partner.
    To,
    /// It purchases from the partner.
    From,
}

impl Direction {
    /// The direction of that name.
    pub fn parse(text: &str) -> Result<Direction> {
        match text {
            "to" => Ok(Direction::To),
            "from" => Ok(Direction::From),
            _ => refuse(
                "direction",
                format!("a contract's direction is `to` (deliver) or `from` (purchase); not {text:?}"),
            ),
        }
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        if self == Direction::To { "to" } else { "from" }
    }
}

/// Whether a contract serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Status {
    Active,
    Inactive,
    Ended,
}

impl Status {
    /// The status of that name.
    pub fn parse(text: &str) -> Result<Status> {
        match text {
            "active" => Ok(Status::Active),
            "inactive" => Ok(Status::Inactive),
            "ended" => Ok(Status::Ended),
            _ => refuse("status", format!("a contract's status is active, inactive or ended; not {text:?}")),
        }
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        ["active", "inactive", "ended"][self as usize]
    }
}

/// What people may change of a contract.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Terms {
    /// None: taken out of the merit order.
    pub priority: Option<i64>,
    pub epoch_wh_max: Option<u64>,
    pub total_wh_max: Option<u64>,
    pub load_watts_min: Option<u64>,
    pub load_watts_max: Option<u64>,
    pub from_epoch: Option<i64>,
    pub until_epoch: Option<i64>,
    pub status: Status,
}

/// A power purchase agreement.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Contract {
    pub id: Arc<str>,
    pub holder: u32,
    pub partner: u32,
    pub direction: Direction,
    pub terms: Terms,
    pub delivered_wh: u64,
}

impl Contract {
    /// Whether it may serve in an epoch.
    pub fn serves(&self, epoch: i64) -> bool {
        let Terms { priority, from_epoch, until_epoch, status, .. } = self.terms;
        let is_valid = from_epoch.is_none_or(|from| from <= epoch) && until_epoch.is_none_or(|until| epoch < until);
        priority.is_some() && status == Status::Active && is_valid
    }

    /// What it takes of an open amount: limits in watts hold for the whole epoch; below load_watts_min it takes nothing.
    pub fn quantity(&self, open_wh: u64, epoch_seconds: i64) -> u64 {
        let Terms { epoch_wh_max, total_wh_max, load_watts_min, load_watts_max, .. } = self.terms;
        // Rounded down: never more than the power allows.
        let by_load = load_watts_max.map(|watts| (u128::from(watts) * epoch_seconds as u128 / 3600) as u64);
        let left = total_wh_max.map(|total| total.saturating_sub(self.delivered_wh));
        let quantity = [epoch_wh_max, by_load, left].into_iter().flatten().fold(open_wh, u64::min);
        let least = u128::from(load_watts_min.unwrap_or(0)) * epoch_seconds as u128;
        if u128::from(quantity) * 3600 < least { 0 } else { quantity }
    }
}

/// All contracts.
#[derive(Debug, Default)]
pub struct Contracts {
    all: Vec<Contract>,
    index: HashMap<Arc<str>, u32>,
    /// By holder, sorted by (priority, id), those without priority last.
    by_holder: HashMap<u32, Vec<u32>>,
    /// Grows with every change of terms, also when it is undone.
    pub version: u64,
}

impl Contracts {
    /// In the order of creation.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Contract> {
        self.all.iter()
    }

    /// The contract of a handle.
    pub fn get(&self, handle: u32) -> &Contract {
        &self.all[handle as usize]
    }

    /// The handle of an id.
    pub fn find(&self, id: &str) -> Option<u32> {
        self.index.get(id).copied()
    }

    /// The handle of an id that must be known.
    pub fn known(&self, id: &str) -> Result<u32> {
        match self.find(id) {
            Some(handle) => Ok(handle),
            None => refuse("unknown_contract", format!("there is no contract {id:?}")),
        }
    }

    /// The contracts of a holder: in the merit order, then those outside of it.
    pub fn of(&self, holder: u32) -> &[u32] {
        self.by_holder.get(&holder).map_or(&[], Vec::as_slice)
    }

    /// Adds a contract whose id is not taken.
    pub fn push(&mut self, contract: Contract) -> u32 {
        let (handle, holder) = (self.all.len() as u32, contract.holder);
        self.index.insert(contract.id.clone(), handle);
        self.all.push(contract);
        self.by_holder.entry(holder).or_default();
        self.place(handle, holder);
        handle
    }

    /// Takes the newest contract away again.
    pub fn pop(&mut self) {
        let contract = self.all.pop().expect("a contract was added");
        self.index.remove(&contract.id);
        let handle = self.all.len() as u32;
        self.held(contract.holder).retain(|&other| other != handle);
        self.version += 1;
    }

    /// Puts other terms in their place and gives the old ones back.
    pub fn replace_terms(&mut self, handle: u32, terms: Terms) -> Terms {
        let contract = &mut self.all[handle as usize];
        let (holder, old) = (contract.holder, std::mem::replace(&mut contract.terms, terms));
        self.held(holder).retain(|&other| other != handle);
        self.place(handle, holder);
        old
    }

    /// Sets what was delivered.
    pub fn set_delivered(&mut self, handle: u32, wh: u64) -> u64 {
        std::mem::replace(&mut self.all[handle as usize].delivered_wh, wh)
    }

    fn held(&mut self, holder: u32) -> &mut Vec<u32> {
        self.by_holder.get_mut(&holder).expect("a holder has contracts")
    }

    /// Puts a contract where it belongs among those of its holder.
    fn place(&mut self, handle: u32, holder: u32) {
        let key = |handle: u32| {
            let contract = &self.all[handle as usize];
            (contract.terms.priority.is_none(), contract.terms.priority, &*contract.id)
        };
        let at = self.by_holder[&holder].partition_point(|&other| key(other) < key(handle));
        self.held(holder).insert(at, handle);
        self.version += 1;
    }
}
