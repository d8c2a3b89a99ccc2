//! The sky of Perez et al. 1990: brighter around the sun and at the horizon, by how clear it is.

const KAPPA: f64 = 1.041;
/// Upper edges of the classes of clearness; the last has none.
const CLEARNESS: [f64; 7] = [1.065, 1.23, 1.5, 1.95, 2.8, 4.5, 6.2];
/// Coefficients of circumsolar brightness by class ("all sites composite 1990").
const CIRCUMSOLAR: [[f64; 3]; 8] = [
    [-0.008, 0.588, -0.062],
    [0.13, 0.683, -0.151],
    [0.33, 0.487, -0.221],
    [0.568, 0.187, -0.295],
    [0.873, -0.392, -0.362],
    [1.132, -1.237, -0.412],
    [1.06, -1.6, -0.359],
    [0.678, -0.327, -0.25],
];
/// Coefficients of the brightness of the horizon by class.
const HORIZON: [[f64; 3]; 8] = [
    [-0.06, 0.072, -0.022],
    [-0.019, 0.066, -0.029],
    [0.055, -0.064, -0.026],
    [0.109, -0.152, -0.014],
    [0.226, -0.462, 0.001],
    [0.288, -0.823, 0.056],
    [0.264, -1.127, 0.131],
    [0.156, -1.377, 0.251],
];
/// Cosine of 85 degrees, below which a low sun would make the circumsolar light run away.
const LOWEST: f64 = 0.08715574274765817;

/// Diffuse light of the sky on a plane in W/m2.
pub struct Moment {
    /// Beam on what faces the sun, W/m2.
    pub dni: f64,
    /// Diffuse light on level ground, W/m2.
    pub dhi: f64,
    /// Sunlight above the air, W/m2.
    pub above: f64,
    /// Of the sun from straight up, radians.
    pub zenith: f64,
    /// Cosine of the angle between the sun and the normal of the plane, not below 0.
    pub cos_incidence: f64,
}

/// Sky light on a plane whose tilt has this cosine and sine.
pub fn sky_w_m2(of: &Moment, (cos_tilt, sin_tilt): (f64, f64)) -> f64 {
    if of.dhi <= 0.0 {
        return 0.0;
    }
    let cube = KAPPA * of.zenith * of.zenith * of.zenith;
    let clearness = ((of.dhi + of.dni) / of.dhi + cube) / (1.0 + cube);
    let class = CLEARNESS.iter().position(|&edge| clearness < edge).unwrap_or(7);
    let brightness = of.dhi * air_mass(of.zenith) / of.above;
    let weigh = |f: &[f64; 3]| f[0] + f[1] * brightness + f[2] * of.zenith;
    let (around, horizon) = (weigh(&CIRCUMSOLAR[class]).max(0.0), weigh(&HORIZON[class]));
    let ratio = of.cos_incidence / libm::cos(of.zenith).max(LOWEST);
    (of.dhi * ((1.0 - around) * (1.0 + cos_tilt) / 2.0 + around * ratio + horizon * sin_tilt)).max(0.0)
}

/// Of Kasten and Young 1989, at sea level.
fn air_mass(zenith: f64) -> f64 {
    let degrees = (zenith.to_degrees()).min(90.0);
    1.0 / (libm::cos(zenith).max(0.0) + 0.50572 * libm::pow(96.07995 - degrees, -1.6364))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_plane_sees_the_diffuse_light_of_level_ground() {
        let of = Moment { dni: 700.0, dhi: 114.0, above: 1361.0, zenith: 0.7, cos_incidence: libm::cos(0.7) };
        assert!((sky_w_m2(&of, (1.0, 0.0)) - 114.0).abs() < 1e-9);
    }

    #[test]
    fn a_wall_that_faces_the_sun_sees_more_than_one_that_does_not() {
        let facing = Moment { dni: 700.0, dhi: 114.0, above: 1361.0, zenith: 0.7, cos_incidence: libm::sin(0.7) };
        let turned = Moment { cos_incidence: 0.0, ..facing };
        assert!(sky_w_m2(&facing, (0.0, 1.0)) > 1.5 * sky_w_m2(&turned, (0.0, 1.0)));
    }
}
