"""The home file: one YAML file that describes a home for every runtime. Read strictly, written so that it reads back the same."""

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from os import PathLike, fspath
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import Field, ValidationError

from joulebus.devices import KINDS
from joulebus.errors import HomeFileError
from joulebus.homefile import errors as texts
from joulebus.homefile.errors import Problems
from joulebus.homefile.hearing import hearing_order, hears_of
from joulebus.homefile.history import Retention, dumped_retention, read_history
from joulebus.homefile.market import SECTION, MarketWords, dumped, read_market
from joulebus.homefile.members import SWITCHBOARD, check_hearing, check_once, read_members
from joulebus.homefile.yaml_lines import FILE_BYTES_MAX, Document, YamlProblem, read_yaml, write_yaml
from joulebus.refusals.constraints import shown
from joulebus.refusals.messages import problems_of
from joulebus.refusals.system import reason
from joulebus_schemas.base import Name, Natural, Word
from joulebus_schemas.facts import EPOCH_SECONDS
from joulebus_schemas.roster import Member, Place

__all__ = ["EPOCH_SECONDS", "HomeFile", "HomeWords", "dump", "hears_of", "load_home_file", "of_words", "hearing_order"]

FileSpeed = Literal["flat_out"] | Annotated[float, Field(gt=0, description="simulated seconds in a second")]


class HomeWords(Word):
    """A home as its file says it."""

    home: Annotated[Name, Field(description="lower case letters, digits and _; a part of every address on the bus")]
    place: Place
    start: Annotated[str, Field(description='Moment of the first tick with its offset from UTC, or "now"')] = "now"
    tick_seconds: Annotated[int, Field(ge=1, le=EPOCH_SECONDS, description="Smallest step of simulated time; divides 900")] = 1
    speed: Annotated[FileSpeed, Field(description="How ticks follow the clock on the wall; flat_out: as fast as the machine allows")] = 1
    seed: Annotated[Natural, Field(description="Of all chance in the home")] = 0
    devices: Annotated[dict[str, Any], Field(min_length=1, description="By name")]
    market: Annotated[Any, Field(description="Balance groups, contracts and tariffs; left out: the home has no market")] = None
    history: Annotated[Any, Field(description="For how long the historian keeps what; left out: as long as is usual")] = None


@dataclass(frozen=True, slots=True)
class HomeFile:
    """A home as a file describes it, complete and checked."""

    name: str
    place: Place
    start_unix_seconds: int
    tick_seconds: int
    speed: float | None
    """Simulated seconds per real second; None is flat out."""
    seed: int
    members: Mapping[str, Member]
    """In the order of the file, with all their properties."""
    market: MarketWords | None = None
    retention: Retention = Retention()


def folder_beside(path: Path) -> Path:
    """The folder from which a home file names others: where the file itself is, whatever link led to it.

    In a volume of Kubernetes each name is a link into a folder such as ``..2026_12_01_01_47_49.625``, which is another one in each pod, and
    is replaced when the volume changes: there it is the folder of the link.
    """
    folder, given = path.resolve().parent, Path(os.path.abspath(path)).parent
    return given if folder.name.startswith("..") else folder


def load_home_file(path: str | PathLike[str]) -> HomeFile:
    """Read a home file; a :class:`HomeFileError` lists everything that is wrong with it."""
    file = fspath(path)
    return _home(file, _document(file), folder_beside(Path(file)))


def read_home_text(text: str, path: Path) -> HomeFile:
    """A home file that is not written yet, as it would be at a path; a :class:`HomeFileError` lists everything that is wrong with it."""
    return _home(str(path), read_yaml(text), folder_beside(path))


def of_words(words: Mapping[str, Any]) -> HomeFile:
    """A home given as a mapping, with the words of a home file; files in it are seen from here.

    Raises:
        HomeFileError: The mapping does not describe a home; everything that is wrong is listed.
    """
    try:
        text = json.dumps(words, indent=1)
    except (TypeError, ValueError):
        raise HomeFileError("a home consists of text, numbers, lists and mappings, but this one holds something else") from None
    return _home("home", read_yaml(text), Path.cwd())


def _home(file: str, document: Document, folder: Path) -> HomeFile:
    problems = Problems(file, document)
    words = _words(document, problems)
    start = _start(words, document.value, problems)
    members = read_members(document.value, problems, folder)
    check_once(document.value, problems)
    check_hearing(document.value, members, problems)
    market = read_market(document.value, members, problems)
    retention = read_history(document.value, problems)
    problems.raise_if_any()
    assert words is not None
    whole = _with_switchboard(members)
    return HomeFile(words.home, words.place, start, words.tick_seconds, _speed(words.speed), words.seed, whole, market, retention)


