"""An independent market, slow and obviously right: lists, dictionaries and fractions, written from the rules and not from the engine."""

from dataclasses import dataclass, field
from fractions import Fraction

ROOT = "root"
Terms = dict[str, int | str | None]


@dataclass(frozen=True)
class Entry:
    """A posting; `owner` is whose it is."""

    source: str
    target: str
    wh: int
    kind: str
    contract: str | None
    co2_mg: int
    owner: str


@dataclass
class Agreement:
    """A contract."""

    id: str
    holder: str
    partner: str
    direction: str
    terms: Terms
    """As it was made."""
    changes: list[tuple[int | None, Terms]] = field(default_factory=list)
    """From which epoch on, None: in all, and what: one after the other."""
    delivered_wh: int = 0

    def terms_in(self, epoch: int) -> Terms:
        """Those as it was made, and every change that holds in the epoch."""
        terms = dict(self.terms)
        for since, change in self.changes:
            if since is None or since <= epoch:
                terms |= change
        return terms

    def serves(self, epoch: int) -> bool:
        """Active, ranked, and valid in the epoch."""
        terms = self.terms_in(epoch)
        begins, ends = terms.get("from_epoch"), terms.get("until_epoch")
        is_begun = begins is None or epoch >= int(begins)
        is_over = ends is not None and epoch >= int(ends)
        return terms.get("status", "active") == "active" and terms.get("priority", 0) is not None and is_begun and not is_over

    def takes(self, remaining_wh: int, epoch: int, epoch_seconds: int) -> int:
        """The least of what remains and all limits; nothing when that is below the least load."""
        terms, hours = self.terms_in(epoch), Fraction(epoch_seconds, 3600)
        limits = [Fraction(remaining_wh)]
        if (cap := terms.get("epoch_wh_max")) is not None:
            limits.append(Fraction(cap))
        if (cap := terms.get("total_wh_max")) is not None:
            limits.append(Fraction(max(0, int(cap) - self.delivered_wh)))
        if (load := terms.get("load_watts_max")) is not None:
            limits.append(int(load) * hours)
        wh = int(min(limits))
        least = int(terms.get("load_watts_min") or 0) * hours
        return 0 if wh < least else wh


def apportion(whole: int, weights: list[int]) -> list[int]:
    """Largest remainder, ties to the earlier."""
    if sum(weights) == 0:
        return [0] * len(weights)
    exact = [Fraction(whole * weight, sum(weights)) for weight in weights]
    shares = [int(share) for share in exact]
    by_remainder = sorted(range(len(weights)), key=lambda at: (shares[at] - exact[at], at))
    for at in by_remainder[: whole - sum(shares)]:
        shares[at] += 1
    return shares


