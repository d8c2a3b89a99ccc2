"""YAML as a home file needs it: plain data and the line of each key, so that errors can point.

Only what every reader of YAML 1.2 understands the same way: true and false, decimal numbers, text, lists, mappings. So `on` is
a key and not True, and 17:30 is a time and not 1050. No tags, no key twice, no deep nesting, and aliases that cannot explode.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import isfinite
from typing import Any

import yaml

from joulebus.refusals.constraints import KeyPath

FILE_BYTES_MAX = 1 << 20
FILE_DEPTH_MAX = 16
FILE_VALUES_MAX = 50_000
"""With what aliases stand for counted each time."""


_INTEGER = re.compile(r"[-+]?[0-9]{1,400}")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None, "~": None, "": None}


class YamlProblem(Exception):
    """The text is not such YAML: the line, and why."""

    def __init__(self, line: int, text: str) -> None:
        super().__init__(text)
        self.line = line


@dataclass(frozen=True, slots=True)
class Document:
    """Plain data with the line of each key and item."""

    value: Any
    lines: dict[KeyPath, int]

    def line(self, path: KeyPath) -> int:
        """The line of a path, or of the nearest node that contains it."""
        while path not in self.lines and path:
            path = path[:-1]
        return self.lines.get(path, 1)


def read_yaml(text: str) -> Document:
    """The only document in a text."""
    builder = _Builder(_events(text))
    value = builder.document()
    return Document(value, builder.lines)


def scalar(text: str) -> Any:
    """What a plain word means."""
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text) and isfinite(float(text)):
        return float(text)
    return text


def _events(text: str) -> Iterator[Any]:
    try:
        yield from yaml.parse(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        raise YamlProblem(_line(error), f"this is not YAML: {_why(error)}") from None
    except yaml.reader.ReaderError as error:
        raise YamlProblem(text.count("\n", 0, error.position) + 1, "this is not text: it holds a control character; remove it") from None


_WHY = {
    r"mapping values are not allowed": 'there can be no ":" here; indent the line less, or put the value in quotes',
    r"could not find expected ':'": 'a ":" is missing after the key',
    r"character '\\t'": "indent with spaces, not with a tab",
    r"cannot start any token": "a value cannot begin with this character; put the value in quotes",
    r"unexpected end of stream|unexpected document separator": "a quotation mark is not closed",
    r"<block end>|<block sequence|<document start>": "the indentation does not fit the lines above",
    r"expected ',' or '[\]}]'": "a bracket is not closed, or a comma is missing",
    r"escape": "a backslash in double quotes begins no known escape; use single quotes",
}
"""What the parser found, as somebody who mends a file would say it."""


def _why(error: yaml.MarkedYAMLError) -> str:
    found = f"{error.context} {error.problem}"
    known = (text for pattern, text in _WHY.items() if re.search(pattern, found))
    return next(known, "look at the indentation, the quotes and the brackets around here")


def _line(error: yaml.MarkedYAMLError) -> int:
    mark: Any = error.problem_mark or error.context_mark
    return int(mark.line) + 1 if mark else 1


def _begins(event: Any) -> int:
    return int(event.start_mark.line) + 1


@dataclass
class _Builder:
    """Builds values from the events of the parser, which itself never recurses."""

    events: Iterator[Any]
    lines: dict[KeyPath, int] = field(default_factory=dict)
    anchors: dict[str, tuple[Any, int]] = field(default_factory=dict)
    count: int = 0

    def document(self) -> Any:
        value = None
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                if () in self.lines:
                    raise YamlProblem(_begins(event), "a home file must hold one document; remove the second ---")
                value = self._value(next(self.events), ())
        return value

    def _value(self, event: Any, path: KeyPath) -> Any:
        line = _begins(event)
        self.lines.setdefault(path, line)
        self._count(1, line)
        if len(path) > FILE_DEPTH_MAX:
            raise YamlProblem(line, f"must not be nested deeper than {FILE_DEPTH_MAX} levels")
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event, line)
        if event.tag not in (None, "!"):
            raise YamlProblem(line, f"a home file has no tags; remove {event.tag}")
        before = self.count
        value = self._untagged(event, path)
        if event.anchor:
            self.anchors[event.anchor] = (value, self.count - before + 1)
        return value

    def _untagged(self, event: Any, path: KeyPath) -> Any:
        if isinstance(event, yaml.ScalarEvent):
            return scalar(event.value) if event.implicit[0] else event.value
        return self._mapping(path) if isinstance(event, yaml.MappingStartEvent) else self._list(path)

    def _alias(self, event: Any, line: int) -> Any:
        if event.anchor not in self.anchors:
            raise YamlProblem(line, f"the alias *{event.anchor} refers to nothing defined before it; write the value out")
        value, size = self.anchors[event.anchor]
        self._count(size, line)
        return value

    def _count(self, size: int, line: int) -> None:
        self.count += size
        if self.count > FILE_VALUES_MAX:
            raise YamlProblem(line, f"a home file must hold at most {FILE_VALUES_MAX} values; an alias counts as what it refers to")

    def _mapping(self, path: KeyPath) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            key, line = self._key(event), _begins(event)
            if key in found:
                raise YamlProblem(line, f"{_dotted((*path, key))}: is defined twice (first on line {self.lines[*path, key]}); keep one")
            self.lines[*path, key] = line
            found[key] = self._value(next(self.events), (*path, key))
        return found

    def _key(self, event: Any) -> str:
        if not isinstance(event, yaml.ScalarEvent):
            raise YamlProblem(_begins(event), "a key must be a plain word")
        return str(event.value)

    def _list(self, path: KeyPath) -> list[Any]:
        found: list[Any] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            found.append(self._value(event, (*path, len(found))))
        return found


def _dotted(path: KeyPath) -> str:
    return ".".join(str(part) for part in path)


class _Dumper(yaml.SafeDumper):
    """Quotes only what :func:`scalar` would misread."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        """Items of a list are indented deeper than its key."""
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:
        """What is the same twice is written twice."""
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> Any:
    """Breaks that are no line feed are only safe as escapes."""
    style = '"' if any(char in text for char in "\r\x85\u2028\u2029") else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)
_Dumper.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"(?:true|false)\Z"), list("tf"))
_Dumper.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"(?:null|~|)\Z"), ["n", "~", ""])
_Dumper.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(_INTEGER.pattern + r"\Z"), list("-+0123456789"))
_Dumper.add_implicit_resolver("tag:yaml.org,2002:float", re.compile(_FLOAT.pattern + r"\Z"), list("-+.0123456789"))


def write_yaml(value: Any) -> str:
    """Plain data as text that :func:`read_yaml` reads as the same data."""
    return str(yaml.dump(value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, default_flow_style=None, width=120))
