//! One tick of the dispatch: who gets how much, in the order of ARCHITECTURE.md. Totals only; who is shed is in `block`.

use crate::curve::{Converted, Converter};
use crate::offer::Goal;
use crate::policy::Policy;
use crate::store::Store;

/// The charger from the AC side and the inverter's own draw.
#[derive(Clone, Debug)]
pub struct Rectifier {
    /// AC joules per tick at most.
    pub joules_max: i64,
    /// DC joules of a million AC joules.
    pub efficiency_ppm: i64,
    /// What the inverter draws at night, microjoules per tick.
    pub night_microjoules: i64,
    /// Night draw that is not yet a whole joule.
    pub night_carry_microjoules: i64,
}

/// What converts and stores.
#[derive(Clone, Debug)]
pub struct Machine {
    /// DC to AC.
    pub converter: Converter,
    /// AC to DC.
    pub rectifier: Rectifier,
    /// In the order in which they are served.
    pub stores: Vec<Store>,
}

/// What a tick brings.
#[derive(Clone, Copy, Debug, Default)]
pub struct Supply {
    /// Joules that the AC side wants.
    pub load: i64,
    /// Joules that AC producers offer.
    pub production: i64,
    /// Joules that DC producers offer.
    pub sun: i64,
    /// Joules that flexible consumers could take beyond their want.
    pub flexible: i64,
    /// The grid's caps; both 0 is an outage.
    pub import_max: i64,
    /// Joules that the grid could take.
    pub export_max: i64,
}

/// What moved in a tick.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Moves {
    /// Wanted and not served.
    pub unserved: i64,
    /// Served to flexible consumers beyond their want.
    pub flexed: i64,
    /// DC production that was left.
    pub curtailed_dc: i64,
    /// AC production that was left.
    pub curtailed_ac: i64,
    /// Grid to inverter.
    pub import: i64,
    /// Inverter to grid.
    pub export: i64,
    /// Inverter to heat.
    pub heat: i64,
    /// Inverter to stores.
    pub charged: i64,
    /// Stores to inverter.
    pub discharged: i64,
}

/// What a store keeps while the grid is on; in an outage only its least.
#[derive(Clone, Copy)]
enum Keep {
    /// The reserve.
    Reserve,
    /// The target, when it may be charged from the grid: or it would be charged and discharged in turn.
    Target,
}

/// The running sums of one tick.
struct Balance<'a> {
    machine: &'a mut Machine,
    policy: &'a Policy,
    grid_is_on: bool,
    /// The battery may be charged from the grid and is not full: it comes first.
    is_filling: bool,
    /// The sun did not suffice for the loads: what it leaves is a remainder, which must not keep the stores from helping.
    is_starved: bool,
    load: i64,
    production: i64,
    sun: i64,
    flexible: i64,
    import_max: i64,
    export_max: i64,
    converted: Converted,
    moves: Moves,
}

/// Dispatches a tick; afterwards the stores know what they were charged and discharged.
pub fn balance(machine: &mut Machine, policy: &Policy, supply: Supply) -> Moves {
    let grid_is_on = supply.import_max > 0 || supply.export_max > 0;
    let is_filling = grid_is_on && policy.charge_from_grid && is_below_target(&machine.stores, policy);
    let balance = Balance {
        grid_is_on,
        is_filling,
        is_starved: false,
        load: supply.load,
        production: supply.production,
        sun: supply.sun,
        flexible: supply.flexible,
        import_max: supply.import_max.min(policy.import_joules_max),
        export_max: supply.export_max.min(policy.export_joules_max),
        converted: Converted::default(),
        moves: Moves::default(),
        machine,
        policy,
    };
    if grid_is_on || policy.island { balance.run(supply) } else { balance.go_dark() }
}

fn is_below_target(stores: &[Store], policy: &Policy) -> bool {
    stores.iter().zip(&policy.bounds).any(|(store, bounds)| store.room(bounds.target) > 0)
}

