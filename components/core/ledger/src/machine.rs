//! What converts and stores, what a tick brings to it, and what it moves.

use crate::curve::Converter;
use crate::store::Store;

/// The charger from the AC side and the inverter's own draw.
#[derive(Clone, Debug)]
pub struct Rectifier {
    /// AC joules per tick at most.
    pub joules_max: i64,
    /// DC joules of a million AC joules.
    pub efficiency_ppm: i64,
    /// What the inverter draws at night, microjoules per tick.
    pub night_microjoules: i64,
    /// Night draw that is not yet a whole joule.
    pub night_carry_microjoules: i64,
    /// Without a grid the DC side feeds the inverter's own draw.
    pub idles_on_battery: bool,
}

/// What converts and stores.
#[derive(Clone, Debug)]
pub struct Machine {
    /// DC to AC.
    pub converter: Converter,
    /// AC to DC.
    pub rectifier: Rectifier,
    /// In the order in which they are served.
    pub stores: Vec<Store>,
}

impl Machine {
    /// What is left below a joule, which a dispatch changes.
    #[inline(always)]
    pub fn carries(&self) -> [i64; 2] {
        [self.converter.carry_microjoules, self.rectifier.night_carry_microjoules]
    }

    /// Takes back what the dispatch of the tick at hand did.
    pub fn undo(&mut self, carries: [i64; 2]) {
        [self.converter.carry_microjoules, self.rectifier.night_carry_microjoules] = carries;
        for store in &mut self.stores {
            (store.charged, store.discharged) = (0, 0);
        }
    }
}

/// What a tick brings.
#[derive(Clone, Copy, Debug, Default)]
pub struct Supply {
    /// Joules that the AC side wants.
    pub load: i64,
    /// Joules that AC producers offer.
    pub production: i64,
    /// Joules that DC producers offer.
    pub sun: i64,
    /// Joules that flexible consumers could take beyond their want.
    pub flexible: i64,
    /// The grid's caps; both 0 is an outage.
    pub import_max: i64,
    /// Joules that the grid could take.
    pub export_max: i64,
    /// Joules that stores on the AC side could give.
    pub stored: i64,
    /// The fuse of a phase lets in less than the grid could give.
    pub is_fused: bool,
}

/// What moved in a tick.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Moves {
    /// Wanted and not served.
    pub unserved: i64,
    /// Served to flexible consumers beyond their want.
    pub flexed: i64,
    /// DC production that was left.
    pub curtailed_dc: i64,
    /// AC production that was left.
    pub curtailed_ac: i64,
    /// Grid to inverter.
    pub import: i64,
    /// Inverter to grid.
    pub export: i64,
    /// Inverter to heat.
    pub heat: i64,
    /// Inverter to stores.
    pub charged: i64,
    /// Stores to inverter.
    pub discharged: i64,
    /// Stores on the AC side to inverter.
    pub given: i64,
}
