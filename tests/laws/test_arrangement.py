"""The arrangement of a home: field by field, bounded, kept whole whatever happens, and right on every screen."""

import json
from pathlib import Path

import pytest
from pydantic import ValidationError

from joulebus.errors import RosterError
from joulebus.home.arrangement import LAYOUT_FILE, Arrangement
from joulebus.home.mirror import change_between, snapshot_after
from joulebus_schemas.layout import LAYOUT_BYTES_MAX, AskArrange
from tests.laws.test_picture import a_picture


def ask(text: dict[str, object]) -> AskArrange:
    """As it comes over the bus."""
    return AskArrange.model_validate_json(json.dumps(text))


@pytest.fixture
def kept(tmp_path: Path) -> Arrangement:
    return Arrangement.read(tmp_path / LAYOUT_FILE)


def test_fields_that_are_not_given_stay_and_null_takes_away(kept: Arrangement) -> None:
    kept.change(ask({"groups": {"kitchen": {"label": "Kitchen"}}}), "house/~anna")
    kept.change(ask({"devices": {"oven": {"x": 1, "y": 2, "label": "Oven", "group": "kitchen"}, "tv": {"x": 3}}}), "house/~anna")
    changed = kept.change(ask({"devices": {"oven": {"x": 9, "label": None}, "tv": None, "nobody": None}}), "house/~bob")
    assert (changed.revision, changed.by) == (3, "house/~bob")
    assert changed.devices["tv"] is None and set(changed.devices) == {"oven", "tv"} and changed.groups == {}
    oven = kept.layout.devices["oven"]
    assert (oven.x, oven.y, oven.label, oven.group) == (9, 2, None, "kitchen")
    gone = kept.change(ask({"groups": {"kitchen": None}}), "house/~anna")
    assert gone.groups == {"kitchen": None} and kept.layout.devices["oven"].group is None


def test_it_is_there_again_and_a_damaged_one_is_put_aside(kept: Arrangement) -> None:
    kept.change(ask({"devices": {"oven": {"x": 1}}}), "house/~anna")
    assert Arrangement.read(kept.path).layout == kept.layout
    kept.path.write_bytes(kept.path.read_bytes()[:-5])
    assert Arrangement.read(kept.path).layout.devices == {}
    assert kept.path.with_name("layout.json.damaged").exists()


def test_what_cannot_be_written_changes_nothing(kept: Arrangement) -> None:
    kept.path.mkdir()
    with pytest.raises(RosterError, match="the arrangement cannot be kept"):
        kept.change(ask({"devices": {"oven": {"x": 1}}}), "house/~anna")
    assert kept.layout.devices == {} and kept.layout.revision == 0


def test_all_of_it_is_bounded(kept: Arrangement) -> None:
    note = "x" * 500
    with pytest.raises(RosterError, match=f"at most 1,000 devices, 64 groups and {LAYOUT_BYTES_MAX:,} bytes"):
        kept.change(ask({"devices": {f"device_{number}": {"note": note} for number in range(200)}}), "house/~anna")
    assert kept.layout.devices == {}
    with pytest.raises(RosterError, match="there is no kitchen: name it in groups as well"):
        kept.change(ask({"devices": {"oven": {"group": "kitchen"}}}), "house/~anna")


@pytest.mark.parametrize(
    "placed",
    [
        {"label": "x" * 81},
        {"label": ""},
        {"label": "a\u0007b"},
        {"note": "x" * 501},
        {"x": 1e9},
        {"x": "left"},
        {"colour": "red"},
        {"label": "\n"},
    ],
)
def test_hostile_entries_are_refused(placed: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        ask({"devices": {"oven": placed}})


def test_a_label_is_text_whatever_it_looks_like(kept: Arrangement) -> None:
    kept.change(ask({"devices": {"oven": {"label": "<img src=x onerror=alert(1)>"}}}), "house/~anna")
    assert kept.layout.devices["oven"].label == "<img src=x onerror=alert(1)>"


def test_a_screen_follows_changes_and_notices_a_gap(kept: Arrangement) -> None:
    picture = a_picture(["oven"])
    before = picture.snapshot(1)
    assert picture.arrange(kept.change(ask({"devices": {"oven": {"x": 1}}, "groups": {"kitchen": {"label": "K"}}}), "house/~anna"))
    change = change_between(before, picture.snapshot(1))
    assert change is not None and snapshot_after(before, change).layout == kept.layout.devices
    first = kept.change(ask({"devices": {"oven": None}}), "house/~anna")
    second = kept.change(ask({"groups": {"kitchen": None}}), "house/~anna")
    assert not picture.arrange(second), "the one before is missing"
    assert picture.arrange(first) and picture.arrange(second) and picture.layout == kept.layout
    assert picture.arrange(first), "what is old already is no gap"
