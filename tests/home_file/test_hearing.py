"""Who hears whom, and who therefore speaks first."""

import pytest

from joulebus.errors import RosterError
from joulebus.homefile.hearing import cycle, hearing_order, hears_of
from joulebus_schemas.roster import Member


def test_a_device_hears_all_of_the_kinds_that_it_needs_in_the_order_of_the_file() -> None:
    members = {name: Member(kind=kind) for name, kind in {"moon": "sun", "panel": "panel", "sky": "weather", "sun": "sun"}.items()}
    assert hears_of(members) == {"moon": (), "panel": ("moon", "sky", "sun"), "sky": ("moon", "sun"), "sun": ()}


@pytest.mark.parametrize("hears", [(), ("sun",)])
def test_a_device_hears_whom_its_file_says(hears: tuple[str, ...]) -> None:
    members = {"sun": Member(kind="sun"), "moon": Member(kind="sun"), "panel": Member(kind="panel", hears=hears)}
    assert hears_of(members)["panel"] == hears


def test_everybody_speaks_after_those_that_they_hear() -> None:
    members = {"a": Member(kind="panel"), "b": Member(kind="weather"), "c": Member(kind="sun"), "d": Member(kind="tv")}
    assert hearing_order(members) == ("c", "d", "b", "a")


def test_who_is_not_there_is_not_waited_for() -> None:
    assert hearing_order({"panel": Member(kind="panel", hears=("sun",))}) == ("panel",)


def test_a_circle_is_refused_with_its_names() -> None:
    members = {"a": Member(kind="tv", hears=("b",)), "b": Member(kind="tv", hears=("a",))}
    assert cycle(members) == ("a", "b", "a")
    with pytest.raises(RosterError, match="a hears b, b hears a: none of them could speak first"):
        hearing_order(members)
