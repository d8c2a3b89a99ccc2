"""The counting, in Rust. Offers are read by attribute from the words of joulebus_schemas.offers."""

from collections.abc import Mapping, Sequence
from typing import Any, Self, final

__all__ = [
    "Asset",
    "Balance",
    "Batch",
    "BatchContent",
    "Booking",
    "Clearing",
    "ClearingLine",
    "Column",
    "Contract",
    "CoreError",
    "EpochSealing",
    "GrantedRuns",
    "LastReading",
    "Late",
    "Ledger",
    "Market",
    "MarketError",
    "Peer",
    "Posting",
    "Reading",
    "Seal",
    "SealChain",
    "Sealing",
    "Settled",
    "Settlement",
    "Signer",
    "acos",
    "atan2",
    "cell_celsius",
    "cos",
    "cos_incidence",
    "decay_q52",
    "decode_columns",
    "direct_current_watts",
    "encode_columns",
    "even_light_transmission",
    "exp",
    "expand",
    "extraterrestrial_w_m2",
    "field_along",
    "glass_transmission",
    "integrate",
    "joule_runs",
    "log",
    "poa_global",
    "pow",
    "random_u64",
    "sin",
    "tally_columns",
    "verify_certificate",
]

class CoreError(ValueError):
    """Bad input to the core: what must hold, what was, and where."""

@final
class Column:
    """One pair of accounts in one sealed epoch."""

    account_from: str
    account_to: str
    joules: int
    moment: int
    hash: str

@final
class Seal:
    """An epoch's transfers, chained to the seal before."""

    epoch: int
    first_tick: int
    ticks: int
    previous: str
    hash: str
    columns: list[Column]

@final
class GrantedRuns:
    """Runs of (count, joules) that become Python's when somebody reads them."""

    def __len__(self) -> int: ...
    def __getitem__(self, index: int, /) -> tuple[int, int]: ...

@final
class Settlement:
    """What was committed for a window (or for its first ticks)."""

    start: int
    ticks: int
    outcomes: dict[str, dict[str, Any]]
    """By device: the fields of joulebus_schemas.offers.Outcome; granted as GrantedRuns or None."""
    flows: dict[tuple[str, str], int]
    """Joules by (source, sink): sun, producers, battery, grid x loads, battery, export, heat."""
    columns: bytes
    """The posted columns, for the journal: see encode/decode_columns."""
    seals: list[Seal]

@final
class Ledger:
    """The accounts of one home from its first tick on."""

    def __new__(cls, home: str, start_unix_seconds: int, tick_seconds: int) -> Self: ...
    @property
    def next_tick(self) -> int: ...
    @property
    def head(self) -> str:
        """The hash of the last seal; 64 zeros before the first."""
    def settle(self, start: int, ticks: int, offers: Mapping[str, Any]) -> Settlement:
        """Dispatch a window, post it and seal what it completes. Nothing changes when it raises."""
    def post(self, start: int, ticks: int, columns: bytes) -> list[Seal]:
        """Post what an earlier settlement put into the journal (restart, audit); checks every tick's zero sum."""
    def recount(self, start: int, ticks: int, columns: bytes) -> tuple[list[str], dict[tuple[str, str], int]]:
        """The same as hashes of the seals, and joules by (from, to): for who counts again what another has counted."""
    def balances(self) -> dict[str, int]:
        """Joules by account; they sum to 0."""
    def snapshot(self) -> bytes:
        """All of the ledger's memory: balances, head, the open epoch."""
    @staticmethod
    def restore(snapshot: bytes) -> Ledger: ...

def decode_columns(columns: bytes) -> list[tuple[str, str, list[tuple[int, int]]]]:
    """(from, to, runs) of a settlement's columns, sorted."""

def tally_columns(
    columns: bytes, ends: Any, busbar: str, grids: Sequence[str], stores: Sequence[str]
) -> tuple[list[tuple[str, str]], bytes, bytes]:
    """A window's joules in cells of ticks that end at ``ends`` (integers, or a buffer of int64).

    The pairs of accounts, sorted; int64 by cell and pair; int64 by cell, source and sink (sun, producers, battery, grid x
    loads, battery, export, heat), in each tick every source filling the sinks from the first that is not full.
    """

def encode_columns(columns: Sequence[tuple[str, str, Sequence[tuple[int, int]]]]) -> bytes: ...
def expand(series: Any, ticks: int, tick_seconds: int) -> tuple[memoryview, int]:
    """A series (runs, each, knots; or any buffer of int64) as int64 joules per tick, without a copy on the way out, and the carry."""

