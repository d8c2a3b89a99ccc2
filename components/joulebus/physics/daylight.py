"""Light above the air on level ground, and its length, by latitude and day (Spencer 1971)."""

from joulebus_core import acos, cos, sin

SOLAR_CONSTANT_KW_M2 = 1.361
TURN = 6.283185307179586
MONTHS_OF_A_YEAR = 12


def h0_kwh_m2(latitude_degrees: float, day_of_year: int) -> float:
    """Light of a day above the air, on level ground in kWh/m2; 0 in a polar night."""
    angle = TURN * (day_of_year - 1) / 365.0
    nearness = 1.00011 + 0.034221 * cos(angle) + 0.00128 * sin(angle) + 0.000719 * cos(2 * angle) + 0.000077 * sin(2 * angle)
    declination = 0.006918 - 0.399912 * cos(angle) + 0.070257 * sin(angle) - 0.006758 * cos(2 * angle)
    declination += 0.000907 * sin(2 * angle) - 0.002697 * cos(3 * angle) + 0.00148 * sin(3 * angle)
    north = latitude_degrees * TURN / 360.0
    across, along = sin(north) * sin(declination), cos(north) * cos(declination)
    sunset = acos(min(max(-across / max(along, 1e-9), -1.0), 1.0))
    return 48.0 / TURN * SOLAR_CONSTANT_KW_M2 * nearness * (sunset * across + along * sin(sunset))
