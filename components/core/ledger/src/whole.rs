//! Loads that take all of what they want in a tick or nothing: a washing machine waits, it does not wash with half its power.

use crate::check::{Load, Roster};
use crate::machine::{Moves, Supply};
use crate::policy::{Policy, Switches};
use crate::tick::balance;

/// With what a tick is balanced again.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct Again {
    pub policy: Policy,
    pub switches: Switches,
    /// Of the machine, before the tick.
    pub carries: [i64; 2],
}

/// Balances a tick without those who would get a part of what they want; true when one of them reacts to that.
#[cold]
pub fn whole(roster: &mut Roster, again: &Again, index: usize, (supply, first): (&mut Supply, Moves)) -> (Moves, bool) {
    let (mut moves, mut reacts) = (first, false);
    while let Some(number) = partly_served(roster, index, moves.unserved) {
        let flow = &mut roster.flows[number];
        supply.load -= flow.granted_in(index);
        flow.change()[index] = 0;
        reacts |= flow.reacts;
        roster.machine.undo(again.carries);
        moves = balance(&mut roster.machine, &again.policy, again.switches, *supply);
    }
    (moves, reacts)
}

/// The first that would be shed by a part only, in the order in which loads are shed.
fn partly_served(roster: &mut Roster, index: usize, unserved: i64) -> Option<usize> {
    let mut left = unserved;
    for load in &roster.shedding_order {
        let (granted, whole) = match *load {
            Load::Thermal(thermal) => (roster.thermals.granted_in(thermal, index), None),
            Load::Store(store) => (roster.garage.granted(store), None),
            Load::Flow(flow) => {
                let taker = &mut roster.flows[flow];
                (taker.granted_in(index).max(0), taker.all_or_nothing.then_some(flow))
            }
        };
        if left < granted {
            return if left > 0 { whole } else { None };
        }
        left -= granted;
    }
    None
}