def decay_q52(seconds: int, tau_milliseconds: int) -> int:
    """exp(-seconds / tau) in units of 2**-52, the same on every machine (pure Rust libm)."""

def random_u64(seed: int, name: str, number: int) -> int:
    """Chance that every runtime throws alike: the first 8 bytes of sha256 over seed, name and number."""

def exp(x: float) -> float: ...
def log(x: float) -> float: ...
def sin(x: float) -> float: ...
def cos(x: float) -> float: ...
def acos(x: float) -> float: ...
def atan2(y: float, x: float) -> float: ...
def pow(x: float, y: float) -> float: ...
def poa_global(
    zenith_udeg: Sequence[int],
    azimuth_udeg: Sequence[int],
    ghi_mw: Sequence[int],
    dni_mw: Sequence[int],
    dhi_mw: Sequence[int],
    tilt_mdeg: int,
    surface_azimuth_mdeg: int,
    albedo_ppm: int,
    day_of_year: Sequence[int],
) -> list[int]:
    """Plane-of-array irradiance in mW/m2: beam + Hay-Davies sky + ground (see devices/panel.py)."""

def field_along(design: Any, light: Any, air: Any, day_of_year: Sequence[int]) -> tuple[list[int], list[int], list[int]]:
    """A field of panels at knots: light that enters its cells (mW/m2), their temperature (mK), direct current (mW)."""

def cos_incidence(zenith_udeg: int, azimuth_udeg: int, cos_tilt: float, sin_tilt: float, surface_azimuth_udeg: int) -> float:
    """Cosine of the angle between the sun and the normal of a plane; negative when the sun is behind it."""

def glass_transmission(cos_angle: float) -> float:
    """Share of light that passes a glass cover, 1 for light that falls straight on it (De Soto et al. 2006, "physical" IAM)."""

def even_light_transmission(cos_angle: float) -> float:
    """Share of even light that passes the coated glass of PVWatts version 8, at its mean angle."""

def cell_celsius(irradiance_w_m2: float, air_celsius: float, wind_m_s: float, mounting: str) -> float:
    """Temperature of a cell: Faiman on an open rack, else the Sandia array performance model."""

def direct_current_watts(irradiance_w_m2: float, cell_celsius: float, peak_watts: float, per_kelvin: float) -> float:
    """Power of a field before its losses, never below 0 (PVWatts version 5, Dobos 2014)."""

def extraterrestrial_w_m2(day_of_year: int) -> float:
    """Sunlight above the air on a day of the year (Spencer 1971)."""

def integrate(steps: Sequence[tuple[int, int, int]], unix_seconds: int, ticks: int, tick_seconds: int) -> list[tuple[int, int]]:
    """Runs of ticks with the sum of steps (begins, ends, value) over the seconds of each tick; the steps are sorted and apart."""

def joule_runs(steps: Sequence[tuple[int, int, int]], unix_seconds: int, ticks: int, tick_seconds: int) -> list[tuple[int, int]]:
    """The same of power in milliwatts, as whole joules: within a minute one more per second comes first (see steps.rs)."""

class MarketError(CoreError):
    """Bad input to the market: nothing has changed."""

    reason: str
    """One word, such as `cycle`, `unknown_contract`, `closed`."""

@final
class Asset:
    """A meter, a balancing point, or a sum of such."""

    id: str
    handle: int
    type: str
    rule_from: str | None
    rule_to: str | None
    upstream_from: str | None
    """Where a deficit is bought: a single-sided rule serves both sides, no rule is the root; the root has none."""
    upstream_to: str | None
    members: list[str]
    past: list[tuple[int, str | None, str | None, list[str]]]
    """What held before, oldest first: the epoch until which it did, from, to, members."""
    metadata: str | None
    head: str
    """The hash of its last seal; 64 zeros before the first."""

@final
class Peer:
    """An asset below another: whether it sells to it, whether it buys from it."""

    id: str
    feeds: bool
    draws: bool

@final
class Posting:
    """Energy from one asset to another in an epoch."""

    from_: str
    to: str
    epoch: int
    wh: int
    kind: str
    """meter, correction, residual, contract or counter."""
    contract: str | None
    co2_mg: int
    source: str | None
    original_epoch: int | None
    owner: str
    """The metered one, or the one that was sealed with it."""
    again: bool
    """Whether an earlier batch has it already (read_batch only)."""

