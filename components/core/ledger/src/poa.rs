//! Irradiance on a tilted plane: beam, Hay-Davies sky and ground. The only floats; they leave through one rounding.

use thiserror::Error;

const DEGREE: f64 = std::f64::consts::PI / 180.0;

/// What must hold for the sky's series.
#[derive(Debug, Error, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum PoaError {
    /// Series of different length.
    #[error("zenith, azimuth, ghi, dni, dhi and day of year have one value a knot; they have {lengths:?}")]
    Lengths { lengths: [usize; 6] },
    /// Air of another length.
    #[error("air has one temperature and one wind a knot; there are {air} and {wind} for {expected} knots")]
    Air { expected: usize, air: usize, wind: usize },
    /// A name that is none.
    #[error("a mounting is open_rack, roof or insulated; this one is {name:?}")]
    Mounting { name: String },
    /// A name that is none.
    #[error("a sky is hay_davies or perez; this one is {name:?}")]
    SkyModel { name: String },
}

/// The sky along the knots.
#[derive(Clone, Copy, Debug)]
pub struct Sky<'a> {
    /// Microdegrees from straight up.
    pub zenith_udeg: &'a [i64],
    /// Microdegrees from north, clockwise.
    pub azimuth_udeg: &'a [i64],
    /// Global horizontal irradiance, mW/m2.
    pub ghi_mw: &'a [i64],
    /// Direct normal irradiance, mW/m2.
    pub dni_mw: &'a [i64],
    /// Diffuse horizontal irradiance, mW/m2.
    pub dhi_mw: &'a [i64],
    /// 1 on the first of January.
    pub day_of_year: &'a [i64],
}

/// The plane.
#[derive(Clone, Copy, Debug)]
pub struct Plane {
    /// Millidegrees from horizontal.
    pub tilt_mdeg: i64,
    /// Millidegrees from north, clockwise.
    pub azimuth_mdeg: i64,
    /// What the ground reflects, parts per million.
    pub albedo_ppm: i64,
}

/// Irradiance on the plane in mW/m2 at each knot; 0 when the sun is not up.
pub fn poa_global(sky: Sky<'_>, plane: Plane) -> Result<Vec<i64>, PoaError> {
    let lengths = [
        sky.zenith_udeg.len(),
        sky.azimuth_udeg.len(),
        sky.ghi_mw.len(),
        sky.dni_mw.len(),
        sky.dhi_mw.len(),
        sky.day_of_year.len(),
    ];
    if lengths.iter().any(|&length| length != lengths[0]) {
        return Err(PoaError::Lengths { lengths });
    }
    let tilt = plane.tilt_mdeg as f64 * 1e-3 * DEGREE;
    let slope = (libm::cos(tilt), libm::sin(tilt));
    let mut day = (i64::MIN, 0.0);
    let mut totals = Vec::with_capacity(lengths[0]);
    for knot in 0..lengths[0] {
        if sky.day_of_year[knot] != day.0 {
            day = (sky.day_of_year[knot], extraterrestrial(sky.day_of_year[knot]));
        }
        totals.push(at(&sky, &plane, knot, (slope, day.1)));
    }
    Ok(totals)
}

/// Hay and Davies 1980; the slope is cosine and sine of the tilt.
fn at(sky: &Sky<'_>, plane: &Plane, knot: usize, ((level, steep), above): ((f64, f64), f64)) -> i64 {
    if sky.zenith_udeg[knot] >= 90_000_000 {
        return 0;
    }
    let zenith = sky.zenith_udeg[knot] as f64 * 1e-6 * DEGREE;
    let turn = sky.azimuth_udeg[knot] as f64 * 1e-6 * DEGREE - plane.azimuth_mdeg as f64 * 1e-3 * DEGREE;
    let up = libm::cos(zenith);
    let incidence = (up * level + libm::sin(zenith) * steep * libm::cos(turn)).max(0.0);
    let (ghi, dni, dhi) = (sky.ghi_mw[knot] as f64, sky.dni_mw[knot] as f64, sky.dhi_mw[knot] as f64);
    let anisotropy = dni / (above * 1000.0);
    // The divisor as in pvlib: below 89 degrees it is the cosine itself, above it the ratio would run away.
    let ratio = incidence / up.max(0.01745);
    let diffuse = dhi * (anisotropy * ratio + (1.0 - anisotropy) * (1.0 + level) / 2.0);
    let ground = ghi * (plane.albedo_ppm as f64 * 1e-6) * (1.0 - level) / 2.0;
    // Rounded to whole mW/m2.
    libm::round(dni * incidence + diffuse.max(0.0) + ground).max(0.0) as i64
}

/// W/m2 outside the atmosphere (Spencer 1971).
fn extraterrestrial(day_of_year: i64) -> f64 {
    let angle = 2.0 * std::f64::consts::PI / 365.0 * (day_of_year as f64 - 1.0);
    let first = 1.00011 + 0.034221 * libm::cos(angle) + 0.00128 * libm::sin(angle);
    1366.1 * (first + 0.000719 * libm::cos(2.0 * angle) + 7.7e-5 * libm::sin(2.0 * angle))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spencer_gives_the_numbers_of_the_notes() {
        for (day, expected) in [(1, 1413.98), (100, 1360.79), (172, 1321.62), (287, 1373.39), (355, 1412.71)] {
            assert!((extraterrestrial(day) - expected).abs() < 0.01, "{day}: {}", extraterrestrial(day));
        }
    }

    #[test]
    fn the_vector_of_the_notes_holds_to_a_thousandth() {
        // Day 100 has 1360.79 W/m2; the vector was made with 1361.
        let sky = Sky {
            zenith_udeg: &[40_000_000, 90_000_000],
            azimuth_udeg: &[200_000_000; 2],
            ghi_mw: &[650_000; 2],
            dni_mw: &[700_000; 2],
            dhi_mw: &[114_000; 2],
            day_of_year: &[100; 2],
        };
        let plane = Plane { tilt_mdeg: 35_000, azimuth_mdeg: 180_000, albedo_ppm: 200_000 };
        let poa = poa_global(sky, plane).unwrap();
        assert!((poa[0] - 818_434).abs() < 818, "{}", poa[0]);
        assert_eq!(poa[1], 0);
    }
}
