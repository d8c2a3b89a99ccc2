"""The catalogue of today, and what lies committed."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from joulebus.catalogue.files import Catalogue
from joulebus.cli.schemas import catalogue

ROOT = Path(__file__).resolve().parents[2]
ASYNCAPI, JSON_SCHEMAS = ROOT / "schemas/asyncapi", ROOT / "schemas/json"


@cache
def today() -> Catalogue:
    """Collected once."""
    return catalogue()


def committed(folder: Path) -> dict[str, Any]:
    """The files of a folder, by name."""
    return {path.stem: json.loads(path.read_text()) for path in sorted(folder.glob("*.json"))}
