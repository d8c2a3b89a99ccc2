"""What an audit says: the numbers it counted itself, and what does not agree with them."""

from dataclasses import asdict, dataclass, field
from typing import Any

from joulebus.audit.marks import AuditMark
from joulebus.errors import AuditError


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that does not agree, and where."""

    what: str
    """frame, chain, record, checkpoint, window, roster, state, columns, balance, outcome, level, money, flow, seal, row: what disagrees."""
    text: str
    record: int | None = None
    offset: int | None = None
    epoch: int | None = None
    tick: int | None = None
    accounts: tuple[str, ...] = ()
    alike: int = 0
    """How many more findings say the same of other places, and are not listed."""

    def line(self) -> str:
        """The finding with its place in front."""
        places = {"record": self.record, "byte": self.offset, "epoch": self.epoch, "tick": self.tick}
        where = [f"{name} {number}" for name, number in places.items() if number is not None]
        place = ", ".join([*where, *([" and ".join(self.accounts)] if self.accounts else [])])
        more = f" (and {self.alike:,} more like this)" if self.alike else ""
        return (f"{place}: {self.text}" if place else self.text) + more


@dataclass(frozen=True, slots=True)
class Account:
    """What an account took and gave in all of the journal."""

    joules_in: int = 0
    joules_out: int = 0

    @property
    def joules(self) -> int:
        """Its balance."""
        return self.joules_in - self.joules_out


@dataclass(frozen=True, slots=True)
class AuditReport:
    """All of it, as counted from the transfers alone."""

    source: str
    home: str
    records: int
    ticks: int
    tick_seconds: int
    seals: int
    unsealed_ticks: int
    head: str
    """Hash of the last record."""
    head_seal: str
    accounts: dict[str, Account]
    missing_joules: int
    """What accounts that only pass joules on have kept or invented, plus what all accounts sum to."""
    thorough: bool
    thinned_ticks: int = 0
    """The first ticks of the home, whose records are kept no more: of them the seals were counted again, and what they sum up."""
    torn_bytes: int = 0
    moved_away: tuple[str, ...] = ()
    """Records that are not here, in words: they were not audited."""
    unknown: tuple[str, ...] = ()
    """What could not be counted again here, and why."""
    since_record: int = 1
    """The record with which the counting began: those before it were audited before."""
    mark: AuditMark | None = None
    """How far it was audited."""
    findings_count: int = 0
    findings: tuple[Finding, ...] = field(default=())

    @property
    def is_sound(self) -> bool:
        """Whether everything agrees."""
        return self.findings_count == 0 and self.missing_joules == 0

    def as_json(self) -> dict[str, Any]:
        """For ``--json``: stable names, integers, no text but the findings'."""
        accounts = {name: {**asdict(account), "joules": account.joules} for name, account in self.accounts.items()}
        findings = [{**asdict(finding), "accounts": list(finding.accounts)} for finding in self.findings]
        return {
            **asdict(self),
            "accounts": accounts,
            "findings": findings,
            "moved_away": list(self.moved_away),
            "unknown": list(self.unknown),
            "mark": None if self.mark is None else self.mark.model_dump(mode="json"),
            "is_sound": self.is_sound,
        }

    def lines(self) -> list[str]:
        """For people."""
        width = max((len(name) for name in self.accounts), default=0)
        return [
            f"{self.home}: {self.records:,} records, {self.ticks:,} ticks of {self.tick_seconds} s, {self.seals:,} seals ({self.source})",
            *(f"  {name:<{width}}  {account.joules:>22,} J" for name, account in self.accounts.items()),
            f"last record  {self.head}",
            f"last seal    {self.head_seal}",
            *([f"{self.thinned_ticks:,} ticks are thinned out; their seals and quarter-hours were counted"] if self.thinned_ticks else []),
            *([f"{self.unsealed_ticks:,} ticks are not sealed yet"] if self.unsealed_ticks else []),
            *([f"{self.torn_bytes:,} bytes of a write that was cut off follow the last record"] if self.torn_bytes else []),
            *([f"the records before {self.since_record:,} were audited before, and not counted again"] if self.since_record > 1 else []),
            *(f"{what} were moved away and not audited" for what in self.moved_away),
            *(f"not counted again: {what}" for what in self.unknown),
            *(f"TAMPERED: {finding.line()}" for finding in self.findings),
            *([f"and {more:,} more"] if (more := self.findings_count - sum(1 + finding.alike for finding in self.findings)) else []),
            f"{self.missing_joules:,} J missing",
        ]

    def demand_sound(self) -> None:
        """Raise AuditError unless everything agrees."""
        if not self.is_sound:
            first = f": {self.findings[0].line()}" if self.findings else ""
            raise AuditError(f"the books of {self.home} must agree with their transfers, but {self.findings_count} places do not{first}")
