//! Numbers that several files share.

/// The most ticks of a window, and so the longest run of equal ticks.
pub const TICKS_MAX: i64 = 86_400;
/// A day: the longest tick, and the longest grid of knots.
pub const DAY_SECONDS: i64 = 86_400;
/// Joules of a kilowatt-hour, by which prices are said.
pub const JOULES_PER_KWH: i64 = 3_600_000;