impl Balance<'_> {
    #[inline]
    fn run(mut self, supply: Supply) -> Moves {
        let served = self.load.min(self.production);
        self.load -= served;
        self.production -= served;
        if self.sun > 0 {
            self.spend_sun();
        }
        if self.load > 0 {
            self.cover_deficit(supply);
        }
        self.charge_remainder();
        self.charge_from_grid();
        if self.production > 0 {
            self.spend_production();
        }
        self.draw_at_night();
        self.close()
    }

    /// An outage without an island: the DC side keeps running, the AC side is dark.
    fn go_dark(mut self) -> Moves {
        self.charge_from_sun();
        self.close()
    }

    fn spend_sun(&mut self) {
        // What the grid could not give is served first in any order: no load is shed while the sun goes elsewhere.
        self.serve_loads(self.load - self.load.min(self.import_max));
        for goal in self.order() {
            match goal {
                Goal::Loads => self.serve_loads(self.load),
                Goal::Battery if self.is_starved => {}
                Goal::Battery => self.charge_from_sun(),
                Goal::Export => self.export_sun(),
            }
        }
    }

    fn order(&self) -> [Goal; 3] {
        match (self.grid_is_on, self.is_filling) {
            (false, _) => [Goal::Loads, Goal::Battery, Goal::Export],
            (true, true) => [Goal::Battery, Goal::Loads, Goal::Export],
            (true, false) => self.policy.order,
        }
    }

    fn serve_loads(&mut self, joules: i64) {
        if joules > 0 {
            let served = self.convert(joules, Keep::Reserve, 0);
            self.load -= served;
            self.is_starved |= served < joules;
        }
    }

    /// Converts up to `joules` of AC out of the sun that is left and up to `pool` joules of the stores.
    fn convert(&mut self, joules: i64, keep: Keep, pool: i64) -> i64 {
        let before = self.converted;
        self.converted = self.machine.converter.add(before, joules, self.sun, pool);
        let taken = self.converted.dc - before.dc;
        let of_sun = taken.min(self.sun);
        self.sun -= of_sun;
        self.discharge(keep, taken - of_sun);
        self.converted.ac - before.ac
    }

    fn discharge(&mut self, keep: Keep, joules: i64) {
        let mut left = joules;
        for index in 0..self.machine.stores.len() {
            let given = left.min(self.available(keep, index));
            self.machine.stores[index].discharged += given;
            left -= given;
        }
        assert_eq!(left, 0, "the stores give what they said they could");
        self.moves.discharged += joules;
    }

    fn available(&self, keep: Keep, index: usize) -> i64 {
        let (store, bounds) = (&self.machine.stores[index], &self.policy.bounds[index]);
        store.available(match keep {
            _ if !self.grid_is_on => store.least_microjoules,
            Keep::Target if self.policy.charge_from_grid => bounds.reserve.max(bounds.target),
            _ => bounds.reserve,
        })
    }

    fn charge_from_sun(&mut self) {
        if self.policy.charge_from_sun && self.sun > 0 && self.has_dc() {
            self.sun -= self.charge(self.sun);
        }
    }

    fn has_dc(&self) -> bool {
        self.machine.converter.curve.is_some()
    }

    fn charge(&mut self, joules: i64) -> i64 {
        let mut left = joules;
        for (store, bounds) in self.machine.stores.iter_mut().zip(&self.policy.bounds) {
            let taken = left.min(store.room(bounds.target));
            store.charged += taken;
            left -= taken;
        }
        self.moves.charged += joules - left;
        joules - left
    }

    fn export_sun(&mut self) {
        let wanted = self.flexible + self.export_max;
        if wanted > 0 && self.sun > 0 {
            let joules = self.convert(wanted, Keep::Reserve, 0);
            self.give_away(joules);
        }
    }

    /// Gives AC joules to flexible consumers, then to the grid; returns what neither takes.
    fn give_away(&mut self, joules: i64) -> i64 {
        let flexed = joules.min(self.flexible);
        let export = (joules - flexed).min(self.export_max);
        self.flexible -= flexed;
        self.export_max -= export;
        self.moves.flexed += flexed;
        self.moves.export += export;
        joules - flexed - export
    }

    fn cover_deficit(&mut self, supply: Supply) {
        if self.may_discharge() {
            self.help(Keep::Target);
        }
        self.import();
        if self.load > 0 && self.may_shave(supply) {
            self.help(Keep::Reserve);
        }
    }

    fn may_discharge(&self) -> bool {
        !self.grid_is_on || (self.policy.discharge && !self.policy.backup_only && self.moves.charged == 0)
    }

    /// The import cap of the policy does not suffice: a store that was held back helps before a load is shed.
    fn may_shave(&self, supply: Supply) -> bool {
        let is_capped = self.policy.import_joules_max < supply.import_max;
        self.grid_is_on && is_capped && !self.policy.backup_only && self.moves.charged == 0
    }

    fn help(&mut self, keep: Keep) {
        let pool = (0..self.machine.stores.len()).map(|index| self.available(keep, index)).sum();
        if pool > 0 {
            self.load -= self.convert(self.load, keep, pool);
        }
    }

    fn import(&mut self) {
        let joules = self.load.min(self.moves.export + self.import_max);
        self.load -= joules;
        self.draw(joules);
    }

    /// Takes AC joules out of what would be exported, then out of the grid: a home does not import while it exports.
    fn draw(&mut self, joules: i64) {
        let kept = joules.min(self.moves.export);
        self.moves.export -= kept;
        self.export_max += kept;
        self.moves.import += joules - kept;
        self.import_max -= joules - kept;
    }

    /// The remainder of a sun that did not suffice, when the stores did not help.
    fn charge_remainder(&mut self) {
        if self.is_starved && self.moves.discharged == 0 {
            self.charge_from_sun();
        }
    }

    fn charge_from_grid(&mut self) {
        if self.is_filling && self.moves.discharged == 0 {
            self.rectify(self.import_max);
        }
    }

    fn spend_production(&mut self) {
        self.production = self.give_away(self.production);
        if self.policy.charge_from_sun && !self.is_filling {
            self.rectify(0);
        }
    }

    /// Charges the stores with the AC production that is left, and then with up to `import_max` joules of the grid.
    fn rectify(&mut self, import_max: i64) {
        let rectifier = &self.machine.rectifier;
        let ac_max = (self.production + import_max).min(rectifier.joules_max);
        if ac_max == 0 || !self.has_dc() {
            return;
        }
        let efficiency_ppm = rectifier.efficiency_ppm;
        let charged = self.charge((i128::from(ac_max) * i128::from(efficiency_ppm) / 1_000_000) as i64);
        let ac = (charged as u128 * 1_000_000).div_ceil(efficiency_ppm as u128) as i64;
        let import = ac - ac.min(self.production);
        self.production -= ac - import;
        self.draw(import);
        self.moves.heat += ac - charged;
    }

    fn draw_at_night(&mut self) {
        if self.converted.dc > 0 || !self.grid_is_on || self.import_max == 0 {
            return;
        }
        let rectifier = &mut self.machine.rectifier;
        let all = rectifier.night_microjoules + rectifier.night_carry_microjoules;
        let drawn = (all / 1_000_000).min(self.import_max);
        rectifier.night_carry_microjoules = all % 1_000_000;
        self.moves.heat += drawn;
        self.draw(drawn);
    }

    #[inline]
    fn close(mut self) -> Moves {
        self.machine.converter.close(self.converted);
        self.moves.heat += self.converted.dc - self.converted.ac;
        self.moves.curtailed_dc = self.sun;
        self.moves.curtailed_ac = self.production;
        self.moves.unserved = self.load;
        self.moves
    }
}
