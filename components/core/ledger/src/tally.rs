//! The transfers of a window summed up for a report: by pair of accounts and by flow pair, in cells of consecutive ticks.

use std::collections::BTreeSet;

use thiserror::Error;

use crate::journal::{self, Column, JournalError};
use crate::laying::lay;
use crate::outcome::RunReader;

/// Kinds of sources, and of sinks.
const PARTS: usize = 4;

/// What must hold for a tally.
#[derive(Debug, Error)]
#[allow(missing_docs)]
pub enum TallyError {
    #[error(transparent)]
    Columns(#[from] JournalError),
    #[error("the cells of a tally end one after the other at ticks 1 to 86400; one ends at {end} after {before}")]
    Cells { before: i64, end: i64 },
    #[error("the ticks of a column are those of its cells, {cells}; {from} to {to} has {ticks}")]
    Ticks { from: String, to: String, ticks: i64, cells: i64 },
    #[error("a cell sums up to less than 2^63 J; {from} to {to} is above")]
    Joules { from: String, to: String },
}

/// Which accounts play which part.
#[derive(Clone, Debug, Default)]
pub struct Wiring {
    /// The inverter.
    pub busbar: String,
    /// Grids.
    pub grids: BTreeSet<String>,
    /// Batteries.
    pub stores: BTreeSet<String>,
}

/// Sums of joules, cell by cell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// (from, to) of each column, sorted.
    pub pairs: Vec<(String, String)>,
    /// By cell, then by column.
    pub sums: Vec<i64>,
    /// By cell, then by source, then by sink.
    pub flows: Vec<i64>,
}

/// Sums up the columns of a window whose cells end at these ticks of it.
pub fn tally(columns: &[u8], ends: &[i64], wiring: &Wiring) -> Result<Tally, TallyError> {
    let columns = journal::decode(columns)?;
    check(&columns, ends)?;
    let parts: Vec<Option<usize>> = columns.iter().map(|column| part(column, &columns, wiring)).collect();
    let mut readers: Vec<RunReader<'_>> = columns.iter().map(|column| RunReader::new(&column.runs)).collect();
    let mut done = Tally::default();
    let mut start = 0;
    for &end in ends {
        cell(&mut readers, &columns, &parts, (end - start) as usize, &mut done)?;
        start = end;
    }
    done.pairs = columns.into_iter().map(|column| (column.from, column.to)).collect();
    Ok(done)
}

fn check(columns: &[Column], ends: &[i64]) -> Result<(), TallyError> {
    let mut before = 0;
    for &end in ends {
        if end <= before || end > 86_400 {
            return Err(TallyError::Cells { before, end });
        }
        before = end;
    }
    for column in columns {
        let ticks = column.runs.iter().map(|run| run.0 as i64).sum();
        if ticks != before {
            let (from, to) = (column.from.clone(), column.to.clone());
            return Err(TallyError::Ticks { from, to, ticks, cells: before });
        }
    }
    Ok(())
}

/// The source or the sink that a column belongs to; a source that is fed by an origin is the sun.
fn part(column: &Column, columns: &[Column], wiring: &Wiring) -> Option<usize> {
    if column.to == wiring.busbar {
        let is_fed = columns.iter().any(|other| other.to == column.from && other.from != wiring.busbar);
        return Some(match column.from.as_str() {
            grid if wiring.grids.contains(grid) => 3,
            store if wiring.stores.contains(store) => 2,
            _ if is_fed => 0,
            _ => 1,
        });
    }
    if column.from != wiring.busbar {
        return None;
    }
    Some(
        PARTS
            + match column.to.as_str() {
                "heat" => 3,
                grid if wiring.grids.contains(grid) => 2,
                store if wiring.stores.contains(store) => 1,
                _ => 0,
            },
    )
}

fn cell(
    readers: &mut [RunReader<'_>],
    columns: &[Column],
    parts: &[Option<usize>],
    ticks: usize,
    done: &mut Tally,
) -> Result<(), TallyError> {
    let mut levels = vec![[[0i64; PARTS]; 2]; ticks];
    for ((reader, column), part) in readers.iter_mut().zip(columns).zip(parts) {
        let (mut sum, mut at) = (0i128, 0);
        while at < ticks {
            let count = reader.count().min((ticks - at) as i64);
            let joules = reader.take(count);
            sum += i128::from(joules) * i128::from(count);
            if let (Some(part), true) = (part, joules > 0) {
                levels[at..at + count as usize]
                    .iter_mut()
                    .for_each(|level| level[*part / PARTS][*part % PARTS] += joules);
            }
            at += count as usize;
        }
        let sum =
            i64::try_from(sum).map_err(|_| TallyError::Joules { from: column.from.clone(), to: column.to.clone() })?;
        done.sums.push(sum);
    }
    let mut flows = [0i64; PARTS * PARTS];
    levels.iter().for_each(|&[sources, sinks]| lay(sources, sinks, &mut flows));
    done.flows.extend(flows);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(from: &str, to: &str, runs: &[(u64, u64)]) -> Column {
        Column { from: from.into(), to: to.into(), runs: runs.to_vec() }
    }

    fn home() -> (Vec<u8>, Wiring) {
        let columns = [
            column("sun", "panel", &[(2, 10), (2, 0)]),
            column("panel", "inverter", &[(2, 10), (2, 0)]),
            column("grid", "inverter", &[(2, 0), (2, 7)]),
            column("inverter", "oven", &[(4, 6)]),
            column("inverter", "battery", &[(2, 3), (2, 0)]),
            column("inverter", "heat", &[(4, 1)]),
        ];
        let names = |name: &str| BTreeSet::from([name.to_owned()]);
        let wiring = Wiring { busbar: "inverter".into(), grids: names("grid"), stores: names("battery") };
        (journal::encode(&columns).unwrap(), wiring)
    }

    #[test]
    fn cells_sum_up_to_the_window_and_flows_fill_in_order() {
        let (columns, wiring) = home();
        let whole = tally(&columns, &[4], &wiring).unwrap();
        let cut = tally(&columns, &[1, 3, 4], &wiring).unwrap();
        assert_eq!(whole.flows, [12, 6, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 12, 0, 0, 2]);
        for (index, sum) in whole.sums.iter().enumerate() {
            assert_eq!(*sum, cut.sums.iter().skip(index).step_by(whole.sums.len()).sum::<i64>());
        }
        for (index, flow) in whole.flows.iter().enumerate() {
            assert_eq!(*flow, cut.flows.iter().skip(index).step_by(whole.flows.len()).sum::<i64>());
        }
    }

    #[test]
    fn cells_that_are_not_those_of_the_window_are_refused() {
        let (columns, wiring) = home();
        for ends in [&[2, 2, 4][..], &[3], &[5], &[90_000]] {
            assert!(tally(&columns, ends, &wiring).is_err(), "{ends:?}");
        }
    }
}
