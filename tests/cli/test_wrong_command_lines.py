"""Wrong command lines: one sentence of ours, the right exit code, never a traceback or the text of another library."""

import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from joulebus.cli.main import main
from joulebus.errors import UsageError
from tests.planning.conftest import JOULEBUS
from tests.planning.homes import cabin

FOREIGN = re.compile(
    r"Traceback|Errno|Input should be|No such (option|command|file)|Is a directory|Permission denied|Missing (argument|option)"
    r"|Got unexpected|Invalid value|codec can't|[sS]ql[aA]lche|[pP]ydantic|NoneType|Usage:|Extra inputs|Field required|Error:"
)
"""What Python, Typer, pydantic, SQLAlchemy and the operating system would say."""

EXPECTED = {
    "nonsense": 'there is no command "nonsense"; the commands are access, audit, call,',
    "market rnu": 'there is no command "rnu"; did you mean "run"? (see `joulebus market --help`)',
    "plan --day 3": 'there is no option --day; did you mean "--days"? (see `joulebus plan --help`)',
    "plan cabin.yaml --days x": '--days must be a number from 0 to 36525, but was "x"',
    "plan cabin.yaml --days=-1": '--days must be a number from 0 to 36525, but was "-1"',
    "plan cabin.yaml --days nan": '--days must be a number from 0 to 36525, but was "nan"',
    "plan cabin.yaml --days inf": "--days must be a number from 0 to 36525",
    "plan cabin.yaml --days 1e300": "--days must be a number from 0 to 36525",
    "plan cabin.yaml --tick 1.5": '--tick must be a whole number, but was "1.5"',
    "plan cabin.yaml --tick 7": "--tick must divide 900 s evenly, but was 7; choose 1, 5,",
    "plan cabin.yaml --out": "--out needs a value after it",
    "plan cabin.yaml --json=yes": "--json takes no value",
    "plan cabin.yaml other.yaml": "too many arguments (see `joulebus plan --help`)",
    "plan folder": "folder cannot be read: it is a directory",
    "plan nowhere.yaml": "nowhere.yaml cannot be read: it does not exist",
    "plan cabin.yaml/x": "cabin.yaml/x cannot be read: a part of its path is not a directory",
    "plan binary": "binary:1: must be text in UTF-8",
    "plan cabin.yaml --out cabin.yaml": "the plan cannot be written to cabin.yaml: ",
    "plan cabin.yaml --start tomorrow": "--start must be a date or a time, such as 2026-06-01",
    "plan cabin.yaml --set oven.wats=1": 'oven.wats: unknown property of an oven; did you mean "power_watts"?',
    "compare cabin.yaml --vary oven.wats=1,2": 'oven.wats: unknown property of an oven; did you mean "power_watts"?',
    "compare cabin.yaml --vary oven.power_watts=1 --workers 0": '--workers must be a whole number of at least 1, but was "0"',
    "up cabin.yaml --durable never": '--durable must be one of full, memory, but was "never"',
    "up cabin.yaml --guest-port 99999999": '--guest-port must be a whole number from 0 to 65535, but was "99999999"',
    "up cabin.yaml --speed fast": '--speed must be a number above 0 or "flat_out", but was "fast"',
    "up cabin.yaml --speed nan": '--speed must be a number above 0 or "flat_out", but was "nan"',
    "up cabin.yaml --for forever": '--for must be a duration such as 90s, 10m, 2h or 3d, but was "forever"',
    "up cabin.yaml --store mongodb://x/y": 'unknown kind of database "mongodb"',
    "up cabin.yaml --values cabin.yaml": "--values is for the chart: give it with --on kubernetes",
    "up cabin.yaml --on kubernetes --store sqlite:///x --fresh": "--fresh, --store is about homes on this machine; with --on",
    "up cabin.yaml --on nowhere": '--on must be one of processes, kubernetes, but was "nowhere"',
    "--namespace nowhere new home.yaml": "`joulebus new` is about this machine; a home elsewhere can be asked by audit, call,",
    "--namespace": "--namespace needs a value after it",
    "up": "the argument FILE is missing (see `joulebus up --help`)",
    "device set": "the argument NAME is missing",
    "device kinds batery": 'unknown kind "batery"; did you mean "battery"?',
    "report folder": "folder is not the directory of a run",
    "report binary": "binary is not a journal of this joulebus",
    "audit nowhere": "cannot audit: nowhere cannot be read (it does not exist)",
    "audit binary": "",
    "audit nonsense://x": 'unknown kind of database "nonsense"',
    "schemas cabin.yaml": "the catalogue cannot be written to cabin.yaml: ",
    "market run nowhere.jsonl": "the file of operations nowhere.jsonl cannot be read: it does not exist",
    "market run folder": "the file of operations folder cannot be read: it is a directory",
    "market run binary": "the file of operations binary cannot be read: it is not text in UTF-8",
    "market run empty.jsonl --store nonsense://x": 'unknown kind of database "nonsense"',
    "market run empty.jsonl --store sqlite:///folder": "the database folder cannot be used: its file cannot be opened",
    "market run empty.jsonl --store sqlite:///binary": "the database binary cannot be used: it is not a SQLite database",
    "market run empty.jsonl --key cabin.yaml": "a key must be a file with 64 hexadecimal digits, but cabin.yaml is not",
    "market run empty.jsonl --key folder": "the key folder cannot be read: it is a directory",
    "market balance seller1 never --in empty.jsonl": 'but was "never"',
    "verify folder": "the certificate folder cannot be read: it is a directory",
    "verify cabin.yaml --key xyz": 'a public key is 64 hexadecimal digits, but was "xyz"',
}
"""All of them have exit code 2."""


