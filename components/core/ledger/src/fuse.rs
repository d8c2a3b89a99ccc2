//! Three phases with a fuse each: loads of a phase bend, by rank, before more flows through it than it carries.
//!
//! Whoever names no phase draws the same from all three, and so do the inverter and the stores. With N_k joules named on phase k and
//! G imported in all, phase k carries N_k + (G - N_1 - N_2 - N_3) / 3; so its limit L is a limit of the import:
//! G <= 3 (L - N_k) + N_1 + N_2 + N_3.

use crate::check::{Load, Roster};
use crate::machine::{Moves, Supply};
use crate::phases::{PHASES, Phases};
use crate::tick::balance;
use crate::whole::Again;

/// Balances a tick in which the grid gives something within the limit of each phase; true when a device that was shed reacts to that.
#[cold]
pub fn fit(roster: &mut Roster, again: &Again, index: usize, supply: &mut Supply) -> (Moves, bool) {
    let (most, mut reacts) = (supply.import_max, false);
    let all = most.min(again.policy.import_joules_max);
    loop {
        let (cap, phase) = tightest(roster, index);
        // Nothing at all would be an outage.
        supply.import_max = most.min(cap).max(1);
        supply.is_fused = cap < most;
        roster.machine.undo(again.carries);
        let moves = balance(&mut roster.machine, &again.policy, again.switches, *supply);
        let unserved = moves.unserved;
        if unserved == 0 && cap >= 0 {
            return (moves, reacts);
        }
        // A joule less on the phase itself takes one from the load and lets two more in; one on another phase lets one less in.
        let burdens = match cap {
            _ if cap >= all => Burdens { named: unserved, spread: unserved, elsewhere: unserved },
            0.. => Burdens { named: ((unserved + 2) / 3).min((all - cap + 1) / 2), spread: unserved, elsewhere: 0 },
            _ => Burdens { named: (1 - cap) / 2, spread: 0, elsewhere: 0 },
        };
        match shed(roster, index, phase, burdens) {
            Some((joules, reacting)) => {
                supply.load -= joules;
                reacts |= reacting;
            }
            None => return (moves, reacts),
        }
    }
}

/// The smallest import at which a phase is at its limit, and which one.
fn tightest(roster: &mut Roster, index: usize) -> (i64, usize) {
    let Some(phases) = &roster.phases else { return (i64::MAX, 0) };
    let mut named = [0i64; PHASES];
    for (flow, &phase) in roster.flows.iter_mut().zip(&phases.flows) {
        if let Some(phase) = phase {
            named[phase] += flow.granted_in(index);
        }
    }
    for (thermal, &phase) in phases.thermals.iter().enumerate() {
        if let Some(phase) = phase {
            named[phase] += roster.thermals.granted_in(thermal, index);
        }
    }
    for (store, &phase) in phases.stores.iter().enumerate() {
        if let Some(phase) = phase {
            named[phase] += roster.garage.granted(store);
        }
    }
    let (limit, all) = (phases.joules_max[index], named.iter().sum::<i64>());
    let caps = named.map(|joules| 3 * (limit - joules) + all);
    let phase = (0..PHASES).min_by_key(|&phase| caps[phase]).unwrap_or(0);
    (caps[phase], phase)
}

/// Joules to be taken from a load on a phase, from one that is spread over all, or from one on another phase.
#[derive(Clone, Copy)]
struct Burdens {
    named: i64,
    spread: i64,
    elsewhere: i64,
}

/// Takes joules from the first load by rank that burdens a phase.
fn shed(roster: &mut Roster, index: usize, phase: usize, burdens: Burdens) -> Option<(i64, bool)> {
    for place in 0..roster.shedding_order.len() {
        let load = roster.shedding_order[place];
        let joules = match phase_of(roster.phases.as_ref()?, load) {
            Some(other) if other != phase => burdens.elsewhere,
            Some(_) => burdens.named,
            None => burdens.spread,
        };
        let (taken, reacts) = if joules > 0 { take(roster, index, load, joules) } else { (0, false) };
        if taken > 0 {
            return Some((taken, reacts));
        }
    }
    None
}

fn take(roster: &mut Roster, index: usize, load: Load, joules: i64) -> (i64, bool) {
    match load {
        Load::Flow(flow) => {
            let flow = &mut roster.flows[flow];
            let granted = flow.granted_in(index).max(0);
            let taken = if flow.all_or_nothing { granted } else { joules.min(granted) };
            if taken > 0 {
                flow.change()[index] -= taken;
            }
            (taken, flow.reacts)
        }
        Load::Thermal(thermal) => (roster.thermals.shed(thermal, index, joules), false),
        Load::Store(store) => (roster.garage.shed(store, joules), false),
    }
}

fn phase_of(phases: &Phases, load: Load) -> Option<usize> {
    match load {
        Load::Flow(flow) => phases.flows[flow],
        Load::Thermal(thermal) => phases.thermals[thermal],
        Load::Store(store) => phases.stores[store],
    }
}
