"""Home files with old names: the loader tells the new one, `joulebus migrate` rewrites them and nothing else."""

from pathlib import Path

import pytest

from joulebus.errors import HomeFileError
from joulebus.homefile.home_file import load_home_file
from joulebus.homefile.migration import migrate
from joulebus.refusals.messages import with_article
from tests.home_file.conftest import HEAD, Write

OLD = """\
# A home of 2025: rank was a word then.
home: house          # the name, with
place: {latitude_degrees: 50.85,   longitude_degrees: 4.35}
tick_seconds: 1


devices:
  oven:   {kind: oven, "rank": 3, power_watts: 2000}   # rank: the lowest goes first
  battery:
    # of several
    rank: 7
    kind: battery
  rank: {kind: tv, rank: 0}
  sun: {kind: sun}
"""
NEW = """\
# A home of 2025: rank was a word then.
home: house          # the name, with
place: {latitude_degrees: 50.85,   longitude_degrees: 4.35}
tick_seconds: 1


devices:
  oven:   {kind: oven, shedding_priority: 3, power_watts: 2000}   # rank: the lowest goes first
  battery:
    # of several
    priority: 7
    kind: battery
  rank: {kind: tv, shedding_priority: 0}
  sun: {kind: sun}
"""


@pytest.mark.parametrize(("kind", "new"), [("oven", "shedding_priority"), ("battery", "priority")])
def test_an_old_name_is_told_the_new_one(kind: str, new: str, write: Write) -> None:
    with pytest.raises(HomeFileError) as error:
        load_home_file(write(f"{HEAD}devices:\n  it: {{kind: {kind}, rank: 3}}\n"))
    sentence = f"rank is called {new} now; `joulebus migrate FILE` rewrites it"
    assert str(error.value) == f"house.yaml:5: devices.it.rank: unknown property of {with_article(kind)}; {sentence}"


def test_a_kind_that_never_had_the_old_name_is_not_told_of_it(write: Write) -> None:
    with pytest.raises(HomeFileError) as error:
        load_home_file(write(f"{HEAD}devices:\n  sun: {{kind: sun, rank: 3}}\n"))
    assert "now" not in str(error.value).split()


def test_only_names_are_rewritten(tmp_path: Path) -> None:
    path = tmp_path / "house.yaml"
    path.write_text(OLD)
    path.chmod(0o640)
    assert migrate(path) == {("rank", "shedding_priority"): 2, ("rank", "priority"): 1}
    assert path.read_text() == NEW
    assert path.stat().st_mode & 0o777 == 0o640
    assert load_home_file(path).members["oven"].properties["shedding_priority"] == 3


def test_a_file_of_today_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "house.yaml"
    path.write_text(NEW)
    before = path.stat()
    assert not migrate(path)
    assert (path.read_text(), path.stat().st_mtime_ns, path.stat().st_ino) == (NEW, before.st_mtime_ns, before.st_ino)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "devices: {it: {kind: tv, rank: 3, shedding_priority: 4}}",
            ":1: rank is called shedding_priority now, and both are here; remove one",
        ),
        ("devices: {it: [}", ":1: this is not YAML"),
    ],
)
def test_what_cannot_be_rewritten_is_left_alone(text: str, sentence: str, tmp_path: Path) -> None:
    path = tmp_path / "house.yaml"
    path.write_text(text)
    with pytest.raises(HomeFileError) as error:
        migrate(path)
    assert sentence in str(error.value) and path.read_text() == text
