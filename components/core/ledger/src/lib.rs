//! The counting of a home in whole joules: dispatch, stores, thermal masses, double entry and seals.
//!
//! No clock, no input or output, no floats in anything that is counted: the same offers give the same seals on
//! every machine and for every cutting of time into windows.
#![forbid(unsafe_code)]

pub mod bank;
pub mod block;
pub mod books;
pub mod cells;
pub mod check;
pub mod check_stores;
pub mod column;
pub mod curve;
pub mod dispatch;
pub mod field;
pub mod flows;
pub mod fuel;
pub mod fuse;
pub mod garage;
pub mod glass;
pub mod journal;
pub mod knots;
pub mod lane;
pub mod laying;
pub mod ledger;
pub mod machine;
pub mod math;
pub mod names;
pub mod numbers;
pub mod offer;
pub mod outcome;
pub mod perez;
pub mod phases;
pub mod poa;
pub mod policy;
pub mod post;
pub mod quick;
pub mod refusal;
pub mod seal;
pub mod series;
pub mod snapshot;
pub mod steps;
pub mod store;
pub mod tally;
pub mod taper;
pub mod thermal;
pub mod tick;
pub mod whole;
