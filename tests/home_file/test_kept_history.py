"""For how long the past is kept: a property of the home file, which an option overrides for one run."""

import pytest

from joulebus.errors import HomeFileError, PropertyError
from joulebus.homefile.history import Retention
from joulebus.homefile.home_file import dump, load_home_file
from joulebus_schemas.facts import DAY_SECONDS
from tests.home_file.conftest import HEAD, Write

DEVICES = "devices:\n  tv: {kind: tv}\n"
YEAR = 365 * DAY_SECONDS

SENTENCES = {
    "no mapping": ("history: 5", "house.yaml:6: history: the history must be a mapping with keep, but is 5"),
    "a misspelt word": ("history: {kept: {}}", 'house.yaml:6: history.kept: unknown property of a history; did you mean "keep"?'),
    "something that is not kept": (
        "history: {keep: {hours: 1y}}",
        "house.yaml:6: history.keep.hours: unknown property in keep; known properties: minutes, records, ticks",
    ),
    "no span": (
        "history:\n  keep:\n    ticks: 3 weeks",
        'house.yaml:8: history.keep.ticks: ticks must be kept for a time like 6h, 7d or 1y, or for "ever", but was "3 weeks"',
    ),
    "a number": ("history: {keep: {ticks: 7}}", "house.yaml:6: history.keep.ticks: must be text (what moved in each tick), but is 7"),
    "finer for longer": (
        "history: {keep: {ticks: 2y}}",
        "house.yaml:6: history.keep: records must be kept for an hour at least, ticks as long as records, and minutes as long as ticks",
    ),
}


@pytest.mark.parametrize(("said", "sentence"), SENTENCES.values(), ids=SENTENCES)
def test_what_cannot_be_kept_so_is_refused_with_its_line(said: str, sentence: str, write: Write) -> None:
    with pytest.raises(HomeFileError) as refusal:
        load_home_file(write(HEAD + DEVICES + said))
    assert str(refusal.value).partition("house.yaml")[2] == sentence.partition("house.yaml")[2]


def test_a_home_file_says_how_long_what_is_kept(write: Write) -> None:
    home = load_home_file(write(HEAD + DEVICES + "history: {keep: {records: 2d, minutes: ever}}"))
    assert home.retention == Retention(records=2 * DAY_SECONDS, ticks=7 * DAY_SECONDS, minutes=None)
    assert "history:\n  keep: {records: 2d, minutes: ever}\n" in dump(home)
    assert load_home_file(write(dump(home))).retention == home.retention


def test_what_is_left_out_is_as_usual_and_is_not_written(write: Write) -> None:
    home = load_home_file(write(HEAD + DEVICES))
    assert home.retention == Retention() == Retention(6 * 3_600, 7 * DAY_SECONDS, YEAR)
    assert "history" not in dump(home)


def test_an_option_overrides_what_it_names() -> None:
    file = Retention.of({"records": "12h", "ticks": "30d"})
    assert Retention.said("ticks=60d", file).text() == "records=12h,ticks=60d,minutes=1y"
    assert Retention.said(None, file) == file
    with pytest.raises(PropertyError, match="minutes as long as ticks"):
        Retention.said("minutes=1d", file)


@pytest.mark.parametrize("text", ["records=90m,ticks=7d,minutes=1y", "records=1d,ticks=ever,minutes=ever"])
def test_its_text_reads_back_the_same(text: str) -> None:
    assert Retention.said(text).text() == text
