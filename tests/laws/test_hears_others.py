"""A device that goes and comes back in the same window, and hears others than before."""

from joulebus.home.round import Home
from joulebus.homefile.home_file import of_words
from joulebus_schemas.journal import Change
from joulebus_schemas.roster import Member


def test_a_device_that_goes_and_comes_at_the_same_tick_speaks_after_those_that_it_hears_from_then_on() -> None:
    home = Home.from_file(
        of_words(
            {
                "home": "cabin",
                "place": {"latitude_degrees": 51.0, "longitude_degrees": 4.0, "timezone": "Europe/Brussels"},
                "start": "2026-06-21T19:00:00+02:00",
                "devices": {kind: {"kind": kind} for kind in ("sun", "weather", "lights", "inverter", "grid")},
            }
        )
    )
    list(home.live(20, 10))
    lights = home.keeper.roster["lights"]
    home.keeper.change(Change(device="lights", from_tick=0, removed=True))
    home.keeper.change(Change(device="lights", from_tick=0, added=Member(kind="lights", properties=lights.properties, hears=("weather",))))
    list(home.live(20, 10))
    assert home.keeper.roster["lights"].hears == ("weather",)
    assert home.keeper.next_tick == 40
