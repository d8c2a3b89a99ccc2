"""What all tables of joulebus share: how constraints are named, and columns of JSON, which PostgreSQL can be asked about in SQL."""

import json
import zlib
from typing import Any

from sqlalchemy import JSON, Dialect, LargeBinary, MetaData, Text, TypeDecorator
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeEngine

from joulebus.errors import JournalError

PACK_LEVEL = 9


def named_metadata() -> MetaData:
    """Tables whose constraints have the names that migrations give them."""
    return MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
            "fk": "fk_%(table_name)s_%(referred_table_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
        }
    )


def _inflated(value: bytes) -> bytes:
    try:
        return zlib.decompress(value)
    except zlib.error as error:
        raise JournalError(f"the history holds bytes that cannot be unpacked ({error}): they were damaged; build it anew") from None


def json_text(value: Any) -> str:
    """JSON in the one form that each database gives back: PostgreSQL knows no -0.0 and no NUL in text."""
    text = json.dumps(value, ensure_ascii=False).replace("\\u0000", "\\ufffd")
    return json.dumps(json.loads(text, parse_float=lambda number: float(number) + 0.0), sort_keys=True, ensure_ascii=False)


class JsonText(TypeDecorator[str]):
    """The text of :func:`json_text`: JSONB in PostgreSQL."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """The type in each kind of database."""
        return dialect.type_descriptor(JSONB() if dialect.name == "postgresql" else Text())

    def process_result_value(self, value: Any, dialect: Dialect) -> str | None:
        """PostgreSQL orders the keys as it likes."""
        return None if value is None else json_text(json.loads(value))


class SqlJson(TypeDecorator[bytes]):
    """Bytes of JSON: JSON in PostgreSQL, where SQL reads it; deflated in SQLite, which is one file on one disk."""

    impl = LargeBinary
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """The type in each kind of database."""
        return dialect.type_descriptor(JSON() if dialect.name == "postgresql" else LargeBinary())

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> Any:
        """As it is stored."""
        if value is None or dialect.name == "postgresql":
            return None if value is None else value.decode()
        return zlib.compress(value, PACK_LEVEL)

    def process_result_value(self, value: Any, dialect: Dialect) -> bytes | None:
        """As it was given.

        Raises:
            JournalError: The bytes were damaged.
        """
        if value is None or dialect.name == "postgresql":
            return value if value is None else bytes(value)
        return _inflated(value)


class PackedJson(TypeDecorator[bytes]):
    """Bytes of JSON, deflated in every database."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        """As it is stored."""
        return None if value is None else zlib.compress(value, PACK_LEVEL)

    def process_result_value(self, value: Any, dialect: Dialect) -> bytes | None:
        """As it was given.

        Raises:
            JournalError: The bytes were damaged.
        """
        return None if value is None else _inflated(value)
