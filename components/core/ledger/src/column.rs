//! Runs of equal joules as bytes: uvarint(count) uvarint(joules), LEB128, maximal.

use thiserror::Error;

/// What must hold for the bytes of runs.
#[derive(Debug, Error, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum ColumnError {
    /// The bytes end early, or a number is longer than 64 bits.
    #[error("the bytes of columns are damaged at byte {at}")]
    Damaged { at: usize },
    /// A run of no ticks.
    #[error("a run has 1 to 86400 ticks; one has {count}")]
    Count { count: u64 },
    /// Too many joules.
    #[error("a transfer moves 0 to 2^53 - 1 J; one moves {joules}")]
    Joules { joules: u64 },
}

/// Appends a number, seven bits a byte, the lowest first.
#[inline]
pub fn put_uvarint(bytes: &mut Vec<u8>, number: u64) {
    let mut left = number;
    while left >= 0x80 {
        bytes.push(left as u8 | 0x80);
        left >>= 7;
    }
    bytes.push(left as u8);
}

/// Appends a run; most are a few ticks of a few kilowatts.
#[inline(always)]
fn put_run(bytes: &mut Vec<u8>, (count, joules): (u64, u64)) {
    if count < 0x80 && joules < 0x80 {
        bytes.extend_from_slice(&[count as u8, joules as u8]);
    } else if count < 0x80 && joules < 0x4000 {
        bytes.extend_from_slice(&[count as u8, joules as u8 | 0x80, (joules >> 7) as u8]);
    } else {
        put_uvarint(bytes, count);
        put_uvarint(bytes, joules);
    }
}

/// Reads a number and moves `at` behind it.
pub fn take_uvarint(bytes: &[u8], at: &mut usize) -> Result<u64, ColumnError> {
    let (start, mut number) = (*at, 0u64);
    for shift in (0..64).step_by(7) {
        let byte = *bytes.get(*at).ok_or(ColumnError::Damaged { at: start })?;
        *at += 1;
        let part = u64::from(byte & 0x7f);
        if (part << shift) >> shift != part {
            break;
        }
        number |= part << shift;
        if byte < 0x80 {
            return Ok(number);
        }
    }
    Err(ColumnError::Damaged { at: start })
}

/// Maximal runs under construction: the last run stays open, since the next ticks may prolong it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RunLengths {
    bytes: Vec<u8>,
    count: u64,
    joules: u64,
    ticks: u64,
}

impl RunLengths {
    /// Appends a run.
    #[inline]
    pub fn push(&mut self, count: u64, joules: u64) {
        self.ticks += count;
        if joules == self.joules {
            self.count += count;
            return;
        }
        self.flush();
        (self.count, self.joules) = (count, joules);
    }

    /// Appends a piece that begins at `start`; the ticks between are zero.
    pub fn append(&mut self, start: u64, piece: &Piece) {
        self.prolong(start);
        self.push(piece.head.0, piece.head.1);
        if piece.tail.0 > 0 {
            self.flush();
            self.bytes.extend_from_slice(&piece.body);
            (self.count, self.joules) = piece.tail;
            self.ticks += piece.ticks - piece.head.0;
        }
    }

    /// Appends zeros up to `ticks`.
    pub fn prolong(&mut self, ticks: u64) {
        if ticks > self.ticks {
            self.push(ticks - self.ticks, 0);
        }
    }

    /// All runs as bytes.
    pub fn finish(&mut self) -> &[u8] {
        self.flush();
        &self.bytes
    }

    /// Forgets all runs and keeps the memory.
    pub fn clear(&mut self) {
        self.bytes.clear();
        (self.count, self.joules, self.ticks) = (0, 0, 0);
    }

    fn flush(&mut self) {
        if self.count > 0 {
            put_run(&mut self.bytes, (self.count, self.joules));
        }
        self.count = 0;
    }
}

/// The runs of a column in consecutive ticks of one epoch, with their sums.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Piece {
    /// Number of ticks.
    pub ticks: u64,
    /// Sum of joules.
    pub sum: u128,
    /// Sum of (i + 1) * joules, with i counted from the piece's first tick.
    pub moment: u128,
    head: (u64, u64),
    body: Vec<u8>,
    tail: (u64, u64),
}

impl Piece {
    /// Counts a block of ticks; None when nothing moved.
    pub fn of_ticks(joules: &[i64]) -> Option<Piece> {
        // Below these bounds all sums of an epoch's ticks fit into 64 bits.
        let all = joules.iter().fold(0, |all, joules| all | joules);
        let is_small = all < 1 << 40 && joules.len() <= 1 << 10;
        let mut piece = if is_small { Piece::of_small_ticks(joules) } else { Piece::default() };
        if !is_small {
            each_run(joules, |count, joules| piece.push(count, joules));
        }
        piece.finish()
    }

    fn of_small_ticks(joules: &[i64]) -> Piece {
        let (mut sum, mut moment, mut ticks) = (0u64, 0u64, 0u64);
        let (mut head, mut tail) = ((0, 0), (0, 0));
        let mut body = Vec::with_capacity(4 * joules.len());
        each_run(joules, |count, joules| {
            let total = joules.wrapping_mul(count);
            sum = sum.wrapping_add(total);
            // Half of (2 * ticks + count + 1) for each joule: the middle of the run; doubled, and halved at the end.
            moment = moment.wrapping_add(total.wrapping_mul(2 * ticks + count + 1));
            ticks += count;
            if tail.0 > 0 {
                put_run(&mut body, tail);
            }
            if head.0 == 0 { head = (count, joules) } else { tail = (count, joules) }
        });
        Piece { ticks, sum: sum.into(), moment: (moment / 2).into(), head, body, tail }
    }

