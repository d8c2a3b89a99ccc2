//! The market's contracts as Python sees them.

use joulebus_market::contract::Direction;
use joulebus_market::contracting::Draft;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::errors::Result;
use crate::market::face::PyMarket;
use crate::market::results::PyContract;
use crate::market::terms::{UNLIMITED, changes};

impl PyMarket {
    fn contract_of(&self, handle: u32) -> PyContract {
        PyContract::new(&self.market, handle)
    }

    fn contracts_of(&self, handles: &[u32]) -> Vec<PyContract> {
        handles.iter().map(|&handle| self.contract_of(handle)).collect()
    }
}

#[pymethods]
impl PyMarket {
    #[pyo3(signature = (seller, partner, direction, *, id = None, **terms))]
    fn add_contract(
        &mut self,
        seller: &str,
        partner: &str,
        direction: &str,
        id: Option<&str>,
        terms: Option<&Bound<'_, PyDict>>,
    ) -> Result<PyContract> {
        let (direction, alter, mut terms) = (Direction::parse(direction)?, changes(terms)?, UNLIMITED);
        alter(&mut terms);
        let handle = self.market.add_contract(&Draft { id, holder: seller, partner, direction, terms })?;
        Ok(self.contract_of(handle))
    }

    #[pyo3(signature = (id, *, holds_from = None, **terms))]
    fn update_contract(
        &mut self,
        id: &str,
        holds_from: Option<i64>,
        terms: Option<&Bound<'_, PyDict>>,
    ) -> Result<PyContract> {
        let handle = self.market.change_terms(id, holds_from, changes(terms)?)?;
        Ok(self.contract_of(handle))
    }

    fn end_contract(&mut self, id: &str, until_epoch: i64) -> Result<PyContract> {
        let handle = self.market.end_contract(id, until_epoch)?;
        Ok(self.contract_of(handle))
    }

    fn contract(&self, id: &str) -> Option<PyContract> {
        self.market.contracts().find(id).map(|handle| self.contract_of(handle))
    }

    #[pyo3(signature = (seller = None))]
    fn contracts(&self, seller: Option<&str>) -> Result<Vec<PyContract>> {
        Ok(match seller {
            Some(seller) => self.contracts_of(self.market.contracts().of(self.market.assets().known(seller)?)),
            None => (0..self.market.contracts().iter().len() as u32).map(|handle| self.contract_of(handle)).collect(),
        })
    }

    #[pyo3(signature = (seller, *, epoch = None))]
    fn merit_order(&self, seller: &str, epoch: Option<i64>) -> Result<Vec<PyContract>> {
        let order = self.market.merit_order(self.market.assets().known(seller)?, epoch);
        Ok(self.contracts_of(&order))
    }

    #[pyo3(signature = (seller, ids, *, holds_from = None))]
    fn set_merit_order(&mut self, seller: &str, ids: Vec<String>, holds_from: Option<i64>) -> Result<()> {
        Ok(self.market.set_merit_order(seller, &ids, holds_from)?)
    }

    #[pyo3(signature = (id, position, *, holds_from = None))]
    fn move_contract(&mut self, id: &str, position: usize, holds_from: Option<i64>) -> Result<PyContract> {
        let handle = self.market.move_contract(id, position, holds_from)?;
        Ok(self.contract_of(handle))
    }

    #[pyo3(signature = (id, priority, *, holds_from = None))]
    fn rank_contract(&mut self, id: &str, priority: i64, holds_from: Option<i64>) -> Result<PyContract> {
        let handle = self.market.change_terms(id, holds_from, |terms| terms.priority = Some(priority))?;
        Ok(self.contract_of(handle))
    }

    #[pyo3(signature = (id, *, holds_from = None))]
    fn unrank_contract(&mut self, id: &str, holds_from: Option<i64>) -> Result<PyContract> {
        let handle = self.market.change_terms(id, holds_from, |terms| terms.priority = None)?;
        Ok(self.contract_of(handle))
    }
}
