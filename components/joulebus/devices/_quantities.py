"""Quantities that people give in the same range for several kinds."""

from typing import Annotated, Literal

from pydantic import Field

Percent = Annotated[float, Field(ge=0, le=100)]
Efficiency = Annotated[float, Field(ge=1, le=100)]
"""In percent; without any, a converter would be a wall."""
PhaseCount = Literal[1, 3]
