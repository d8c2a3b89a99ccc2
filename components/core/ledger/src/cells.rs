//! Modules as PVWatts version 8 of NREL has them: coated glass, light of a low sun, warmth, and cells in dim light.
//!
//! Version 8 solves the single-diode model of a common module (mono-crystalline, 320 W, 19.1 %) for each hour. Here its solution
//! is written down: within 0.1 % of it between 20 and 1100 W/m2 and between -10 and 65 degrees Celsius.

use std::sync::LazyLock;

use crate::glass::Cover;

/// Of the power at 1000 W/m2: what an e-fold of light adds by the voltage of a diode at 25 degrees Celsius.
const DIODE_SHARE: f64 = 0.0461;
/// And what 1000 W/m2 more would lose in the resistance in series.
const SERIES_SHARE: f64 = 0.068;
const KELVIN_25: f64 = 298.15;
const ZERO_CELSIUS: f64 = 273.15;
/// Share of the light on the module that it makes current of, and that its glass and cells take in.
const EFFICIENCY: f64 = 0.19127;
const TAKEN_IN: f64 = 0.9;
/// Wind at the height of the modules as a share of that 10 m above ground.
const WIND_SHARE: f64 = 0.51;
/// De Soto et al. 2006: the spectrum of light that came through so many air masses, as a factor.
const SPECTRUM: [f64; 5] = [0.918093, 0.086257, -0.024459, 0.002816, -0.000126];
const LOWEST_SUN_DEGREES: f64 = 86.0;

/// Power before losses in W, of the light that enters the cells.
pub fn watts(entering_w_m2: f64, cell_celsius: f64, (peak_watts, per_kelvin): (f64, f64)) -> f64 {
    if entering_w_m2 < 1.0 {
        return 0.0;
    }
    let suns = entering_w_m2 / 1000.0;
    let diode = DIODE_SHARE * (cell_celsius + ZERO_CELSIUS) / KELVIN_25 * libm::log(suns);
    let efficiency = 1.0 + per_kelvin * (cell_celsius - 25.0) + diode - SERIES_SHARE * (suns - 1.0);
    (peak_watts * suns * efficiency).max(0.0)
}

/// Warmth of the cells by the temperature that their maker measured (NOCT), of the light on the plane and what of it enters.
pub fn celsius(noct_celsius: f64, (plane, entering): (f64, f64), air_celsius: f64, wind_m_s: f64) -> f64 {
    if plane <= 0.0 || entering <= 1.0 {
        return air_celsius;
    }
    let kept = 1.0 - EFFICIENCY / (TAKEN_IN * entering / plane);
    air_celsius + plane / 800.0 * (noct_celsius - 20.0) * kept * 9.5 / (5.7 + 3.8 * WIND_SHARE * wind_m_s)
}

/// What the colours of a low sun leave of the light, at a share of the air above the sea.
pub fn spectrum(zenith_degrees: f64, air_share: f64) -> f64 {
    let zenith = zenith_degrees.clamp(0.0, LOWEST_SUN_DEGREES);
    let straight = libm::cos(zenith.to_radians());
    let mass = air_share / (straight + 0.5057 * libm::pow(96.080 - zenith, -1.634));
    SPECTRUM.iter().rev().fold(0.0, |sum, factor| sum * mass + factor).max(0.0)
}

/// Share of light that passes coated glass, as version 8 counts it.
pub fn coated_glass(cos_angle: f64) -> f64 {
    if cos_angle <= 0.0 {
        return 0.0;
    }
    let (through, inside) = COATING.passes(1.0, cos_angle);
    (through * Cover::GLASS.passes(COATING.index, inside).0 / *STRAIGHT).min(1.0)
}

/// The same for even light at its mean angle, which the coating does not help.
pub fn even_light(cos_angle: f64) -> f64 {
    if cos_angle > 0.0 { (Cover::GLASS.passes(1.0, cos_angle).0 / *STRAIGHT).min(1.0) } else { 0.0 }
}

const COATING: Cover = Cover { index: 1.3, thickness_m: 0.000_02 };

/// What version 8 compares with: straight light that passes the coating, and then the glass as if it came from the air. It is less than
/// what passes both, so light counts as whole up to 54 degrees.
static STRAIGHT: LazyLock<f64> = LazyLock::new(|| COATING.passes(1.0, 1.0).0 * Cover::GLASS.passes(1.0, 1.0).0);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_solution_of_the_single_diode_is_met() {
        // pvlib's calcparams_cec and singlediode with the module of version 8, as shares of 322.558 W.
        for (suns, celsius, share) in
            [(1.0, 25.0, 1.0), (1.0, 65.0, 0.8490), (0.4, 45.0, 0.9208), (0.1, 5.0, 1.0359), (0.05, 25.0, 0.9265)]
        {
            let found = watts(1000.0 * suns, celsius, (1.0, -0.00372)) / suns;
            assert!((found - share).abs() < 0.003, "{suns} suns at {celsius}: {found}, not {share}");
        }
    }

    #[test]
    fn coated_glass_passes_more_of_flat_light_than_plain_glass() {
        assert!(coated_glass(1.0) == 1.0 && coated_glass(0.7) == 1.0);
        assert!(coated_glass(0.2) > crate::glass::glass_transmission(0.2) + 0.02);
        assert!(coated_glass(0.01) < 0.2 && coated_glass(-0.5) == 0.0);
        assert!((even_light(libm::cos(59.5627_f64.to_radians())) - 0.9644).abs() < 1e-3); // PySAM 7.1.1 on level ground.
    }

    #[test]
    fn a_low_sun_is_red_and_a_high_place_has_less_air() {
        assert!((spectrum(48.2, 1.0) - 1.0013).abs() < 1e-3);
        assert!(spectrum(86.0, 1.0) < 0.7 && spectrum(89.0, 1.0) == spectrum(86.0, 1.0));
        assert!(spectrum(0.0, 0.8) < spectrum(0.0, 1.0));
    }

    #[test]
    fn cells_are_as_warm_as_their_maker_measured() {
        let noct = celsius(45.0, (800.0, 800.0), 20.0, 1.0 / WIND_SHARE);
        assert!((noct - 20.0 - 25.0 * (1.0 - EFFICIENCY / TAKEN_IN)).abs() < 1e-9);
        assert_eq!(celsius(45.0, (0.0, 0.0), 7.0, 3.0), 7.0);
    }
}
