//! A field of panels along knots: light through its glass, the warmth of its cells, direct current.
//!
//! Floats exist inside a knot only; each number leaves it through one rounding, half to even.

use crate::cells;
use crate::glass::glass_transmission;
use crate::perez::{Moment, sky_w_m2};
use crate::poa::{Plane, PoaError, Sky, poa_global};

const RADIANS_PER_UDEG: f64 = std::f64::consts::PI / 180_000_000.0;
const NIGHT_UDEG: i64 = 90_000_000;
const ZERO_CELSIUS_MK: i64 = 273_150;
const SOLAR_CONSTANT_W_M2: f64 = 1366.1;
/// Heat loss in W/(m2 K), and its growth with each m/s of wind, of an open rack (Faiman 2008).
const FAIMAN: (f64, f64) = (25.0, 6.84);

/// How wind reaches the back of the cells.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Mounting {
    /// From all sides: the model of Faiman.
    OpenRack,
    /// Hardly: a, b and delta T of the Sandia array performance model (King et al. 2004).
    Close(f64, f64, f64),
    /// By the temperature that makers measure (NOCT), as PVWatts version 8 has it.
    Nominal(f64),
}

impl Mounting {
    /// A mounting by its name: close mount glass/glass on a roof, an insulated back of glass/polymer.
    pub fn named(name: &str) -> Option<Mounting> {
        match name {
            "open_rack" => Some(Mounting::OpenRack),
            "roof" => Some(Mounting::Close(-2.98, -0.0471, 1.0)),
            "insulated" => Some(Mounting::Close(-2.81, -0.0455, 0.0)),
            "pvwatts_8 open_rack" => Some(Mounting::Nominal(45.0)),
            "pvwatts_8 roof" => Some(Mounting::Nominal(49.0)),
            "pvwatts_8 insulated" => Some(Mounting::Close(-2.81, -0.0455, 0.0)),
            _ => None,
        }
    }
}

/// How bright the sky is around the sun and at the horizon, and what the glass of the panels reflects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SkyModel {
    /// Hay and Davies; the glass reflects of all light.
    HayDavies,
    /// Perez; coated glass and modules as in PVWatts version 8.
    Perez,
}

/// What does not change from knot to knot.
#[derive(Clone, Copy, Debug)]
#[allow(missing_docs)]
pub struct Design {
    pub plane: Plane,
    pub peak_watts: f64,
    pub per_kelvin: f64,
    /// Share of the power that losses leave.
    pub kept: f64,
    pub mounting: Mounting,
    pub sky: SkyModel,
    pub cos_tilt: f64,
    pub sin_tilt: f64,
    pub sky_transmission: f64,
    pub ground_transmission: f64,
    /// Air above the place, as a share of that above the sea.
    pub air_share: f64,
}

/// Knots of what cools the cells.
#[derive(Clone, Copy, Debug)]
pub struct Air<'a> {
    /// Millikelvin.
    pub temperature_mk: &'a [i64],
    /// Millimetres a second.
    pub wind_mm_s: &'a [i64],
}

/// A field at each knot.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Conditions {
    /// Light that enters the cells, mW/m2.
    pub irradiance_mw_m2: Vec<i64>,
    /// Temperature of the cells, mK.
    pub cell_temperature_mk: Vec<i64>,
    /// Direct current, mW.
    pub power_milliwatts: Vec<i64>,
}

/// A field under a sky; both have one value a knot.
pub fn along(of: &Design, sky: Sky<'_>, air: Air<'_>) -> Result<Conditions, PoaError> {
    let knots = sky.zenith_udeg.len();
    if air.temperature_mk.len() != knots || air.wind_mm_s.len() != knots {
        return Err(PoaError::Air { expected: knots, air: air.temperature_mk.len(), wind: air.wind_mm_s.len() });
    }
    let totals = poa_global(sky, of.plane)?; // Checks the lengths, also where its sky is not asked for.
    let mut conditions = Conditions::default();
    let mut day = Day { number: i64::MIN, extraterrestrial_w_m2: 0.0 };
    for (knot, total) in totals.into_iter().enumerate() {
        day.turn(sky.day_of_year[knot]);
        let (irradiance, temperature, power) = at(of, &sky, &air, knot, (total, day.extraterrestrial_w_m2));
        conditions.irradiance_mw_m2.push(irradiance);
        conditions.cell_temperature_mk.push(temperature);
        conditions.power_milliwatts.push(power);
    }
    Ok(conditions)
}

fn at(of: &Design, sky: &Sky<'_>, air: &Air<'_>, knot: usize, (total, above): (i64, f64)) -> (i64, i64, i64) {
    let air_mk = air.temperature_mk[knot];
    if sky.zenith_udeg[knot] >= NIGHT_UDEG {
        return (0, air_mk, 0);
    }
    let (plane_w_m2, entering) = match of.sky {
        SkyModel::HayDavies => {
            let plane = total as f64 / 1000.0;
            (plane, entering_w_m2(of, sky, knot, (plane, above)))
        }
        SkyModel::Perez => light_by_perez(of, sky, knot, above),
    };
    let air_celsius = (air_mk - ZERO_CELSIUS_MK) as f64 / 1000.0;
    let wind = air.wind_mm_s[knot] as f64 / 1000.0;
    let celsius = match of.mounting {
        Mounting::Nominal(noct) => cells::celsius(noct, (plane_w_m2, entering), air_celsius, wind),
        _ => cell_celsius(plane_w_m2, air_celsius, wind, of.mounting),
    };
    let watts = match of.sky {
        SkyModel::HayDavies => direct_current_watts(entering, celsius, of.peak_watts, of.per_kelvin),
        SkyModel::Perez => {
            let zenith_degrees = sky.zenith_udeg[knot] as f64 / 1e6;
            let coloured = entering * cells::spectrum(zenith_degrees, of.air_share);
            cells::watts(coloured, celsius, (of.peak_watts, of.per_kelvin))
        }
    } * of.kept;
    (whole(entering * 1000.0), ZERO_CELSIUS_MK + whole(celsius * 1000.0), whole(watts * 1000.0))
}

