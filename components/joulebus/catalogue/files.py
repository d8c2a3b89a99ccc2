"""The files of the catalogue: an AsyncAPI document for each part and one for the whole, a JSON Schema for each message."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from joulebus.bus.component import Listener
from joulebus.catalogue.asyncapi import document, words_of
from joulebus.catalogue.asyncapi_two import in_two, with_security
from joulebus.catalogue.kinds import KindWords, with_kinds
from joulebus.catalogue.parts import Participant, parts
from joulebus.catalogue.schema_package import written
from joulebus.catalogue.wire_schema import WIRE_DIALECT, schemas_of
from joulebus.device import AnyDevice
from joulebus.registry import DEVICE, INVERTER
from joulebus_schemas.base import Word

SYSTEM = "joulebus"
"""Name of the document of the whole system."""
OLD = "asyncapi-2.3"


class Catalogue:
    """All parts, all kinds, all words."""

    def __init__(self, classes: Iterable[type[Listener]], kinds: Iterable[AnyDevice], version: str) -> None:
        self.version = version
        self.general = parts(classes)
        self.kinds = [KindWords(device) for device in sorted(kinds, key=lambda one: one.kind)]
        self.parts = self.general | {one.device.kind: one.part(self.general[_general(one)]) for one in self.kinds}
        self.system = [with_kinds(part, self.kinds) if name in (DEVICE, INVERTER) else part for name, part in self.general.items()]

    def documents(self) -> dict[str, dict[str, Any]]:
        """AsyncAPI 3.0.0 by name of the part."""
        found = {name: document(name, f"joulebus {name}", self.version, [part]) for name, part in sorted(self.parts.items())}
        return found | {SYSTEM: document(SYSTEM, "joulebus", self.version, self.system)}

    def words(self) -> list[type[Word]]:
        """All messages, by name."""
        heard, asked = words_of(act for part in [*self.parts.values(), *self.system] for act in part.acts)
        return sorted({*heard, *asked}, key=lambda word: word.__name__)

    def schemas(self) -> dict[str, dict[str, Any]]:
        """JSON Schema of each message: what may be sent; a receiver leaves out fields that it does not know."""
        return {word.__name__: _schema(word) for word in self.words()}


def write_catalogue(catalogue: Catalogue, directory: Path) -> None:
    """All of it, into ``asyncapi/``, ``json/`` and ``asyncapi-2.3/``; what is no message any more goes."""
    for folder, contents in (("asyncapi", catalogue.documents()), ("json", catalogue.schemas())):
        (directory / folder).mkdir(parents=True, exist_ok=True)
        for old in (directory / folder).glob("*.json"):
            if old.stem not in contents:
                old.unlink()
        for name, content in contents.items():
            (directory / folder / f"{name}.json").write_text(text_of(content))
    (directory / OLD).mkdir(exist_ok=True)
    (directory / OLD / f"{SYSTEM}.yaml").write_text(yaml_of(with_security(written(in_two(catalogue.documents()[SYSTEM])))))


def text_of(content: dict[str, Any]) -> str:
    """JSON, the same in every run; fields in the order in which they are written."""
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def yaml_of(content: dict[str, Any]) -> str:
    """YAML, which is all that the package of 2.3 reads."""
    return yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=140)


def _general(kind: KindWords) -> str:
    return INVERTER if kind.device.kind == INVERTER else DEVICE


def _schema(word: type[Word]) -> dict[str, Any]:
    definitions = schemas_of([word], "#/definitions/{model}")
    own = definitions.pop(word.__name__)
    head = {"$schema": WIRE_DIALECT, "$id": f"urn:joulebus:{word.__name__}", **own}
    strict: dict[str, Any] = _strict(head | ({"definitions": definitions} if definitions else {}))
    return strict


def _strict(part: Any) -> Any:
    """Without what AsyncAPI knows and JSON Schema does not: a strict validator refuses the whole file for it."""
    if isinstance(part, list):
        return [_strict(one) for one in part]
    if not isinstance(part, dict):
        return part
    known = {key: one for key, one in part.items() if not (key == "discriminator" and isinstance(one, str)) and not key.startswith("x-")}
    return {key: _strict(one) for key, one in known.items()}


__all__ = ["Catalogue", "Participant", "text_of", "write_catalogue", "yaml_of"]
