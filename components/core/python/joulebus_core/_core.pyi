"""The counting, in Rust. Offers are read by attribute from the words of joulebus_schemas.offers."""

from collections.abc import Mapping, Sequence
from typing import Any, Self, final

__all__ = [
    "Column",
    "CoreError",
    "Ledger",
    "Seal",
    "Settlement",
    "acos",
    "atan2",
    "cell_celsius",
    "cos",
    "cos_incidence",
    "decay_q52",
    "decode_columns",
    "direct_current_watts",
    "encode_columns",
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
class Settlement:
    """What was committed for a window (or for its first ticks)."""

    start: int
    ticks: int
    outcomes: dict[str, dict[str, Any]]
    """By device: the fields of joulebus_schemas.offers.Outcome; runs as a tuple of (count, joules) pairs or None."""
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
    """A series (runs, each, knots; or any buffer of int64) as int64 joules a tick, without a copy on the way out, and the carry."""

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

def cell_celsius(irradiance_w_m2: float, air_celsius: float, wind_m_s: float, mounting: str) -> float:
    """Temperature of a cell: Faiman on an open rack, else the Sandia array performance model."""

def direct_current_watts(irradiance_w_m2: float, cell_celsius: float, peak_watts: float, per_kelvin: float) -> float:
    """Power of a field before its losses, never below 0 (PVWatts version 5, Dobos 2014)."""

def extraterrestrial_w_m2(day_of_year: int) -> float:
    """Sunlight above the air on a day of the year (Spencer 1971)."""

def integrate(steps: Sequence[tuple[int, int, int]], unix_seconds: int, ticks: int, tick_seconds: int) -> list[tuple[int, int]]:
    """Runs of ticks with the sum of steps (begins, ends, value) over the seconds of each tick; the steps are sorted and apart."""

def joule_runs(steps: Sequence[tuple[int, int, int]], unix_seconds: int, ticks: int, tick_seconds: int) -> list[tuple[int, int]]:
    """The same of power in milliwatts, as whole joules: a minute's come first one a second more (see steps.rs)."""
