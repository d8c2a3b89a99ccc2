"""What can be asked of the almanac, said so exactly that its hash can name the answer."""

import hashlib
import json
from dataclasses import asdict, dataclass
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import ClassVar

from joulebus.errors import SetupError, WeatherError
from joulebus.refusals.system import reason
from joulebus.series.table import BYTES_MAX, is_readable
from joulebus_schemas.roster import Place

RECIPE = 2
"""Counts up when the almanac computes other numbers than before."""
MISSING = -1
"""Beam light at a knot that a weather file does not cover; no light is negative."""
PVLIB_PREFIX = "pvlib:"


@dataclass(frozen=True, slots=True)
class SkyRequest:
    """The sun over a place."""

    columns: ClassVar[int] = 5
    latitude: float
    longitude: float
    altitude: float
    what: str = "sky"

    @staticmethod
    def of(place: Place) -> "SkyRequest":
        """The time zone of a place moves no sun."""
        return SkyRequest(place.latitude_degrees, place.longitude_degrees, place.altitude_m)


@dataclass(frozen=True, slots=True)
class AirRequest:
    """A weather file, laid under the sun of a place. The path finds the file; the digest is what counts."""

    columns: ClassVar[int] = 5
    latitude: float
    longitude: float
    altitude: float
    path: str
    digest: str
    format: str
    repeat_year: bool
    place_tolerance_km: float
    time_shift_minutes: int
    time_check: bool
    what: str = "air"

    @staticmethod
    def of(place: Place, path: str, digest: str, how: tuple[str, bool, float, int, bool]) -> "AirRequest":
        """All that decides the answer."""
        return AirRequest(place.latitude_degrees, place.longitude_degrees, place.altitude_m, path, digest, *how)


Request = SkyRequest | AirRequest


@lru_cache(maxsize=64)
def key(request: Request, month: int) -> str:
    """Names the answer: sha256 of the question and of the versions of those who answer it."""
    asked = {name: value for name, value in asdict(request).items() if name != "path"}
    text = json.dumps([RECIPE, versions(), asked, month], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


@lru_cache(maxsize=1)
def versions() -> tuple[str, ...]:
    """Versions of the packages whose results are cached.

    Raises:
        SetupError: pvlib or numpy is not installed.
    """
    try:
        return tuple(f"{name} {version(name)}" for name in ("pvlib", "numpy"))
    except PackageNotFoundError as missing:
        raise SetupError(
            f"the package {missing.name} must be installed to compute the position of the sun; run: pip install pvlib"
        ) from None


@lru_cache(maxsize=8)
def digest_of_file(path: str) -> tuple[str, str]:
    """Where a weather file is, and the sha256 of what is in it; read once, so a home never changes its weather while it runs.

    Raises:
        SetupError: pvlib is not installed, and a file of it was named.
        WeatherError: The file cannot be read.
    """
    found = _in_pvlib(path.removeprefix(PVLIB_PREFIX)) if path.startswith(PVLIB_PREFIX) else Path(path)
    try:
        if not is_readable(found.stat()):
            raise WeatherError(f"a weather file must be a file of at most {BYTES_MAX // 1_000_000} MB; {path} is none")
        return str(found), hashlib.sha256(found.read_bytes()).hexdigest()
    except ValueError:
        raise WeatherError(f"a weather file must be a file, but {path[:60]!r} cannot be a name of one") from None
    except OSError as problem:
        raise WeatherError(
            f"the weather file must be readable, but {path}: {reason(problem)}; "
            "name it relative to the home file, or use pvlib:12839.tm2 or pvlib:723170TYA.CSV"
        ) from None


def _in_pvlib(name: str) -> Path:
    spec = find_spec("pvlib")
    if spec is None or spec.origin is None:
        raise SetupError("the package pvlib must be installed to use its weather files; run: pip install pvlib")
    if Path(name).name != name:
        raise WeatherError(f"a weather file of pvlib is named without folders, such as pvlib:12839.tm2; it was pvlib:{name}")
    return Path(spec.origin).parent / "data" / name
