//! Contracts, and the merit order of those who hold them.

use std::borrow::Cow;
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

/// Terms that held once, oldest first, each with the epoch until which it did.
pub type PastTerms = Vec<(i64, Terms)>;

/// A power purchase agreement.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Contract {
    pub id: Arc<str>,
    pub holder: u32,
    pub partner: u32,
    pub direction: Direction,
    /// As they hold after all changes.
    pub terms: Terms,
    pub past: PastTerms,
    /// In all epochs together, whatever the terms were.
    pub delivered_wh: u64,
}

impl Contract {
    /// The terms that hold in an epoch.
    pub fn terms_in(&self, epoch: i64) -> &Terms {
        let at = self.past.partition_point(|&(until, _)| until <= epoch);
        self.past.get(at).map_or(&self.terms, |(_, terms)| terms)
    }

    /// All terms that hold or held once.
    pub fn all_terms(&self) -> impl Iterator<Item = &Terms> {
        self.past.iter().map(|(_, terms)| terms).chain([&self.terms])
    }

    /// Terms and past when something is changed from an epoch on; None: in all epochs. What is not changed stays.
    pub fn altered(&self, holds_from: Option<i64>, alter: impl Fn(&mut Terms)) -> (Terms, PastTerms) {
        let mut spans = self.past.clone();
        spans.push((i64::MAX, self.terms.clone()));
        let first = holds_from.map_or(0, |epoch| {
            let at = spans.partition_point(|&(until, _)| until <= epoch);
            spans.insert(at, (epoch, spans[at].1.clone()));
            at + 1
        });
        spans[first..].iter_mut().for_each(|(_, terms)| alter(terms));
        // Neighbours that say the same are one, and so are two with the same end: the earlier was there before.
        spans.dedup_by(|later, earlier| {
            let is_same = later.1 == earlier.1 || later.0 == earlier.0;
            earlier.0 = if is_same { later.0 } else { earlier.0 };
            is_same
        });
        let (_, terms) = spans.pop().expect("something always holds");
        (terms, spans)
    }

    /// Its place in the merit order of an epoch; those without priority stand last.
    fn rank_in(&self, epoch: i64) -> (bool, Option<i64>, &str) {
        let priority = self.terms_in(epoch).priority;
        (priority.is_none(), priority, &self.id)
    }

    /// Whether it may serve in an epoch.
    pub fn serves(&self, epoch: i64) -> bool {
        let Terms { priority, from_epoch, until_epoch, status, .. } = *self.terms_in(epoch);
        let is_valid = from_epoch.is_none_or(|from| from <= epoch) && until_epoch.is_none_or(|until| epoch < until);
        priority.is_some() && status == Status::Active && is_valid
    }

    /// What it takes of an open amount: limits in watts hold for the whole epoch; below load_watts_min it takes nothing.
    pub fn quantity(&self, open_wh: u64, epoch: i64, epoch_seconds: i64) -> u64 {
        let Terms { epoch_wh_max, total_wh_max, load_watts_min, load_watts_max, .. } = *self.terms_in(epoch);
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

    /// The same in an epoch.
    pub fn of_in(&self, holder: u32, epoch: i64) -> Cow<'_, [u32]> {
        let held = self.of(holder);
        if held.iter().all(|&handle| self.get(handle).past.is_empty()) {
            return Cow::Borrowed(held);
        }
        let mut held = held.to_vec();
        held.sort_unstable_by(|&one, &other| self.get(one).rank_in(epoch).cmp(&self.get(other).rank_in(epoch)));
        Cow::Owned(held)
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

    /// Puts other terms and another past in their place and gives the old ones back.
    pub fn replace_terms(&mut self, handle: u32, (terms, past): (Terms, PastTerms)) -> (Terms, PastTerms) {
        let contract = &mut self.all[handle as usize];
        let holder = contract.holder;
        let old = (std::mem::replace(&mut contract.terms, terms), std::mem::replace(&mut contract.past, past));
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
        // No terms are past at the last of all epochs.
        let key = |handle: u32| self.all[handle as usize].rank_in(i64::MAX);
        let at = self.by_holder[&holder].partition_point(|&other| key(other) < key(handle));
        self.held(holder).insert(at, handle);
        self.version += 1;
    }
}
