//! One tick of the dispatch: who gets how much, in the order of ARCHITECTURE.md. Totals only; who is shed is in `block`.

use crate::curve::Converted;
use crate::machine::{Machine, Moves, Supply};
use crate::offer::Goal;
use crate::policy::{Policy, Switches};

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
    switches: Switches,
    grid_is_on: bool,
    /// The battery may be charged from the grid and is not full: it comes first.
    is_filling: bool,
    /// The sun did not suffice for the loads: what it leaves is a remainder, which must not keep the stores from helping.
    is_starved: bool,
    load: i64,
    production: i64,
    sun: i64,
    flexible: i64,
    stored: i64,
    import_max: i64,
    export_max: i64,
    converted: Converted,
    /// AC joules that the charger has taken.
    rectified: i64,
    moves: Moves,
}

/// Dispatches a tick; afterwards the stores know what they were charged and discharged.
pub fn balance(machine: &mut Machine, policy: &Policy, switches: Switches, supply: Supply) -> Moves {
    let grid_is_on = supply.import_max > 0 || supply.export_max > 0;
    let forms_a_grid = policy.island && (policy.outlet || !machine.stores.is_empty() || supply.production > 0);
    let mut balance = Balance {
        switches,
        grid_is_on,
        is_filling: false,
        is_starved: false,
        load: supply.load,
        production: supply.production,
        sun: supply.sun,
        flexible: supply.flexible,
        stored: supply.stored,
        import_max: supply.import_max.min(policy.import_joules_max),
        export_max: if switches.export { supply.export_max.min(policy.export_joules_max) } else { 0 },
        rectified: 0,
        converted: Converted::default(),
        moves: Moves::default(),
        machine,
        policy,
    };
    balance.is_filling = grid_is_on && balance.has_room_for_grid();
    if grid_is_on || forms_a_grid { balance.run(supply) } else { balance.go_dark() }
}