@final
class Booking:
    """What became of a metered value: ok, late or nothing."""

    status: str
    reason: str | None
    posting: Posting | None
    late: int | None

@final
class Settled:
    """What became of many metered values."""

    booked: int
    nothing: int
    late: list[int]

@final
class Late:
    """A value that came for an epoch that was sealed."""

    number: int
    meter: str
    epoch: int
    wh: int
    register: str | None
    co2_mg: int
    source: str | None

@final
class Contract:
    """A power purchase agreement."""

    id: str
    seller: str
    """In whose merit order it stands."""
    partner: str
    direction: str
    """`to`: the seller delivers; `from`: it purchases."""
    priority: int | None
    """None: taken out of the merit order."""
    epoch_wh_max: int | None
    total_wh_max: int | None
    load_watts_min: int | None
    load_watts_max: int | None
    from_epoch: int | None
    until_epoch: int | None
    status: str
    """active, inactive or ended."""
    past: list[tuple[int, Contract]]
    """With the terms that held before, oldest first: the epoch until which they did, the contract."""
    delivered_wh: int
    """In all epochs together, whatever the terms were."""

@final
class Balance:
    """An asset's balance in an epoch; of a sum, that of its members together. What is sealed follows from its postings alone."""

    asset: str
    epoch: int
    sealed: bool
    in_wh: int
    out_wh: int
    net_wh: int
    in_co2_mg: int
    out_co2_mg: int
    metered_in_wh: int
    """Its own meter."""
    metered_out_wh: int
    supplied_wh: int
    """From those below it."""
    drawn_wh: int
    internal_wh: int
    """Served inside: the smaller of supplied and drawn."""
    open_wh: int
    """A surplus, or less than 0 a shortage, that a seal will close."""
    upstream_from: str | None
    upstream_to: str | None
    bought_wh: dict[str, int]
    """By upstream, contracts deducted."""
    sold_wh: dict[str, int]
    contracts: dict[str, int]
    """What each contract brought to it, or less than 0 took from it."""
    postings: list[Posting]
    proposed: list[Posting]
    """What a seal would add now."""

@final
class ClearingLine:
    """Energy of one label at one price."""

    label: str
    micro_euro_per_kwh: int | None
    wh: int
    cost_nano_euro: int
    """Exact: a Wh at a micro-euro for a kWh is a nano-euro."""
    cost_micro_euro: int
    """Rounded once, half up."""

@final
class Clearing:
    """Energy valued with the prices that were valid in its epochs."""

    consumption_wh: int
    lines: list[ClearingLine]
    cost_nano_euro: int
    cost_micro_euro: int
    """The sum of what the lines say."""
    unpriced_wh: int

@final
class Reading:
    """What became of a reading: ok, first or refused."""

    status: str
    reason: str | None
    """`time` or `reading`, when it was refused."""
    sentence: str | None
    consumption_wh: int
    parts: list[tuple[int, int]]
    """Wh by epoch."""
    late: list[int]
    clearing: Clearing | None
    def first_parts(self, most: int) -> list[tuple[int, int]]: ...

@final
class LastReading:
    """The last reading of a register."""

    time_ms: int
    reading_wh: int

@final
class Signer:
    """An Ed25519 key; its signatures are deterministic."""

    def __new__(cls, secret_key: bytes) -> Self: ...
    @property
    def public_key(self) -> bytes: ...

@final
class Batch:
    """One sealing operation: the seals of some assets in an epoch under one signature."""

    @property
    def number(self) -> int: ...
    @property
    def epoch(self) -> int: ...
    @property
    def closed(self) -> bool:
        """Whether it ends the epoch."""
    @property
    def count(self) -> int: ...
    @property
    def root(self) -> str: ...
    @property
    def previous(self) -> str: ...
    @property
    def hash(self) -> str: ...
    @property
    def seal(self) -> bytes:
        """The canonical JSON that is signed."""
    @property
    def signature(self) -> bytes: ...
    @property
    def public_key(self) -> bytes: ...
    @property
    def blob(self) -> bytes:
        """All of it that must be stored."""

@final
class BatchContent:
    """What a stored batch says, in names."""

    number: int
    epoch: int
    closed: bool
    assets: list[str]
    postings: list[Posting]

@final
class Sealing:
    """A seal: sealed (or proposed), already_sealed, upstream_sealed or partner_sealed."""

    status: str
    reason: str | None
    asset: str
    epoch: int
    document: bytes | None
    """Canonical JSON of all its postings."""
    hash: str | None
    postings: list[Posting]
    """What closes it."""
    open_children: list[str]
    skipped: list[str]
    """Contracts left out because their partner is sealed."""
    batch: Batch | None
    """None as long as it is a proposal."""

