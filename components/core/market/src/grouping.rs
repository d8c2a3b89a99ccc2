//! The tree of assets: they are created and changed here.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::asset::{Asset, AssetKind, ROOT, Rule, Standing};
use crate::error::{Result, refuse};
use crate::market::Market;
use crate::names::{check_metadata, check_name};
use crate::undo::Undo;

/// How many names of a long cycle are said at each end.
const PATH_ENDS: usize = 10;

/// What is to be changed of an asset; None leaves it as it is.
#[derive(Clone, Copy, Debug, Default)]
#[allow(missing_docs)]
pub struct AssetChange<'a> {
    pub kind: Option<AssetKind>,
    /// (from, to): the whole rule is replaced.
    pub rule: Option<(Option<&'a str>, Option<&'a str>)>,
    pub members: Option<&'a [String]>,
    pub metadata: Option<&'a str>,
    /// The first epoch in which rule or members hold; what holds before stays. None: in all epochs.
    pub from_epoch: Option<i64>,
}

impl Market {
    /// Makes an asset, or changes it.
    pub fn upsert_asset(&mut self, name: &str, change: AssetChange) -> Result<u32> {
        self.change(|market| market.upsert(name, change))
    }

    pub(crate) fn upsert(&mut self, name: &str, change: AssetChange) -> Result<u32> {
        let known = self.state.assets.find(name);
        let kind = change.kind.or(known.map(|handle| self.state.assets.get(handle).kind)).unwrap_or(AssetKind::Balance);
        if change.members.is_some() && kind != AssetKind::Sum {
            return refuse(
                "members",
                format!("only an asset of type sum has members; {name:?} is of type {}", kind.name()),
            );
        }
        if let Some(epoch) = change.from_epoch {
            self.state.calendar.check_epoch(epoch)?;
        }
        let rule = match change.rule {
            Some(sides) => self.rule(name, (known, kind), sides, change.from_epoch)?,
            None => known.map_or(Rule::default(), |handle| self.state.assets.get(handle).rule),
        };
        if let (Some(handle), true) = (known, change.rule.is_some() || change.members.is_some()) {
            self.keep_past(handle, change.from_epoch);
        }
        let handle = match known {
            Some(handle) => self.alter(handle, kind, rule)?,
            None => self.make(name, kind, rule)?,
        };
        if let Some(members) = change.members {
            self.set_members(handle, members, change.from_epoch)?;
        }
        if let Some(epoch) = change.from_epoch {
            self.forget_equal(handle, epoch);
        }
        if let Some(metadata) = change.metadata {
            let metadata = Some(check_metadata(metadata)?.into());
            self.put(handle, Asset { metadata, ..self.state.assets.get(handle).clone() });
        }
        Ok(handle)
    }

    /// A known asset, or one that is made because somebody named it.
    pub(crate) fn asset_or_new(&mut self, name: &str, kind: AssetKind) -> Result<u32> {
        match self.state.assets.find(name) {
            Some(handle) => Ok(handle),
            None => self.make(name, kind, Rule::default()),
        }
    }

    /// The same handle, if it is of an asset that can have postings.
    pub(crate) fn check_posts(&self, handle: u32, act: &str) -> Result<u32> {
        if self.state.assets.get(handle).kind != AssetKind::Sum {
            return Ok(handle);
        }
        let name = self.state.assets.name(handle);
        refuse("sum", format!("{name:?} is a sum of its members and has no postings of its own: it cannot {act}"))
    }

    fn make(&mut self, name: &str, kind: AssetKind, rule: Rule) -> Result<u32> {
        check_name("an asset's id", name)?;
        if self.state.assets.count() >= 1 << 28 {
            return refuse("range", "a market has fewer than 2^28 assets");
        }
        self.remember(Undo::AssetAdded);
        Ok(self.state.assets.push(Asset { name: Arc::from(name), kind, rule, members: Box::default(), metadata: None }))
    }

    fn alter(&mut self, handle: u32, kind: AssetKind, rule: Rule) -> Result<u32> {
        let old = self.state.assets.get(handle);
        if (old.kind == AssetKind::Sum) != (kind == AssetKind::Sum) {
            let (name, old, new) = (&old.name, old.kind.name(), kind.name());
            return refuse(
                "type",
                format!("a sum is born and stays one; {name:?} is of type {old} and cannot become {new}"),
            );
        }
        self.put(handle, Asset { kind, rule, ..old.clone() });
        Ok(handle)
    }

    /// What holds until an epoch, before something else does from there on; what was set for later is forgotten.
    fn keep_past(&mut self, handle: u32, from_epoch: Option<i64>) {
        let from = from_epoch.unwrap_or(i64::MIN);
        let before = from_epoch.map(|epoch| Standing {
            rule: self.state.assets.rule_in(handle, epoch - 1),
            members: self.state.assets.members_in(handle, epoch - 1).into(),
        });
        let ends: Vec<i64> = self.state.assets.past_of(handle).map(|(until, _)| until).collect();
        ends.into_iter().filter(|&until| until >= from).for_each(|until| self.put_past(handle, until, None));
        if before.is_some() {
            self.put_past(handle, from, before);
        }
    }

