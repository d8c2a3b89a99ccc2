//! A store: what it accepts, what it can give, and its level from tick to tick.

use crate::math::Divisor;
use crate::offer;
use crate::series::JOULES_MAX;

const MICRO: i64 = 1_000_000;
/// Joules of which 10^12 times as many fit into 63 bits, with a divisor on top.
const SMALL: i64 = 9_000_000;

/// What the policy makes of a store, in microjoules.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Charged by the grid up to here at most.
    pub target: i64,
    /// Discharged down to here while the grid is on.
    pub reserve: i64,
}

/// A store in a window.
#[derive(Clone, Debug)]
pub struct Store {
    /// Its name, which is its account.
    pub name: String,
    /// Energy in it.
    pub level_microjoules: i64,
    /// Standby losses that are not yet a whole joule.
    pub standby_carry_microjoules: i64,
    /// Never discharged below this, not even in an outage.
    pub least_microjoules: i64,
    most_microjoules: i64,
    charge_joules_max: i64,
    discharge_joules_max: i64,
    charge_efficiency_ppm: i64,
    discharge_efficiency_ppm: i64,
    by_discharge_efficiency: Divisor,
    standby_microjoules: i64,
    /// Its electronics switch off at its least.
    sleeps_at_least: bool,
    /// What the level gains and loses in a tick at full power: mostly no division is needed.
    charge_microjoules_max: i64,
    discharge_microjoules_max: i64,
    /// Joules charged in this tick so far.
    pub charged: i64,
    /// Joules discharged in this tick so far.
    pub discharged: i64,
}

/// What the store's account moved in a tick.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StoreTick {
    /// Inverter to store.
    pub charged: i64,
    /// Store to inverter.
    pub discharged: i64,
    /// Store to heat.
    pub heat: i64,
}

impl Store {
    /// A store at the window's start, from a checked offer.
    pub fn new(name: &str, offer: &offer::Store, tick_seconds: i64) -> Store {
        let charge_joules_max = offer.charge_watts_max.saturating_mul(tick_seconds).min(JOULES_MAX);
        let discharge_joules_max = offer.discharge_watts_max.saturating_mul(tick_seconds).min(JOULES_MAX);
        Store {
            name: name.to_owned(),
            level_microjoules: offer.level_microjoules,
            standby_carry_microjoules: offer.standby_carry_microjoules,
            least_microjoules: offer.least_joules * MICRO,
            most_microjoules: offer.most_joules * MICRO,
            charge_joules_max,
            discharge_joules_max,
            charge_efficiency_ppm: offer.charge_efficiency_ppm,
            discharge_efficiency_ppm: offer.discharge_efficiency_ppm,
            by_discharge_efficiency: Divisor::new(offer.discharge_efficiency_ppm),
            standby_microjoules: offer.standby_milliwatts * tick_seconds * 1000,
            sleeps_at_least: offer.sleeps_at_least,
            charge_microjoules_max: charge_joules_max * offer.charge_efficiency_ppm,
            discharge_microjoules_max: drain(discharge_joules_max, offer.discharge_efficiency_ppm),
            charged: 0,
            discharged: 0,
        }
    }

    /// Whole joules in it.
    pub fn level_joules(&self) -> i64 {
        self.level_microjoules / MICRO
    }

    /// How many more joules it accepts in this tick.
    pub fn room(&self, target_microjoules: i64) -> i64 {
        let space = self.most_microjoules.min(target_microjoules) - self.level_microjoules;
        let all = match space {
            ..=0 => 0,
            _ if space >= self.charge_microjoules_max => self.charge_joules_max,
            _ => space / self.charge_efficiency_ppm,
        };
        all - self.charged.min(all)
    }

    /// How many more joules it can give in this tick.
    pub fn available(&self, floor_microjoules: i64) -> i64 {
        let space = self.level_microjoules - floor_microjoules;
        let all = match space {
            ..=0 => 0,
            _ if space >= self.discharge_microjoules_max => self.discharge_joules_max,
            _ => (i128::from(space) * i128::from(self.discharge_efficiency_ppm) / 1_000_000_000_000) as i64,
        };
        all - self.discharged.min(all)
    }

    /// How many joules it accepts in a tick of at most so many.
    pub fn accepts(&self, joules_max: i64) -> i64 {
        let space = (self.most_microjoules - self.level_microjoules).max(0);
        joules_max.min(space / self.charge_efficiency_ppm)
    }

