"""Who may do what in a living home, and who did: roles, tickets, links and the log of changes, from the command line."""

import json
import re

import pytest

from joulebus_schemas.journal import Changed
from tests.real.raw import Raw
from tests.real.reactor import until
from tests.stories.conftest import Live
from tests.stories.homes import ROOM, replayed
from tests.stories.living import LivingHome
from tests.stories.wampc import Wampc


def was_refused(answer: object) -> bool:
    return "not_authorized" in str(getattr(answer, "error", ""))


def said(home: LivingHome, *words: str) -> str:
    ran = home.joulebus(*words)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def test_a_guest_with_wampc_asks_but_changes_nothing_and_the_operators_link_does(room: LivingHome) -> None:
    guest, operator = Wampc(room.running["guest_url"]), Wampc(room.running["operator_url"])
    before = len(room.changes())
    for call, words in {"home.remove": {"name": "heater"}, "clock.pause": {}, "heater.set": {"power_watts": 1}}.items():
        assert "wamp.error.not_authorized" in guest.call(f"joulebus.room.{call}", **words)  # type: ignore[arg-type]
    assert "power_watts: 1000" in guest.call("joulebus.room.heater.get") and len(room.changes()) == before
    assert "paused: true" in operator.call("joulebus.room.clock.pause")
    assert "paused: false" in operator.call("joulebus.room.clock.resume")
    assert "wamp.error.not_authorized" in operator.call("joulebus.room.home.remove", name="heater")
    guest.close()
    operator.close()


def test_files_with_secrets_are_for_their_owner(room: LivingHome) -> None:
    files = [room.books / "running.json", *(room.books / "tickets").iterdir(), *(room.books / "principals" / "room").iterdir()]
    assert len(files) > 10 and {file.stat().st_mode & 0o777 for file in files} == {0o600}
    assert room.running["operator_url"] in room.said


def test_an_admin_gives_access_and_takes_it_back_with_wampc(room: LivingHome) -> None:
    admin = Wampc(room.link("admin"))
    given = admin.call("joulebus.room.access.give", name="anna", role="operator")
    found = re.search(r"#room/~anna/([\w-]{43})", given)
    assert found, given
    anna = Raw(room.running["guest_url"], "room/~anna", found[1], serializer="json")
    assert anna.call("joulebus.room.heater.set", power_watts=1_000)["properties"]["power_watts"] == 1_000
    assert was_refused(anna.call("joulebus.room.access.list"))
    assert re.search(r"name: 'anna',\s+role: 'operator'", admin.call("joulebus.room.access.list"))
    assert "anna is operator in room, not admin" in admin.call("joulebus.room.access.give", name="anna", role="admin")
    for name, sentence in {"owner": "owner is whoever can read the files of room", "nobody": "nobody has no access to room"}.items():
        assert sentence in admin.call("joulebus.room.access.revoke", name=name)
    assert "RES>" in admin.call("joulebus.room.access.revoke", name="anna")
    until(lambda: not anna.present, "who may come in no more is put out")
    admin.close()


def test_who_is_joined_is_told_to_operators_with_wampc_and_not_to_guests(room: LivingHome) -> None:
    operator, guest = Wampc(room.running["operator_url"]), Raw(room.running["guest_url"], serializer="json")
    pattern = r"session: {},\s+principal: 'room/~guest',\s+role: 'viewer',\s+since_unix_seconds: \d{{10}}"

    def told(number: int) -> bool:
        return re.search(pattern.format(number), operator.call("joulebus.room.access.sessions")) is not None

    until(lambda: told(guest.session.joined.session), "the guest is joined")
    said = operator.call("joulebus.room.access.sessions")
    for who, role in {"room/~operator": "operator", "room/heater": "device", "room/home": "home"}.items():
        assert re.search(rf"principal: '{who}',\s+role: '{role}'", said), said
    assert was_refused(guest.call("joulebus.room.access.sessions"))
    number = guest.session.joined.session
    guest.close()
    until(lambda: not told(number), "the guest has gone")
    operator.close()