def dump(home: HomeFile) -> str:
    """A home as the text of a home file; what is as it would be anyway is left out."""
    start = datetime.fromtimestamp(home.start_unix_seconds, ZoneInfo(home.place.timezone))
    defaults = HomeWords.model_fields
    words: dict[str, Any] = {
        "home": home.name,
        "place": _plain(home.place.model_dump(mode="json", exclude_defaults=True)),
        "start": start.isoformat(),
        "tick_seconds": home.tick_seconds,
        "speed": "flat_out" if home.speed is None else _plain(home.speed),
        "seed": home.seed,
    }
    words = {key: value for key, value in words.items() if value != defaults[key].default}
    market = {} if home.market is None else {SECTION: _plain(dumped(home.market))}
    return write_yaml({**words, "devices": dict(_dumped(home.members)), **market, **dumped_retention(home.retention)})


def _document(file: str) -> Document:
    try:
        with open(file, "rb") as stream:
            data = stream.read(FILE_BYTES_MAX + 1)
        if len(data) > FILE_BYTES_MAX:
            raise HomeFileError(f"{file}: a home file must have at most {FILE_BYTES_MAX} bytes, but has more")
        return read_yaml(data.decode())
    except OSError as error:
        raise HomeFileError(f"{file} cannot be read: {reason(error)}") from None
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise HomeFileError(f"{file}:{line}: must be text in UTF-8, but byte {error.start} is not; save it as UTF-8") from None
    except YamlProblem as error:
        raise HomeFileError(f"{file}:{error.line}: {error}") from None


def _words(document: Document, problems: Problems) -> HomeWords | None:
    """The head of the file; nothing when it is not even such a mapping."""
    if not isinstance(document.value, dict):
        problems.add((), f"a home file must be a mapping with home, place and devices, but is {shown(document.value)}")
        return None
    ticks = document.value.get("tick_seconds", 1)
    if type(ticks) is int and 1 <= ticks <= EPOCH_SECONDS and EPOCH_SECONDS % ticks:
        problems.add(("tick_seconds",), texts.tick_text(ticks))
    try:
        return HomeWords.model_validate_json(json.dumps(document.value))
    except ValidationError as error:
        problems.extend(problems_of(error, HomeWords, document.value, "home"))
        return None


def _speed(speed: Any) -> float | None:
    return None if speed == "flat_out" else float(speed)


def _start(words: HomeWords | None, value: Any, problems: Problems) -> int:
    """The moment of the first tick; looked at also when other words of the head are wrong."""
    zone = _zone(value, problems)
    start = value.get("start", "now") if isinstance(value, dict) else "now"
    if zone is None or not isinstance(start, str):
        return 0
    tick_seconds = words.tick_seconds if words and not problems.about("tick_seconds") else 1
    if start == "now":
        now = int(present_moment().timestamp())
        return now - now % tick_seconds
    moment = _moment(start)
    if moment is None:
        problems.add(("start",), texts.start_text(start))
    elif moment.tzinfo is None:
        problems.add(("start",), texts.offset_text(moment, zone))
    elif moment.timestamp() % tick_seconds:
        problems.add(("start",), texts.aligned_text(moment, tick_seconds))
    else:
        return int(moment.timestamp())
    return 0


def present_moment() -> datetime:
    """Now: when a home begins of which nobody says otherwise."""
    return datetime.now(UTC)


def _zone(value: Any, problems: Problems) -> ZoneInfo | None:
    place = value.get("place") if isinstance(value, dict) else None
    key = place.get("timezone", "UTC") if isinstance(place, dict) else "UTC"
    if not isinstance(key, str):
        return None
    try:
        return ZoneInfo(key)
    except (KeyError, ValueError, OSError):
        problems.add(("place", "timezone"), texts.timezone_text(key))
        return None


def _moment(text: str) -> datetime | None:
    """A date and time within our calendars."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if texts.START_YEARS[0] <= moment.year <= texts.START_YEARS[1] else None


def _with_switchboard(members: dict[str, Member]) -> dict[str, Member]:
    if any(member.kind == SWITCHBOARD for member in members.values()):
        return members
    properties = KINDS[SWITCHBOARD].properties.model_validate_json('{"rating_watts": 0, "night_watts": 0}').model_dump(mode="json")
    return {**members, SWITCHBOARD: Member(kind=SWITCHBOARD, properties=properties)}


def _dumped(members: Mapping[str, Member]) -> Iterator[tuple[str, dict[str, Any]]]:
    unsaid = hears_of({name: Member(kind=member.kind) for name, member in members.items()})
    for name, member in members.items():
        words: dict[str, Any] = {"kind": member.kind}
        if not member.on:
            words["on"] = False
        if "hears" in member.model_fields_set and member.hears != unsaid[name]:
            words["hears"] = list(member.hears)
        properties = KINDS[member.kind].properties.model_validate_json(json.dumps(member.properties))
        yield name, words | _plain(properties.model_dump(mode="json", exclude_defaults=True))


def _plain(value: Any) -> Any:
    """With whole numbers as people write them."""
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value
