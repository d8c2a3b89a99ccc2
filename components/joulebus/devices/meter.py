"""The digital meter of the grid connection: it moves no joules, and says how those that pass are counted and shown.

What it shows follows from the ledger alone (``meter/``); so a home without one can be read, too, by a meter with these defaults.
"""

from ipaddress import ip_network
from typing import Annotated

from pydantic import Field, field_validator

from joulebus.device import Device, Properties, State
from joulebus.physics.daily import DailyWindows, parse_window
from joulebus.physics.day_night import check_area
from joulebus_schemas.facts import QUARTER_SECONDS

VISIBLE = r"^[ -.0-~]*$"
"""Printable ASCII without the slash, which begins a telegram."""

Network = Annotated[str, Field(max_length=64)]


class MeterProperties(Properties):
    """What the operator of the grid sets in a meter."""

    day_windows: Annotated[
        DailyWindows, Field(description="when tariff 1 (day) counts, on whole quarter-hours; otherwise tariff 2 (night) does")
    ] = ("Mon-Fri 07:00-22:00",)
    holidays: Annotated[
        str,
        Field(
            pattern=r"^([A-Z]{2}(-[A-Z0-9]{1,4})?)?$",
            description="country whose public holidays are night, such as BE or DE-BY; left out: a holiday is a day like any other",
        ),
    ] = ""
    serial_number: Annotated[str, Field(max_length=24, pattern=r"^[A-Z0-9]*$", description="of the meter")] = "1JBU0000000001"
    ean: Annotated[str, Field(pattern=r"^([0-9]{18})?$", description="code of the connection, 18 digits; left out: it is not sent")] = ""
    message: Annotated[str, Field(max_length=256, pattern=VISIBLE, description="text of the grid's operator in each telegram")] = ""
    nominal_volts: Annotated[int, Field(ge=100, le=400, description="between a phase and neutral; currents follow from it")] = 230
    water_serial_number: Annotated[
        str,
        Field(
            max_length=24,
            pattern=r"^[A-Z0-9]*$",
            description="of the water meter whose litres are sent; left out: none are",
        ),
    ] = ""
    gas_serial_number: Annotated[
        str,
        Field(
            max_length=24,
            pattern=r"^[A-Z0-9]*$",
            description="of the gas meter whose volume is sent; left out: none is",
        ),
    ] = ""
    telegram_port: Annotated[
        int, Field(ge=0, le=65_535, description="of this machine or container, at which a living meter sends its telegrams; 0: none")
    ] = 0
    telegram_terminal: Annotated[
        bool, Field(description="whether a living meter sends them to a pseudo-terminal, too: NAME.p1 in the folder of the home's state")
    ] = False
    things_port: Annotated[
        int, Field(ge=0, le=65_535, description="of this machine or container: there a living meter speaks JSON by WebSocket; 0: none")
    ] = 0
    things_from: Annotated[
        tuple[Network, ...],
        Field(
            strict=False,
            max_length=64,
            description="addresses or networks that may connect there, such as 192.168.1.0/24; none: this machine only",
        ),
    ] = ()
    peak_watts_max: Annotated[
        int, Field(ge=0, le=100_000, description="what no quarter-hour is to exceed, for warnings; 0: the month's peak, at least 2,500")
    ] = 0

    @field_validator("day_windows")
    @classmethod
    def _on_quarters(cls, windows: tuple[str, ...]) -> tuple[str, ...]:
        for window in windows:
            if any(edge % QUARTER_SECONDS for edge in parse_window(window)[1:]):
                raise ValueError(f'a meter changes its tariff on a quarter-hour, such as 06:45; it was "{window}"')
        return windows

    @field_validator("things_from")
    @classmethod
    def _networks(cls, networks: tuple[str, ...]) -> tuple[str, ...]:
        for one in networks:
            try:
                ip_network(one)
            except ValueError:
                raise ValueError(f'an address or a network, such as 192.168.1.0/24; it was "{one[:50]}"') from None
        return networks

    @field_validator("holidays")
    @classmethod
    def _known(cls, area: str) -> str:
        if area:
            check_area(area)
        return area


class MeterDevice(Device[MeterProperties, State]):
    """It offers nothing, so the balance is what it would be without it."""

    kind = "meter"
    summary = "the digital meter: day and night registers, quarter-hour peaks, telegrams as of a P1 port"
    properties = MeterProperties
    reads_journal = True

    def ports(self, properties: MeterProperties) -> tuple[int, ...]:
        """For telegrams, and for things."""
        return tuple(port for port in (properties.telegram_port, properties.things_port) if port)
