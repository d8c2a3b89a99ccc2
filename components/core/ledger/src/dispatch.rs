//! The dispatch of a window: block by block, each inside one epoch, until its end or the first reaction.

use crate::block::{Block, lay};
use crate::check::Roster;
use crate::column::decode_runs;
use crate::flows::Outside;
use crate::fuse::fit;
use crate::garage::{AtBusbar, Tick as Parking};
use crate::laying;
use crate::machine::{Moves, Supply};
use crate::numbers::{Numbers, numbers};
use crate::outcome::{Outcome, difference};
use crate::policy::Prices;
use crate::post::{Columns, DraftBlock, LATER, post};
use crate::refusal::OfferError;
use crate::seal::Calendar;
use crate::series::Cursor;
use crate::thermal::Thermal;
use crate::tick::balance;
use crate::whole::{Again, whole};

/// Joules by source and sink.
pub type Flows = [[i128; 4]; 4];

/// A window that is dispatched but not yet in the books.
#[derive(Debug)]
pub struct Draft {
    /// Committed ticks: fewer than asked for when a device reacts.
    pub ticks: i64,
    /// What moved, block by block.
    pub blocks: Vec<DraftBlock>,
    /// The columns that moved.
    pub columns: Columns,
    /// By device.
    pub outcomes: Vec<(String, Outcome)>,
    /// By source and sink.
    pub flows: Flows,
}

/// Dispatches a window.
pub fn dispatch(roster: Roster, calendar: Calendar) -> Result<Draft, OfferError> {
    let mut window = Window {
        policy: 0,
        block: Block::default(),
        cursors: Vec::new(),
        columns: Columns::default(),
        blocks: Vec::new(),
        flows: Flows::default(),
        block_flows: Default::default(),
        grid_prices: Default::default(),
        roster,
    };
    let (mut tick, mut reacted) = (0, false);
    while tick < window.roster.ticks && !reacted {
        let start = window.roster.start + tick;
        let ticks = (calendar.end_of_epoch(start) - start).min(window.roster.ticks - tick);
        let done = window.run(tick, ticks as usize)?;
        (tick, reacted) = (tick + done.0 as i64, done.1);
    }
    let outcomes = window.outcomes(tick);
    Ok(Draft { ticks: tick, blocks: window.blocks, columns: window.columns, outcomes, flows: window.flows })
}

struct Window {
    roster: Roster,
    policy: usize,
    block: Block,
    /// Of the flows' wants, at the start of the block.
    cursors: Vec<Cursor>,
    columns: Columns,
    blocks: Vec<DraftBlock>,
    flows: Flows,
    block_flows: [i64; 16],
    /// To take, to give, and how many seconds of the day are cheaper, by tick of the block.
    grid_prices: [Vec<i64>; 3],
}

impl Window {
    /// Dispatches a block; returns the ticks that count and whether a device reacted in the last of them.
    fn run(&mut self, first: i64, ticks: usize) -> Result<(usize, bool), OfferError> {
        self.fill(first, ticks)?;
        let (done, reacted) = self.go(first, ticks);
        if reacted {
            self.rewind(done);
        }
        self.roster.thermals.end(done);
        self.roster.fuels.iter_mut().for_each(|fuel| fuel.burners.end(done));
        self.pay(done);
        self.sum_flows();
        self.blocks.push(post(&self.roster, &self.block, done, &mut self.columns));
        Ok((done, reacted))
    }

    fn fill(&mut self, first: i64, ticks: usize) -> Result<(), OfferError> {
        let tick = self.roster.start + first;
        self.cursors.clear();
        for flow in &mut self.roster.flows {
            self.cursors.push(flow.cursor());
            flow.fill(ticks, self.roster.tick_seconds).map_err(|outside| refusal(&flow.name, tick, outside))?;
        }
        self.block.fill(&mut self.roster, ticks);
        self.fill_prices(ticks);
        Ok(())
    }

