"""Three phases: what an ampere carries on each, and how joules that are on no phase in particular are spread over all of them."""

from fractions import Fraction
from typing import Literal

MainsNetwork = Literal["1n230", "3x230", "3n400"]
"""One phase; three of 230 V between each other without a neutral; three of 400 V between each other and 230 V to the neutral."""
PHASES = 3
PHASE_VOLTS = 230
ROOT_OF_THREE = Fraction(1_732, 1_000)


def watts_per_ampere(network: MainsNetwork) -> Fraction:
    """What a phase carries: 230 V to the neutral, or a third of what three conductors at 230 V between them do (sqrt(3) U I / 3)."""
    return PHASE_VOLTS / ROOT_OF_THREE if network == "3x230" else Fraction(PHASE_VOLTS)


def spread(joules: int) -> tuple[int, int, int]:
    """Joules in thirds that sum up to them exactly, also when they are negative: of a sum that only grows, none of them runs back."""
    first, second, third = ((joules + PHASES - 1 - phase) // PHASES for phase in range(PHASES))
    return first, second, third
