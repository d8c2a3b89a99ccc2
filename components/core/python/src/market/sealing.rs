//! Keys, seals, batches and chains as Python objects.

use joulebus_market::balance::PartnerSealed;
use joulebus_market::batch::Batch;
use joulebus_market::certificate::verify_certificate;
use joulebus_market::chain::SealChain;
use joulebus_market::error::refuse as market_refuse;
use joulebus_market::market::Market;
use joulebus_market::seal::Sealing;
use joulebus_market::seal_epoch::EpochSealing;
use joulebus_market::signer::Signer;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::errors::{Refusal, Result};
use crate::market::results::{PyPosting, hex, names, postings};

/// An Ed25519 key.
#[pyclass(name = "Signer", module = "joulebus_core._core", frozen)]
pub struct PySigner {
    pub signer: Signer,
}

#[pymethods]
impl PySigner {
    #[new]
    fn py_new(secret_key: &[u8]) -> Result<PySigner> {
        Ok(PySigner { signer: Signer::new(secret_key)? })
    }

    #[getter]
    fn public_key<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &self.signer.public_key())
    }
}

/// What to do when the partner of a contract is sealed.
pub fn partner_sealed(text: &str) -> Result<PartnerSealed> {
    match text {
        "refuse" => Ok(PartnerSealed::Refuse),
        "skip" => Ok(PartnerSealed::Skip),
        _ => Ok(market_refuse("partner_sealed", format!("partner_sealed is refuse or skip; not {text:?}"))?),
    }
}

/// A hash out of its 64 digits.
pub fn unhex(text: &str) -> Result<[u8; 32]> {
    let digit = |at: usize| text.get(2 * at..2 * at + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok());
    let bytes: Option<Vec<u8>> = (0..32).map(digit).collect();
    match bytes.and_then(|bytes| <[u8; 32]>::try_from(bytes).ok()).filter(|_| text.len() == 64) {
        Some(hash) => Ok(hash),
        None => Ok(market_refuse("hash", format!("a hash has 64 hexadecimal digits; {text:?} is none"))?),
    }
}

/// A public key out of its bytes.
pub fn public_key(bytes: Option<&[u8]>) -> Result<Option<[u8; 32]>> {
    match bytes.map(<[u8; 32]>::try_from) {
        None => Ok(None),
        Some(Ok(key)) => Ok(Some(key)),
        Some(Err(_)) => Ok(market_refuse("key", "a public key has 32 bytes")?),
    }
}

/// One sealing operation, signed once.
#[pyclass(name = "Batch", module = "joulebus_core._core", frozen)]
pub struct PyBatch {
    pub batch: Batch,
}

#[pymethods]
impl PyBatch {
    #[getter]
    fn number(&self) -> u64 {
        self.batch.head.number
    }

    #[getter]
    fn epoch(&self) -> i64 {
        self.batch.head.epoch
    }

    #[getter]
    fn closed(&self) -> bool {
        self.batch.head.closed
    }

    #[getter]
    fn count(&self) -> u64 {
        self.batch.head.count
    }

    #[getter]
    fn root(&self) -> String {
        hex(&self.batch.head.root)
    }

    #[getter]
    fn previous(&self) -> String {
        hex(&self.batch.head.previous)
    }

    #[getter]
    fn hash(&self) -> String {
        hex(&self.batch.hash)
    }

    /// The canonical JSON that is signed.
    #[getter]
    fn seal<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &self.batch.head.text())
    }

    #[getter]
    fn signature<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &self.batch.signature)
    }

    #[getter]
    fn public_key<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &self.batch.public_key)
    }

    /// All of it that must be stored.
    #[getter]
    fn blob<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &self.batch.blob)
    }
}

/// A seal: proposed, done, or why not.
#[pyclass(name = "Sealing", module = "joulebus_core._core", frozen, get_all)]
#[allow(missing_docs)]
pub struct PySealing {
    pub status: &'static str,
    pub reason: Option<String>,
    pub asset: String,
    pub epoch: i64,
    pub document: Option<Py<PyBytes>>,
    pub hash: Option<String>,
    pub postings: Vec<Py<PyPosting>>,
    pub open_children: Vec<String>,
    pub skipped: Vec<String>,
    pub batch: Option<Py<PyBatch>>,
}

impl PySealing {
    pub fn new(py: Python<'_>, market: &Market, sealing: Sealing) -> PyResult<PySealing> {
        let own = postings(market, sealing.epoch, &sealing.postings).into_iter();
        let has_document = !sealing.document.is_empty();
        Ok(PySealing {
            status: sealing.status.name(),
            reason: sealing.reason,
            asset: market.assets().name(sealing.asset).to_owned(),
            epoch: sealing.epoch,
            document: has_document.then(|| PyBytes::new(py, &sealing.document).unbind()),
            hash: sealing.hash.map(|hash| hex(&hash)),
            postings: own.map(|posting| Py::new(py, posting)).collect::<PyResult<_>>()?,
            open_children: names(market, &sealing.open_children),
            skipped: contract_ids(market, &sealing.skipped),
            batch: sealing.batch.map(|batch| Py::new(py, PyBatch { batch })).transpose()?,
        })
    }
}

