//! Which number a device has among the columns of a window.

use crate::check::Roster;

/// Device numbers along the roster: flows, thermal masses, stores, the grid, the inverter, stores on the AC side, burners of fuels.
#[derive(Clone, Copy, Debug)]
#[allow(missing_docs)]
pub struct Numbers {
    pub flows: usize,
    pub thermals: usize,
    pub stores: usize,
    pub grid: usize,
    pub inverter: usize,
    pub garage: usize,
    pub burners: usize,
    /// How many there are.
    pub all: usize,
}

/// The device numbers of a roster.
pub fn numbers(roster: &Roster) -> Numbers {
    let thermals = roster.flows.len();
    let stores = thermals + roster.thermals.thermals().len();
    let grid = stores + roster.machine.stores.len();
    let garage = grid + 2;
    let burners = garage + roster.garage.stores.len();
    let all = burners + roster.fuels.iter().map(|fuel| fuel.burners.thermals().len()).sum::<usize>();
    Numbers { flows: 0, thermals, stores, grid, inverter: grid + 1, garage, burners, all }
}
