//! Stores on the AC side of a window, with the chargers through which cars are charged; tick by tick, as their levels decide.

use crate::knots::Rounding;
use crate::offer;
use crate::series::{Cursor, JOULES_MAX, Series};
use crate::store::Store;
use crate::taper::Taper;

/// Shedding priority of a store that never asks for anything.
const ANY: i64 = 5;

/// Everybody in it: stores in the order in which they are served, chargers by name.
#[derive(Clone, Debug, Default)]
#[allow(missing_docs)]
pub struct Garage {
    pub stores: Vec<Parked>,
    pub chargers: Vec<Charger>,
    tick_seconds: i64,
    tick: Tick,
}

/// By which rules of the inverter a store without a charger goes in a tick.
#[derive(Clone, Copy, Debug)]
pub struct AtBusbar {
    /// Of its capacity, kept for outages.
    pub reserve_ppm: i64,
    /// It may be charged.
    pub charges: bool,
}

/// What all stores bring to a tick.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tick {
    /// Joules that cars want.
    pub load: i64,
    /// Joules that stores could take beyond.
    pub flexible: i64,
    /// Joules that stores could give.
    pub stored: i64,
    /// Of the grants of this tick, what stores without a charger took and gave.
    pub taken_at_busbar: i64,
    /// Given by stores without a charger.
    pub given_at_busbar: i64,
}

/// A store on the AC side in a window.
#[derive(Clone, Debug)]
pub struct Parked {
    /// Its level.
    pub store: Store,
    /// Whole joules in it at the block's start.
    pub level_joules: i64,
    /// In each tick of the block: taken, given, heat, not driven for want of joules, driven.
    pub moved: [Vec<i64>; 5],
    charger: Option<usize>,
    is_unconnected: bool,
    charge_watts_max: i64,
    discharge_watts_max: i64,
    capacity_joules: i64,
    phase_count: i64,
    taper: Taper,
    plugged: Option<(Series, Cursor)>,
    driving: Option<(Series, Cursor)>,
    /// Of each tick of the block.
    seconds: Vec<i64>,
    drives: Vec<i64>,
    /// In the tick at hand.
    now: Now,
}

#[derive(Clone, Copy, Debug, Default)]
struct Now {
    taken: i64,
    flexible: i64,
    available: i64,
    given: i64,
    driven: i64,
}

/// A charger in a window.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct Charger {
    pub name: String,
    /// A car is plugged in.
    pub plugged: bool,
    /// What it took since it was.
    pub session_joules: i64,
    pub charged_joules: i64,
    pub discharged_joules: i64,
    offer: offer::Charger,
    cursor: Cursor,
    /// On each phase, in each tick of the block.
    phase_joules_max: Vec<i64>,
    is_taken: bool,
}

impl Garage {
    /// Stores and chargers at the window's start, from checked offers by name.
    pub fn new(
        stores: Vec<(&str, &offer::AcStore)>,
        chargers: Vec<(&str, &offer::Charger)>,
        tick_seconds: i64,
    ) -> Garage {
        let chargers: Vec<Charger> = chargers.into_iter().map(|(name, offer)| Charger::new(name, offer)).collect();
        let mut stores: Vec<(&str, &offer::AcStore)> = stores;
        stores.sort_by_key(|(_, ac)| -ac.store.priority);
        let stores = stores.into_iter().map(|(name, ac)| Parked::new(name, ac, &chargers, tick_seconds)).collect();
        Garage { stores, chargers, tick_seconds, tick: Tick::default() }
    }

    /// Whether there is no store.
    #[inline(always)]
    pub fn is_empty(&self) -> bool {
        self.stores.is_empty()
    }

    /// The lowest is shed first.
    pub fn shedding_priority(&self, store: usize) -> i64 {
        self.stores[store].charger.map_or(ANY, |charger| self.chargers[charger].offer.shedding_priority)
    }

    /// Reads the next block.
    pub fn fill(&mut self, ticks: usize) {
        for charger in &mut self.chargers {
            charger.phase_joules_max.resize(ticks, 0);
            charger.offer.phase_joules_max.fill(&mut charger.cursor, self.tick_seconds, &mut charger.phase_joules_max);
        }
        for parked in &mut self.stores {
            parked.fill(ticks, self.tick_seconds);
        }
    }

