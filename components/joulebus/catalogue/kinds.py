"""The kinds of devices in the catalogue: the general messages of a device with the kind's own properties, state and signals.

These words are made here for documents and for generators of types; on the bus they are the general ones, and whoever sends
them has checked them with the models of which they are made.
"""

from dataclasses import replace
from typing import Annotated, Any

from pydantic import Field, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from joulebus.catalogue.parts import Act, Participant, act_order, summary_of
from joulebus.device import AnyDevice, DeviceContext
from joulebus_schemas import topics
from joulebus_schemas.base import Integer, Word, example
from joulebus_schemas.channels import Event
from joulebus_schemas.offers import Outcome
from joulebus_schemas.roster import Place
from joulebus_schemas.rounds import Forecast, Reported, Signal

SOMEWHERE = Place(latitude_degrees=50.85, longitude_degrees=4.35, altitude_m=15.0, timezone="Europe/Brussels")
SOMEWHEN = 1_782_034_200
EXAMPLE_TICKS = 600
OF_KIND: dict[tuple[str, object], str] = {
    ("says", topics.QUARTER): "meter",
    ("says", topics.TELEGRAM): "meter",
    ("says", topics.RECEIVED): "meter_reader",
    ("asks", topics.REPLAY): "meter",
}
"""What only devices of one kind say and ask, though all have the same process."""


class KindWords:
    """The words of one kind."""

    def __init__(self, device: AnyDevice) -> None:
        self.device = device
        camel = "".join(part.capitalize() for part in device.kind.split("_"))
        properties = device.properties()
        plain = properties.model_dump(mode="json")
        first = dict(list(plain.items())[:1])
        self.properties = _complete(_derived(device.properties, device.properties.__name__, plain))
        changes = type(f"AskSet{camel}", (Unchanged, device.properties), {"__module__": __name__})
        self.ask_set = _derived(changes, f"AskSet{camel}", first, f"Properties of a {device.kind} that are to change.")
        context = DeviceContext(device.kind, SOMEWHERE, SOMEWHEN, 1, 1, device.hears, {kind: kind for kind in device.hears})
        state = device.begin(context, properties)
        readings = device.readings(context, properties, state, Outcome())
        unknown: dict[str, int | None] = dict.fromkeys({**device.signals, **device.moment_names})
        message = {"tick": 3660, "state": state.model_dump(mode="json"), "readings": {**unknown, **readings}}
        remembered = _complete(_derived(device.state, device.state.__name__, None))
        says = {"state": _described(remembered, "what it remembers"), **_readings(device, camel)}
        self.reported = _derived(Reported, f"{camel}Reported", message, **says)
        self.forecast = _forecast(device, camel) if device.signals else None

    def part(self, general: Participant) -> Participant:
        """The part of a device of this kind."""
        acts = [replace(act, part=self.device.kind) for act in general.acts]
        heard = [act for act in acts if (act.verb, act.place) == ("hears", topics.FORECAST)]
        said = [self._said(act) for act in acts if act not in heard]
        heard = [_heard_of(act, kind) for act in heard for kind in self.device.hears]
        found = [act for act in [*said, *heard] if act.words]
        return Participant(self.device.kind, self.device.summary, tuple(sorted(found, key=act_order)), general.has_ticket)

    def _said(self, act: Act) -> Act:
        if act.place == topics.FORECAST:
            return replace(act, words=(self.forecast,) if self.forecast else ())
        if OF_KIND.get((act.verb, act.place), self.device.kind) != self.device.kind:
            return replace(act, words=())
        if act.place == topics.REPORTED:
            return replace(act, words=(self.reported,))
        if act.place == topics.STATE:
            return replace(act, replies=(self.reported,))
        if act.place == topics.GET:
            return replace(act, replies=(self.properties,))
        if act.place == topics.SET:
            return replace(act, words=(self.ask_set,))
        return act


def with_kinds(part: Participant, kinds: list[KindWords]) -> Participant:
    """The general messages and those of all kinds: for the document of the whole system."""
    return replace(part, acts=tuple(_with_kinds(act, kinds) for act in part.acts))


def _with_kinds(act: Act, kinds: list[KindWords]) -> Act:
    said = [one._said(act) for one in kinds]
    words = {word.__name__: word for one in said for word in one.words if word not in act.words}
    replies = {word.__name__: word for one in said for word in one.replies if word not in act.replies}
    return replace(act, words=(*act.words, *words.values()), replies=(*act.replies, *replies.values()))


def _heard_of(act: Act, kind: str) -> Act:
    """Signals of another kind: on a topic of their own in the documents, with the name of that device in its address."""
    place: Event[Any] = replace(topics.FORECAST, owner="{" + kind + "}")
    return replace(act, place=place, summary=f"Signals of the {kind}.")


def _forecast(device: AnyDevice, camel: str) -> type[Word]:
    runs = {"form": "run_lengths", "run_lengths": [[EXAMPLE_TICKS, 0]]}
    signals = dict.fromkeys(device.signals, runs)
    fields = {name: _described(Signal, what) for name, what in device.signals.items()}
    inner = _derived(Word, f"{camel}Signals", None, f"The signals of a {device.kind}; the unit is in the name.", **fields)
    message = {"span": {"start": 3600, "ticks": EXAMPLE_TICKS}, "revision": 0, "signals": signals}
    return _derived(Forecast, f"{camel}Forecast", message, signals=_described(inner, "all of them"))


def _readings(device: AnyDevice, camel: str) -> dict[str, Any]:
    """The field of a message with the readings of a kind, each by its name; nothing for kinds that have none."""
    moments = {**device.signals, **device.moment_names}
    if not device.reading_names and not moments:
        return {}
    fields = {name: _described(Integer, what) for name, what in device.reading_names.items()}
    fields |= {name: _unknown_at_first(what) for name, what in moments.items()}
    inner = _derived(Word, f"{camel}Readings", None, "Its readings; the unit is in the name.", **fields)
    return {"readings": _described(inner, "all of them")}


class Unchanged:
    """Beside the properties of a kind: a word in which what is left out stays as it is, so nothing has a default."""

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        schema = handler(core_schema)
        for field in handler.resolve_ref_schema(schema)["properties"].values():
            field.pop("default", None)
        return schema


def _complete(word: type[Word]) -> type[Word]:
    """A word as it is answered: all its fields are there, also those that whoever asks may leave out."""
    config = dict(word.model_config)
    extra = config.get("json_schema_extra")
    said = extra if isinstance(extra, dict) else {}
    config["json_schema_extra"] = {**said, "required": sorted(word.model_fields)} if word.model_fields else said
    return type(word.__name__, (word,), {"model_config": config, "__doc__": word.__doc__, "__module__": __name__, "__annotations__": {}})


def _described(kind: Any, what: str) -> Any:
    """The type of a field with a line of help."""
    return Annotated[kind, Field(description=what)]


def _unknown_at_first(what: str) -> Any:
    """The type of a reading that a device leaves out until it knows it."""
    return Annotated[Integer | None, Field(default=None, description=f"{what}; left out: not known yet")]


def _derived(base: type[Word], name: str, message: dict[str, Any] | None, doc: str | None = None, **fields: Any) -> type[Word]:
    """A word like another, with an example, and with some fields that say more."""
    config = {} if message is None else {"model_config": example(message)}
    doc = doc or f"{summary_of(base)}"
    return type(name, (base,), {**config, "__doc__": doc, "__module__": __name__, "__annotations__": fields})