fn contract_ids(market: &Market, handles: &[u32]) -> Vec<String> {
    handles.iter().map(|&handle| market.contracts().get(handle).id.to_string()).collect()
}

/// What became of a whole epoch.
#[pyclass(name = "EpochSealing", module = "joulebus_core._core", frozen, get_all)]
#[allow(missing_docs)]
pub struct PyEpochSealing {
    pub epoch: i64,
    pub closed: bool,
    pub sealed: u64,
    pub refused: Vec<(String, &'static str, String)>,
    pub skipped: Vec<String>,
    pub batch: Option<Py<PyBatch>>,
}

impl PyEpochSealing {
    pub fn new(py: Python<'_>, market: &Market, epoch: i64, sealing: EpochSealing) -> PyResult<PyEpochSealing> {
        let refused = sealing.refused.into_iter();
        Ok(PyEpochSealing {
            epoch,
            closed: sealing.closed,
            sealed: sealing.batch.as_ref().map_or(0, |batch| batch.head.count),
            refused: refused
                .map(|(asset, status, why)| (market.assets().name(asset).to_owned(), status.name(), why))
                .collect(),
            skipped: contract_ids(market, &sealing.skipped),
            batch: sealing.batch.map(|batch| Py::new(py, PyBatch { batch })).transpose()?,
        })
    }
}

/// What a stored batch says, in names.
#[pyclass(name = "BatchContent", module = "joulebus_core._core", frozen, get_all)]
#[allow(missing_docs)]
pub struct PyBatchContent {
    pub number: u64,
    pub epoch: i64,
    pub closed: bool,
    pub assets: Vec<String>,
    pub postings: Vec<Py<PyPosting>>,
}

impl PyBatchContent {
    pub fn new(py: Python<'_>, market: &Market, bytes: &[u8]) -> Result<PyBatchContent> {
        let (frame, lines) = market.read_batch(bytes)?;
        let (number, epoch, closed) = (frame.head.number, frame.head.epoch, frame.head.closed);
        let lines = lines.iter().map(|line| Py::new(py, PyPosting::of_line(market, epoch, line)));
        let postings = lines.collect::<PyResult<_>>().map_err(Refusal::Python)?;
        Ok(PyBatchContent { number, epoch, closed, assets: names(market, &frame.assets), postings })
    }
}

/// Follows the stored batches of a market and computes every hash again.
#[pyclass(name = "SealChain", module = "joulebus_core._core")]
pub struct PySealChain {
    chain: SealChain,
}

#[pymethods]
impl PySealChain {
    #[new]
    #[pyo3(signature = (market, *, epoch_seconds = 900))]
    fn py_new(market: &str, epoch_seconds: i64) -> PySealChain {
        PySealChain { chain: SealChain::new(market, epoch_seconds) }
    }

    /// The chain as a market's snapshot has it.
    #[staticmethod]
    #[pyo3(name = "from_snapshot")]
    fn py_from_snapshot(snapshot: &[u8]) -> Result<PySealChain> {
        Ok(PySealChain { chain: SealChain::of(&Market::restore(snapshot)?) })
    }

    #[getter]
    fn number(&self) -> u64 {
        self.chain.number()
    }

    #[getter]
    fn head(&self) -> String {
        hex(self.chain.head())
    }

    /// Follow the next batch. Nothing changes when it raises.
    #[pyo3(name = "follow", signature = (blob, public_key = None))]
    fn py_follow(&mut self, py: Python<'_>, blob: &[u8], public_key: Option<&[u8]>) -> Result<PyBatch> {
        let key = self::public_key(public_key)?;
        let batch = py.detach(|| self.chain.follow(blob, key.as_ref()))?;
        Ok(PyBatch { batch })
    }

    /// The certificate of an asset out of the batch that was followed last.
    #[pyo3(name = "certificate")]
    fn py_certificate<'py>(&self, py: Python<'py>, batch: &PyBatch, asset: &str) -> Result<Bound<'py, PyBytes>> {
        Ok(PyBytes::new(py, &self.chain.certificate(&batch.batch, asset)?))
    }

    /// The assets of a batch.
    #[pyo3(name = "sealed_assets")]
    fn py_sealed_assets(&self, batch: &PyBatch) -> Vec<String> {
        self.chain.names(&batch.batch).into_iter().map(str::to_owned).collect()
    }
}

/// Verify a certificate, byte by byte; with a public key also that it is signed with that one.
#[pyfunction(name = "verify_certificate", signature = (certificate, public_key = None))]
pub fn py_verify_certificate(certificate: &[u8], public_key: Option<&[u8]>) -> Result<()> {
    Ok(verify_certificate(certificate, self::public_key(public_key)?.as_ref())?)
}