    /// Begins a tick of the block: cars drive, and what is plugged in says what it could take and give.
    pub fn begin(&mut self, index: usize, rules: AtBusbar) -> Tick {
        self.tick = Tick::default();
        self.chargers.iter_mut().for_each(|charger| charger.is_taken = false);
        for parked in &mut self.stores {
            let through = parked.charger.map(|charger| &mut self.chargers[charger]);
            match through {
                Some(charger) => parked.begin_at(charger, index, self.tick_seconds),
                None => parked.begin(index, rules),
            }
            self.tick.load += parked.now.taken;
            self.tick.flexible += parked.now.flexible;
            self.tick.stored += parked.now.available;
        }
        self.chargers.iter_mut().for_each(|charger| charger.plugged = charger.is_taken);
        self.tick
    }

    /// The phase of a store: its own, or, where a car is charged on one only, that of its charger, or the first.
    pub fn phase(&self, store: usize, named: impl Fn(&str) -> Option<usize>) -> Option<usize> {
        let parked = &self.stores[store];
        let charger = parked.charger.map(|charger| &self.chargers[charger]);
        let is_on_one = charger.is_some_and(|charger| parked.phase_count.min(charger.offer.phase_count) == 1);
        let at_charger = charger.filter(|_| is_on_one).map(|charger| named(&charger.name).unwrap_or(0));
        named(parked.name()).or(at_charger)
    }

    /// What a store was granted so far in the tick at hand.
    pub fn granted(&self, store: usize) -> i64 {
        self.stores[store].now.taken
    }

    /// Takes up to so many joules from what a store wanted in the tick at hand; returns how many there were.
    pub fn shed(&mut self, store: usize, joules: i64) -> i64 {
        let taken = joules.min(self.stores[store].now.taken);
        self.stores[store].now.taken -= taken;
        taken
    }

    /// Gives a store up to so many joules that nobody else wants; returns how many it took.
    pub fn flex(&mut self, store: usize, joules: i64) -> i64 {
        let given = joules.min(self.stores[store].now.flexible);
        self.stores[store].now.taken += given;
        given
    }

    /// Draws joules that stores said they could give, in the order in which they are served.
    pub fn discharge(&mut self, joules: i64) {
        let mut left = joules;
        for parked in &mut self.stores {
            parked.now.given = left.min(parked.now.available);
            left -= parked.now.given;
        }
        assert_eq!(left, 0, "stores on the AC side give what they said they could");
    }

    /// Ends a tick of the block; returns what moved at the busbar without a charger.
    pub fn close(&mut self, index: usize) -> Tick {
        for parked in &mut self.stores {
            match parked.charger {
                Some(charger) => self.chargers[charger].pass(parked.now.taken, parked.now.given),
                None => {
                    self.tick.taken_at_busbar += parked.now.taken;
                    self.tick.given_at_busbar += parked.now.given;
                }
            }
            parked.close(index);
        }
        self.tick
    }
}

impl Parked {
    fn new(name: &str, ac: &offer::AcStore, chargers: &[Charger], tick_seconds: i64) -> Parked {
        let charger = ac.charger.as_ref().and_then(|name| chargers.iter().position(|charger| &charger.name == name));
        let through = charger.map_or(1_000_000, |charger| chargers[charger].offer.efficiency_ppm);
        let store = offer::Store {
            charge_efficiency_ppm: (ac.store.charge_efficiency_ppm * through / 1_000_000).max(1),
            discharge_efficiency_ppm: (ac.store.discharge_efficiency_ppm * through / 1_000_000).max(1),
            ..ac.store.clone()
        };
        let reader =
            |series: &Option<Series>| series.clone().map(|series| (series.clone(), series.cursor(Rounding::Down)));
        Parked {
            store: Store::new(name, &store, tick_seconds),
            level_joules: 0,
            moved: Default::default(),
            charger,
            is_unconnected: ac.charger.is_some() && charger.is_none(),
            charge_watts_max: ac.store.charge_watts_max,
            discharge_watts_max: ac.store.discharge_watts_max,
            capacity_joules: ac.store.capacity_joules,
            phase_count: ac.phase_count,
            taper: Taper::new(&ac.taper),
            plugged: reader(&ac.plugged_seconds),
            driving: reader(&ac.driving),
            seconds: Vec::new(),
            drives: Vec::new(),
            now: Now::default(),
        }
    }

