//! Fuels, beside the busbar: what a supply gives to the thermal masses that burn it. Who gets less than it wants is said as for power.

use std::collections::BTreeSet;

use crate::bank::Bank;
use crate::knots::Rounding;
use crate::names::check_name;
use crate::offer::{self, Offer, Offers};
use crate::refusal::OfferError;
use crate::series::{Cursor, Series};
use crate::thermal::Thermal;

/// A fuel in a window: its supply, if there is one, and who burns it.
#[derive(Clone, Debug)]
pub struct Fuel {
    /// Its name is its supply's, and the account that its joules come from.
    pub name: String,
    /// Whether its supply takes part; one that is switched off does not.
    pub is_supplied: bool,
    /// Who burns it, by name.
    pub burners: Bank,
    supply: Option<(Series, Cursor)>,
    /// Joules that there are in each tick of the block.
    most: Vec<i64>,
    /// Burners in the order in which they go without: shedding priority ascending, then name.
    shedding_order: Vec<usize>,
}

impl Fuel {
    /// A fuel at the window's start, from checked offers.
    pub fn new(name: &str, supply: Option<&offer::FuelSupply>, burners: Vec<Thermal>, tick_seconds: i64) -> Fuel {
        let mut shedding_order: Vec<usize> = (0..burners.len()).collect();
        // Burners lie by name, and the sort is stable.
        shedding_order.sort_by_key(|&index| burners[index].shedding_priority());
        Fuel {
            name: name.to_owned(),
            is_supplied: supply.is_some(),
            burners: Bank::new(burners, tick_seconds),
            supply: supply.map(|supply| (supply.joules_max.clone(), supply.joules_max.cursor(Rounding::Down))),
            most: Vec::new(),
            shedding_order,
        }
    }

    /// Begins a block.
    pub fn begin(&mut self, ticks: usize, tick_seconds: i64) {
        self.burners.begin(ticks);
        self.most.clear();
        self.most.resize(ticks, 0);
        if let Some((series, cursor)) = &mut self.supply {
            series.fill(cursor, tick_seconds, &mut self.most);
        }
    }

    /// Gives the burners what there is in a tick of the block.
    #[inline]
    pub fn burn(&mut self, index: usize) {
        let mut missing = self.burners.want(index) - self.most[index];
        if missing > 0 {
            for &burner in &self.shedding_order {
                missing -= self.burners.shed(burner, index, missing);
            }
            assert_eq!(missing, 0, "burners go without what is missing");
            self.burners.close(index);
        }
    }
}

/// The names of all fuels that are supplied or burnt. One that is of no supply, or of one that is switched off, gives nothing.
pub fn fuel_names(offers: &Offers) -> Result<BTreeSet<&str>, OfferError> {
    let mut names = BTreeSet::new();
    for (device, offer) in offers {
        match offer {
            Offer::Supply(_) => names.insert(device.as_str()),
            Offer::Thermal(offer::Thermal { fuel: Some(fuel), .. }) => {
                check_name(fuel)?;
                names.insert(fuel.as_str())
            }
            _ => false,
        };
    }
    Ok(names)
}