    /// A piece that is counted already: its first run, the bytes of those between, and its last run.
    pub fn of_bytes(ticks: u64, (sum, moment): (u128, u128), head: (u64, u64), body: &[u8], tail: (u64, u64)) -> Piece {
        Piece { ticks, sum, moment, head, body: body.to_vec(), tail }
    }

    /// Counts a block of runs, of which equal ones may meet; None when nothing moved.
    pub fn of_runs(runs: impl Iterator<Item = (u64, u64)>) -> Option<Piece> {
        let (mut piece, mut open) = (Piece::default(), (0, 0));
        for (count, joules) in runs {
            if joules == open.1 {
                open.0 += count;
            } else {
                piece.push(open.0, open.1);
                open = (count, joules);
            }
        }
        piece.push(open.0, open.1);
        piece.finish()
    }

    fn finish(self) -> Option<Piece> {
        if self.sum == 0 { None } else { Some(self) }
    }

    /// Appends a run that differs from the run before.
    #[inline]
    pub fn push(&mut self, count: u64, joules: u64) {
        if count == 0 {
            return;
        }
        if self.head.0 == 0 {
            self.head = (count, joules);
        } else {
            if self.tail.0 > 0 {
                put_run(&mut self.body, self.tail);
            }
            self.tail = (count, joules);
        }
        let weight = count * (2 * self.ticks + count + 1) / 2;
        self.sum += u128::from(joules) * u128::from(count);
        self.moment += u128::from(joules) * u128::from(weight);
        self.ticks += count;
    }
}

/// Calls for each maximal run of equal ticks.
#[inline(always)]
fn each_run(joules: &[i64], mut call: impl FnMut(u64, u64)) {
    let mut start = 0;
    for (word, changes) in changes(joules).enumerate() {
        let mut left = changes;
        while left != 0 {
            let end = 64 * word + left.trailing_zeros() as usize + 1;
            call((end - start) as u64, joules[end - 1] as u64);
            start = end;
            left &= left - 1;
        }
    }
}

/// For each 64 ticks a bit mask of those after which the joules change or end: no branch, so it runs on vectors.
fn changes(joules: &[i64]) -> impl Iterator<Item = u64> {
    let last = joules.len().saturating_sub(1);
    (0..joules.len()).step_by(64).map(move |first| {
        let end = (first + 64).min(last);
        let pairs = joules[first..end].iter().zip(&joules[first + 1..=end]);
        let mask = pairs.enumerate().fold(0, |mask, (bit, (one, next))| mask | (u64::from(one != next) << bit));
        if last < first + 64 { mask | 1 << (last - first) } else { mask }
    })
}

/// Reads runs of (count, joules) out of bytes.
pub fn decode_runs(bytes: &[u8]) -> Result<Vec<(u64, u64)>, ColumnError> {
    let (mut at, mut runs) = (0, Vec::new());
    while at < bytes.len() {
        let count = take_uvarint(bytes, &mut at)?;
        let joules = take_uvarint(bytes, &mut at)?;
        check_run(count, joules)?;
        runs.push((count, joules));
    }
    Ok(runs)
}

/// Refuses a run that no settlement can have.
pub fn check_run(count: u64, joules: u64) -> Result<(), ColumnError> {
    if !(1..=86_400).contains(&count) {
        return Err(ColumnError::Count { count });
    }
    if joules > crate::series::INTEGER_MAX as u64 {
        return Err(ColumnError::Joules { joules });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_survive_the_bytes() {
        for number in [0, 1, 127, 128, 300, u64::from(u32::MAX), u64::MAX] {
            let mut bytes = Vec::new();
            put_uvarint(&mut bytes, number);
            let mut at = 0;
            assert_eq!(take_uvarint(&bytes, &mut at), Ok(number));
            assert_eq!(at, bytes.len());
        }
        assert!(take_uvarint(&[0xff; 11], &mut 0).is_err());
    }

    #[test]
    fn pieces_join_to_maximal_runs() {
        let ticks: Vec<i64> = vec![0, 0, 5, 5, 5, 7, 5, 0, 0, 0, 0, 2];
        let mut whole = RunLengths::default();
        whole.append(0, &Piece::of_ticks(&ticks).unwrap());
        for cut in 1..ticks.len() {
            let mut joined = RunLengths::default();
            for (start, part) in [(0, &ticks[..cut]), (cut, &ticks[cut..])] {
                if let Some(piece) = Piece::of_ticks(part) {
                    joined.append(start as u64, &piece);
                }
            }
            assert_eq!(joined.finish(), whole.clone().finish());
        }
        let runs = decode_runs(whole.finish()).unwrap();
        assert_eq!(runs, [(2, 0), (3, 5), (1, 7), (1, 5), (4, 0), (1, 2)]);
    }

    #[test]
    fn a_moment_names_the_tick() {
        let before = Piece::of_ticks(&[3, 3, 1, 0, 9]).unwrap();
        let after = Piece::of_ticks(&[3, 3, 1, 4, 9]).unwrap();
        assert_eq!((after.moment - before.moment) / (after.sum - before.sum), 4);
    }
}