    fn fill_prices(&mut self, ticks: usize) {
        let Some(grid) = &mut self.roster.grid else { return };
        let [import, export, cheaper] = &mut self.grid_prices;
        [&mut *import, &mut *export, &mut *cheaper].into_iter().for_each(|prices| prices.resize(ticks, 0));
        grid.import_price.0.fill(&mut grid.import_price.1, self.roster.tick_seconds, import);
        grid.export_price.0.fill(&mut grid.export_price.1, self.roster.tick_seconds, export);
        if let Some((series, cursor)) = &mut grid.cheaper_seconds {
            series.fill(cursor, self.roster.tick_seconds, cheaper);
        }
    }

    fn prices(&self, index: usize) -> Option<Prices> {
        let (grid, [import, export, cheaper]) = (self.roster.grid.as_ref()?, &self.grid_prices);
        let cheaper_seconds = grid.cheaper_seconds.is_some().then(|| cheaper[index]);
        Some(Prices { import: import[index], export: export[index], cheaper_seconds })
    }

    /// Dispatches tick by tick, from one change of policy to the next.
    fn go(&mut self, first: i64, ticks: usize) -> (usize, bool) {
        let (mut done, mut reacted) = (0, false);
        while done < ticks && !reacted {
            while self.roster.policies[self.policy].end_tick <= first + done as i64 {
                self.policy += 1;
            }
            let end = ticks.min((self.roster.policies[self.policy].end_tick - first) as usize);
            while done < end && !reacted {
                reacted = self.tick(done);
                done += 1;
            }
        }
        (done, reacted)
    }

    #[inline(always)]
    fn tick(&mut self, index: usize) -> bool {
        let policy = &self.roster.policies[self.policy];
        let switches = match &policy.prices {
            Some(rules) => self.prices(index).map_or(policy.switches(), |prices| policy.switches_at(rules, prices)),
            None => policy.switches(),
        };
        let roster = &mut self.roster;
        let mut supply = self.block.supply(index);
        supply.load += roster.thermals.want(index);
        if !roster.garage.is_empty() {
            let grid_is_on = supply.import_max > 0 || supply.export_max > 0;
            let policy = &roster.policies[self.policy];
            let reserve_ppm = if grid_is_on { policy.reserve_ppm } else { 0 };
            let parked = roster.garage.begin(index, AtBusbar { reserve_ppm, charges: policy.charge_from_sun });
            supply.load += parked.load;
            supply.flexible += parked.flexible;
            supply.stored = parked.stored;
        }
        let carries = roster.machine.carries();
        let policy = &roster.policies[self.policy];
        let mut reacts = false;
        // In an outage nothing flows through the fuses.
        let mut moves = if roster.phases.is_some() && supply.import_max > 0 {
            let again = Again { policy: policy.clone(), switches, carries };
            let (moves, reacting) = fit(roster, &again, index, &mut supply);
            reacts = reacting;
            moves
        } else {
            balance(&mut roster.machine, policy, switches, supply)
        };
        if moves.unserved > 0 && roster.has_all_or_nothing {
            let again = Again { policy: roster.policies[self.policy].clone(), switches, carries };
            let (whole_moves, reacting) = whole(roster, &again, index, (&mut supply, moves));
            (moves, reacts) = (whole_moves, reacts | reacting);
        }
        self.block.note(index, &moves);
        reacts |= lay(roster, index, &moves);
        let parked = if roster.garage.is_empty() { Default::default() } else { roster.garage.close(index) };
        lay_sources(&mut self.block_flows, roster, (index, parked), (&supply, &moves));
        roster.thermals.close(index);
        roster.fuels.iter_mut().for_each(|fuel| fuel.burn(index));
        for (number, store) in roster.machine.stores.iter_mut().enumerate() {
            let tick = store.close();
            self.block.note_store(number, index, tick);
        }
        reacts
    }

    /// Takes back what was read beyond the ticks that count.
    fn rewind(&mut self, ticks: usize) {
        for (flow, &before) in self.roster.flows.iter_mut().zip(&self.cursors) {
            flow.rewind(before, ticks, self.roster.tick_seconds);
        }
    }

    // A block's sums fit into 64 bits, a window's may not.
    fn sum_flows(&mut self) {
        let block = std::mem::take(&mut self.block_flows);
        let pairs = self.flows.as_flattened_mut().iter_mut().zip(block);
        pairs.for_each(|(sum, joules)| *sum += i128::from(joules));
    }

