//! Three phases of a connection: what each carries at most, and who is on which.

use std::collections::BTreeMap;

use crate::bank::Bank;
use crate::flows::Flow;
use crate::garage::Garage;
use crate::knots::Rounding;
use crate::offer::Side;
use crate::series::{Cursor, Series};

/// Phases of a connection.
pub const PHASES: usize = 3;

/// The phases of a connection in a window.
#[derive(Clone, Debug)]
pub struct Phases {
    limit: (Series, Cursor),
    /// Joules on each phase, in each tick of the block.
    pub joules_max: Vec<i64>,
    /// By index, of flows.
    pub flows: Vec<Option<usize>>,
    /// By index, of thermal masses.
    pub thermals: Vec<Option<usize>>,
    /// By index, of stores on the AC side.
    pub stores: Vec<Option<usize>>,
}

impl Phases {
    /// The phases of checked offers; names are those of devices, phases 1 to 3.
    pub fn new(
        limit: &Series,
        phase_of: &BTreeMap<String, i64>,
        (flows, thermals, garage): (&[Flow], &Bank, &Garage),
    ) -> Phases {
        let named = |name: &str| phase_of.get(name).map(|&phase| phase as usize - 1);
        Phases {
            limit: (limit.clone(), limit.cursor(Rounding::Down)),
            joules_max: Vec::new(),
            // What is on the DC side comes through the inverter.
            flows: flows.iter().map(|flow| named(&flow.name).filter(|_| flow.side == Side::Ac)).collect(),
            thermals: thermals.thermals().iter().map(|thermal| named(&thermal.name)).collect(),
            stores: (0..garage.stores.len()).map(|store| garage.phase(store, named)).collect(),
        }
    }

    /// Begins a block.
    pub fn begin(&mut self, ticks: usize, tick_seconds: i64) {
        self.joules_max.resize(ticks, 0);
        self.limit.0.fill(&mut self.limit.1, tick_seconds, &mut self.joules_max);
    }
}
