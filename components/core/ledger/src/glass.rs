//! Glass in front of cells: what it reflects and absorbs of light at an angle.

use std::sync::LazyLock;

const GLASS_INDEX: f64 = 1.526;
const GLASS_EXTINCTION_PER_M: f64 = 4.0;
const GLASS_THICKNESS_M: f64 = 0.002;

/// Share of light that passes a glass cover, 1 for light that falls straight on it (De Soto et al. 2006, "physical" IAM).
pub fn glass_transmission(cos_angle: f64) -> f64 {
    static STRAIGHT: LazyLock<f64> = LazyLock::new(|| glass(1.0));
    if cos_angle > 0.0 { glass(cos_angle) / *STRAIGHT } else { 0.0 }
}

fn glass(cos_angle: f64) -> f64 {
    Cover::GLASS.passes(1.0, cos_angle).0
}

/// A clear sheet between air, or another sheet, and what lies behind it.
#[derive(Clone, Copy, Debug)]
pub struct Cover {
    /// Of refraction.
    pub index: f64,
    /// Metres.
    pub thickness_m: f64,
}

impl Cover {
    /// That of most modules.
    pub const GLASS: Cover = Cover { index: GLASS_INDEX, thickness_m: GLASS_THICKNESS_M };

    /// Share of light that enters and is not absorbed, and the cosine of its angle inside: Snell, Fresnel for both polarisations, and
    /// Bouguer, said with cosines only. ``before`` is the index of what the light comes from.
    pub fn passes(&self, before: f64, cos_angle: f64) -> (f64, f64) {
        let (ahead, behind) = (before, self.index);
        let cos_inside = (1.0 - (1.0 - cos_angle * cos_angle) * (ahead * ahead) / (behind * behind)).sqrt();
        let absorbed = libm::exp(-GLASS_EXTINCTION_PER_M * self.thickness_m / cos_inside);
        let across = (ahead * cos_angle - behind * cos_inside) / (ahead * cos_angle + behind * cos_inside);
        let along = (behind * cos_angle - ahead * cos_inside) / (behind * cos_angle + ahead * cos_inside);
        (absorbed * (1.0 - 0.5 * (across * across + along * along)), cos_inside)
    }
}