    fn pay(&mut self, ticks: usize) {
        let Some(grid) = &mut self.roster.grid else { return };
        let [import_prices, export_prices, _] = &self.grid_prices;
        grid.import_value += value(&self.block.import[..ticks], import_prices);
        grid.export_value += value(&self.block.export[..ticks], export_prices);
    }

    fn outcomes(&self, ticks: i64) -> Vec<(String, Outcome)> {
        let (roster, numbers) = (&self.roster, numbers(&self.roster));
        let report = Report { columns: &self.columns, ticks };
        let mut outcomes = Vec::new();
        for (index, flow) in roster.flows.iter().enumerate() {
            let outcome = report.flows(numbers.flows + index, flow.was_changed);
            outcomes.push((flow.name.clone(), Outcome { carry: flow.cursor().carry, ..outcome }));
        }
        outcomes.extend(report.thermals(numbers.thermals, roster.thermals.thermals()));
        outcomes.extend(report.fuels(roster, numbers));
        outcomes.extend(report.stores(roster, numbers));
        outcomes.extend(report.garage(roster, numbers));
        outcomes.extend(report.grid(roster, numbers));
        outcomes.push((roster.inverter.clone(), report.inverter(roster, numbers)));
        outcomes.extend(roster.idle.iter().map(|name| (name.clone(), Outcome::default())));
        outcomes
    }
}

fn refusal(device: &str, first: i64, outside: Outside) -> OfferError {
    let device = device.to_owned();
    let Outside { index, least, want, most } = outside;
    let tick = first + index as i64;
    match outside {
        _ if least > 0 => OfferError::Least { device, least, tick },
        _ if most < 0 => OfferError::Most { device, most, tick },
        _ => OfferError::Want { device, least, want, most, tick },
    }
}

/// Lays sources against sinks, as whoever reads the columns will: the sun is what has an origin.
#[inline]
fn lay_sources(
    flows: &mut [i64; 16],
    roster: &mut Roster,
    (index, parked): (usize, Parking),
    (supply, moves): (&Supply, &Moves),
) {
    let (mut sun, mut producers) = (supply.sun - moves.curtailed_dc, supply.production - moves.curtailed_ac);
    if roster.is_mixed && sun + producers > 0 {
        let all = sun + producers;
        let fed = roster.flows.iter_mut().filter(|flow| flow.origin.is_some());
        sun = fed.map(|flow| (-flow.granted_in(index)).max(0)).sum();
        producers = all - sun;
    }
    // A car is a load or a producer; a battery at the busbar is one on either side of the inverter.
    producers += moves.given - parked.given_at_busbar;
    let sources = [sun, producers, moves.discharged + parked.given_at_busbar, moves.import];
    let loads = supply.load - moves.unserved + moves.flexed - parked.taken_at_busbar;
    let sinks = [loads, moves.charged + parked.taken_at_busbar, moves.export, moves.heat];
    let (given, taken) = (sources.iter().sum::<i64>(), sinks.iter().sum::<i64>());
    assert_eq!(given, taken, "what the sources give the sinks take: {sources:?} and {sinks:?}");
    laying::lay(sources, sinks, flows);
}

fn value(joules: &[i64], prices: &[i64]) -> i128 {
    joules.iter().zip(prices).map(|(&joules, &price)| i128::from(joules) * i128::from(price)).sum()
}

struct Report<'a> {
    columns: &'a Columns,
    ticks: i64,
}

