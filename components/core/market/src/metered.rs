//! What meters said: values, those that wait, and the last reading of each register.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::error::{Result, refuse};

/// What a metered value says of its direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Register {
    /// The asset's rule decides, and the sign.
    Rule,
    /// From the upstream to the meter.
    Import,
    /// From the meter to the upstream.
    Export,
}

impl Register {
    /// The register of that name.
    pub fn parse(text: Option<&str>) -> Result<Register> {
        match text {
            None => Ok(Register::Rule),
            Some("import") => Ok(Register::Import),
            Some("export") => Ok(Register::Export),
            Some(other) => refuse("register", format!("a register is import, export, or left out; not {other:?}")),
        }
    }

    /// Its name, if it has one.
    pub fn name(self) -> Option<&'static str> {
        [None, Some("import"), Some("export")][self as usize]
    }
}

/// A metered value.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Value {
    pub meter: u32,
    pub epoch: i64,
    pub wh: i64,
    pub register: Register,
    pub co2_mg: u64,
    pub source: Option<Arc<str>>,
    /// The epoch that a correction is about; otherwise `NO_EPOCH`.
    pub original_epoch: i64,
}

/// A value that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Late {
    pub number: u64,
    pub value: Value,
}

/// A register of a meter.
pub type ReadingKey = (u32, Register);
/// All last readings.
pub type Readings = BTreeMap<ReadingKey, ReadingChain>;

/// What is remembered of a register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct ReadingChain {
    pub time_milliseconds: i64,
    pub reading_wh: u64,
    /// Time of the reading before, and what was consumed since, as far as the last reading may be corrected.
    pub last: Option<(i64, u64)>,
}
