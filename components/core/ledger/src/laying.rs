//! Who served whom: the sources of a tick laid against its sinks, by what the dispatch and the wiring do.
//!
//! It knows the joules of a tick only, so that whoever counts transfers again finds the same pairs.

/// Where joules come from.
pub const SOURCES: [&str; 4] = ["sun", "producers", "battery", "grid"];
/// Where joules go.
pub const SINKS: [&str; 4] = ["loads", "battery", "export", "heat"];

const SUN: usize = 0;
const PRODUCERS: usize = 1;
const BATTERY: usize = 2;
const GRID: usize = 3;
const HEAT: usize = 3;
const CHARGE: usize = 1;

/// The order in which what is left of the sources fills what is left of the sinks: AC production serves the loads first.
const ORDER: [usize; 4] = [PRODUCERS, SUN, BATTERY, GRID];

/// Adds the pairs of a tick to `flows`, by source, then by sink.
#[inline]
pub fn lay(sources: [i64; 4], sinks: [i64; 4], flows: &mut [i64; 16]) {
    let mut level = Level { sources, sinks, flows };
    // The grid charges only what the sun does not: panels stand on the battery's side.
    if sources[SUN] > 0 {
        level.give(SUN, CHARGE, i64::MAX);
    }
    if sinks[HEAT] > 0 {
        level.lose();
    }
    for source in ORDER {
        let mut sink = 0;
        while level.sources[source] > 0 && sink < 4 {
            level.give(source, sink, i64::MAX);
            sink += 1;
        }
    }
}

/// What is left to lay in a tick.
struct Level<'a> {
    sources: [i64; 4],
    sinks: [i64; 4],
    flows: &'a mut [i64; 16],
}

impl Level<'_> {
    #[inline(always)]
    fn give(&mut self, source: usize, sink: usize, most: i64) {
        let joules = most.min(self.sources[source]).min(self.sinks[sink]);
        self.flows[source * 4 + sink] += joules;
        self.sources[source] -= joules;
        self.sinks[sink] -= joules;
    }

    /// What converts direct current loses of it, of both its sources alike; the remainder is of the charger and of the night.
    #[inline(always)]
    fn lose(&mut self) {
        let (sun, battery) = (self.sources[SUN], self.sources[BATTERY]);
        if sun > 0 || battery > 0 {
            let lost = self.sinks[HEAT].min(sun + battery);
            let of_sun = match battery {
                0 => lost,
                _ if sun == 0 => 0,
                _ => (i128::from(lost) * i128::from(sun) / i128::from(sun + battery)) as i64,
            };
            self.give(SUN, HEAT, of_sun);
            self.give(BATTERY, HEAT, lost - of_sun);
        }
        if self.sinks[HEAT] > 0 {
            self.give(GRID, HEAT, i64::MAX);
            self.give(PRODUCERS, HEAT, i64::MAX);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn laid(sources: [i64; 4], sinks: [i64; 4]) -> Vec<(&'static str, &'static str, i64)> {
        let mut flows = [0; 16];
        lay(sources, sinks, &mut flows);
        let pairs = (0..16).map(|place| (SOURCES[place / 4], SINKS[place % 4], flows[place]));
        pairs.filter(|pair| pair.2 > 0).collect()
    }

    #[test]
    fn the_sun_charges_and_the_grid_serves_what_it_leaves() {
        let found = laid([3000, 0, 0, 1000], [1000, 2900, 0, 100]);
        assert_eq!(found, [("sun", "battery", 2900), ("sun", "heat", 100), ("grid", "loads", 1000)]);
    }

    #[test]
    fn the_loss_of_the_conversion_is_the_suns_and_the_batterys() {
        assert_eq!(
            laid([100, 0, 300, 700], [1060, 0, 0, 40]),
            [
                ("sun", "loads", 90),
                ("sun", "heat", 10),
                ("battery", "loads", 270),
                ("battery", "heat", 30),
                ("grid", "loads", 700)
            ]
        );
    }

    #[test]
    fn what_the_charger_and_the_night_lose_is_of_who_fed_them() {
        let charged = laid([0, 0, 0, 1000], [200, 760, 0, 40]);
        assert_eq!(charged, [("grid", "loads", 200), ("grid", "battery", 760), ("grid", "heat", 40)]);
        let produced = laid([0, 1000, 0, 0], [200, 760, 0, 40]);
        assert_eq!(produced, [("producers", "loads", 200), ("producers", "battery", 760), ("producers", "heat", 40)]);
    }

    #[test]
    fn a_battery_that_sells_is_laid_behind_the_sun() {
        let found = laid([500, 0, 700, 0], [600, 0, 600, 0]);
        assert_eq!(found, [("sun", "loads", 500), ("battery", "loads", 100), ("battery", "export", 600)]);
    }
}