@final
class EpochSealing:
    """What became of a whole epoch."""

    epoch: int
    closed: bool
    sealed: int
    refused: list[tuple[str, str, str]]
    """(asset, status, sentence)."""
    skipped: list[str]
    batch: Batch | None

@final
class SealChain:
    """Follows the stored batches of a market from its birth, or from a snapshot, and computes every hash again."""

    def __new__(cls, market: str, *, epoch_seconds: int = 900) -> Self: ...
    @staticmethod
    def from_snapshot(snapshot: bytes) -> SealChain: ...
    @property
    def number(self) -> int: ...
    @property
    def head(self) -> str: ...
    def follow(self, blob: bytes, public_key: bytes | None = None) -> Batch:
        """Follow the next batch. Nothing changes when it raises."""
    def certificate(self, batch: Batch, asset: str) -> bytes: ...
    def sealed_assets(self, batch: Batch) -> list[str]: ...

def verify_certificate(certificate: bytes, public_key: bytes | None = None) -> None:
    """Verify a certificate, byte by byte; with a public key also that it is signed with that one."""

@final
class Market:
    """A market and everything it remembers. A method that raises has changed nothing."""

    def __new__(cls, name: str, *, epoch_seconds: int = 900, root: str = "eaf_generic_balancegroup") -> Self: ...
    @property
    def name(self) -> str: ...
    @property
    def epoch_seconds(self) -> int: ...
    @property
    def root(self) -> str: ...
    @property
    def revision(self) -> int:
        """Number of changing operations since birth."""
    @property
    def seal_number(self) -> int: ...
    @property
    def head(self) -> str:
        """The hash of the last batch; 64 zeros before the first."""
    @property
    def in_transaction(self) -> bool: ...
    def begin(self) -> None: ...
    def commit(self) -> None: ...
    def rollback(self) -> None: ...
    def mark(self) -> int:
        """A place in the open transaction, for rollback_to."""
    def rollback_to(self, mark: int) -> None: ...
    def snapshot(self) -> bytes:
        """All of the market's memory; equal markets are equal bytes."""
    @staticmethod
    def restore(snapshot: bytes) -> Market: ...
    def state_hash(self) -> str:
        """sha256 of the snapshot."""
    def upsert_asset(
        self,
        asset: str,
        *,
        type: str | None = None,
        rule: tuple[str | None, str | None] | None = None,
        members: Sequence[str] | None = None,
        metadata: str | None = None,
        from_epoch: int | None = None,
    ) -> Asset:
        """Make an asset or change it; None leaves as it was. The rule (from, to) is replaced whole: from an epoch on, or in all."""
    def upsert_assets(self, ids: Sequence[str], froms: Sequence[str | None], tos: Sequence[str | None], *, type: str = "meter") -> int: ...
    def asset(self, id: str) -> Asset | None: ...
    def assets(self) -> list[str]: ...
    def peers(self, id: str) -> list[Peer]: ...
    def handles(self, ids: Sequence[str]) -> list[int]:
        """Numbers of assets for the bulk calls; they never change."""
    def add_settlement(
        self, meter: str, epoch: int, wh: int, *, register: str | None = None, co2_mg: int = 0, source: str | None = None
    ) -> Booking:
        """Book a metered value. The rule and the sign say its direction, or `register`: import or export."""
    def add_settlements(self, epoch: Any, handles: Any, wh: Any, *, co2_mg: Any = None, source: str | None = None) -> Settled:
        """Book many, all or none: sequences of integers, or buffers of int64; `epoch` is one for all, or one for each."""
    def postpone(self, meter: str, epoch: int, wh: int, *, register: str | None = None, source: str | None = None) -> int:
        """Put a value on the late list that cannot be booked; its number."""
    def lates(self, first: int = 0, most: int | None = None) -> list[Late]: ...
    def late_count(self) -> int: ...
    def correct_late(self, number: int, epoch: int) -> Booking:
        """Book a late value in an open epoch as a correction that names its original epoch."""
    def dismiss_late(self, number: int) -> Late: ...
    def dismiss_lates(
        self,
        *,
        meter: str | None = None,
        from_epoch: int | None = None,
        until_epoch: int | None = None,
        from_number: int | None = None,
        until_number: int | None = None,
        shown_max: int = 0,
    ) -> tuple[int, list[Late]]: ...
    def add_contract(self, seller: str, partner: str, direction: str, *, id: str | None = None, **terms: int | str | None) -> Contract:
        """Make a contract; terms are the fields of Contract from priority (0 by default) to status."""
    def update_contract(self, id: str, *, holds_from: int | None = None, **terms: int | str | None) -> Contract:
        """Other terms from an epoch on; None: in all epochs."""
    def end_contract(self, id: str, until_epoch: int) -> Contract: ...
    def contract(self, id: str) -> Contract | None: ...
    def contracts(self, seller: str | None = None) -> list[Contract]: ...
    def merit_order(self, seller: str, *, epoch: int | None = None) -> list[Contract]:
        """Sorted by (priority, id) of an epoch; None: after all changes."""
    def set_merit_order(self, seller: str, ids: Sequence[str], *, holds_from: int | None = None) -> None:
        """Priorities 1 to n from an epoch on, or in all; those not named leave the order."""
    def move_contract(self, id: str, position: int, *, holds_from: int | None = None) -> Contract: ...
    def rank_contract(self, id: str, priority: int, *, holds_from: int | None = None) -> Contract: ...
    def unrank_contract(self, id: str, *, holds_from: int | None = None) -> Contract: ...
    def balance(self, asset: str, epoch: int) -> Balance: ...
    def sealed_balance(self, asset: str, epoch: int, blobs: Sequence[bytes]) -> Balance:
        """The balance in an epoch that has left the engine, out of all of its stored batches."""
    def balances(self, epoch: int) -> dict[str, int]:
        """Net Wh of each asset that was touched in an open epoch."""
    def postings(self, epoch: int) -> list[Posting]: ...
    def open_epochs(self) -> list[int]: ...
    def closed_epochs(self) -> int: ...
    def is_closed(self, epoch: int) -> bool: ...
    def is_sealed(self, asset: str, epoch: int) -> bool: ...
    def seal_hash(self, asset: str, epoch: int) -> str | None:
        """The hash of an asset's seal, while its epoch is not closed."""
    def propose_seal(self, asset: str, epoch: int, *, partner_sealed: str = "refuse") -> Sealing:
        """What a seal would be; changes nothing. partner_sealed: refuse, or skip the contract."""
    def seal(
        self, asset: str, epoch: int, signer: Signer, *, partner_sealed: str = "refuse", expected_hash: str | None = None
    ) -> Sealing: ...
    def seal_epoch(self, epoch: int, signer: Signer) -> EpochSealing:
        """Seal all that is not sealed yet, bottom-up, with one signature."""
    def certificate(self, batch: Batch, asset: str) -> bytes: ...
    def read_batch(self, blob: bytes) -> BatchContent: ...
    def update_reading(
        self,
        meter: str,
        time_ms: int,
        reading_wh: int,
        *,
        register: str | None = None,
        source: str | None = None,
        rollover_wh: int | None = None,
    ) -> Reading: ...
    def exchange_meter(
        self, meter: str, time_ms: int, last_wh: int, first_wh: int, *, register: str | None = None, source: str | None = None
    ) -> Reading: ...
    def correct_reading(self, meter: str, reading_wh: int, *, register: str | None = None, source: str | None = None) -> Reading:
        """The last reading was wrong: books the difference epoch by epoch."""
    def last_reading(self, meter: str, *, register: str | None = None) -> LastReading | None: ...
    def spread(self, wh: int, start_ms: int, end_ms: int) -> list[tuple[int, int]]: ...
    def set_tariff(self, first_epoch: int, labels: Sequence[str], co2_g_per_kwh: Sequence[int] | None = None) -> None:
        """Label epochs; what was told never changes."""
    def label_runs(self) -> list[tuple[int, int, str]]:
        """All labels as runs: first epoch, end, label."""
    def priced_labels(self) -> list[str]: ...
    def label(self, epoch: int) -> str | None: ...
    def co2_g_per_kwh(self, epoch: int) -> int | None: ...
    def set_price(self, label: str, from_epoch: int, micro_euro_per_kwh: int) -> None:
        """A price from an epoch on; refused before an epoch that was valued with that label."""
    def price(self, label: str, epoch: int) -> int | None: ...
    def prices(self, first: int = 0, most: int | None = None) -> list[tuple[str, int, int]]: ...
    def price_count(self) -> int: ...
    def price_parts(self, parts: Sequence[tuple[int, int]], label: str | None = None) -> Clearing:
        """Value Wh by epoch with the tariff's labels, or with one label."""
