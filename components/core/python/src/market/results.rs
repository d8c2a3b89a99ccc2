//! Assets, contracts, postings and balances as Python objects.

use std::collections::BTreeMap;

use joulebus_market::asset::Standing;
use joulebus_market::booking::Booked;
use joulebus_market::bulk::Settled;
use joulebus_market::contract::{Contract, Terms};
use joulebus_market::document::Line;
use joulebus_market::market::Market;
use joulebus_market::metered::Late;
use joulebus_market::posting::{NO_EPOCH, NOBODY, Posting};
use joulebus_market::report::Balance;
use pyo3::prelude::*;

/// A meter, a balancing point, or a sum of such.
#[pyclass(name = "Asset", module = "joulebus_core._core", frozen, get_all)]
#[allow(missing_docs)]
pub struct PyAsset {
    pub id: String,
    pub handle: u32,
    pub r#type: &'static str,
    pub rule_from: Option<String>,
    pub rule_to: Option<String>,
    pub upstream_from: Option<String>,
    pub upstream_to: Option<String>,
    pub members: Vec<String>,
    /// What held before: the epoch until which, from, to, members.
    pub past: Vec<PastRow>,
    pub metadata: Option<String>,
    /// The hash of its last seal; 64 zeros before the first.
    pub head: String,
}

/// Until which epoch, bought from, sold to, members.
pub type PastRow = (i64, Option<String>, Option<String>, Vec<String>);

/// A hash as 64 lower case digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn name(market: &Market, handle: u32) -> String {
    market.assets().name(handle).to_owned()
}

/// Names of handles, sorted.
pub fn names(market: &Market, handles: &[u32]) -> Vec<String> {
    let mut names: Vec<String> = handles.iter().map(|&handle| name(market, handle)).collect();
    names.sort_unstable();
    names
}

impl PyAsset {
    pub fn new(market: &Market, handle: u32) -> PyAsset {
        let asset = market.assets().get(handle);
        let upstream = market.assets().upstream(handle);
        PyAsset {
            id: asset.name.to_string(),
            handle,
            r#type: asset.kind.name(),
            rule_from: asset.rule.from.map(|from| name(market, from)),
            rule_to: asset.rule.to.map(|to| name(market, to)),
            upstream_from: upstream.map(|(from, _)| name(market, from)),
            upstream_to: upstream.map(|(_, to)| name(market, to)),
            members: names(market, &asset.members),
            past: market.assets().past_of(handle).map(|(until, standing)| past_row(market, until, standing)).collect(),
            metadata: asset.metadata.as_deref().map(str::to_owned),
            head: hex(&market.assets().heads[handle as usize]),
        }
    }
}

fn past_row(market: &Market, until: i64, standing: &Standing) -> PastRow {
    let side = |side: Option<u32>| side.map(|side| name(market, side));
    (until, side(standing.rule.from), side(standing.rule.to), names(market, &standing.members))
}

/// An asset below another: whether it sells to it, whether it buys from it.
#[pyclass(name = "Peer", module = "joulebus_core._core", frozen, get_all)]
#[allow(missing_docs)]
pub struct PyPeer {
    pub id: String,
    pub feeds: bool,
    pub draws: bool,
}

/// The assets below an asset; the side that a rule names counts, or both for those whose upstream is the root by default.
pub fn peers(market: &Market, handle: u32) -> Vec<PyPeer> {
    let children = market.assets().children(handle).into_iter().map(|child| {
        let rule = market.assets().get(child).rule;
        let is_default = rule.from.is_none() && rule.to.is_none();
        let (feeds, draws) = (rule.to == Some(handle), rule.from == Some(handle));
        PyPeer { id: name(market, child), feeds: feeds || is_default, draws: draws || is_default }
    });
    let mut peers: Vec<PyPeer> = children.collect();
    peers.sort_unstable_by(|left, right| left.id.cmp(&right.id));
    peers
}

/// A power purchase agreement.
#[pyclass(name = "Contract", module = "joulebus_core._core", frozen, get_all)]
#[derive(Clone)]
#[allow(missing_docs)]
pub struct PyContract {
    pub id: String,
    pub seller: String,
    pub partner: String,
    pub direction: &'static str,
    pub priority: Option<i64>,
    pub epoch_wh_max: Option<u64>,
    pub total_wh_max: Option<u64>,
    pub load_watts_min: Option<u64>,
    pub load_watts_max: Option<u64>,
    pub from_epoch: Option<i64>,
    pub until_epoch: Option<i64>,
    pub status: &'static str,
    /// As it was with the terms that held before: the epoch until which they did, the contract.
    pub past: Vec<(i64, PyContract)>,
    pub delivered_wh: u64,
}