    /// How many joules it can give in a tick of at most so many, down to a floor and to its least.
    pub fn gives(&self, joules_max: i64, floor_microjoules: i64) -> i64 {
        let space = (self.level_microjoules - self.least_microjoules.max(floor_microjoules)).max(0);
        let all = i128::from(space) * i128::from(self.discharge_efficiency_ppm) / 1_000_000_000_000;
        i128::from(joules_max).min(all) as i64
    }

    /// Takes whole joules out of it, past any least, and returns how many there were.
    pub fn drive(&mut self, joules: i64) -> i64 {
        let driven = joules.min(self.level_joules());
        self.level_microjoules -= driven * MICRO;
        driven
    }

    /// Ends the tick: moves the level and says what the account moved.
    pub fn close(&mut self) -> StoreTick {
        let before = self.level_joules();
        let gained = self.charged * self.charge_efficiency_ppm;
        let lost = if self.discharged == 0 { 0 } else { self.drain(self.discharged) };
        self.level_microjoules += gained - lost;
        self.stand_by();
        let after = self.level_joules();
        let tick = StoreTick {
            charged: self.charged,
            discharged: self.discharged,
            heat: self.charged - self.discharged - (after - before),
        };
        (self.charged, self.discharged) = (0, 0);
        tick
    }

    /// Microjoules that leave the level for a number of joules: rounded up, so that no energy is created.
    fn drain(&self, joules: i64) -> i64 {
        match joules {
            ..SMALL => self.by_discharge_efficiency.ceil(joules * 1_000_000_000_000),
            _ => drain(joules, self.discharge_efficiency_ppm),
        }
    }

    fn stand_by(&mut self) {
        if self.sleeps_at_least && self.level_microjoules <= self.least_microjoules {
            return;
        }
        if self.standby_microjoules == 0 && self.standby_carry_microjoules < MICRO {
            return;
        }
        let all = self.standby_microjoules + self.standby_carry_microjoules;
        self.standby_carry_microjoules = all % MICRO;
        self.level_microjoules -= (all / MICRO * MICRO).min(self.level_microjoules);
    }
}

fn drain(joules: i64, efficiency_ppm: i64) -> i64 {
    let exact = (joules as u128 * 1_000_000_000_000).div_ceil(efficiency_ppm as u128);
    i64::try_from(exact).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn store(level_joules: i64) -> Store {
        let offer = offer::Store {
            level_microjoules: level_joules * MICRO,
            least_joules: 0,
            most_joules: 10_000_000,
            capacity_joules: 10_000_000,
            charge_watts_max: 1_000_000,
            discharge_watts_max: 921_600,
            charge_efficiency_ppm: 960_000,
            discharge_efficiency_ppm: 960_000,
            standby_milliwatts: 0,
            standby_carry_microjoules: 0,
            sleeps_at_least: false,
            priority: 5,
        };
        Store::new("battery", &offer, 1)
    }

    #[test]
    fn a_megajoule_in_and_out_loses_what_the_efficiencies_say() {
        let mut battery = store(0);
        battery.charged = battery.room(i64::MAX);
        assert_eq!(battery.close(), StoreTick { charged: 1_000_000, discharged: 0, heat: 40_000 });
        assert_eq!(battery.level_microjoules, 960_000 * MICRO);
        battery.discharged = battery.available(0);
        assert_eq!(battery.close(), StoreTick { charged: 0, discharged: 921_600, heat: 38_400 });
        assert_eq!(battery.level_microjoules, 0);
    }

    #[test]
    fn an_empty_store_gives_nothing_and_a_full_one_takes_nothing() {
        assert_eq!((store(0).available(0), store(10_000_000).room(i64::MAX)), (0, 0));
        assert_eq!(store(9_999_999).room(i64::MAX), 1);
        assert_eq!((store(2).available(MICRO), store(3).available(MICRO)), (0, 1));
    }

    #[test]
    fn standby_never_goes_below_an_empty_store() {
        let mut battery = store(1);
        battery.standby_microjoules = 700_000;
        let heat: Vec<i64> = (0..5).map(|_| battery.close().heat).collect();
        assert_eq!((heat, battery.level_microjoules), (vec![0, 1, 0, 0, 0], 0));
    }
}