impl Balance<'_> {
    fn has_room_for_grid(&self) -> bool {
        (self.switches.charge_from_grid || self.policy.restore_reserve)
            && (0..self.machine.stores.len()).any(|index| self.machine.stores[index].room(self.grid_limit(index)) > 0)
    }

    /// Up to where the grid charges a store.
    fn grid_limit(&self, index: usize) -> i64 {
        let bounds = &self.policy.bounds[index];
        let target = if self.switches.charge_from_grid { bounds.target } else { 0 };
        if self.policy.restore_reserve { target.max(bounds.reserve) } else { target }
    }

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
        if self.switches.sell {
            self.sell();
        }
        if self.converted.dc == 0 {
            self.draw_for_itself();
        }
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
            Keep::Target => bounds.reserve.max(self.grid_limit(index)),
            Keep::Reserve => bounds.reserve,
        })
    }

    fn charge_from_sun(&mut self) {
        if self.policy.charge_from_sun && self.sun > 0 && self.has_dc() {
            self.sun -= self.charge(self.sun, |_, _| i64::MAX);
        }
    }

    fn has_dc(&self) -> bool {
        self.machine.converter.curve.is_some()
    }

    /// Charges the stores, each up to a limit.
    fn charge(&mut self, joules: i64, limit: impl Fn(&Self, usize) -> i64) -> i64 {
        let mut left = joules;
        for index in 0..self.machine.stores.len() {
            let taken = left.min(self.machine.stores[index].room(limit(self, index)));
            self.machine.stores[index].charged += taken;
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
            if !self.is_filling {
                self.draw_stored();
            }
        }
        self.import();
        if self.load > 0 && self.may_shave(supply) {
            self.help(Keep::Reserve);
            self.draw_stored();
        }
        if self.load > 0 && !self.policy.sheds_above_import_max {
            self.exceed_cap(supply);
        }
    }

    /// Loads above a cap that the stores cannot help with: the grid serves them, and nothing else is imported.
    fn exceed_cap(&mut self, supply: Supply) {
        let capped = supply.import_max.min(self.policy.import_joules_max);
        self.import_max += supply.import_max - capped;
        self.import();
        self.import_max = 0;
    }

    /// Serves loads from stores on the AC side, unless one of them was just charged with what nobody else wanted.
    fn draw_stored(&mut self) {
        let joules = if self.moves.flexed == 0 { self.load.min(self.stored) } else { 0 };
        self.stored -= joules;
        self.load -= joules;
        self.moves.given += joules;
    }

    fn may_discharge(&self) -> bool {
        !self.grid_is_on || (self.switches.discharge && !self.policy.backup_only && self.moves.charged == 0)
    }

    /// The import cap of the policy or of a phase does not suffice: a store that was held back helps before a load is shed.
    fn may_shave(&self, supply: Supply) -> bool {
        let is_capped = self.policy.import_joules_max < supply.import_max || supply.is_fused;
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
            self.rectify_production();
            let joules = self.rectify(self.production + self.import_max, Self::grid_limit);
            let own = joules.min(self.production);
            self.production -= own;
            self.draw(joules - own);
        }
    }

    fn spend_production(&mut self) {
        self.production = self.give_away(self.production);
        if self.policy.charge_from_sun && !self.is_filling {
            self.rectify_production();
        }
    }

    /// Charges the stores with the AC production that is left.
    fn rectify_production(&mut self) {
        self.production -= self.rectify(self.production, |_, _| i64::MAX);
    }

    /// Charges the stores with up to so many AC joules, each store up to a limit; returns what they took.
    fn rectify(&mut self, joules: i64, limit: impl Fn(&Self, usize) -> i64) -> i64 {
        let rectifier = &self.machine.rectifier;
        let ac_max = joules.min(rectifier.joules_max - self.rectified);
        if ac_max == 0 || !self.has_dc() {
            return 0;
        }
        let efficiency_ppm = rectifier.efficiency_ppm;
        let charged = self.charge((i128::from(ac_max) * i128::from(efficiency_ppm) / 1_000_000) as i64, limit);
        let ac = (charged as u128 * 1_000_000).div_ceil(efficiency_ppm as u128) as i64;
        self.rectified += ac;
        self.moves.heat += ac - charged;
        ac
    }

    /// The stores feed the grid, when nothing charges them and the home needs nothing of it.
    fn sell(&mut self) {
        if self.policy.backup_only || !self.grid_is_on || self.moves.charged > 0 || self.moves.import > 0 {
            return;
        }
        let pool = (0..self.machine.stores.len()).map(|index| self.available(Keep::Target, index)).sum();
        if pool > 0 && self.export_max > 0 {
            let joules = self.convert(self.export_max, Keep::Target, pool);
            self.export_max -= joules;
            self.moves.export += joules;
        }
    }

    /// What the inverter draws while it converts nothing: from the grid; without one, where it is so, from the DC side.
    fn draw_for_itself(&mut self) {
        let idles = !self.grid_is_on && self.machine.rectifier.idles_on_battery;
        if !idles && (!self.grid_is_on || self.import_max == 0) {
            return;
        }
        let rectifier = &mut self.machine.rectifier;
        let all = rectifier.night_microjoules + rectifier.night_carry_microjoules;
        rectifier.night_carry_microjoules = all % 1_000_000;
        if idles {
            self.moves.heat += self.draw_dc(all / 1_000_000);
            return;
        }
        let drawn = (all / 1_000_000).min(self.import_max);
        self.moves.heat += drawn;
        self.draw(drawn);
    }

    /// Takes DC joules out of the sun that is left, out of what would be charged, and out of the stores.
    fn draw_dc(&mut self, joules: i64) -> i64 {
        let mut left = joules - joules.min(self.sun);
        self.sun -= joules - left;
        for index in (0..self.machine.stores.len()).rev() {
            let kept = left.min(self.machine.stores[index].charged);
            self.machine.stores[index].charged -= kept;
            self.moves.charged -= kept;
            left -= kept;
        }
        for index in 0..self.machine.stores.len() {
            let given = if self.moves.charged > 0 { 0 } else { left.min(self.available(Keep::Reserve, index)) };
            self.machine.stores[index].discharged += given;
            self.moves.discharged += given;
            left -= given;
        }
        joules - left
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
