"""AsyncAPI 3.0.0 of parts of a home: one document each, and one of the whole system.

3.0.0 and not 3.1.0: modelina does not know the latter, and answers ``any`` without an error. WAMP has no binding in the
specification, and the parser refuses unknown ones; so what is WAMP's stands in ``x-wamp``.
"""

from collections.abc import Iterable
from typing import Any

from joulebus.addresses import LOOPBACK, REALM, SERIALIZERS
from joulebus.bus import BUG, CALL_REFUSED, INVALID
from joulebus.catalogue.parts import Act, Participant, summary_of
from joulebus.catalogue.wire_schema import open_to_newer_minors, schemas_of
from joulebus.registry import need_of
from joulebus.roles import COMPONENT
from joulebus_schemas.base import Word
from joulebus_schemas.channels import EACH, Call, Event

ASYNCAPI_VERSION = "3.0.0"
SENDS = ("says", "asks")
TITLES = {"device": "any device", "guest": "a guest"}
DESCRIPTION = """\
A message is one plain JSON object as the only positional argument of a WAMP event, call or result; a call may also be made
with the fields as keyword arguments. Integers are within plus or minus 2^53 - 1. Who sent something is the router's word.

A sender sends what its version of the schemas allows and nothing else. A receiver leaves out fields of events and replies that
it does not know: a minor version only adds optional fields. A later major version of a message has a URI of its own (`.v2`).

A call that does not fit is answered with `joulebus.error.invalid`; its keyword argument `errors` lists the fields as
`{loc, msg, type}`. What cannot be in this home is answered with `joulebus.error.refused` and one sentence.

`x-joulebus-role` of an operation is the role that whoever calls needs: viewer (anybody on loopback), operator, trader or admin, each
with a ticket or a link of its own; `component` is what only the components of a home ask of each other."""


def document(name: str, title: str, version: str, parts: Iterable[Participant]) -> dict[str, Any]:
    """The document of one part, or of several."""
    acts = [act for part in parts for act in part.acts]
    tickets = any(part.has_ticket for part in parts)
    return {
        "asyncapi": ASYNCAPI_VERSION,
        "id": f"urn:joulebus:{name}",
        "info": _info(title, version, [*parts]),
        "defaultContentType": "application/json",
        "servers": _servers(tickets, not all(part.has_ticket for part in parts)),
        "channels": _channels(acts),
        "operations": {_operation_id(act): _operation(act) for act in sorted(acts, key=_operation_id)},
        "components": _components(acts, tickets),
    }


def _info(title: str, version: str, parts: list[Participant]) -> dict[str, Any]:
    tags = [{"name": part.name, "description": part.summary} for part in parts]
    return {
        "title": title,
        "version": version,
        "description": (parts[0].summary + "\n\n" if len(parts) == 1 else "") + DESCRIPTION,
        "license": {"name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"},
        "tags": tags,
    }


def _servers(tickets: bool, guests: bool) -> dict[str, Any]:
    port = {"description": "running.json in the home's directory says which", "default": "8080"}
    router: dict[str, Any] = {"host": f"{LOOPBACK}:{{port}}", "pathname": "/", "protocol": "ws", "variables": {"port": port}}
    router["description"] = "Crossbar of the home: WAMP 2 over WebSocket, realm joulebus, with JSON, MessagePack or CBOR."
    signed = {"title": "with a ticket", "security": [{"$ref": "#/components/securitySchemes/ticket"}]}
    ticket = router | signed | {"x-wamp": _wamp("ticket")}
    guest = router | {"title": "for guests, without a ticket: they may ask and listen", "x-wamp": _wamp("anonymous")}
    return ({"ticket": ticket} if tickets else {}) | ({"guest": guest} if guests else {})


def _wamp(authmethod: str) -> dict[str, Any]:
    """What a client of WAMP must know to open a session, for machines."""
    return {"realm": REALM, "subprotocols": [f"wamp.2.{one}" for one in SERIALIZERS], "authmethods": [authmethod]}


def channel_id(place: Event[Any] | Call[Any, Any]) -> str:
    """The name of a place in documents, and in types that are made from them."""
    owner = place.owner.strip("{}")
    name = place.name.replace(".", "_")
    return f"{owner}_{name}" + ("" if place.major == 1 else f"_v{place.major}")


def _channels(acts: list[Act]) -> dict[str, Any]:
    channels: dict[str, Any] = {}
    for act in acts:
        place, identity = act.place, channel_id(act.place)
        if isinstance(place, Event):
            _put(channels, identity, _head(place, summary_of(place.word), "topic"), act.words)
        else:
            _put(channels, identity, _head(place, f"procedure of {_owner(place.owner)}", "procedure"), act.words)
            answer = {"address": None, "summary": f"the answer of {place.uri()}", "x-wamp": {"kind": "result"}}
            _put(channels, f"{identity}_reply", answer, act.replies)
    return dict(sorted(channels.items()))


