//! The market as Python sees it.

use std::collections::BTreeMap;

use joulebus_market::asset::AssetKind;
use joulebus_market::bulk::Columns;
use joulebus_market::grouping::AssetChange;
use joulebus_market::late::LateFilter;
use joulebus_market::market::Market;
use joulebus_market::metered::Register;
use joulebus_market::seal::SealOptions;
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use pyo3::types::PyBytes;
use sha2::{Digest, Sha256};

use crate::errors::Result;
use crate::market::numbers::{Integer, Natural};
use crate::market::results::{
    PyAsset, PyBalance, PyBooking, PyLate, PyPeer, PyPosting, PySettled, hex, peers, postings,
};
use crate::market::sealing::{
    PyBatch, PyBatchContent, PyEpochSealing, PySealing, PySigner, partner_sealed as parse_partner_sealed, unhex,
};
use crate::series::integers;

/// A market and everything it remembers.
#[pyclass(name = "Market", module = "joulebus_core._core")]
pub struct PyMarket {
    pub(super) market: Market,
}

#[pymethods]
impl PyMarket {
    #[new]
    #[pyo3(signature = (name, *, epoch_seconds = 900, root = "eaf_generic_balancegroup"))]
    fn py_new(name: &str, epoch_seconds: i64, root: &str) -> Result<PyMarket> {
        Ok(PyMarket { market: Market::new(name, epoch_seconds, root)? })
    }

    #[getter]
    fn name(&self) -> &str {
        self.market.name()
    }

    #[getter]
    fn epoch_seconds(&self) -> i64 {
        self.market.calendar().epoch_seconds
    }

    #[getter]
    fn root(&self) -> &str {
        self.market.assets().name(0)
    }

    #[getter]
    fn revision(&self) -> u64 {
        self.market.counters().revision
    }

    #[getter]
    fn seal_number(&self) -> u64 {
        self.market.counters().seal_number
    }

    #[getter]
    fn head(&self) -> String {
        hex(&self.market.counters().head)
    }

    #[getter]
    fn in_transaction(&self) -> bool {
        self.market.in_transaction()
    }

    fn begin(&mut self) -> Result<()> {
        Ok(self.market.begin()?)
    }

    fn commit(&mut self) -> Result<()> {
        Ok(self.market.commit()?)
    }

    fn rollback(&mut self) -> Result<()> {
        Ok(self.market.rollback()?)
    }

    fn mark(&mut self) -> Result<usize> {
        Ok(self.market.mark()?)
    }

    fn rollback_to(&mut self, mark: usize) -> Result<()> {
        Ok(self.market.rollback_to(mark)?)
    }

