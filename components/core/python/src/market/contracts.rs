//! The market's contracts as Python sees them.

use joulebus_market::contract::Direction;
use joulebus_market::contracting::Draft;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::errors::Result;
use crate::market::face::PyMarket;
use crate::market::results::PyContract;
use crate::market::terms::{UNLIMITED, changed};

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
        let (direction, terms) = (Direction::parse(direction)?, changed(&UNLIMITED, terms)?);
        let handle = self.market.add_contract(&Draft { id, holder: seller, partner, direction, terms })?;
        Ok(self.contract_of(handle))
    }

    #[pyo3(signature = (id, **terms))]
    fn update_contract(&mut self, id: &str, terms: Option<&Bound<'_, PyDict>>) -> Result<PyContract> {
        let handle = self.market.contracts().known(id)?;
        let terms = changed(&self.market.contracts().get(handle).terms, terms)?;
        self.market.change_terms(id, |old| *old = terms)?;
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

    fn merit_order(&self, seller: &str) -> Result<Vec<PyContract>> {
        let order = self.market.merit_order(self.market.assets().known(seller)?);
        Ok(self.contracts_of(&order))
    }

    fn set_merit_order(&mut self, seller: &str, ids: Vec<String>) -> Result<()> {
        Ok(self.market.set_merit_order(seller, &ids)?)
    }

    fn move_contract(&mut self, id: &str, position: usize) -> Result<PyContract> {
        let handle = self.market.move_contract(id, position)?;
        Ok(self.contract_of(handle))
    }

    fn rank_contract(&mut self, id: &str, priority: i64) -> Result<PyContract> {
        let handle = self.market.change_terms(id, |terms| terms.priority = Some(priority))?;
        Ok(self.contract_of(handle))
    }

    fn unrank_contract(&mut self, id: &str) -> Result<PyContract> {
        let handle = self.market.change_terms(id, |terms| terms.priority = None)?;
        Ok(self.contract_of(handle))
    }
}