impl Report<'_> {
    fn flows(&self, number: usize, is_changed: bool) -> Outcome {
        Outcome {
            joules_in: self.columns.sum(number, 0),
            joules_out: self.columns.sum(number, 1),
            curtailed_joules: self.columns.sum(number, 2),
            unserved_joules: self.columns.sum(number, 3),
            served_later_joules: self.columns.sum(number, LATER),
            granted: is_changed.then(|| difference(&self.runs(number, 0), &self.runs(number, 1), self.ticks)),
            ..Outcome::default()
        }
    }

    fn thermals<'b>(&'b self, first: usize, thermals: &'b [Thermal]) -> impl Iterator<Item = (String, Outcome)> + 'b {
        thermals.iter().enumerate().map(move |(index, thermal)| {
            let outcome = Outcome {
                heat_microjoules: thermal.state.heat_microjoules(),
                on: thermal.state.on(),
                owed_joules: thermal.owed_joules,
                ..self.flows(first + index, thermal.was_shed)
            };
            (thermal.name.clone(), outcome)
        })
    }

    fn fuels(&self, roster: &Roster, numbers: Numbers) -> Vec<(String, Outcome)> {
        let (mut outcomes, mut first) = (Vec::new(), numbers.burners);
        for fuel in &roster.fuels {
            let burners = fuel.burners.thermals();
            outcomes.extend(self.thermals(first, burners));
            if fuel.is_supplied {
                let joules_out = (first..first + burners.len()).map(|number| self.columns.sum(number, 0)).sum();
                outcomes.push((fuel.name.clone(), Outcome { joules_out, ..Outcome::default() }));
            }
            first += burners.len();
        }
        outcomes
    }

    fn runs(&self, number: usize, slot: usize) -> Vec<(u64, u64)> {
        let Some(column) = self.columns.at(number, slot) else { return Vec::new() };
        decode_runs(column.runs.clone().finish()).expect("runs that were just encoded decode")
    }

    fn stores<'b>(&'b self, roster: &'b Roster, numbers: Numbers) -> impl Iterator<Item = (String, Outcome)> + 'b {
        roster.machine.stores.iter().enumerate().map(move |(index, store)| {
            let number = numbers.stores + index;
            let outcome = Outcome {
                joules_in: self.columns.sum(number, 0),
                joules_out: self.columns.sum(number, 1),
                heat_joules: self.columns.sum(number, 2),
                level_microjoules: store.level_microjoules,
                standby_carry_microjoules: store.standby_carry_microjoules,
                ..Outcome::default()
            };
            (store.name.clone(), outcome)
        })
    }

    fn garage<'b>(&'b self, roster: &'b Roster, numbers: Numbers) -> impl Iterator<Item = (String, Outcome)> + 'b {
        let stores = roster.garage.stores.iter().enumerate().map(move |(index, parked)| {
            let number = numbers.garage + index;
            let outcome = Outcome {
                joules_in: self.columns.sum(number, 0),
                joules_out: self.columns.sum(number, 1),
                heat_joules: self.columns.sum(number, 2),
                unserved_joules: self.columns.sum(number, 3),
                driven_joules: self.columns.sum(number, 4),
                level_microjoules: parked.store.level_microjoules,
                standby_carry_microjoules: parked.store.standby_carry_microjoules,
                ..Outcome::default()
            };
            (parked.name().to_owned(), outcome)
        });
        let chargers = roster.garage.chargers.iter().map(|charger| {
            let outcome = Outcome {
                charged_joules: charger.charged_joules,
                discharged_joules: charger.discharged_joules,
                session_joules: charger.session_joules,
                on: charger.plugged,
                ..Outcome::default()
            };
            (charger.name.clone(), outcome)
        });
        stores.chain(chargers)
    }

    fn grid(&self, roster: &Roster, numbers: Numbers) -> Option<(String, Outcome)> {
        let grid = roster.grid.as_ref()?;
        // Micro-euro per kWh times joules, down to whole micro-euro; the rest is carried.
        let outcome = Outcome {
            joules_in: self.columns.sum(numbers.grid, 0),
            joules_out: self.columns.sum(numbers.grid, 1),
            import_cost_micro_euro: grid.import_value.div_euclid(3_600_000),
            import_carry: grid.import_value.rem_euclid(3_600_000) as i64,
            export_income_micro_euro: grid.export_value.div_euclid(3_600_000),
            export_carry: grid.export_value.rem_euclid(3_600_000) as i64,
            ..Outcome::default()
        };
        Some((grid.name.clone(), outcome))
    }

    fn inverter(&self, roster: &Roster, numbers: Numbers) -> Outcome {
        Outcome {
            heat_joules: self.columns.sum(numbers.inverter, 2),
            carry_microjoules: roster.machine.converter.carry_microjoules,
            night_carry_microjoules: roster.machine.rectifier.night_carry_microjoules,
            ..Outcome::default()
        }
    }
}
