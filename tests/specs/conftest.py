"""The models and the store, and the examples of the specification."""

import json
from typing import Any

from tests.real.nginx import models, store
from tests.real.router import ROOT

ASYNCAPI = ROOT / "schemas/asyncapi"


def examples(document: str = "joulebus") -> list[tuple[str, dict[str, Any]]]:
    """Each message of a document by name, with its examples."""
    messages = json.loads((ASYNCAPI / f"{document}.json").read_text())["components"]["messages"]
    return [(name, example["payload"]) for name, message in messages.items() for example in message["examples"]]


__all__ = ["models", "store"]
