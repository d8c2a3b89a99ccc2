"""The catalogue as AsyncAPI 2.3.0, for tools that know nothing newer: the same places, messages and schemas, less what 2.3 lacks.

Made from the 3.0.0 document of the whole system. In 2.3 the home is the application: what it says can be subscribed to, what it is
asked can be published to it, and the answer to a question is what it says at the same address.
"""

from collections.abc import Iterator
from typing import Any

ASYNCAPI_TWO_VERSION = "2.3.0"
LOST_IN_TWO = {
    "propertyNames": "the pattern of the keys of a map",
    "maxProperties": "how many keys a map has",
    "additionalItems": "that a pair has no third",
    "discriminator": "which field tells the members of a union apart; each member still says its value of it",
}
"""Parts of a schema that the package refuses or silently omits. Beside these, all ``x-`` extensions, and the words of single
kinds of devices: a place has one message here, the general one."""
TICKET = "ticket"
"""Name of the server for those who sign in, and of how they do."""
REFERENCE = "#/components/{kind}/"


def in_two(document: dict[str, Any]) -> dict[str, Any]:
    """A 2.3.0 document of a 3.0.0 one."""
    components = document["components"]
    channels = _channels(document)
    messages = {name: _message(components["messages"][name]) for name in _pointed_at(channels, "messages")}
    schemas = {name: _schema(schema) for name, schema in components["schemas"].items()}
    return {
        "asyncapi": ASYNCAPI_TWO_VERSION,
        "id": document["id"],
        "info": {key: document["info"][key] for key in ("title", "version", "description", "license")},
        "tags": [{"name": one["name"], "description": one["description"]} for one in document["info"]["tags"]],
        "servers": {name: _server(server) for name, server in document["servers"].items()},
        "defaultContentType": document["defaultContentType"],
        "channels": channels,
        "components": {
            "securitySchemes": components["securitySchemes"],
            "messages": messages,
            "schemas": {name: schemas[name] for name in _reached(messages, schemas)},
        },
    }


def _pointed_at(part: Any, kind: str) -> list[str]:
    """Names of the components that something points at, sorted."""
    head = REFERENCE.format(kind=kind)
    found = {one["$ref"].removeprefix(head) for one in _objects(part) if str(one.get("$ref", "")).startswith(head)}
    return sorted(found)


def _objects(part: Any) -> Iterator[dict[str, Any]]:
    if isinstance(part, dict):
        yield part
    for one in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        yield from _objects(one)


def _reached(messages: dict[str, Any], schemas: dict[str, Any]) -> list[str]:
    """Schemas of these messages, and those inside them."""
    found: set[str] = set()
    due = _pointed_at(messages, "schemas")
    while due:
        found |= {*due}
        due = [name for name in _pointed_at([schemas[one] for one in due], "schemas") if name not in found]
    return sorted(found)


def _server(server: dict[str, Any]) -> dict[str, Any]:
    ticket = " With a ticket (components.securitySchemes.ticket)." if "security" in server else " Without a ticket."
    return {
        "url": f"ws://{server['host']}",
        "protocol": server["protocol"],
        "description": server["description"] + ticket,
        "variables": server["variables"],
    }


def with_security(document: dict[str, Any]) -> dict[str, Any]:
    """What whoever signs in needs; the package takes ``security`` of a server only in a form that 2.3 refuses."""
    servers = {name: server | ({"security": [{name: []}]} if name == TICKET else {}) for name, server in document["servers"].items()}
    return document | {"servers": servers}


def _channels(document: dict[str, Any]) -> dict[str, Any]:
    places = {name: channel for name, channel in document["channels"].items() if channel["address"] is not None}
    return {channel["address"]: _channel(document, name, channel) for name, channel in places.items()}


def _channel(document: dict[str, Any], name: str, channel: dict[str, Any]) -> dict[str, Any]:
    parameters = {one: _parameter(document["components"]["parameters"][one]) for one in channel["parameters"]}
    head = {"description": f"{channel['x-wamp']['kind']}: {channel['summary']}", "parameters": parameters}
    if channel["x-wamp"]["kind"] == "topic":
        return {**head, "subscribe": _operation(f"hear_{name}", channel)}
    reply = document["channels"][f"{name}_reply"]
    return {**head, "publish": _operation(f"ask_{name}", channel), "subscribe": _operation(f"answer_{name}", reply)}


def _operation(identity: str, channel: dict[str, Any]) -> dict[str, Any]:
    """With the general word, where 3.0 also names those of each kind of device: the package refuses several messages."""
    general = next(iter(channel["messages"]))
    return {"operationId": identity, "message": {"$ref": f"#/components/messages/{general}"}}


def _parameter(parameter: dict[str, Any]) -> dict[str, Any]:
    return {"description": parameter["description"], "schema": {"type": "string", "examples": parameter["examples"]}}


def _message(message: dict[str, Any]) -> dict[str, Any]:
    """Its example stands in its schema: the package takes the example itself for a schema."""
    return {key: message[key] for key in ("name", "title", "summary", "contentType", "payload")}


def _schema(schema: Any) -> Any:
    if not isinstance(schema, dict):
        return schema
    kept = {key: value for key, value in schema.items() if key not in LOST_IN_TWO and not key.startswith("x-")}
    if "const" in kept:
        kept["enum"] = [kept.pop("const")]
    if "properties" in kept:
        kept["properties"] = {name: _schema(part) for name, part in kept["properties"].items()}
    for key in ("anyOf", "oneOf", "allOf"):
        if key in kept:
            kept[key] = [_schema(part) for part in kept[key]]
    items = kept.get("items")
    if items is not None:
        kept["items"] = [_schema(part) for part in items] if isinstance(items, list) else _schema(items)
    if "additionalProperties" in kept:
        kept["additionalProperties"] = _schema(kept["additionalProperties"])
    return kept
