"""Rewrites a home file that uses old names of properties. Only these names change: comments, order and layout stay as they are."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from joulebus.errors import HomeFileError
from joulebus.files import replace_atomically
from joulebus.homefile.yaml_lines import YamlProblem, read_yaml
from joulebus.refusals.renamed import new_name


def migrate(path: Path) -> Counter[tuple[str, str]]:
    """How often which old name became which new one; the file is replaced when there is any. Raises HomeFileError."""
    try:
        text = path.read_bytes().decode()
        read_yaml(text)
    except (OSError, UnicodeDecodeError) as error:
        raise HomeFileError(f"{path} must be a file of text that can be read: {error}") from None
    except YamlProblem as problem:
        raise HomeFileError(f"{path}:{problem.line}: {problem}") from None
    found = list(_old_names(path, yaml.compose(text, Loader=yaml.SafeLoader)))
    for key, name in sorted(found, key=lambda one: -int(one[0].start_mark.index)):
        text = text[: key.start_mark.index] + name + text[key.end_mark.index :]
    if found:
        replace_atomically(path, text.encode())
    return Counter((str(key.value), name) for key, name in found)


def _old_names(path: Path, document: Any) -> Iterator[tuple[Any, str]]:
    """Keys with an old name, as nodes of the document, with the new one; what is written once and used twice comes once."""
    seen = set()
    for _, devices in _pairs(document, "devices"):
        for _, device in _pairs(devices):
            names = {key.value: value for key, value in _pairs(device)}
            kind = getattr(names.get("kind"), "value", "")
            for key, _ in _pairs(device):
                new = new_name(kind, key.value)
                if new is None or key.start_mark.index in seen:
                    continue
                if new in names:
                    raise HomeFileError(f"{path}:{key.start_mark.line + 1}: {key.value} is called {new} now, and both are here; remove one")
                seen.add(key.start_mark.index)
                yield key, new


def _pairs(node: Any, only: str | None = None) -> Iterator[tuple[Any, Any]]:
    if isinstance(node, yaml.MappingNode):
        yield from (pair for pair in node.value if only is None or pair[0].value == only)