EXAMPLES = int(os.environ.get("JOULEBUS_FUZZ_EXAMPLES", "60"))
ENDS: Counter[tuple[str, object]] = Counter()
"""How many command lines of each command have ended with which exit code."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A cabin, a directory, an empty file of operations, and a file that is no text."""
    folder = tmp_path_factory.mktemp("lines")
    cabin(folder)
    (folder / "folder").mkdir()
    plan = [JOULEBUS, "plan", str(folder / "cabin.yaml"), "--days", "0.5", "--out", str(folder / "run")]
    subprocess.run(plan, check=True, capture_output=True)
    (folder / "empty.jsonl").touch()
    (folder / "binary").write_bytes(bytes(range(128, 256)) * 200)
    yield folder
    tried, codes = Counter(command for command, _ in ENDS.elements()), Counter(str(code) for _, code in ENDS.elements())
    print(f"{ENDS.total():,} command lines; exit codes {dict(sorted(codes.items()))}; by command {dict(sorted(tried.items()))}")


class Ended:
    """How a command line ended."""

    def __init__(self, words: list[str], folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        kept, before = sys.argv, Path.cwd()
        os.chdir(folder)
        sys.argv = ["joulebus", *words]
        self.code: object = 0
        try:
            main()
        except SystemExit as end:
            self.code = end.code
        finally:
            sys.argv = kept
            os.chdir(before)
        self.printed, self.said = capsys.readouterr()


@pytest.fixture(autouse=True)
def alone(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No home of anybody is found."""
    monkeypatch.setenv("JOULEBUS_STATE", str(folder / "state"))
    monkeypatch.setenv("COLUMNS", "200")


@pytest.mark.parametrize("line", EXPECTED)
def test_a_wrong_command_line_is_one_sentence(line: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ended = Ended(line.split(), folder, capsys)
    assert (ended.code, ended.printed) == (2, "")
    assert ended.said.startswith("joulebus: ")
    assert EXPECTED[line] in ended.said
    assert ended.said.count("\n") == 1, "one sentence, once"
    assert not FOREIGN.search(ended.said)


NUMBERS = st.sampled_from(["0", "0,5", "1.234,5", "-1", "1e400", "nan", "inf", "0x10", "٣", " 1", "", "9" * 400, "1.5", "one", "\x00"])
FILES = st.sampled_from(["cabin.yaml", "folder", "nowhere", "binary", "/dev/null", "empty.jsonl", "", "a" * 300, "x/y/z", "/dev/full"])
DATES = st.sampled_from(
    ["2026-06-01", "2026-13-01", "now", "0001-01-01", "9999-12-31T23:59:59-12:00", "2026-06-01T25:00", "2026-W23", "1e9"]
)
SETTINGS = st.sampled_from(
    ["oven", "oven=", "=1", "oven.power_watts=", "oven.power_watts=[", "a.b.c=1", "seed=-1", "oven.on=maybe", "é.x=1"]
)
URLS = st.sampled_from(["sqlite://", "sqlite:///nowhere/x.db", "postgresql://", "://", "sqlite:///binary", "http://[", "x" * 300])
ROOFS = st.sampled_from(
    ["3000@90", "3000@", "@90", "3000@Q", "1e9@90", "3000@90/91", ",", "0.3/x@22:00-06:00", "50.8,4.3", "91,0", "Atlantis"]
)
ANY = st.one_of(ROOFS, NUMBERS, FILES, DATES, SETTINGS, URLS)
OPTIONS = {
    "plan": ["--start", "--days", "--tick", "--set", "--out", "--window", "--resume", "--from-running", "--from-journal", "--at"],
    "compare": [
        "--vary",
        "--metric",
        "--start",
        "--days",
        "--tick",
        "--set",
        "--csv",
        "--price",
        "--budget",
        "--seed",
        "--lives",
        "--workers",
        "--chart",
        "--lifetime",
        "--discount",
    ],
    "new": [
        "--city",
        "--place",
        "--timezone",
        "--roof",
        "--battery",
        "--kwh",
        "--load",
        "--load-clock",
        "--tariff",
        "--export",
        "--weather",
    ],
    "load check": ["--column", "--unit", "--clock", "--timezone", "--step", "--decimal"],
    "weather check": ["--picture"],
    "up": ["--start", "--speed", "--for", "--keep", "--window-seconds", "--guest-port"],
    "report": ["--from", "--to", "--every", "--csv", "--parquet", "--json-file", "--html", "--against"],
    "audit": ["--market", "--report"],
    "market run": ["--store", "--market", "--key", "--epoch-seconds"],
    "market balance": ["--in", "--market", "--home"],
    "verify": ["--key"],
    "device kinds": ["--json"],
    "clock step": ["--home"],
    "call": ["--home"],
}
"""Commands that end by themselves, with options that take a value."""


@st.composite
def lines(draw: st.DrawFn) -> list[str]:
    """A command with arguments and options that are mostly wrong."""
    command = draw(st.sampled_from(sorted(OPTIONS)))
    words = [*command.split(), *draw(st.lists(ANY, max_size=2))]
    for option in draw(st.lists(st.sampled_from([*OPTIONS[command], "--nothing"]), max_size=3)):
        words += [option, draw(ANY)]
    return words


RIGHT = {
    "plan": "plan cabin.yaml --days 0.02 --tick 60 --set oven.power_watts=900",
    "compare": "compare cabin.yaml --days 0.02 --vary oven.power_watts=900,1000 --price oven.power_watts=1 --workers 1 --metric cost",
    "report": "report run --every hour --from 2026-06-21T00:00 --json-file x.json --csv x.csv",
    "new": "new fresh.yaml --city Brussels --roof 3000@90 --battery 5 --kwh 3000 --tariff 0.3 --export 0.05",
    "audit": "audit run --json",
}
"""Command lines that are right, but for one word that is another one."""


@st.composite
def nearly_right(draw: st.DrawFn) -> list[str]:
    """One word of a right line is replaced."""
    words = RIGHT[draw(st.sampled_from(sorted(RIGHT)))].split()
    words[draw(st.integers(1, len(words) - 1))] = draw(ANY)
    return words


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=lines() | nearly_right())
def test_no_command_line_shows_a_traceback_or_a_foreign_text(words: list[str], folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    # A plan of many days would be right, and long: its length is given, unless a wrong one is.
    if words[0] in ("plan", "compare") and "--days" not in words:
        words = [*words, "--days", "0.02"]
    if words[0] == "up":
        words = [*words, "--nothing"]  # None of them may start a home here.
    if words[0] == "new":
        (folder / "fresh.yaml").unlink(missing_ok=True)
    ended = Ended(words, folder, capsys)
    ENDS[words[0], ended.code] += 1
    assert ended.code in (0, 1, 2, 3, 4), (words, ended.said)
    assert not FOREIGN.search(ended.said), words
    if ended.code:
        assert ended.said or "Usage" in ended.printed, words


def test_a_bug_is_a_sentence_too(monkeypatch: pytest.MonkeyPatch, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(json, "dumps", lambda *_, **__: {}["nothing"])
    ended = Ended(["device", "kinds", "--json"], folder, capsys)
    assert ended.code == 70
    assert re.match(r"joulebus: this is a bug of joulebus \(KeyError at \w+\.py:\d+\); please report it, with the traceback", ended.said)
    monkeypatch.setenv("JOULEBUS_DEBUG", "1")
    assert "Traceback" in Ended(["device", "kinds", "--json"], folder, capsys).said


def test_wrong_options_are_one_kind_of_error() -> None:
    assert UsageError.exit_code == 2
