"""The sun over the home: its position, and the light of a clear sky. What panels make is taken from its account."""

from typing import Annotated

from pydantic import Field

from joulebus import almanac
from joulebus.device import Device, Inputs, Properties, State
from joulebus.physics.knots import lead_and_count, sampled
from joulebus_schemas.facts import PPM, PPM_PER_PERCENT
from joulebus_schemas.rounds import Signal
from joulebus_schemas.series import constant


class SunProperties(Properties):
    """What people may do to their sun."""

    irradiance_percent: Annotated[
        float, Field(ge=0, le=200, description="strength of its light; 100 is what pvlib's clear sky and the weather say")
    ] = 100.0
    position_shift_minutes: Annotated[
        int,
        Field(
            ge=-720, le=720, multiple_of=5, description="moves it along its way: 60 shows in every moment where it will stand an hour later"
        ),
    ] = 0


class Sun(Device[SunProperties, State]):
    """An unlimited account that shines: zenith (true, without refraction) and azimuth, GHI, DNI and DHI of a clear sky."""

    kind = "sun"
    summary = "solar position and clear-sky light of the place"
    category = "sky"
    icon = "white-balance-sunny"
    properties = SunProperties
    signals = {
        "zenith_udeg": "angle between the sun and straight up, in micro-degrees, without refraction",
        "azimuth_udeg": "direction of the sun in micro-degrees, clockwise from north",
        "ghi_mw_m2": "light of a clear sky on level ground, in mW/m2",
        "dni_mw_m2": "beam of a clear sky on what faces the sun, in mW/m2",
        "dhi_mw_m2": "diffuse light of a clear sky on level ground, in mW/m2",
        "strength_ppm": "what its light is multiplied with; 1,000,000 is the real sun",
    }

    def forecast(self, inputs: Inputs[SunProperties]) -> dict[str, Signal]:
        """Position and clear sky at the knots of the span; ``strength_ppm`` lets a weather file follow irradiance_percent."""
        properties, span = inputs.properties, inputs.span
        lead, knots = lead_and_count(span)
        sky = almanac.sky(inputs.context.place, span.unix_seconds - lead + properties.position_shift_minutes * 60, knots)
        strength = round(properties.irradiance_percent * PPM_PER_PERCENT)
        forecast: dict[str, Signal] = {"strength_ppm": constant(strength, span.ticks)}
        for name, values in zip(sky._fields, sky, strict=True):
            shown = values if strength == PPM or name.endswith("_udeg") else tuple(value * strength // PPM for value in values)
            forecast[name] = sampled(lead, shown)
        return forecast
