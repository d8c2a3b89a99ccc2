"""The router's files of who may come in, made of the Secret of all principals and kept up to date beside the router."""

import json
from base64 import b64encode
from pathlib import Path

from joulebus.bus.rights import AccessRule, as_permissions, outside_rules, person_rules, rules
from joulebus.files import replace_in_one_step
from joulebus.provision.cluster.api import ApiObject
from joulebus.provision.cluster.tickets import PERSON_PART, principals_in
from joulebus.provision.keys import PRINCIPALS


def principals_folder(router: Path, home: str) -> Path:
    """Where the files of a home's principals are, below what belongs to the router; made when it is missing."""
    folder = router / PRINCIPALS / home
    folder.mkdir(mode=0o750, parents=True, exist_ok=True)
    return folder


def write_principals(folder: Path, home: str, secret: ApiObject) -> int:
    """Make the files what the Secret says; how many are there then. One that says nothing new is left as it is."""
    wanted = {f"{name}.json": principal_text(home, name, said) for name, said in principals_in(secret).items()}
    for path in folder.glob("*.json"):
        if path.name not in wanted:
            path.unlink()
    for name, text in wanted.items():
        path = folder / name
        if not path.is_file() or path.read_text() != text:
            replace_in_one_step(path, text.encode(), 0o640)
    return len(wanted)


def principal_text(home: str, name: str, said: ApiObject) -> str:
    """One file: what the Secret says, with the rights that follow from it."""
    principal = {key: value for key, value in said.items() if key != "part"}
    principal |= {"role": said.get("role", said["part"]), "permissions": as_permissions(_rights(home, name, said))}
    return json.dumps(principal, sort_keys=True)


def _rights(home: str, name: str, said: ApiObject) -> tuple[AccessRule, ...]:
    if said["part"] == PERSON_PART:
        return person_rules(home, said["role"], said.get("devices", ()))
    return outside_rules(home, name) if said.get("outside") else rules(home, said["part"], name)


def secret_in(folder: Path) -> ApiObject:
    """The Secret as it is mounted into a pod that begins."""
    files = {path.name: path for path in folder.glob("*.json")}
    return {"data": {name: b64encode(path.read_bytes()).decode() for name, path in files.items()}}