    /// Its account.
    pub fn name(&self) -> &str {
        &self.store.name
    }

    fn fill(&mut self, ticks: usize, tick_seconds: i64) {
        self.level_joules = self.store.level_joules();
        self.seconds.clear();
        self.seconds.resize(ticks, tick_seconds);
        self.drives.clear();
        self.drives.resize(ticks, 0);
        for (from, to) in [(&mut self.plugged, &mut self.seconds), (&mut self.driving, &mut self.drives)] {
            if let Some((series, cursor)) = from {
                series.fill(cursor, tick_seconds, to);
            }
        }
        for column in &mut self.moved {
            column.clear();
            column.resize(ticks, 0);
        }
    }

    /// Begins a tick at the busbar.
    fn begin(&mut self, index: usize, rules: AtBusbar) {
        let (charge, discharge) = self.drive(index);
        if !self.is_unconnected {
            let reserve = self.capacity_joules * rules.reserve_ppm;
            self.now.flexible = if rules.charges { self.store.accepts(charge) } else { 0 };
            self.now.available = self.store.gives(discharge, reserve);
        }
    }

    /// Drives, and says what the store could be charged and discharged in the seconds of a tick in which it is plugged in.
    fn drive(&mut self, index: usize) -> (i64, i64) {
        self.now = Now { driven: self.store.drive(self.drives[index]), ..Now::default() };
        let seconds = self.seconds[index];
        let watts = self.charge_watts_max.min(self.taper.watts_at(self.store.level_microjoules));
        (joules(watts, seconds), joules(self.discharge_watts_max, seconds))
    }

    /// Begins a tick at a charger.
    fn begin_at(&mut self, charger: &mut Charger, index: usize, tick_seconds: i64) {
        let (charge, discharge) = self.drive(index);
        let seconds = self.seconds[index];
        if seconds == 0 || !charger.take() {
            return;
        }
        let limit = charger.limit(index, self.phase_count, seconds, tick_seconds);
        let room = self.store.accepts(charge.min(limit));
        // Whoever charges from any source would take back at once what it gave.
        if !charger.offer.surplus_only {
            self.now.taken = room;
        } else {
            self.now.flexible = room;
            self.now.available = self.store.gives(discharge.min(joules(charger.offer.discharge_watts_max, seconds)), 0);
        }
    }

    fn close(&mut self, index: usize) {
        let Now { taken, given, driven, .. } = self.now;
        (self.store.charged, self.store.discharged) = (taken, given);
        let tick = self.store.close();
        let all = [tick.charged, tick.discharged, tick.heat, self.drives[index] - driven, driven];
        self.moved.iter_mut().zip(all).for_each(|(column, joules)| column[index] = joules);
    }
}

impl Charger {
    fn new(name: &str, offer: &offer::Charger) -> Charger {
        Charger {
            name: name.to_owned(),
            plugged: offer.plugged,
            session_joules: offer.session_joules,
            charged_joules: 0,
            discharged_joules: 0,
            cursor: offer.phase_joules_max.cursor(Rounding::Down),
            offer: offer.clone(),
            phase_joules_max: Vec::new(),
            is_taken: false,
        }
    }

    /// Takes a car in; it has one cable.
    fn take(&mut self) -> bool {
        if self.is_taken {
            return false;
        }
        if !self.plugged {
            self.session_joules = 0;
        }
        self.is_taken = true;
        true
    }

    /// Joules that it lets through to a car that is plugged in for some seconds of a tick.
    fn limit(&self, index: usize, phase_count: i64, seconds: i64, tick_seconds: i64) -> i64 {
        let all = i128::from(self.phase_joules_max[index] * phase_count.min(self.offer.phase_count));
        let most = (all * i128::from(seconds) / i128::from(tick_seconds)) as i64;
        match self.offer.session_joules_max {
            0 => most,
            session => most.min((session - self.session_joules).max(0)),
        }
    }

    fn pass(&mut self, taken: i64, given: i64) {
        self.session_joules += taken;
        self.charged_joules += taken;
        self.discharged_joules += given;
    }
}

fn joules(watts: i64, seconds: i64) -> i64 {
    watts.saturating_mul(seconds).min(JOULES_MAX)
}
