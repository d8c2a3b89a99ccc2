"""The authenticator inside the router's worker: who shows which ticket gets which role.

It is copied into the run directory and imported by Crossbar, so it imports nothing of ours. Each principal has a role of
its own with static permissions (a dynamic authorizer would break the order of events). Crossbar cannot be given a role
in its configuration while it runs, but its worker can start one: that happens here, when a principal first comes.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

NAME = re.compile(r"[a-z][a-z0-9_]{0,31}")
ROUTER_REALM, REALM_ID = "joulebus", "joulebus_realm"


Authenticate = Callable[[str, str, dict[str, Any]], dict[str, Any]]


def components(config: dict[str, Any], controller: Any) -> Authenticate:
    """Of the door for components. Called by Crossbar once; it keeps one authenticator a name, whatever the configuration says."""
    return authenticator(config, controller, outside=False)


def outsiders(config: dict[str, Any], controller: Any) -> Authenticate:
    """Of the door for guests, where foreign devices come with their tickets and components of the home are refused."""
    return authenticator(config, controller, outside=True)


def authenticator(config: dict[str, Any], controller: Any, outside: bool) -> Authenticate:
    """Who shows which ticket gets which role; ``controller`` is the worker."""
    principals = Path(config["principals"])

    def authenticate(realm: str, authid: str, details: dict[str, Any]) -> dict[str, Any]:
        send_at_once(controller)
        principal = read_principal(principals, authid)
        shown = hashlib.sha256(str(details.get("ticket", "")).encode()).hexdigest()
        if not hmac.compare_digest(shown, principal["ticket_sha256"]):
            raise ValueError(f"the ticket of {authid} is wrong")
        if outside and not principal["outside"]:
            raise ValueError(f"{authid} is a component of the home and comes by its own door")
        return {"realm": ROUTER_REALM, "authid": authid, "role": role_of(controller, authid, principal["permissions"])}

    return authenticate


def send_at_once(controller: Any) -> None:
    """Set TCP_NODELAY on all connections.

    The option of that name in the configuration is never applied (the protocol looks for it too early and swallows the
    error), and every round would wait 46 ms for Nagle and delayed acknowledgements.
    """
    for reader in controller._reactor.getReaders():
        if hasattr(reader, "setTcpNoDelay"):
            with suppress(OSError):  # it is going away
                reader.setTcpNoDelay(True)


def read_principal(principals: Path, authid: Any) -> dict[str, Any]:
    """What keys.py wrote about a component."""
    if not (isinstance(authid, str) and NAME.fullmatch(authid)):
        raise ValueError("a component must say its name: small letters, digits and _")
    try:
        principal: dict[str, Any] = json.loads((principals / f"{authid}.json").read_text())
    except OSError:
        raise ValueError(f"{authid} is not a component of this home") from None
    return principal


def role_of(controller: Any, authid: str, permissions: list[dict[str, Any]]) -> str:
    """The role with exactly these rights; other rights would be another role."""
    digest = hashlib.sha256(json.dumps(permissions, sort_keys=True).encode()).hexdigest()
    role = f"{authid}_{digest[:8]}"
    if not controller.has_role(ROUTER_REALM, role):
        controller.start_router_realm_role(REALM_ID, role, {"name": role, "permissions": permissions})
    return role
