//! The market's readings, tariffs and prices as Python sees them.

use joulebus_market::metered::Register;
use joulebus_market::reading::NewReading;
use pyo3::prelude::*;

use crate::errors::Result;
use crate::market::face::PyMarket;
use crate::market::money::{PyClearing, PyLastReading, PyReading};
use crate::market::numbers::{Integer, Natural};
use crate::series::to_integer;

type PriceRow = (String, i64, i64);

#[pymethods]
impl PyMarket {
    #[pyo3(signature = (meter, time_ms, reading_wh, *, register = None, source = None, rollover_wh = None))]
    #[allow(clippy::too_many_arguments)]
    fn update_reading(
        &mut self,
        py: Python<'_>,
        meter: &str,
        time_ms: Integer,
        reading_wh: Natural,
        register: Option<&str>,
        source: Option<&str>,
        rollover_wh: Option<Natural>,
    ) -> Result<PyReading> {
        let (register, time_milliseconds) = (Register::parse(register)?, time_ms.0);
        let (reading_wh, rollover_wh) = (reading_wh.0, rollover_wh.map(|size| size.0));
        let new = NewReading { meter, register, time_milliseconds, reading_wh, rollover_wh, source };
        Ok(PyReading::new(py, self.market.update_reading(&new)?)?)
    }

    #[pyo3(signature = (meter, time_ms, last_wh, first_wh, *, register = None, source = None))]
    #[allow(clippy::too_many_arguments)]
    fn exchange_meter(
        &mut self,
        py: Python<'_>,
        meter: &str,
        time_ms: Integer,
        last_wh: Natural,
        first_wh: Natural,
        register: Option<&str>,
        source: Option<&str>,
    ) -> Result<PyReading> {
        let (register, time_milliseconds, reading_wh) = (Register::parse(register)?, time_ms.0, last_wh.0);
        let last = NewReading { meter, register, time_milliseconds, reading_wh, rollover_wh: None, source };
        Ok(PyReading::new(py, self.market.exchange_meter(&last, first_wh.0)?)?)
    }

    #[pyo3(signature = (meter, reading_wh, *, register = None, source = None))]
    fn correct_reading(
        &mut self,
        py: Python<'_>,
        meter: &str,
        reading_wh: Natural,
        register: Option<&str>,
        source: Option<&str>,
    ) -> Result<PyReading> {
        let done = self.market.correct_reading(meter, Register::parse(register)?, reading_wh.0, source)?;
        Ok(PyReading::new(py, done)?)
    }

    #[pyo3(signature = (meter, *, register = None))]
    fn last_reading(&self, meter: &str, register: Option<&str>) -> Result<Option<PyLastReading>> {
        let register = Register::parse(register)?;
        let Some(meter) = self.market.assets().find(meter) else { return Ok(None) };
        let chain = self.market.last_reading(meter, register);
        Ok(chain.map(|chain| PyLastReading { time_ms: chain.time_milliseconds, reading_wh: chain.reading_wh }))
    }

    fn spread(&self, wh: Natural, start_ms: Integer, end_ms: Integer) -> Result<Vec<(i64, u64)>> {
        Ok(self.market.calendar().spread(wh.0, start_ms.0, end_ms.0)?)
    }

    #[pyo3(signature = (first_epoch, labels, co2_g_per_kwh = None))]
    fn set_tariff(&mut self, first_epoch: i64, labels: Vec<String>, co2_g_per_kwh: Option<Vec<i64>>) -> Result<()> {
        Ok(self.market.set_tariff(first_epoch, &labels, co2_g_per_kwh.as_deref())?)
    }

    /// All labels, in runs: first epoch, end, label.
    fn label_runs(&self) -> Vec<(i64, i64, String)> {
        let runs = self.market.money().runs.iter();
        runs.map(|(&first, (end, tariff))| (first, *end, tariff.label.to_string())).collect()
    }

    /// All labels that have a price.
    fn priced_labels(&self) -> Vec<String> {
        self.market.money().prices.keys().map(|label| label.to_string()).collect()
    }

    fn label(&self, epoch: i64) -> Option<String> {
        self.market.money().tariff(epoch).map(|tariff| tariff.label.to_string())
    }

    fn co2_g_per_kwh(&self, epoch: i64) -> Option<i64> {
        self.market.money().tariff(epoch).map(|tariff| tariff.co2_grams_per_kwh)
    }

    fn set_price(&mut self, label: &str, from_epoch: i64, micro_euro_per_kwh: &Bound<'_, PyAny>) -> Result<()> {
        let price = to_integer(micro_euro_per_kwh, "a price in micro-euro for a kWh")?;
        Ok(self.market.set_price(label, from_epoch, price)?)
    }

    fn price(&self, label: &str, epoch: i64) -> Option<i64> {
        self.market.money().price(label, epoch)
    }

    #[pyo3(signature = (first = 0, most = None))]
    fn prices(&self, first: usize, most: Option<usize>) -> Vec<PriceRow> {
        let prices = self.market.money().prices.iter();
        let rows = prices.flat_map(|(label, steps)| steps.iter().map(move |(&epoch, &price)| (label, epoch, price)));
        let page = rows.skip(first).take(most.unwrap_or(usize::MAX));
        page.map(|(label, epoch, price)| (label.to_string(), epoch, price)).collect()
    }

    fn price_count(&self) -> usize {
        self.market.money().prices.values().map(|steps| steps.len()).sum()
    }

    #[pyo3(signature = (parts, label = None))]
    fn price_parts(&mut self, py: Python<'_>, parts: Vec<(i64, i64)>, label: Option<&str>) -> Result<PyClearing> {
        Ok(PyClearing::new(py, &self.market.price_parts(&parts, label)?)?)
    }
}
