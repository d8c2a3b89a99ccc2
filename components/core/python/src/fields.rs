//! Fields of panels along knots, and the formulas that they are made of.

use joulebus_ledger::cells;
use joulebus_ledger::field::{self, Air, Design, Mounting, SkyModel};
use joulebus_ledger::glass;
use joulebus_ledger::poa::{Plane, PoaError, Sky};
use pyo3::prelude::*;

use crate::errors::{Refusal, Result};
use crate::series::{attribute, integer, integers};

/// Numbers along the knots.
type Numbers = Vec<i64>;

macro_rules! number {
    ($object:expr, $name:literal) => {
        attribute!($object, $name)?.extract::<f64>()?
    };
}

macro_rules! column {
    ($object:expr, $name:literal) => {
        integers(&attribute!($object, $name)?, $name)?
    };
}

/// Light that enters the cells (mW/m2), their temperature (mK) and direct current (mW) at each knot.
#[pyfunction(name = "field_along")]
fn py_field_along(
    design: &Bound<'_, PyAny>,
    light: &Bound<'_, PyAny>,
    air: &Bound<'_, PyAny>,
    day_of_year: &Bound<'_, PyAny>,
) -> Result<(Numbers, Numbers, Numbers)> {
    let sky = Sky {
        zenith_udeg: &column!(light, "zenith_udeg"),
        azimuth_udeg: &column!(light, "azimuth_udeg"),
        ghi_mw: &column!(light, "ghi_mw_m2"),
        dni_mw: &column!(light, "dni_mw_m2"),
        dhi_mw: &column!(light, "dhi_mw_m2"),
        day_of_year: &integers(day_of_year, "day_of_year")?,
    };
    let air = Air { temperature_mk: &column!(air, "temperature_mk"), wind_mm_s: &column!(air, "wind_mm_s") };
    let conditions = field::along(&read_design(design)?, sky, air)?;
    Ok((conditions.irradiance_mw_m2, conditions.cell_temperature_mk, conditions.power_milliwatts))
}

fn read_design(design: &Bound<'_, PyAny>) -> Result<Design> {
    let plane = attribute!(design, "plane")?;
    Ok(Design {
        plane: Plane {
            tilt_mdeg: integer!(plane, "tilt_mdeg")?,
            azimuth_mdeg: integer!(plane, "azimuth_mdeg")?,
            albedo_ppm: integer!(plane, "albedo_ppm")?,
        },
        peak_watts: number!(design, "peak_watts"),
        per_kelvin: number!(design, "per_kelvin"),
        kept: number!(design, "kept"),
        mounting: mounting(&attribute!(design, "mounting")?.extract::<String>()?)?,
        sky: sky_model(&attribute!(design, "sky")?.extract::<String>()?)?,
        cos_tilt: number!(design, "cos_tilt"),
        sin_tilt: number!(design, "sin_tilt"),
        sky_transmission: number!(design, "sky_transmission"),
        ground_transmission: number!(design, "ground_transmission"),
        air_share: number!(design, "air_share"),
    })
}

fn mounting(name: &str) -> Result<Mounting> {
    Mounting::named(name).ok_or_else(|| Refusal::from(PoaError::Mounting { name: name.to_owned() }))
}

fn sky_model(name: &str) -> Result<SkyModel> {
    match name {
        "hay_davies" => Ok(SkyModel::HayDavies),
        "perez" => Ok(SkyModel::Perez),
        _ => Err(Refusal::from(PoaError::SkyModel { name: name.to_owned() })),
    }
}

/// Cosine of the angle between the sun and the normal of a plane.
#[pyfunction(name = "cos_incidence")]
fn py_cos_incidence(
    zenith_udeg: i64,
    azimuth_udeg: i64,
    cos_tilt: f64,
    sin_tilt: f64,
    surface_azimuth_udeg: i64,
) -> f64 {
    field::cos_incidence(zenith_udeg, azimuth_udeg, cos_tilt, sin_tilt, surface_azimuth_udeg)
}

/// Share of light that passes a glass cover.
#[pyfunction(name = "glass_transmission")]
fn py_glass_transmission(cos_angle: f64) -> f64 {
    glass::glass_transmission(cos_angle)
}

/// Share of even light that passes the coated glass of PVWatts version 8, at its mean angle.
#[pyfunction(name = "even_light_transmission")]
fn py_even_light_transmission(cos_angle: f64) -> f64 {
    cells::even_light(cos_angle)
}

/// Temperature of a cell behind its mounting.
#[pyfunction(name = "cell_celsius")]
fn py_cell_celsius(irradiance_w_m2: f64, air_celsius: f64, wind_m_s: f64, mounting: &str) -> Result<f64> {
    Ok(field::cell_celsius(irradiance_w_m2, air_celsius, wind_m_s, self::mounting(mounting)?))
}

/// Power of a field before its losses.
#[pyfunction(name = "direct_current_watts")]
fn py_direct_current_watts(irradiance_w_m2: f64, cell_celsius: f64, peak_watts: f64, per_kelvin: f64) -> f64 {
    field::direct_current_watts(irradiance_w_m2, cell_celsius, peak_watts, per_kelvin)
}

/// Sunlight above the air on a day of the year.
#[pyfunction(name = "extraterrestrial_w_m2")]
fn py_extraterrestrial_w_m2(day_of_year: i64) -> f64 {
    field::extraterrestrial_w_m2(day_of_year)
}

/// Adds all functions to the module.
pub fn add(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(py_field_along, module)?)?;
    module.add_function(wrap_pyfunction!(py_cos_incidence, module)?)?;
    module.add_function(wrap_pyfunction!(py_glass_transmission, module)?)?;
    module.add_function(wrap_pyfunction!(py_even_light_transmission, module)?)?;
    module.add_function(wrap_pyfunction!(py_cell_celsius, module)?)?;
    module.add_function(wrap_pyfunction!(py_direct_current_watts, module)?)?;
    module.add_function(wrap_pyfunction!(py_extraterrestrial_w_m2, module)?)
}