impl PyContract {
    pub fn new(market: &Market, handle: u32) -> PyContract {
        let contract = market.contracts().get(handle);
        let past = contract.past.iter();
        let past = past.map(|(until, terms)| (*until, PyContract::with(market, contract, terms))).collect();
        PyContract { past, ..PyContract::with(market, contract, &contract.terms) }
    }

    fn with(market: &Market, contract: &Contract, terms: &Terms) -> PyContract {
        PyContract {
            id: contract.id.to_string(),
            seller: name(market, contract.holder),
            partner: name(market, contract.partner),
            direction: contract.direction.name(),
            priority: terms.priority,
            epoch_wh_max: terms.epoch_wh_max,
            total_wh_max: terms.total_wh_max,
            load_watts_min: terms.load_watts_min,
            load_watts_max: terms.load_watts_max,
            from_epoch: terms.from_epoch,
            until_epoch: terms.until_epoch,
            status: terms.status.name(),
            past: Vec::new(),
            delivered_wh: contract.delivered_wh,
        }
    }
}

/// Energy from one asset to another in an epoch.
#[pyclass(name = "Posting", module = "joulebus_core._core", frozen, get_all)]
#[allow(missing_docs)]
pub struct PyPosting {
    pub from_: String,
    pub to: String,
    pub epoch: i64,
    pub wh: u64,
    pub kind: &'static str,
    pub contract: Option<String>,
    pub co2_mg: u64,
    pub source: Option<String>,
    pub original_epoch: Option<i64>,
    /// Whose it is: the metered one, or the one that was sealed with it.
    pub owner: String,
    /// Whether an earlier batch has it already.
    pub again: bool,
}

#[pymethods]
impl PyPosting {
    fn __repr__(&self) -> String {
        let contract = self.contract.as_deref().map(|id| format!(" {id}")).unwrap_or_default();
        format!("{} -> {} {} Wh [{}{contract}] in {}", self.from_, self.to, self.wh, self.kind, self.epoch)
    }
}

impl PyPosting {
    pub fn new(market: &Market, epoch: i64, posting: &Posting) -> PyPosting {
        let contract = match posting.contract {
            NOBODY => None,
            contract => Some(market.contracts().get(contract).id.to_string()),
        };
        PyPosting {
            from_: name(market, posting.from),
            to: name(market, posting.to),
            epoch,
            wh: posting.wh,
            kind: posting.kind.name(),
            contract,
            co2_mg: posting.co2_mg,
            source: posting.source.as_deref().map(str::to_owned),
            original_epoch: original(posting.original_epoch),
            owner: name(market, posting.owner()),
            again: false,
        }
    }

    pub fn of_line(market: &Market, epoch: i64, line: &Line) -> PyPosting {
        let (from_, to) = (name(market, line.from), name(market, line.to));
        PyPosting {
            owner: if line.owner_is_to { to.clone() } else { from_.clone() },
            from_,
            to,
            epoch,
            wh: line.wh,
            kind: line.kind.name(),
            contract: line.contract.map(str::to_owned),
            co2_mg: line.co2_mg,
            source: line.source.map(str::to_owned),
            original_epoch: original(line.original_epoch),
            again: line.again,
        }
    }
}

fn original(epoch: i64) -> Option<i64> {
    if epoch == NO_EPOCH { None } else { Some(epoch) }
}

/// Postings as Python objects.
pub fn postings(market: &Market, epoch: i64, postings: &[Posting]) -> Vec<PyPosting> {
    postings.iter().map(|posting| PyPosting::new(market, epoch, posting)).collect()
}

/// What became of a metered value.
#[pyclass(name = "Booking", module = "joulebus_core._core", frozen, get_all)]
#[allow(missing_docs)]
pub struct PyBooking {
    pub status: &'static str,
    pub reason: Option<String>,
    pub posting: Option<Py<PyPosting>>,
    pub late: Option<u64>,
}

impl PyBooking {
    pub fn new(py: Python<'_>, market: &Market, epoch: i64, booked: Booked) -> PyResult<PyBooking> {
        Ok(match booked {
            Booked::Nothing => PyBooking { status: "nothing", reason: None, posting: None, late: None },
            Booked::Late(number, reason) => {
                PyBooking { status: "late", reason: Some(reason), posting: None, late: Some(number) }
            }
            Booked::Posted(posting) => {
                let posting = Py::new(py, PyPosting::new(market, epoch, &posting))?;
                PyBooking { status: "ok", reason: None, posting: Some(posting), late: None }
            }
        })
    }
}

/// What became of many metered values.
#[pyclass(name = "Settled", module = "joulebus_core._core", frozen, get_all)]
#[allow(missing_docs)]
pub struct PySettled {
    pub booked: u64,
    pub nothing: u64,
    pub late: Vec<u64>,
}