/// Light on the plane without what the glass reflects of its beam, of the even sky, and of the ground.
fn entering_w_m2(of: &Design, sky: &Sky<'_>, knot: usize, (total, above): (f64, f64)) -> f64 {
    let anisotropy = sky.dni_mw[knot] as f64 / 1000.0 / above;
    let even = (sky.dhi_mw[knot] as f64 / 1000.0 * (1.0 - anisotropy) * (1.0 + of.cos_tilt) / 2.0).max(0.0);
    let ground = sky.ghi_mw[knot] as f64 / 1000.0 * of.plane.albedo_ppm as f64 / 1e6 * (1.0 - of.cos_tilt) / 2.0;
    let beam = (total - even - ground).max(0.0);
    let surface_udeg = of.plane.azimuth_mdeg * 1000;
    let incidence =
        cos_incidence(sky.zenith_udeg[knot], sky.azimuth_udeg[knot], of.cos_tilt, of.sin_tilt, surface_udeg);
    beam * glass_transmission(incidence) + even * of.sky_transmission + ground * of.ground_transmission
}

/// Light on the plane, and what of it enters the cells.
fn light_by_perez(of: &Design, sky: &Sky<'_>, knot: usize, above: f64) -> (f64, f64) {
    let watts = |series: &[i64]| series[knot] as f64 / 1000.0;
    let (ghi, dni, dhi) = (watts(sky.ghi_mw), watts(sky.dni_mw), watts(sky.dhi_mw));
    let surface_udeg = of.plane.azimuth_mdeg * 1000;
    let incidence =
        cos_incidence(sky.zenith_udeg[knot], sky.azimuth_udeg[knot], of.cos_tilt, of.sin_tilt, surface_udeg).max(0.0);
    let zenith = sky.zenith_udeg[knot] as f64 * RADIANS_PER_UDEG;
    let moment = Moment { dni, dhi, above, zenith, cos_incidence: incidence };
    let ground = ghi * of.plane.albedo_ppm as f64 / 1e6 * (1.0 - of.cos_tilt) / 2.0;
    let (beam, diffuse) = (dni * incidence, sky_w_m2(&moment, (of.cos_tilt, of.sin_tilt)));
    let entering =
        beam * cells::coated_glass(incidence) + diffuse * of.sky_transmission + ground * of.ground_transmission;
    (beam + diffuse + ground, entering)
}

fn whole(value: f64) -> i64 {
    value.round_ties_even() as i64
}

struct Day {
    number: i64,
    extraterrestrial_w_m2: f64,
}

impl Day {
    fn turn(&mut self, number: i64) {
        if number != self.number {
            *self = Day { number, extraterrestrial_w_m2: extraterrestrial_w_m2(number) };
        }
    }
}

/// Sunlight above the air on a day of the year (Spencer 1971).
pub fn extraterrestrial_w_m2(day_of_year: i64) -> f64 {
    let angle = 2.0 * std::f64::consts::PI * (day_of_year - 1) as f64 / 365.0;
    let first = 1.00011 + 0.034221 * libm::cos(angle) + 0.00128 * libm::sin(angle);
    SOLAR_CONSTANT_W_M2 * (first + 0.000719 * libm::cos(2.0 * angle) + 7.7e-05 * libm::sin(2.0 * angle))
}

/// Cosine of the angle between the sun and the normal of a plane; negative when the sun is behind it.
pub fn cos_incidence(
    zenith_udeg: i64,
    azimuth_udeg: i64,
    cos_tilt: f64,
    sin_tilt: f64,
    surface_azimuth_udeg: i64,
) -> f64 {
    let zenith = zenith_udeg as f64 * RADIANS_PER_UDEG;
    let around = (azimuth_udeg - surface_azimuth_udeg) as f64 * RADIANS_PER_UDEG;
    libm::cos(zenith) * cos_tilt + libm::sin(zenith) * sin_tilt * libm::cos(around)
}

/// Temperature of a cell: by Faiman where wind reaches its back, by the Sandia array performance model where it does not.
///
/// On an open rack Sandia's model is 3 K warmer than Faiman's and than that of PVWatts, whose yield is our measure.
pub fn cell_celsius(irradiance_w_m2: f64, air_celsius: f64, wind_m_s: f64, mounting: Mounting) -> f64 {
    match mounting {
        Mounting::Close(a, b, delta) => {
            irradiance_w_m2 * libm::exp(a + b * wind_m_s) + air_celsius + irradiance_w_m2 / 1000.0 * delta
        }
        Mounting::Nominal(noct) => cells::celsius(noct, (irradiance_w_m2, irradiance_w_m2), air_celsius, wind_m_s),
        Mounting::OpenRack => air_celsius + irradiance_w_m2 / (FAIMAN.0 + FAIMAN.1 * wind_m_s),
    }
}

/// Power of a field before its losses, never below 0 (PVWatts version 5, Dobos 2014).
pub fn direct_current_watts(irradiance_w_m2: f64, cell_celsius: f64, peak_watts: f64, per_kelvin: f64) -> f64 {
    (irradiance_w_m2 / 1000.0 * peak_watts * (1.0 + per_kelvin * (cell_celsius - 25.0))).max(0.0)
}
