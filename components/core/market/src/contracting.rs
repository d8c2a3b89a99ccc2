//! Making and changing contracts and their order.

use std::collections::HashMap;
use std::sync::Arc;

use crate::asset::{AssetKind, ROOT};
use crate::contract::{Contract, Direction, Status, Terms};
use crate::error::{Result, refuse};
use crate::market::Market;
use crate::names::check_name;
use crate::state::Counters;
use crate::time::INTEGER_MAX;
use crate::undo::Undo;

/// A contract that is to be made.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct Draft<'a> {
    /// None: the next `contract-000001`.
    pub id: Option<&'a str>,
    pub holder: &'a str,
    pub partner: &'a str,
    pub direction: Direction,
    pub terms: Terms,
}

impl Market {
    /// Makes a contract; unknown assets are made.
    pub fn add_contract(&mut self, draft: &Draft) -> Result<u32> {
        self.change(|market| {
            market.check_terms(&draft.terms)?;
            if draft.holder == draft.partner {
                return refuse(
                    "partner",
                    format!("a contract is between two; {:?} stands on both sides", draft.holder),
                );
            }
            let holder = market.asset_or_new(draft.holder, AssetKind::Balance)?;
            let partner = market.asset_or_new(draft.partner, AssetKind::Balance)?;
            market.check_posts(holder, "hold a contract")?;
            market.check_posts(partner, "be the partner of a contract")?;
            if holder == ROOT {
                return refuse(
                    "root",
                    format!("{:?} is the root: it has no residual that a contract could move", draft.holder),
                );
            }
            let (id, terms, direction) = (market.contract_id(draft.id)?, draft.terms.clone(), draft.direction);
            market.remember(Undo::ContractAdded);
            Ok(market.state.contracts.push(Contract {
                id,
                holder,
                partner,
                direction,
                terms,
                past: Vec::new(),
                delivered_wh: 0,
            }))
        })
    }

    fn contract_id(&mut self, id: Option<&str>) -> Result<Arc<str>> {
        if let Some(id) = id {
            return match self.state.contracts.find(check_name("a contract's id", id)?) {
                Some(_) => {
                    refuse("taken", format!("there is a contract {id:?} already: update it, or give another id"))
                }
                None => Ok(Arc::from(id)),
            };
        }
        let mut number = self.state.counters.contracts_named + 1;
        while self.state.contracts.find(&format!("contract-{number:06}")).is_some() {
            number += 1;
        }
        self.count(Counters { contracts_named: number, ..self.state.counters });
        Ok(Arc::from(format!("contract-{number:06}")))
    }

    fn check_terms(&self, terms: &Terms) -> Result<()> {
        for (name, limit) in [
            ("epoch_wh_max", terms.epoch_wh_max),
            ("total_wh_max", terms.total_wh_max),
            ("load_watts_min", terms.load_watts_min),
            ("load_watts_max", terms.load_watts_max),
        ] {
            if limit.is_some_and(|limit| limit > INTEGER_MAX as u64) {
                return refuse("range", format!("{name} is an integer below 2^53; not {}", limit.unwrap_or(0)));
            }
        }
        if terms.priority.is_some_and(|priority| priority.unsigned_abs() > INTEGER_MAX as u64) {
            return refuse("range", "a priority is an integer within 2^53");
        }
        for epoch in [terms.from_epoch, terms.until_epoch].into_iter().flatten() {
            self.state.calendar.check_epoch(epoch)?;
        }
        match (terms.from_epoch, terms.until_epoch) {
            (Some(from), Some(until)) if until < from => refuse(
                "range",
                format!("a contract is valid from an epoch until a later one; not from {from} until {until}"),
            ),
            _ => Ok(()),
        }
    }

