"""People sign in with a password or a link that is good once; sessions end, guesses are few, and nothing tells who there is."""

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest

from joulebus.errors import RosterError
from joulebus.provision import sessions
from joulebus.provision.access import Person
from joulebus.provision.gatekeeper import PROXY, WRONG_MAX
from joulebus.roles import ADMIN, OPERATOR, VIEWER
from tests.bus.conftest import BASE
from tests.bus.test_rights import was_refused
from tests.real.raw import Raw, rogue
from tests.real.reactor import until
from tests.real.router import PROXY_SECRET, RealRouter

PASSWORD = "correct horse battery staple"


@pytest.fixture(scope="module", autouse=True)
def home(real_router: RealRouter) -> Iterator[Raw]:
    """The home signs in first; from then on the router's worker looks after people."""
    signed_in = rogue(real_router.open_access("home"))
    yield signed_in
    signed_in.close()


@pytest.fixture
def anna(real_router: RealRouter) -> Iterator[str]:
    """Somebody with a password."""
    real_router.people.set_password(Person("anna", OPERATOR), PASSWORD)
    yield "house/~anna"
    real_router.people.revoke("anna")


def come(router: RealRouter, authid: str, secret: str) -> Raw:
    return Raw(router.guest_url, authid, secret, serializer="json")


def session_of(somebody: Raw) -> Any:
    """What the router told it when it came in."""
    return (somebody.session.joined.authextra or {}).get("joulebus_session")


def test_a_password_gives_a_session_that_is_as_good_until_access_is_revoked(real_router: RealRouter, anna: str) -> None:
    first = come(real_router, anna, PASSWORD)
    assert first.present and first.session.joined.authid == anna
    assert not was_refused(first.call(f"{BASE}.clock.pause")) and was_refused(first.call(f"{BASE}.home.add"))
    again = come(real_router, anna, session_of(first))
    assert again.present and session_of(again) is None, "a session begins no other one"
    real_router.people.set_password(Person("anna", OPERATOR), PASSWORD + " 2")
    until(lambda: not first.present and not again.present, "another password ends open sessions")
    assert not come(real_router, anna, session_of(first)).present
    assert not come(real_router, anna, PASSWORD).present
    assert come(real_router, anna, PASSWORD + " 2").present


def test_a_wrong_password_and_a_wrong_name_are_told_alike_and_slowed_down(real_router: RealRouter) -> None:
    real_router.people.set_password(Person("bob", OPERATOR), PASSWORD)
    wrong, nobody = come(real_router, "house/~bob", "wrong"), come(real_router, "house/~nobody", "wrong")
    assert str(wrong.session.left) == str(nobody.session.left)
    for number in range(4):
        assert not come(real_router, "house/~bob", f"wrong {number}").present
    assert not come(real_router, "house/~bob", PASSWORD).present, "for a minute nothing is looked at"
    real_router.people.revoke("bob")


def test_behind_a_web_server_each_client_is_slowed_down_for_itself(real_router: RealRouter, anna: str) -> None:
    def through(address: str, authid: str, secret: str, shown: str = PROXY_SECRET) -> Raw:
        told = {PROXY: shown, "X-Forwarded-For": address}
        return Raw(real_router.guest_url, authid, secret, serializer="json", headers=told)

    for number in range(WRONG_MAX):
        assert not through("203.0.113.7", f"house/~guess_{number}", "wrong").present
    assert not through("203.0.113.7", anna, PASSWORD).present, "from there, for a minute nothing is looked at"
    assert through("203.0.113.8", anna, PASSWORD).present and through("127.0.0.1", anna, PASSWORD).present
    assert through("203.0.113.7", anna, PASSWORD, shown="a lie").present, "who has not the secret is where its connection is: here"


def test_a_link_is_good_once_and_its_session_goes_on(real_router: RealRouter) -> None:
    link = real_router.people.once(Person("boss", ADMIN), real_router.guest_url)
    assert link.startswith("http://127.0.0.1:") and "/#house/~boss/" in link, "the secret is in the fragment, which is sent nowhere"
    secret = link.rpartition("/")[2]
    first = come(real_router, "house/~boss", secret)
    assert first.present and not was_refused(first.call(f"{BASE}.home.add"))
    assert not come(real_router, "house/~boss", secret).present, "it is used up"
    assert come(real_router, "house/~boss", session_of(first)).present
    other = real_router.people.once(Person("boss", ADMIN), real_router.guest_url).rpartition("/")[2]
    assert not come(real_router, "house/~operator", other).present, "it is of nobody else"
    real_router.people.revoke("boss")
    until(lambda: not first.present, "revoking ends it")
    assert not come(real_router, "house/~boss", session_of(first)).present
    assert not come(real_router, "house/~boss", other).present


def test_links_and_sessions_end_with_their_time(real_router: RealRouter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "ONCE_SECONDS", -1)
    late = real_router.people.once(Person("late", VIEWER), real_router.guest_url).rpartition("/")[2]
    assert not come(real_router, "house/~late", late).present
    monkeypatch.setattr(sessions, "ONCE_SECONDS", 60)
    soon = real_router.people.once(Person("late", VIEWER), real_router.guest_url).rpartition("/")[2]
    visitor = come(real_router, "house/~late", soon)
    token = session_of(visitor)
    (path,) = [one for one in (real_router.keys.principals.parent / sessions.SESSIONS).glob("*.json") if "~late" in one.read_text()]
    path.write_text(json.dumps(json.loads(path.read_text()) | {"expires_unix_seconds": int(time.time()) + 3}))
    again = come(real_router, "house/~late", token)
    assert again.present
    until(lambda: not again.present, "its time is over", 30)
    assert again.session.left == "joulebus.error.revoked"
    assert visitor.present, "of the other one nobody has changed the time"
    assert not come(real_router, "house/~late", token).present
    real_router.people.revoke("late")


def test_what_is_kept_is_no_secret_and_files_are_private(real_router: RealRouter, anna: str) -> None:
    first = come(real_router, anna, PASSWORD)
    principal = real_router.keys.principals / "~anna.json"
    kept = [principal, *(real_router.keys.principals.parent / sessions.SESSIONS).glob("*.json")]
    for path in kept:
        assert PASSWORD not in path.read_text() and session_of(first) not in path.read_text() + path.name
        assert path.stat().st_mode & 0o777 == 0o600
    assert json.loads(principal.read_text())["password"]["n"] >= 1 << 15


@pytest.mark.parametrize("password", ["", "short", "x" * 201])
def test_a_password_has_a_length(real_router: RealRouter, password: str) -> None:
    with pytest.raises(RosterError, match="a password must have from 10 to 200 characters, but has"):
        real_router.people.set_password(Person("anna", OPERATOR), password)


def test_the_rights_of_a_home_that_starts_again_leave_passwords_as_they_are(real_router: RealRouter, anna: str) -> None:
    real_router.people.open_for_owner()
    assert come(real_router, anna, PASSWORD).present
