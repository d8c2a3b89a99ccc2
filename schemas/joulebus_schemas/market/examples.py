"""One valid message of each word of the market, kept as data beside the words: documents show it, tests send it around the world."""

import json
from pathlib import Path
from typing import Any

from pydantic import ConfigDict

from joulebus_schemas.base import example

FILE = Path(__file__).with_name("examples.jsonl")
EXAMPLES: dict[str, dict[str, Any]] = {
    line["word"]: line["example"] for line in map(json.loads, FILE.read_text(encoding="utf-8").splitlines())
}


def example_of(word: str) -> ConfigDict:
    """The part of a word's configuration that holds its example."""
    return example(EXAMPLES[word])
