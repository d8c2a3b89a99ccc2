//! Numbers and texts as bytes: LEB128 varints, zigzag for signed ones, texts with their length in front.

use crate::error::{Result, refuse};

/// Writes into a growing buffer.
#[derive(Default)]
pub struct Writer {
    /// What was written.
    pub bytes: Vec<u8>,
}

#[allow(missing_docs)]
impl Writer {
    #[inline]
    pub fn unsigned(&mut self, mut number: u64) {
        while number >= 128 {
            self.bytes.push(number as u8 | 128);
            number >>= 7;
        }
        self.bytes.push(number as u8);
    }

    #[inline]
    pub fn signed(&mut self, number: i64) {
        self.unsigned((number << 1 ^ number >> 63) as u64);
    }

    pub fn text(&mut self, text: &str) {
        self.unsigned(text.len() as u64);
        self.bytes.extend_from_slice(text.as_bytes());
    }

    pub fn hash(&mut self, hash: &[u8; 32]) {
        self.bytes.extend_from_slice(hash);
    }

    /// A flag, then the value if there is one.
    pub fn option<T>(&mut self, value: Option<T>, put: impl FnOnce(&mut Writer, T)) {
        self.unsigned(u64::from(value.is_some()));
        if let Some(value) = value {
            put(self, value);
        }
    }

    pub fn list<T>(&mut self, values: impl ExactSizeIterator<Item = T>, mut put: impl FnMut(&mut Writer, T)) {
        self.unsigned(values.len() as u64);
        values.for_each(|value| put(self, value));
    }
}

/// Reads what a `Writer` wrote; anything else is refused as damage.
pub struct Reader<'a> {
    bytes: &'a [u8],
    what: &'static str,
}

#[allow(missing_docs)]
impl<'a> Reader<'a> {
    pub fn new(bytes: &'a [u8], what: &'static str) -> Reader<'a> {
        Reader { bytes, what }
    }

    pub fn damage<T>(&self) -> Result<T> {
        refuse("damage", format!("{} is not as it was written: its bytes are damaged or of another version", self.what))
    }

    pub fn finish(&self) -> Result<()> {
        if self.bytes.is_empty() { Ok(()) } else { self.damage() }
    }

    pub fn bytes(&mut self, count: usize) -> Result<&'a [u8]> {
        let Some((bytes, rest)) = self.bytes.split_at_checked(count) else { return self.damage() };
        self.bytes = rest;
        Ok(bytes)
    }

    #[inline]
    pub fn unsigned(&mut self) -> Result<u64> {
        let (mut number, mut shift) = (0u64, 0);
        while let Some((&byte, rest)) = self.bytes.split_first() {
            self.bytes = rest;
            // The tenth byte holds one bit; a zero byte at the end would be a second way to write the same number.
            if shift == 63 && byte > 1 || byte == 0 && shift > 0 {
                return self.damage();
            }
            number |= u64::from(byte & 127) << shift;
            if byte < 128 {
                return Ok(number);
            }
            shift += 7;
        }
        self.damage()
    }

    #[inline]
    pub fn signed(&mut self) -> Result<i64> {
        let number = self.unsigned()?;
        Ok((number >> 1) as i64 ^ -((number & 1) as i64))
    }

    /// A count of things that take a byte each at least.
    pub fn count(&mut self) -> Result<usize> {
        let count = self.unsigned()?;
        if count > self.bytes.len() as u64 { self.damage() } else { Ok(count as usize) }
    }

    pub fn number(&mut self) -> Result<u32> {
        let number = self.unsigned()?;
        u32::try_from(number).or_else(|_| self.damage())
    }

    pub fn text(&mut self) -> Result<&'a str> {
        let count = self.count()?;
        let bytes = self.bytes(count)?;
        std::str::from_utf8(bytes).or_else(|_| self.damage())
    }

    pub fn array<const N: usize>(&mut self) -> Result<[u8; N]> {
        let bytes = self.bytes(N)?;
        Ok(*bytes.first_chunk().expect("as many bytes as were asked for"))
    }

    pub fn flag(&mut self) -> Result<bool> {
        match self.unsigned()? {
            0 => Ok(false),
            1 => Ok(true),
            _ => self.damage(),
        }
    }

    pub fn option<T>(&mut self, take: impl FnOnce(&mut Self) -> Result<T>) -> Result<Option<T>> {
        if self.flag()? { take(self).map(Some) } else { Ok(None) }
    }

    pub fn list<T>(&mut self, mut take: impl FnMut(&mut Self) -> Result<T>) -> Result<Vec<T>> {
        let count = self.count()?;
        (0..count).map(|_| take(self)).collect()
    }
}
