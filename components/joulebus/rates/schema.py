"""The JSON Schema of rates files: what editors complete and check while somebody types."""

import json
from typing import Any

from joulebus.rates.words import RatesWords
from joulebus_schemas.versions import SPECIFICATION

RATES_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def rates_schema() -> dict[str, Any]:
    """What a rates file may say."""
    return {
        "$schema": RATES_DIALECT,
        "$id": f"urn:joulebus:rates-file:{SPECIFICATION}",
        **RatesWords.model_json_schema(),
        "title": "joulebus rates",
    }


if __name__ == "__main__":
    print(json.dumps(rates_schema(), indent=2, ensure_ascii=False))
