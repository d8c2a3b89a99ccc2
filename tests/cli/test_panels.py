"""The panels of a meter: in each size, of a run and of telegrams, with costs, and with keys in a real terminal."""

import os
import pty
import re
import select
import struct
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from fcntl import ioctl
from pathlib import Path
from termios import TIOCSWINSZ

import pytest

from tests.meter.homes import flat
from tests.planning.conftest import JOULEBUS, Command, environment, joulebus
from tests.real.router import ROOT

__all__ = ["joulebus"]
FLANDERS = ROOT / "examples/rates/flanders.yaml"
SECONDS_MAX = 60
CHARACTERS_MAX = 1_000_000
DRAWINGS_MAX = 1_000
SIZES = {(80, 24): {"rate", "quarter", "usage"}, (120, 40): {"peaks", "log", "cars and battery"}, (180, 50): {"telegram", "log", "usage"}}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return flat(tmp_path_factory.mktemp("flat"), 2 * 1_440).parent


def picture(source: Path | str, size: tuple[int, int], *options: object) -> str:
    sized = environment(Path.cwd()) | {"COLUMNS": str(size[0]), "LINES": str(size[1])}
    said = subprocess.run([JOULEBUS, "panels", str(source), "--once", *map(str, options)], env=sized, capture_output=True, text=True)
    assert said.returncode == 0, said.stderr
    return said.stdout


@pytest.mark.parametrize("size", SIZES)
def test_the_panels_fit_each_size(run: Path, size: tuple[int, int]) -> None:
    lines = picture(run, size, "--rates", FLANDERS).splitlines()
    assert len(lines) == size[1] and {len(line) for line in lines} == {size[0]}
    whole = "\n".join(lines)
    assert all(f" {title} " in whole for title in SIZES[size]) and "Flanders" in whole
    assert "0 all" in lines[-1] and "q end" in lines[-1]


def test_telegrams_alone_show_the_same_as_the_home_that_sent_them(run: Path, tmp_path: Path, joulebus: Command) -> None:
    file = tmp_path / "telegrams.txt"
    said = subprocess.run([JOULEBUS, "meter", "telegram", run, "--count", "1500"], capture_output=True, check=True)
    file.write_bytes(said.stdout.replace(b"*kW", b"*KW", 1))
    of_telegrams, of_home = picture(file, (180, 50), "--rates", FLANDERS), picture(run, (180, 50), "--rates", FLANDERS)
    assert "1,499 read, 1 dropped" in of_telegrams
    decoded = re.compile(r"1-0:1\.8\.2.*kWh|0-0:96\.13\.0.*hello|1-0:1\.6\.0.*")
    assert decoded.findall(of_telegrams) == decoded.findall(of_home) != []
    assert re.search(r"€ total .*[1-9]", of_telegrams) and "since it is watched" in of_telegrams


@contextmanager
def terminal(source: Path) -> Iterator[int]:
    """The panels in a terminal of 120×40."""
    ours, theirs = pty.openpty()
    ioctl(theirs, TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
    # The terminal says its size itself, whatever size the terminal of these tests has.
    sized = {name: value for name, value in environment(source).items() if name not in {"COLUMNS", "LINES"}} | {"TERM": "xterm"}
    with subprocess.Popen([JOULEBUS, "panels", str(source)], stdin=theirs, stdout=theirs, env=sized) as one:
        os.close(theirs)
        try:
            yield ours
            assert one.wait(60) == 0
        finally:
            one.kill()
            os.close(ours)


def until_seen(terminal_file: int, text: str) -> None:
    seen = ""
    while text not in seen:
        assert select.select([terminal_file], [], [], SECONDS_MAX)[0], f"nothing more was drawn, and {text} is not in {seen[-4_000:]}"
        seen += os.read(terminal_file, 65_536).decode("utf-8", "replace")
        assert len(seen) < CHARACTERS_MAX, f"it is drawn again and again, and {text} is not in {seen[-4_000:]}"


def test_a_key_shows_one_panel_and_another_ends_them(run: Path) -> None:
    with terminal(run) as keyboard:
        until_seen(keyboard, "months' peaks")
        os.write(keyboard, b"5")
        until_seen(keyboard, "highest quarter-hour of the month")
        os.write(keyboard, b"0")
        until_seen(keyboard, "cars and battery")
        os.write(keyboard, b"q")
        with pytest.raises(OSError):
            for _ in range(DRAWINGS_MAX):
                assert os.read(keyboard, 65_536)
