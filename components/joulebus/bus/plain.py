"""The border of the bus: words to plain JSON and back, and nothing else gets in.

Typed fields are bounded by their word; a field that holds any JSON (a device's state) is bounded here.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any, TypeVar, get_args

from pydantic import ValidationError

from joulebus.bus import BUG, CALL_REFUSED, INVALID, CallError
from joulebus.bus.plainness import why_not_plain
from joulebus.errors import JoulebusError, PropertyError
from joulebus.refusals.messages import problems_of
from joulebus_schemas.base import INTEGER_MAX, Word
from joulebus_schemas.facts import FIELDS_MAX

_W = TypeVar("_W", bound=Word)


def to_plain(word: Word | Mapping[str, Any]) -> dict[str, Any]:
    """A word as the one positional argument of a message; pydantic would turn a NaN in a loose field into a silent null."""
    if not isinstance(word, Word):
        return dict(word)
    check_loose_fields(word)
    return word.model_dump(mode="json")


def from_plain(kind: type[_W], positional: list[Any] | tuple[Any, ...] | None, named: dict[str, Any] | None) -> _W:
    """The word in a message; a :class:`CallError` says what does not fit."""
    values = the_object(positional, named)
    try:
        word = kind.model_validate(values)
    except ValidationError as error:
        raise invalid(error, kind, values) from None
    check_loose_fields(word)
    return word


def from_plain_of_any_minor(
    kind: type[_W], positional: list[Any] | tuple[Any, ...] | None, named: dict[str, Any] | None
) -> tuple[_W, bool]:
    """The word in an event or a reply, and whether it holds fields of a newer minor version, which are left out.

    Tried strictly first: who speaks our version costs nothing more, and who does not is counted.
    """
    values = the_object(positional, named)
    try:
        word, is_newer = kind.model_validate(values), False
    except ValidationError as strict:
        if not any(one["type"] == "extra_forbidden" for one in strict.errors(include_url=False, include_context=False)):
            raise invalid(strict, kind, values) from None
        try:
            word, is_newer = kind.model_validate(values, extra="ignore"), True
        except ValidationError as error:
            raise invalid(error, kind, values) from None
    check_loose_fields(word)
    return word, is_newer


def the_object(positional: list[Any] | tuple[Any, ...] | None, named: dict[str, Any] | None) -> dict[str, Any]:
    """The one object of a message; keyword arguments are the pleasant form for people."""
    if positional and (len(positional) > 1 or not isinstance(positional[0], dict) or named):
        raise CallError(INVALID, "a message must be one object, or keyword arguments; give its fields by name")
    fields: dict[str, Any] = positional[0] if positional else named or {}
    if len(fields) > FIELDS_MAX:
        raise CallError(INVALID, f"a message must have at most {FIELDS_MAX} fields, but has {len(fields)}")
    return fields


def check_loose_fields(value: Any) -> None:
    """Look into those fields of a word that hold any JSON; typed fields were checked by their word."""
    if isinstance(value, Word):
        kind = type(value)
        for name in loose_fields(kind):
            check_loose_fields(getattr(value, name))
        if kind.model_config.get("extra") == "allow":
            check_loose_fields(value.model_extra)
    elif type(value) is dict and is_flat(value):
        return
    elif isinstance(value, tuple):
        for one in value:
            check_loose_fields(one)
    elif isinstance(value, dict) and any(isinstance(one, Word) for one in value.values()):
        for one in value.values():
            check_loose_fields(one)
    elif value is not None:
        refuse_what_is_not_plain(value)


def is_flat(mapping: dict[Any, Any]) -> bool:
    """Whether a mapping is surely plain, such as the state of most devices: looked at first, because every packet has one."""
    for key, value in mapping.items():
        kind = type(value)
        if type(key) is not str or (kind is not bool and kind is not str and value is not None and kind is not int):
            return False
        if kind is str and not value.isascii():
            return False
        if kind is int and not -INTEGER_MAX <= value <= INTEGER_MAX:
            return False
    return True


@cache
def loose_fields(kind: type[Word]) -> tuple[str, ...]:
    """The fields of a word that hold any JSON, or words with such fields."""
    return tuple(name for name, field in kind.model_fields.items() if is_loose(field.annotation))


def is_loose(annotation: Any) -> bool:
    """Whether a value of this type could hold any JSON."""
    if annotation is Any:
        return True
    if isinstance(annotation, type) and issubclass(annotation, Word):
        return bool(loose_fields(annotation)) or annotation.model_config.get("extra") == "allow"
    return any(is_loose(part) for part in get_args(annotation))


def refuse_what_is_not_plain(payload: Any) -> None:
    """Refuse what some serialiser on the bus could not carry."""
    why = why_not_plain(payload)
    if why is not None:
        raise CallError(INVALID, why)


def invalid(error: ValidationError, kind: type[Word], values: Any) -> CallError:
    """What a word refused of some values, field by field and in our words, as an answer to a call."""
    found = problems_of(error, kind, values, "message")
    errors = [{"loc": [str(part) for part in one.path], "msg": one.text, "type": one.type} for one in found]
    return CallError(INVALID, "; ".join(f"{'.'.join(one['loc']) or 'message'}: {one['msg']}" for one in errors), errors)


def as_call_error(error: BaseException) -> CallError:
    """Whatever a handler raised, as an answer to the caller."""
    if isinstance(error, CallError):
        return error
    if isinstance(error, PropertyError):
        return CallError(INVALID, str(error), [dict(one) for one in error.errors])
    if isinstance(error, JoulebusError):
        return CallError(CALL_REFUSED, str(error))
    return CallError(BUG, f"the component failed with {type(error).__name__}; its log says more")
