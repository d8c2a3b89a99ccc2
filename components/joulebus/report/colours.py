"""Colours of the pictures: one for each part that energy plays, told apart also by those who see red and green alike."""

SUN, PRODUCERS, BATTERY, GRID = "#e8a317", "#9a8f1d", "#2a9d8f", "#4a6fb5"
LOADS, EXPORT, HEAT_COLOUR, UNSERVED_COLOUR, CURTAILED_COLOUR = "#7d8597", "#8e63b8", "#b5563c", "#c1121f", "#d8c9a3"
FUEL_COLOUR = "#b07a2a"
PART_COLOURS = {
    "sun": SUN,
    "producers": PRODUCERS,
    "battery": BATTERY,
    "grid": GRID,
    "loads": LOADS,
    "export": EXPORT,
    "heat": HEAT_COLOUR,
    "unserved": UNSERVED_COLOUR,
    "curtailed": CURTAILED_COLOUR,
    "fuel": FUEL_COLOUR,
}
LOADS_COLOURS = ("#7d8597", "#5f7a8a", "#8a7f6a", "#6f8f7d", "#8d7a95", "#7a9ab0", "#a08a78", "#6b7a5f")
"""Calm colours for loads side by side, each different from its neighbour."""
DIVERGING = [[0.0, EXPORT], [0.5, "#f4f1ea"], [1.0, GRID]]
"""From what is sold to what is bought."""


def faint(colour: str, part: float = 0.45) -> str:
    """The same, for light to come through."""
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgba({red},{green},{blue},{part})"