def test_access_is_given_used_and_taken_back_while_the_home_lives(room: LivingHome) -> None:
    given = json.loads(said(room, "access", "add", "manager", "--role", "controller", "--devices", "heater", "--expires", "1h"))
    assert given["principal"] == "room/~manager"
    with open(given["ticket_file"]) as file:
        ticket = file.read()
    manager = Raw(room.running["guest_url"], given["principal"], ticket, serializer="json")
    for watts in (900, 1_000):
        assert manager.call("joulebus.room.heater.set", power_watts=watts)["properties"]["power_watts"] == watts
    assert was_refused(manager.call("joulebus.room.grid.set", import_limit_watts=1))
    assert was_refused(manager.call("joulebus.room.clock.pause"))
    listed = {one["name"]: one for one in json.loads(said(room, "access", "list", "--json"))}
    assert {"owner", "operator", "manager"} <= listed.keys()
    assert (listed["manager"]["role"], listed["manager"]["devices"]) == ("controller", ["heater"]) and listed["manager"]["expires"]
    assert ticket not in said(room, "access", "list")
    said(room, "access", "rotate", "manager")
    until(lambda: not manager.present, "who came with the old ticket is put out")
    said(room, "access", "revoke", "manager")
    assert not Raw(room.running["guest_url"], given["principal"], ticket, serializer="json").present
    assert room.joulebus("access", "revoke", "manager").returncode != 0


def test_a_link_is_for_one_role(room: LivingHome) -> None:
    link = room.link("trader")
    assert link.startswith(room.running["guest_url"]) and link == room.link("trader")
    refused = room.joulebus("access", "link", "screen_trader", "--role", "admin")
    assert refused.returncode != 0 and "screen_trader is trader in room, not admin" in refused.stderr
    said(room, "access", "revoke", "screen_trader")


@pytest.mark.slow
def test_who_changed_what_is_in_the_journal_and_can_be_asked(live: Live) -> None:
    room = live("room", ROOM, "--speed", "60").up()
    operator = Raw(room.running["operator_url"], serializer="json")
    operator.call("joulebus.room.heater.set", power_watts=800)
    operator.call("joulebus.room.inverter.set", reserve_percent=10)
    operator.call("joulebus.room.clock.speed", speed=120)
    said(room, "device", "add", "lamp", "lights")
    operator.call("joulebus.room.home.switch", name="lamp", on=False)
    said(room, "device", "remove", "lamp")
    logged = json.loads(said(room, "access", "log", "--json"))
    who = [(one["by"]["principal"], one["by"]["role"], one["by"]["call"], one["by"]["arguments"], one["by"]["through"]) for one in logged]
    assert who == [
        ("room/~owner", "admin", "joulebus.room.home.remove", {"name": "lamp"}, "home"),
        ("room/~operator", "operator", "joulebus.room.home.switch", {"name": "lamp", "on": False}, "home"),
        ("room/~owner", "admin", "joulebus.room.home.add", {"name": "lamp", "kind": "lights", "properties": {}}, "home"),
        ("room/~operator", "operator", "joulebus.room.clock.speed", {"speed": 120}, None),
        ("room/~operator", "operator", "joulebus.room.inverter.set", {"reserve_percent": 10}, None),
        ("room/~operator", "operator", "joulebus.room.heater.set", {"power_watts": 800}, "heater"),
    ]
    assert all(one["tick"] is not None and one["time"].endswith("Z") for one in logged)
    assert "room/~operator" in said(room, "access", "log") and len(json.loads(said(room, "access", "log", "--most", "2", "--json"))) == 2
    assert was_refused(room.guest.call("joulebus.room.inverter.change_log"))
    kept = [record for record in room.records() if isinstance(record, Changed)]
    assert [record.by.principal for record in reversed(kept) if record.by] == [one[0] for one in who]
    room.wait_for_tick(room.tick() + 1_000)
    assert room.stop() == 0
    assert room.seals() == replayed(room)
    assert json.loads(said(room, "audit", str(room.books), "--json"))["is_sound"]


@pytest.mark.parametrize(
    "words", [("add", "Anna"), ("add", "anna", "--role", "king"), ("rotate", "nobody"), ("add", "x", "--expires", "soon")]
)
def test_a_mistake_is_one_sentence(room: LivingHome, words: tuple[str, ...]) -> None:
    ran = room.joulebus("access", *words)
    assert ran.returncode == 2 and ran.stderr.startswith("joulebus: ") and "Traceback" not in ran.stderr
