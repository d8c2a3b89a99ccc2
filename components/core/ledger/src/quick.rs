//! Posted columns cut into blocks straight from their bytes. Whatever is out of the ordinary is left to `journal`, which says why.

use std::collections::BTreeMap;

use crate::column::Piece;
use crate::journal::{Raw, passes_on};
use crate::post::DraftBlock;
use crate::seal::Calendar;
use crate::series::JOULES_MAX;

/// The most columns whose sums of a tick surely fit into 64 bits.
const COLUMNS_MAX: usize = 100_000;

/// Blocks of one epoch each; None when anything is odd: an account that keeps joules, runs that are not maximal, damaged bytes.
pub fn blocks(columns: &[Raw<'_>], start: i64, ticks: i64, calendar: Calendar) -> Option<Vec<DraftBlock>> {
    if columns.len() > COLUMNS_MAX {
        return None;
    }
    let mut nets = Nets::new(columns);
    let mut readers: Vec<Reader<'_>> = columns.iter().map(|column| Reader::new(column.runs)).collect();
    let (mut tick, mut blocks) = (start, Vec::new());
    while tick < start + ticks {
        let end = calendar.end_of_epoch(tick).min(start + ticks);
        let count = (end - tick) as u64;
        nets.begin(count);
        let mut pieces = Vec::with_capacity(columns.len());
        for (index, reader) in readers.iter_mut().enumerate() {
            let piece = reader.piece(count, |at, count, joules| nets.note(index, at, count, joules))?;
            if piece.sum > 0 {
                pieces.push((index, piece));
            }
        }
        if !nets.are_zero() {
            return None;
        }
        blocks.push(DraftBlock { ticks: count, pieces });
        tick = end;
    }
    readers.iter().all(Reader::is_done).then_some(blocks)
}

/// What accounts that only pass on moved in each tick of a block.
struct Nets {
    /// For each column the places of the accounts that give and take.
    places: Vec<[Option<usize>; 2]>,
    /// Where runs begin and end; summed up they are what moved.
    steps: Vec<Vec<i64>>,
}

impl Nets {
    fn new(columns: &[Raw<'_>]) -> Nets {
        let mut numbers = BTreeMap::new();
        for taken in columns.iter().filter(|taken| taken.from != "unserved" && taken.to != "unserved") {
            if columns.iter().any(|given| given.from == taken.to && passes_on((taken.from, taken.to), given.to)) {
                let number = numbers.len();
                numbers.entry(taken.to).or_insert(number);
            }
        }
        let place = |account: &str| numbers.get(account).copied();
        let places = columns.iter().map(|column| [place(column.from), place(column.to)]).collect();
        Nets { places, steps: vec![Vec::new(); numbers.len()] }
    }

    fn begin(&mut self, ticks: u64) {
        for steps in &mut self.steps {
            steps.clear();
            steps.resize(ticks as usize + 1, 0);
        }
    }

    #[inline(always)]
    fn note(&mut self, column: usize, tick: u64, count: u64, joules: u64) {
        // The columns are few and their joules bounded: no sum of steps leaves 64 bits.
        let joules = joules as i64;
        for (place, joules) in self.places[column].into_iter().zip([-joules, joules]) {
            if let Some(place) = place {
                let steps = &mut self.steps[place];
                steps[tick as usize] += joules;
                steps[(tick + count) as usize] -= joules;
            }
        }
    }

    fn are_zero(&self) -> bool {
        // The level is a sum of zeros as long as every step is zero.
        self.steps.iter().all(|steps| steps.iter().fold(0, |all, step| all | step) == 0)
    }
}

/// Reads the runs of a column out of its bytes.
struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    /// Ticks that are left of the run at hand, and its joules.
    left: u64,
    joules: u64,
}

impl<'a> Reader<'a> {
    fn new(bytes: &'a [u8]) -> Reader<'a> {
        Reader { bytes, at: 0, left: 0, joules: u64::MAX }
    }

    fn is_done(&self) -> bool {
        self.at == self.bytes.len() && self.left == 0
    }

    /// The next ticks; runs that lie inside keep their bytes.
    fn piece(&mut self, ticks: u64, mut note: impl FnMut(u64, u64, u64)) -> Option<Piece> {
        let (mut at, mut sum, mut twice_moment) = (0u64, 0u128, 0u128);
        let (mut head, mut tail, mut body) = ((0, 0), (0, 0), 0..0);
        while at < ticks {
            let from = self.at;
            if self.left == 0 {
                self.next()?;
            }
            let count = self.left.min(ticks - at);
            let run = (count, self.joules);
            if head.0 == 0 {
                head = run;
                body = self.at..self.at;
            } else {
                tail = run;
                body.end = from;
            }
            if self.joules > 0 {
                let total = count * self.joules;
                sum += u128::from(total);
                twice_moment += u128::from(total) * u128::from(2 * at + count + 1);
                note(at, count, self.joules);
            }
            self.left -= count;
            at += count;
        }
        Some(Piece::of_bytes(ticks, (sum, twice_moment / 2), head, &self.bytes[body], tail))
    }

    /// Goes to the next run; None when it is not the only way to write it.
    #[inline(always)]
    fn next(&mut self) -> Option<()> {
        let (count, joules) = (self.number()?, self.number()?);
        let is_proper = (1..=86_400).contains(&count) && joules <= JOULES_MAX as u64 && joules != self.joules;
        (self.left, self.joules) = (count, joules);
        is_proper.then_some(())
    }

    #[inline(always)]
    fn number(&mut self) -> Option<u64> {
        let first = *self.bytes.get(self.at)?;
        self.at += 1;
        if first < 0x80 {
            return Some(u64::from(first));
        }
        let (mut number, mut shift) = (u64::from(first & 0x7f), 7);
        loop {
            let byte = *self.bytes.get(self.at)?;
            self.at += 1;
            number |= u64::from(byte & 0x7f) << shift;
            shift += 7;
            if byte < 0x80 {
                return (byte > 0).then_some(number);
            }
            if shift > 49 {
                return None;
            }
        }
    }
}
