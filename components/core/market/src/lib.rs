//! The market's counting: balance groups, contracts, merit order, readings, money and signed seals, in whole watt-hours.
//!
//! A deterministic state machine: no clock, no chance, no input or output, no floats. The same operations give the same
//! state, the same hashes and the same signatures on every machine.
#![forbid(unsafe_code)]

pub mod asset;
pub mod balance;
pub mod batch;
pub mod blob;
pub mod book;
pub mod booking;
pub mod bulk;
pub mod certificate;
pub mod chain;
pub mod clearing;
pub mod contract;
pub mod contracting;
pub mod document;
pub mod error;
pub mod grouping;
pub mod late;
pub mod market;
pub mod merkle;
pub mod metered;
pub mod money;
pub mod names;
pub mod order;
pub mod posting;
pub mod pricing;
pub mod reading;
pub mod report;
pub mod seal;
pub mod seal_epoch;
pub mod share;
pub mod signer;
pub mod snapshot;
pub mod state;
pub mod time;
pub mod undo;
pub mod wire;