@dataclass
class Reference:
    """A market of rules, contracts, postings and seals."""

    epoch_seconds: int
    rules: dict[str, tuple[str | None, str | None]] = field(default_factory=lambda: {ROOT: (None, None)})
    before: dict[str, list[tuple[int, tuple[str | None, str | None]]]] = field(default_factory=dict)
    """What held before, by asset: the epoch until which it did, and the rule; oldest first."""
    agreements: list[Agreement] = field(default_factory=list)
    entries: dict[int, list[Entry]] = field(default_factory=dict)
    sealed: dict[int, set[str]] = field(default_factory=dict)
    closed: set[int] = field(default_factory=set)
    late: list[tuple[str, int, int]] = field(default_factory=list)

    def change_rule(self, asset: str, rule: tuple[str | None, str | None], epoch: int) -> None:
        """Another rule from an epoch on."""
        self.before.setdefault(asset, []).append((epoch, self.rules[asset]))
        self.rules[asset] = rule

    def rule_in(self, asset: str, epoch: int) -> tuple[str | None, str | None]:
        """The one that holds in an epoch."""
        return next((rule for until, rule in self.before.get(asset, []) if epoch < until), self.rules[asset])

    def upstream(self, asset: str, epoch: int) -> tuple[str, str]:
        """Where a deficit is bought, where a surplus goes."""
        bought_from, sold_to = self.rule_in(asset, epoch)
        return bought_from or sold_to or ROOT, sold_to or bought_from or ROOT

    def is_sealed(self, asset: str, epoch: int) -> bool:
        return epoch in self.closed or asset in self.sealed.get(epoch, set())

    def meter(self, asset: str, epoch: int, value: int, register: str | None, co2_mg: int) -> str:
        """Book a metered value: nothing, late or ok."""
        self.rules.setdefault(asset, (None, None))
        if value == 0:
            return "nothing"
        is_consumption = value > 0
        rule = self.rule_in(asset, epoch)
        only_sells = rule[0] is None and rule[1] is not None
        if register == "export" or (register is None and only_sells):
            is_consumption = not is_consumption
        bought_from, sold_to = self.upstream(asset, epoch)
        source, target = (bought_from, asset) if is_consumption else (asset, sold_to)
        if self.is_sealed(source, epoch) or self.is_sealed(target, epoch):
            self.late.append((asset, epoch, value))
            return "late"
        self.entries.setdefault(epoch, []).append(Entry(source, target, abs(value), "meter", None, co2_mg, asset))
        return "ok"

    def net(self, asset: str, epoch: int) -> int:
        return sum(entry.wh * ((entry.target == asset) - (entry.source == asset)) for entry in self.entries.get(epoch, []))

    def to_balance(self, asset: str, epoch: int) -> list[Entry]:
        """All that touches an asset but its own meter."""
        return [
            entry
            for entry in self.entries.get(epoch, [])
            if asset in (entry.source, entry.target) and not (entry.kind == "meter" and entry.owner == asset)
        ]

    def closing(self, asset: str, epoch: int, done: set[str], skip: bool) -> tuple[str, list[Entry], list[str]]:
        """Status, the postings that close an asset, and the contracts that were left out."""
        coming = [entry for entry in self.to_balance(asset, epoch) if entry.target == asset]
        going = [entry for entry in self.to_balance(asset, epoch) if entry.source == asset]
        surplus = sum(entry.wh for entry in coming) - sum(entry.wh for entry in going)
        if asset == ROOT or surplus == 0:
            return "sealed", [], []
        upstream = self.upstream(asset, epoch)[1 if surplus > 0 else 0]
        if upstream in done:
            return "upstream_sealed", [], []
        side = coming if surplus > 0 else going
        gross_wh, gross_co2 = sum(entry.wh for entry in side), sum(entry.co2_mg for entry in side)
        residual_co2 = apportion(gross_co2, [abs(surplus), gross_wh - abs(surplus)])[0]
        remaining, served, skipped = abs(surplus), [], []
        serving = [one for one in self.agreements if one.holder == asset and one.serves(epoch)]
        for agreement in sorted(serving, key=lambda one: (one.terms_in(epoch).get("priority", 0), one.id)):
            if agreement.direction != ("to" if surplus > 0 else "from"):
                continue
            wh = agreement.takes(remaining, epoch, self.epoch_seconds)
            if wh and agreement.partner in done:
                if not skip:
                    return "partner_sealed", [], []
                skipped.append(agreement.id)
            elif wh:
                served.append((agreement, wh))
                remaining -= wh
        shares = apportion(residual_co2, [*[wh for _, wh in served], remaining])
        ways = (asset, upstream) if surplus > 0 else (upstream, asset)
        entries = [Entry(*ways, abs(surplus), "residual", None, residual_co2, asset)]
        for (agreement, wh), co2 in zip(served, shares, strict=False):
            pair = (asset, agreement.partner) if surplus > 0 else (agreement.partner, asset)
            entries.append(Entry(*pair, wh, "contract", agreement.id, co2, asset))
            entries.append(Entry(*ways[::-1], wh, "counter", agreement.id, co2, asset))
        return "sealed", entries, skipped

    def book_closing(self, epoch: int, entries: list[Entry]) -> None:
        for entry in entries:
            self.entries.setdefault(epoch, []).append(entry)
            for agreement in self.agreements:
                if entry.kind == "contract" and agreement.id == entry.contract:
                    agreement.delivered_wh += entry.wh

    def seal(self, asset: str, epoch: int, skip: bool) -> tuple[str, list[str]]:
        """Seal one asset."""
        if self.is_sealed(asset, epoch):
            return "already_sealed", []
        status, entries, skipped = self.closing(asset, epoch, self.sealed.get(epoch, set()), skip)
        if status == "sealed":
            self.book_closing(epoch, entries)
            self.sealed.setdefault(epoch, set()).add(asset)
        return status, skipped

    def seal_epoch(self, epoch: int) -> tuple[set[tuple[str, str]], set[str]]:
        """Seal all assets, in order; who was refused and why, and the contracts left out."""
        before = set(self.sealed.get(epoch, set()))
        waiting, done, refused, skipped = set(self.rules), set(before), set(), set()
        while waiting:
            asset = self.next_of(waiting, epoch)
            waiting.remove(asset)
            if asset in before:
                continue
            status, entries, left_out = self.closing(asset, epoch, done, skip=True)
            self.book_closing(epoch, entries)
            done.add(asset)
            skipped |= set(left_out)
            if status != "sealed":
                refused.add((asset, status))
        if refused:
            self.sealed[epoch] = set(self.rules) - {asset for asset, _ in refused}
        else:
            self.closed.add(epoch)
        return refused, skipped

    def next_of(self, waiting: set[str], epoch: int) -> str:
        """The first by name with no child and no holder of a contract with it still waiting; else with no child."""
        parents = {side for asset in waiting if asset != ROOT for side in self.upstream(asset, epoch)}
        partners = {one.partner for one in self.agreements if one.holder in waiting and one.serves(epoch)}
        return min(waiting - parents - partners or waiting - parents)