    /// Changes the terms of a contract from an epoch on, or in all; what was delivered stays delivered.
    pub fn change_terms(&mut self, id: &str, holds_from: Option<i64>, alter: impl Fn(&mut Terms)) -> Result<u32> {
        self.change(|market| {
            let handle = market.state.contracts.known(id)?;
            market.alter_terms(handle, holds_from, alter)?;
            Ok(handle)
        })
    }

    fn alter_terms(&mut self, handle: u32, holds_from: Option<i64>, alter: impl Fn(&mut Terms)) -> Result<()> {
        if let Some(epoch) = holds_from {
            self.state.calendar.check_epoch(epoch)?;
        }
        let contract = self.state.contracts.get(handle);
        let (terms, past) = contract.altered(holds_from, alter);
        if terms == contract.terms && past == contract.past {
            return Ok(());
        }
        past.iter().map(|(_, terms)| terms).chain([&terms]).try_for_each(|terms| self.check_terms(terms))?;
        let old = self.state.contracts.replace_terms(handle, (terms, past));
        self.remember(Undo::Terms(handle, Box::new(old)));
        Ok(())
    }

    /// Ends a contract: from that epoch on it serves nothing. One that never began is `ended` at once.
    pub fn end_contract(&mut self, id: &str, until_epoch: i64) -> Result<u32> {
        self.change_terms(id, None, |terms| {
            let until = terms.until_epoch.map_or(until_epoch, |until| until.min(until_epoch));
            if terms.from_epoch.is_some_and(|from| until <= from) {
                terms.status = Status::Ended;
                terms.until_epoch = terms.from_epoch;
            } else {
                terms.until_epoch = Some(until);
            }
        })
    }

    /// The contracts in the merit order of an asset in an epoch, the first served first; None: after all changes.
    pub fn merit_order(&self, holder: u32, epoch: Option<i64>) -> Vec<u32> {
        let epoch = epoch.unwrap_or(i64::MAX);
        let mut held = self.state.contracts.of_in(holder, epoch).into_owned();
        held.retain(|&handle| self.state.contracts.get(handle).terms_in(epoch).priority.is_some());
        held
    }

    /// Sets the merit order from an epoch on, or in all: priorities 1 to n; those not named leave it.
    pub fn set_merit_order(&mut self, holder: &str, ids: &[String], holds_from: Option<i64>) -> Result<()> {
        self.change(|market| {
            let holder = market.state.assets.known(holder)?;
            let mut order = HashMap::with_capacity(ids.len());
            for (id, place) in ids.iter().zip(1..) {
                let handle = market.state.contracts.known(id)?;
                if market.state.contracts.get(handle).holder != holder || order.insert(handle, place).is_some() {
                    let name = market.state.assets.name(holder);
                    return refuse(
                        "order",
                        format!("a merit order names contracts of {name:?}, each once; {id:?} is not so"),
                    );
                }
            }
            for handle in market.state.contracts.of(holder).to_vec() {
                market.set_priority(handle, order.get(&handle).copied(), holds_from)?;
            }
            Ok(())
        })
    }

    /// Moves a contract to a place in its merit order, 0 the first; all others move up and get priorities 1 to n.
    pub fn move_contract(&mut self, id: &str, place: usize, holds_from: Option<i64>) -> Result<u32> {
        self.change(|market| {
            let handle = market.state.contracts.known(id)?;
            let mut order = market.merit_order(market.state.contracts.get(handle).holder, holds_from);
            order.retain(|&other| other != handle);
            if place > order.len() {
                return refuse("order", format!("places go from 0 to {}; {place} is none", order.len()));
            }
            order.insert(place, handle);
            for (index, &handle) in order.iter().enumerate() {
                market.set_priority(handle, Some(index as i64 + 1), holds_from)?;
            }
            Ok(handle)
        })
    }

    fn set_priority(&mut self, handle: u32, priority: Option<i64>, holds_from: Option<i64>) -> Result<()> {
        self.alter_terms(handle, holds_from, |terms| terms.priority = priority)
    }
}