impl From<Settled> for PySettled {
    fn from(Settled { booked, nothing, late }: Settled) -> PySettled {
        PySettled { booked, nothing, late }
    }
}

/// A value that came too late.
#[pyclass(name = "Late", module = "joulebus_core._core", frozen, get_all)]
#[allow(missing_docs)]
pub struct PyLate {
    pub number: u64,
    pub meter: String,
    pub epoch: i64,
    pub wh: i64,
    pub register: Option<&'static str>,
    pub co2_mg: u64,
    pub source: Option<String>,
}

impl PyLate {
    pub fn new(market: &Market, late: &Late) -> PyLate {
        let value = &late.value;
        PyLate {
            number: late.number,
            meter: name(market, value.meter),
            epoch: value.epoch,
            wh: value.wh,
            register: value.register.name(),
            co2_mg: value.co2_mg,
            source: value.source.as_deref().map(str::to_owned),
        }
    }
}

/// An asset's balance in an open epoch.
#[pyclass(name = "Balance", module = "joulebus_core._core", frozen, get_all)]
#[allow(missing_docs)]
pub struct PyBalance {
    pub asset: String,
    pub epoch: i64,
    pub sealed: bool,
    pub in_wh: u64,
    pub out_wh: u64,
    pub net_wh: i64,
    pub in_co2_mg: u64,
    pub out_co2_mg: u64,
    pub metered_in_wh: u64,
    pub metered_out_wh: u64,
    pub supplied_wh: u64,
    pub drawn_wh: u64,
    pub internal_wh: u64,
    pub open_wh: i64,
    pub upstream_from: Option<String>,
    pub upstream_to: Option<String>,
    pub bought_wh: BTreeMap<String, u64>,
    pub sold_wh: BTreeMap<String, u64>,
    pub contracts: BTreeMap<String, i64>,
    pub postings: Vec<Py<PyPosting>>,
    pub proposed: Vec<Py<PyPosting>>,
}

impl PyBalance {
    pub fn new(py: Python<'_>, market: &Market, asset: u32, epoch: i64) -> crate::errors::Result<PyBalance> {
        let (balance, booked) = (market.balance(asset, epoch)?, market.postings(Some(asset), epoch)?);
        PyBalance::made(py, market, (asset, epoch), (balance, booked))
    }

    /// Of an epoch that has left the engine.
    pub fn sealed(
        py: Python<'_>,
        market: &Market,
        (asset, epoch): (u32, i64),
        blobs: &[&[u8]],
    ) -> crate::errors::Result<PyBalance> {
        PyBalance::made(py, market, (asset, epoch), market.sealed_balance(asset, epoch, blobs)?)
    }

    fn made(
        py: Python<'_>,
        market: &Market,
        (asset, epoch): (u32, i64),
        (balance, booked): (Balance, Vec<Posting>),
    ) -> crate::errors::Result<PyBalance> {
        let objects = |all: &[Posting]| -> PyResult<Vec<Py<PyPosting>>> {
            postings(market, epoch, all).into_iter().map(|posting| Py::new(py, posting)).collect()
        };
        let named = |sides: &BTreeMap<u32, u64>| sides.iter().map(|(&side, &wh)| (name(market, side), wh)).collect();
        // What is sealed says with whom it was balanced; what is open, with whom it will be.
        let (upstream_from, upstream_to) = if balance.is_sealed {
            (balance.bought_from, balance.sold_to)
        } else {
            market.assets().upstream_in(asset, epoch).unzip()
        };
        let contracts = balance.contracts.iter();
        Ok(PyBalance {
            asset: name(market, asset),
            epoch,
            sealed: balance.is_sealed,
            in_wh: balance.in_wh,
            out_wh: balance.out_wh,
            net_wh: balance.net_wh(),
            in_co2_mg: balance.in_co2_mg,
            out_co2_mg: balance.out_co2_mg,
            metered_in_wh: balance.metered_in_wh,
            metered_out_wh: balance.metered_out_wh,
            supplied_wh: balance.supplied_wh,
            drawn_wh: balance.drawn_wh,
            internal_wh: balance.internal_wh(),
            open_wh: balance.open_wh,
            upstream_from: upstream_from.map(|side| name(market, side)),
            upstream_to: upstream_to.map(|side| name(market, side)),
            bought_wh: named(&balance.bought_wh),
            sold_wh: named(&balance.sold_wh),
            contracts: contracts.map(|(&id, &wh)| (market.contracts().get(id).id.to_string(), wh)).collect(),
            postings: objects(&booked)?,
            proposed: objects(&market.proposed(asset, epoch))?,
        })
    }
}