def _put(channels: dict[str, Any], identity: str, head: dict[str, Any], words: Iterable[type[Word]]) -> None:
    """Several parts have to do with one channel, perhaps with different words."""
    known = channels[identity]["messages"] if identity in channels else {}
    messages = {word.__name__: {"$ref": f"#/components/messages/{word.__name__}"} for word in words}
    channels[identity] = head | {"messages": known | messages}


def _head(place: Event[Any] | Call[Any, Any], summary: str, kind: str) -> dict[str, Any]:
    parameters = {name: {"$ref": f"#/components/parameters/{name}"} for name in _parameters_of(place)}
    return {"address": place.uri(owner=place.owner), "summary": summary, "parameters": parameters, "x-wamp": {"kind": kind}}


def _parameters_of(place: Event[Any] | Call[Any, Any]) -> tuple[str, ...]:
    return ("home", place.owner.strip("{}")) if place.owner.startswith("{") else ("home",)


def _owner(owner: str) -> str:
    return "each device" if owner == EACH else f"the {owner}"


def _operation_id(act: Act) -> str:
    return f"{act.part}_{act.verb}_{channel_id(act.place)}"


def _operation(act: Act) -> dict[str, Any]:
    place, identity = act.place, channel_id(act.place)
    operation: dict[str, Any] = {
        "action": "send" if act.verb in SENDS else "receive",
        "title": f"{act.part} {act.verb} {place.name}",
        "summary": act.summary,
        "description": _description(act),
        "tags": [{"name": act.part}],
        "channel": {"$ref": f"#/channels/{identity}"},
        "messages": [{"$ref": f"#/channels/{identity}/messages/{word.__name__}"} for word in act.words],
    }
    if isinstance(place, Call):
        reply = f"{identity}_reply"
        messages = [{"$ref": f"#/channels/{reply}/messages/{word.__name__}"} for word in act.replies]
        operation["reply"] = {"channel": {"$ref": f"#/channels/{reply}"}, "messages": messages}
        operation["x-wamp"] = {"errors": [INVALID, CALL_REFUSED, BUG]}
        operation["x-joulebus-role"] = need_of(place)
    return operation


def _description(act: Act) -> str:
    """Who says or asks what where, in a sentence."""
    place = act.place
    words = " or ".join(word.__name__ for word in act.words[:1])
    if isinstance(place, Event):
        return f"A WAMP event on `{place.uri(owner=place.owner)}` with one {words}, which {act.part} {act.verb}."
    replies = " or ".join(word.__name__ for word in act.replies[:1])
    need = need_of(place)
    who = "Only components of the home may ask it." if need == COMPONENT else f"Whoever asks needs the role {need}."
    return f"A WAMP call of `{place.uri(owner=place.owner)}` with one {words}, answered with one {replies}. {who}"


def words_of(acts: Iterable[Act]) -> tuple[list[type[Word]], list[type[Word]]]:
    """The words of events and replies, and those that are asked; sorted by name, each once."""
    acts = list(acts)
    heard = {word for act in acts for word in (act.words if isinstance(act.place, Event) else act.replies)}
    asked = {word for act in acts for word in act.words if isinstance(act.place, Call)}
    return sorted(heard, key=lambda word: word.__name__), sorted(asked, key=lambda word: word.__name__)


def _components(acts: list[Act], tickets: bool) -> dict[str, Any]:
    heard, asked = words_of(acts)
    words = sorted({*heard, *asked}, key=lambda word: word.__name__)
    schemas = schemas_of(words, "#/components/schemas/{model}")
    ticket = {"type": "userPassword", "description": "WAMP ticket: the name of the component and the secret in its ticket file"}
    return {
        **({"securitySchemes": {"ticket": ticket}} if tickets else {}),
        "parameters": _parameters(acts),
        "messages": {word.__name__: _message(word) for word in words},
        "schemas": open_to_newer_minors(schemas, [word.__name__ for word in asked if word not in heard]),
    }


def _parameters(acts: list[Act]) -> dict[str, Any]:
    home: dict[str, Any] = {"description": "name of the home: lower case letters, digits and _", "examples": ["house"]}
    others = sorted({name for act in acts for name in _parameters_of(act.place)} - {"home"})
    return {"home": home} | {name: {"description": f"name of a {name} in the home file", "examples": [name]} for name in others}


def _message(word: type[Word]) -> dict[str, Any]:
    name = word.__name__
    return {
        "name": name,
        "title": name,
        "summary": summary_of(word),
        "contentType": "application/json",
        "payload": {"$ref": f"#/components/schemas/{name}"},
        "examples": [{"name": name, "payload": word_example(word)}],
    }


def word_example(word: type[Word]) -> dict[str, Any]:
    """The example that a word has."""
    extra = word.model_config.get("json_schema_extra")
    assert isinstance(extra, dict) and "examples" in extra, f"{word.__name__} travels on the bus, so it must have an example"
    examples: Any = extra["examples"]
    assert isinstance(examples, list) and isinstance(examples[0], dict), f"the example of {word.__name__} is a message"
    return examples[0]
