//! What a home did, tick by tick, to be compared.

use std::collections::BTreeMap;

use joulebus_ledger::journal;
use joulebus_ledger::ledger::Settlement;
use joulebus_ledger::seal::Seal;

/// Everything that a cutting must not change.
#[derive(Debug, Default)]
pub struct Trace {
    pub columns: BTreeMap<(String, String), Vec<i64>>,
    pub seals: Vec<Seal>,
    pub sums: BTreeMap<String, [i128; 9]>,
    pub memories: BTreeMap<String, [i64; 8]>,
    pub flows: [[i128; 4]; 4],
    pub snapshot: Vec<u8>,
}

impl Trace {
    /// Adds a window.
    /// The columns between accounts whose names begin so.
    pub fn between<'a>(&'a self, from: &'a str, to: &'a str) -> impl Iterator<Item = &'a Vec<i64>> {
        let begin = move |pair: &&(String, String)| pair.0.starts_with(from) && pair.1.starts_with(to);
        self.columns.keys().filter(begin).map(|pair| &self.columns[pair])
    }

    pub fn add(&mut self, settlement: &Settlement, ticks: i64) {
        for column in journal::decode(&settlement.columns).unwrap() {
            let all = self.columns.entry((column.from, column.to)).or_insert_with(|| vec![0; ticks as usize]);
            let mut tick = settlement.start as usize;
            for (count, joules) in column.runs {
                all[tick..tick + count as usize].fill(joules as i64);
                tick += count as usize;
            }
            assert_eq!(tick as i64, settlement.start + settlement.ticks);
        }
        for (name, outcome) in &settlement.outcomes {
            let sums = self.sums.entry(name.clone()).or_default();
            let added = [
                outcome.joules_in,
                outcome.joules_out,
                outcome.unserved_joules,
                outcome.curtailed_joules,
                outcome.heat_joules,
                outcome.import_cost_micro_euro,
                outcome.export_income_micro_euro,
                outcome.driven_joules,
                i128::from(outcome.charged_joules - outcome.discharged_joules),
            ];
            sums.iter_mut().zip(added).for_each(|(sum, added)| *sum += added);
        }
        self.flows
            .as_flattened_mut()
            .iter_mut()
            .zip(settlement.flows.as_flattened())
            .for_each(|(sum, add)| *sum += add);
        self.seals.extend(settlement.seals.iter().cloned());
    }

    /// The first difference in words: a whole trace is too long to be read.
    pub fn difference(&self, other: &Trace) -> Option<String> {
        for pair in self.columns.keys().chain(other.columns.keys()) {
            let (left, right) = (self.columns.get(pair), other.columns.get(pair));
            if let (Some(left), Some(right)) = (left, right) {
                if let Some(tick) = (0..left.len()).find(|&tick| left[tick] != right[tick]) {
                    return Some(format!("{pair:?} in tick {tick}: {} and {}", left[tick], right[tick]));
                }
            } else {
                return Some(format!("{pair:?}: {left:?} and {right:?}"));
            }
        }
        let rest = |trace: &Trace| format!("{:?} {:?} {:?}", trace.sums, trace.memories, trace.flows);
        let seals = |trace: &Trace| format!("{:?}", trace.seals);
        let texts = [(rest(self), rest(other)), (seals(self), seals(other))];
        let differing = texts.into_iter().find(|(left, right)| left != right);
        let differing = differing.map(|(left, right)| format!("{left}\n{right}"));
        differing.or_else(|| (self.snapshot != other.snapshot).then(|| "snapshots".to_owned()))
    }

    /// What every account moved in a tick.
    pub fn nets(&self, tick: usize) -> BTreeMap<&str, i64> {
        let mut nets = BTreeMap::new();
        for ((from, to), joules) in &self.columns {
            *nets.entry(from.as_str()).or_default() -= joules[tick];
            *nets.entry(to.as_str()).or_default() += joules[tick];
        }
        nets
    }
}
