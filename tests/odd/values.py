"""Odd values of a JSON Schema: the edges, the empty, the huge, the far future, other scripts. Most of them are accepted somewhere."""

from random import Random
from typing import Any

Schema = dict[str, Any]

WORDS = ("", "x", "oven", "grid", "sun", "inverter", "house", "1", "2026-06-21T10:00:00Z", "9999-12-31T23:59:59Z", "1970-01-01T00:00:00Z")
STRANGE = ("é" * 60, "日本語", "\u202e", "\x00", "a" * 255, "../../etc/passwd", "%s%n{}", "null", "🌞" * 20, " ")
PATTERNED = {
    "moments": ("2026-03-29T02:30:00", "2026-10-25T02:30:00", "2199-12-31T23:59:00", "1971-01-01T00:00:00"),
    "times": ("00:00-24:00", "23:59-00:00", "00:00-00:01", "10:00-12:00", "02:30-02:31"),
    "days": ("2026-02-28", "2199-12-31"),
}
FAR = (0, 1, -1, 899, 900, 901, 86_400, 2**31 - 1, 2**31, 2**53 - 1, -(2**53) + 1, 1_979_991)
DEPTH_MAX = 4


class Odd:
    """A source of odd values that says the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)

    def of(self, schema: Schema, definitions: Schema | None = None, depth: int = 0) -> Any:
        """A value that fits a schema, or nearly."""
        definitions = definitions or schema.get("$defs", {})
        if "$ref" in schema:
            return self.of(definitions[schema["$ref"].rsplit("/", 1)[-1]], definitions, depth)
        if self.random.random() < 0.02:
            return self.random.choice([None, True, 0, "", [], {}, 1.5, -1])
        for union in ("anyOf", "oneOf"):
            if union in schema:
                return self.of(self.random.choice(schema[union]), definitions, depth)
        if "const" in schema:
            return schema["const"]
        if "enum" in schema:
            return self.random.choice(schema["enum"])
        return self._typed(schema, definitions, depth)

    def _typed(self, schema: Schema, definitions: Schema, depth: int) -> Any:
        kind = schema.get("type")
        if kind == "object":
            return self._object(schema, definitions, depth)
        if kind == "array":
            return self._array(schema, definitions, depth)
        if kind in ("integer", "number"):
            return self._number(schema, kind)
        if kind == "boolean":
            return self.random.random() < 0.5
        if kind == "null":
            return None
        if kind == "string":
            return self._text(schema)
        return self.random.choice([{}, {"x": 1}, "x", 0])

    def _object(self, schema: Schema, definitions: Schema, depth: int) -> dict[str, Any]:
        required, fields = schema.get("required", ()), schema.get("properties", {})
        said = {name for name in fields if name in required or self.random.random() < 0.3}
        found = {name: self.of(fields[name], definitions, depth + 1) for name in fields if name in said}
        more = schema.get("additionalProperties")
        if isinstance(more, dict) and depth < DEPTH_MAX and self.random.random() < 0.5:
            found["oven"] = self.of(more, definitions, depth + 1)
        return found

    def _array(self, schema: Schema, definitions: Schema, depth: int) -> list[Any]:
        if "prefixItems" in schema:
            return [self.of(one, definitions, depth + 1) for one in schema["prefixItems"]]
        most = min(schema.get("maxItems", 4), 4) if depth < DEPTH_MAX else 0
        count = max(schema.get("minItems", 0), self.random.choice([0, 1, most]))
        return [self.of(schema.get("items", {}), definitions, depth + 1) for _ in range(count)]

    def _number(self, schema: Schema, kind: str) -> int | float:
        least, most = schema.get("minimum", schema.get("exclusiveMinimum")), schema.get("maximum", schema.get("exclusiveMaximum"))
        edges = [edge for edge in (least, most, schema.get("default")) if isinstance(edge, int | float)]
        edges += [one for one in FAR if (least is None or one >= least) and (most is None or one <= most)] or [0]
        if "exclusiveMinimum" in schema and kind == "number":
            edges = [edge for edge in edges if edge > schema["exclusiveMinimum"]] + [schema["exclusiveMinimum"] + 1e-9]
        edge = self.random.choice(edges)
        return int(edge) if kind == "integer" else self.random.choice([edge, float(edge), edge * 0.999999 if edge else 1e-12])

    def _text(self, schema: Schema) -> str:
        pattern = schema.get("pattern", "")
        if "T" in pattern or "moment" in schema.get("description", ""):
            return self.random.choice(PATTERNED["moments"] + WORDS[8:])
        if ":" in pattern:
            return self.random.choice(PATTERNED["times"] + tuple(one[:5] for one in PATTERNED["times"]))
        if "a-z" in pattern:
            return self.random.choice(WORDS[1:7])
        most = schema.get("maxLength", 100)
        return self.random.choice([*WORDS, *STRANGE, "w" * min(most, 60_000)])[:most]