    fn snapshot<'py>(&self, py: Python<'py>) -> Result<Bound<'py, PyBytes>> {
        Ok(PyBytes::new(py, &self.market.snapshot()?))
    }

    #[staticmethod]
    fn restore(snapshot: &[u8]) -> Result<PyMarket> {
        Ok(PyMarket { market: Market::restore(snapshot)? })
    }

    fn state_hash(&self) -> Result<String> {
        Ok(hex(&Sha256::digest(self.market.snapshot()?)))
    }

    #[pyo3(signature = (asset, *, r#type = None, rule = None, members = None, metadata = None, from_epoch = None))]
    #[allow(clippy::too_many_arguments)]
    fn upsert_asset(
        &mut self,
        asset: &str,
        r#type: Option<&str>,
        rule: Option<(Option<String>, Option<String>)>,
        members: Option<Vec<String>>,
        metadata: Option<&str>,
        from_epoch: Option<i64>,
    ) -> Result<PyAsset> {
        let kind = r#type.map(AssetKind::parse).transpose()?;
        let rule = rule.as_ref().map(|(from, to)| (from.as_deref(), to.as_deref()));
        let change = AssetChange { kind, rule, members: members.as_deref(), metadata, from_epoch };
        let handle = self.market.upsert_asset(asset, change)?;
        Ok(PyAsset::new(&self.market, handle))
    }

    #[pyo3(signature = (ids, froms, tos, *, r#type = "meter"))]
    fn upsert_assets(
        &mut self,
        ids: Vec<String>,
        froms: Vec<Option<String>>,
        tos: Vec<Option<String>>,
        r#type: &str,
    ) -> Result<u64> {
        Ok(self.market.upsert_assets(AssetKind::parse(r#type)?, &ids, &froms, &tos)?)
    }

    fn asset(&self, id: &str) -> Option<PyAsset> {
        self.market.assets().find(id).map(|handle| PyAsset::new(&self.market, handle))
    }

    fn assets(&self) -> Vec<String> {
        let mut names: Vec<String> = self.market.assets().iter().map(|asset| asset.name.to_string()).collect();
        names.sort_unstable();
        names
    }

    fn peers(&self, id: &str) -> Result<Vec<PyPeer>> {
        Ok(peers(&self.market, self.market.assets().known(id)?))
    }

    fn handles(&self, ids: Vec<String>) -> Result<Vec<u32>> {
        Ok(ids.iter().map(|id| self.market.assets().known(id)).collect::<std::result::Result<_, _>>()?)
    }

    #[pyo3(signature = (meter, epoch, wh, *, register = None, co2_mg = 0, source = None))]
    #[allow(clippy::too_many_arguments)]
    fn add_settlement(
        &mut self,
        py: Python<'_>,
        meter: &str,
        epoch: Integer,
        wh: Integer,
        register: Option<&str>,
        co2_mg: i64,
        source: Option<&str>,
    ) -> Result<PyBooking> {
        let (Integer(epoch), Integer(wh), Natural(co2_mg)) = (epoch, wh, Natural::new(co2_mg)?);
        let booked = self.market.add_settlement(meter, epoch, wh, Register::parse(register)?, co2_mg, source)?;
        Ok(PyBooking::new(py, &self.market, epoch, booked)?)
    }

    #[pyo3(signature = (epoch, handles, wh, *, co2_mg = None, source = None))]
    fn add_settlements(
        &mut self,
        py: Python<'_>,
        epoch: &Bound<'_, PyAny>,
        handles: &Bound<'_, PyAny>,
        wh: &Bound<'_, PyAny>,
        co2_mg: Option<&Bound<'_, PyAny>>,
        source: Option<&str>,
    ) -> Result<PySettled> {
        let epochs = match epoch.extract::<i64>() {
            Ok(epoch) => vec![epoch],
            Err(_) => integers(epoch, "epochs")?,
        };
        let (meters, wh) = (integers(handles, "handles")?, integers(wh, "wh")?);
        let co2_mg = co2_mg.map(|co2_mg| integers(co2_mg, "co2_mg")).transpose()?;
        let columns = Columns { epochs: &epochs, meters: &meters, wh: &wh, co2_mg: co2_mg.as_deref(), source };
        Ok(py.detach(|| self.market.add_settlements(columns))?.into())
    }

    #[pyo3(signature = (meter, epoch, wh, *, register = None, source = None))]
    fn postpone(
        &mut self,
        meter: &str,
        epoch: i64,
        wh: i64,
        register: Option<&str>,
        source: Option<&str>,
    ) -> Result<u64> {
        Ok(self.market.postpone(meter, epoch, wh, Register::parse(register)?, source)?)
    }

    #[pyo3(signature = (first = 0, most = None))]
    fn lates(&self, first: usize, most: Option<usize>) -> Vec<PyLate> {
        let page = self.market.lates().skip(first).take(most.unwrap_or(usize::MAX));
        page.map(|late| PyLate::new(&self.market, late)).collect()
    }

    fn late_count(&self) -> usize {
        self.market.lates().len()
    }

    fn correct_late(&mut self, py: Python<'_>, number: u64, epoch: i64) -> Result<PyBooking> {
        let booked = self.market.correct_late(number, epoch)?;
        Ok(PyBooking::new(py, &self.market, epoch, booked)?)
    }

    fn dismiss_late(&mut self, number: u64) -> Result<PyLate> {
        let late = self.market.dismiss_late(number)?;
        Ok(PyLate::new(&self.market, &late))
    }

    #[pyo3(signature = (*, meter = None, from_epoch = None, until_epoch = None, from_number = None, until_number = None, shown_max = 0))]
    fn dismiss_lates(
        &mut self,
        meter: Option<&str>,
        from_epoch: Option<i64>,
        until_epoch: Option<i64>,
        from_number: Option<u64>,
        until_number: Option<u64>,
        shown_max: usize,
    ) -> Result<(u64, Vec<PyLate>)> {
        let filter = LateFilter { meter, from_epoch, until_epoch, from_number, until_number };
        let (count, shown) = self.market.dismiss_lates(&filter, shown_max)?;
        Ok((count, shown.iter().map(|late| PyLate::new(&self.market, late)).collect()))
    }

    fn balance(&self, py: Python<'_>, asset: &str, epoch: i64) -> Result<PyBalance> {
        PyBalance::new(py, &self.market, self.market.assets().known(asset)?, epoch)
    }

    fn sealed_balance(&self, py: Python<'_>, asset: &str, epoch: i64, blobs: Vec<PyBackedBytes>) -> Result<PyBalance> {
        let blobs: Vec<&[u8]> = blobs.iter().map(|blob| &**blob).collect();
        PyBalance::sealed(py, &self.market, (self.market.assets().known(asset)?, epoch), &blobs)
    }

    fn balances(&self, epoch: i64) -> Result<BTreeMap<String, i64>> {
        let nets = self.market.balances(epoch)?.into_iter();
        Ok(nets.map(|(asset, wh)| (self.market.assets().name(asset).to_owned(), wh)).collect())
    }

    fn postings(&self, epoch: i64) -> Result<Vec<PyPosting>> {
        Ok(postings(&self.market, epoch, &self.market.postings(None, epoch)?))
    }

    fn open_epochs(&self) -> Vec<i64> {
        self.market.open_epochs()
    }

    fn closed_epochs(&self) -> u64 {
        self.market.closed_epochs()
    }

    fn is_closed(&self, epoch: i64) -> bool {
        self.market.is_closed(epoch)
    }

    fn is_sealed(&self, asset: &str, epoch: i64) -> Result<bool> {
        Ok(self.market.is_sealed(self.market.assets().known(asset)?, epoch))
    }

    fn seal_hash(&self, asset: &str, epoch: i64) -> Result<Option<String>> {
        let asset = self.market.assets().known(asset)?;
        Ok(self.market.seal_hash(asset, epoch).map(|hash| hex(hash)))
    }

    #[pyo3(signature = (asset, epoch, *, partner_sealed = "refuse"))]
    fn propose_seal(&self, py: Python<'_>, asset: &str, epoch: i64, partner_sealed: &str) -> Result<PySealing> {
        let asset = self.market.assets().known(asset)?;
        let sealing = self.market.propose_seal(asset, epoch, parse_partner_sealed(partner_sealed)?)?;
        Ok(PySealing::new(py, &self.market, sealing)?)
    }

    #[pyo3(signature = (asset, epoch, signer, *, partner_sealed = "refuse", expected_hash = None))]
    fn seal(
        &mut self,
        py: Python<'_>,
        asset: &str,
        epoch: i64,
        signer: &PySigner,
        partner_sealed: &str,
        expected_hash: Option<&str>,
    ) -> Result<PySealing> {
        let asset = self.market.assets().known(asset)?;
        let (partner_sealed, expected_hash) =
            (parse_partner_sealed(partner_sealed)?, expected_hash.map(unhex).transpose()?);
        let sealing = self.market.seal(asset, epoch, &signer.signer, SealOptions { partner_sealed, expected_hash })?;
        Ok(PySealing::new(py, &self.market, sealing)?)
    }

    fn seal_epoch(&mut self, py: Python<'_>, epoch: i64, signer: &PySigner) -> Result<PyEpochSealing> {
        let sealing = py.detach(|| self.market.seal_epoch(epoch, &signer.signer))?;
        Ok(PyEpochSealing::new(py, &self.market, epoch, sealing)?)
    }

    fn certificate<'py>(&self, py: Python<'py>, batch: &PyBatch, asset: &str) -> Result<Bound<'py, PyBytes>> {
        Ok(PyBytes::new(py, &self.market.certificate(&batch.batch, asset)?))
    }

    fn read_batch(&self, py: Python<'_>, blob: &[u8]) -> Result<PyBatchContent> {
        PyBatchContent::new(py, &self.market, blob)
    }
}