    /// A change that changed nothing is none.
    fn forget_equal(&mut self, handle: u32, epoch: i64) {
        let asset = self.state.assets.get(handle);
        let is_equal = |standing: &Standing| standing.rule == asset.rule && standing.members == asset.members;
        if self.state.assets.past_of(handle).any(|(until, standing)| until == epoch && is_equal(standing)) {
            self.put_past(handle, epoch, None);
        }
    }

    fn put_past(&mut self, handle: u32, until: i64, standing: Option<Standing>) {
        let old = self.state.assets.put_past(handle, until, standing);
        self.remember(Undo::Past(handle, until, old.map(Box::new)));
    }

    fn put(&mut self, handle: u32, asset: Asset) {
        if *self.state.assets.get(handle) != asset {
            let old = self.state.assets.replace(handle, asset);
            self.remember(Undo::Asset(handle, Box::new(old)));
        }
    }

    fn rule(
        &mut self,
        name: &str,
        (known, kind): (Option<u32>, AssetKind),
        (from, to): (Option<&str>, Option<&str>),
        from_epoch: Option<i64>,
    ) -> Result<Rule> {
        if known == Some(ROOT) && (from.is_some() || to.is_some()) {
            return refuse("root", format!("{name:?} is the root where everything ends: it has no upstream"));
        }
        if kind == AssetKind::Sum && (from.is_some() || to.is_some()) {
            return refuse("sum", format!("{name:?} is a sum of its members: it stands below nobody and has no rule"));
        }
        if from == Some(name) || to == Some(name) {
            return refuse(
                "cycle",
                format!("a balance group stands below others, never below itself: {name} -> {name}"),
            );
        }
        let rule = Rule { from: self.upstream_side(from)?, to: self.upstream_side(to)? };
        if let Some(handle) = known {
            self.check_cycle(handle, rule, from_epoch)?;
        }
        Ok(rule)
    }

    fn upstream_side(&mut self, name: Option<&str>) -> Result<Option<u32>> {
        let Some(name) = name else { return Ok(None) };
        let handle = self.asset_or_new(name, AssetKind::Balance)?;
        self.check_posts(handle, "be an upstream").map(Some)
    }

    fn check_cycle(&self, handle: u32, rule: Rule, from_epoch: Option<i64>) -> Result<()> {
        if !self.state.assets.has_children(handle) {
            return Ok(());
        }
        for side in [rule.from, rule.to].into_iter().flatten() {
            for epoch in self.standings_from(from_epoch) {
                if let Some(way) = self.state.assets.way_up(side, handle, epoch) {
                    let path = self.path(handle, &way);
                    return refuse("cycle", format!("a balance group stands below others, never below itself: {path}"));
                }
            }
        }
        Ok(())
    }

    /// An epoch of each time in which other rules hold, from one on.
    fn standings_from(&self, epoch: Option<i64>) -> Vec<i64> {
        let first = epoch.unwrap_or(0);
        [first].into_iter().chain(self.state.assets.changes_from(first)).collect()
    }

    /// A cycle in words; of a long one both ends.
    fn path(&self, handle: u32, way: &[u32]) -> String {
        let mut names: Vec<&str> = [handle].iter().chain(way).map(|&at| self.state.assets.name(at)).collect();
        let more = names.len().saturating_sub(2 * PATH_ENDS);
        let between = format!("({more} more)");
        if more > 0 {
            names.splice(PATH_ENDS..PATH_ENDS + more, [between.as_str()]);
        }
        names.join(" -> ")
    }

    fn set_members(&mut self, handle: u32, names: &[String], from_epoch: Option<i64>) -> Result<()> {
        let mut members = BTreeSet::new();
        for name in names {
            let member = self.asset_or_new(name, AssetKind::Balance)?;
            for epoch in self.standings_from(from_epoch) {
                if let Some(way) = self.state.assets.way_into(member, handle, epoch) {
                    let path = self.path(handle, &way);
                    return refuse("cycle", format!("a sum is never part of itself: {path}"));
                }
            }
            members.insert(member);
        }
        self.put(handle, Asset { members: members.into_iter().collect(), ..self.state.assets.get(handle).clone() });
        Ok(())
    }

    /// The assets that a sum adds up in an epoch, each once; any other asset adds up itself.
    pub fn summed(&self, handle: u32, epoch: i64) -> BTreeSet<u32> {
        let mut all = BTreeSet::new();
        let mut open = vec![handle];
        let mut seen = BTreeSet::from([handle]);
        while let Some(at) = open.pop() {
            if self.state.assets.get(at).kind != AssetKind::Sum {
                all.insert(at);
            }
            open.extend(self.state.assets.members_in(at, epoch).iter().filter(|&&member| seen.insert(member)));
        }
        all
    }
}
