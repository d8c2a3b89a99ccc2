//! Settings of an inverter out of chance.

use joulebus_ledger::offer::{Goal, PolicyRun, PriceRules};

use super::chance::Chance;
use super::policy;

/// A policy of one tick.
pub fn random_policy(chance: &mut Chance) -> PolicyRun {
    use Goal::{Battery, Export, Loads};
    let orders = [
        [Loads, Battery, Export],
        [Loads, Export, Battery],
        [Battery, Loads, Export],
        [Battery, Export, Loads],
        [Export, Loads, Battery],
        [Export, Battery, Loads],
    ];
    PolicyRun {
        priority: orders[chance.below(6) as usize],
        charge_from_sun: !chance.one_in(5),
        charge_from_grid: chance.one_in(3),
        discharge: !chance.one_in(3),
        reserve_ppm: chance.below(500_000),
        target_ppm: chance.between(300_000, 1_000_000),
        export_watts_max: chance.below(6000),
        import_watts_max: chance.below(8000),
        backup_only: chance.one_in(6),
        island: !chance.one_in(3),
        outlet: chance.one_in(2),
        sheds_above_import_max: !chance.one_in(4),
        restore_reserve: chance.one_in(4),
        prices: random_rules(chance),
        ..policy(1)
    }
}

fn random_rules(chance: &mut Chance) -> PriceRules {
    if !chance.one_in(3) {
        return PriceRules::default();
    }
    let mut price = || chance.one_in(2).then(|| chance.between(-200_000, 500_000));
    let (charge_below, discharge_from, export_from, sell_from) = (price(), price(), price(), price());
    let charge_cheapest_seconds = chance.below(40_000);
    PriceRules { charge_below, charge_cheapest_seconds, discharge_from, export_from, sell_from }
}
