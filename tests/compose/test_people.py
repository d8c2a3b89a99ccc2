"""People before the house in containers: the dashboard behind nginx in a real browser, guests, links, and the headers of every page."""

import json
import os
import re
import shutil
import subprocess
import urllib.error
import urllib.request
from typing import Any

import pytest

from joulebus.provision.dashboard import MEDIA_TYPES, ServedFile, web_headers
from joulebus.provision.gatekeeper import WRONG_MAX
from tests.compose.living import ComposeHome
from tests.real.raw import Raw
from tests.real.reactor import until
from tests.real.router import ROOT

NODE, GLANCE = ROOT / "infra/specs/node", ROOT / "ui/story/glance.mjs"
BASE = "joulebus.house"
PASSWORD = "correct horse battery staple"


def asked(address: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body."""
    request = urllib.request.Request(address, method=method, headers={name.replace("_", "-"): text for name, text in headers.items()})
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, dict(answer.headers), answer.read()
    except urllib.error.HTTPError as error:
        return error.code, dict(error.headers), error.read()


def link(house: ComposeHome, *words: str) -> str:
    """As ``joulebus access`` in a container prints it."""
    return house.compose("run", "--rm", "-T", "access", "link", *words).strip()


def may_pause(address: str, principal: str) -> bool:
    """Whether whoever comes to an address may stop time; it goes on afterwards."""
    somebody = Raw(address, serializer="json")
    assert somebody.session.joined.authid == principal
    may = "error" not in str(somebody.call(f"{BASE}.clock.resume")).lower()
    somebody.close()
    return may


def test_a_guest_of_the_machine_looks_and_changes_nothing(house: ComposeHome) -> None:
    assert not may_pause(house.page.replace("http", "ws"), "house/~guest")


def test_a_link_is_its_principal_until_it_is_revoked(house: ComposeHome) -> None:
    address = link(house)
    assert address.startswith("ws://127.0.0.1:") and may_pause(address, "house/~operator")
    house.compose("run", "--rm", "-T", "access", "revoke", "operator")
    assert asked(address.replace("ws", "http", 1))[0] == 404


def test_a_password_lets_in_through_the_web_server_whoever_else_guesses(house: ComposeHome) -> None:
    house.compose("run", "--rm", "-T", "access", "password", "anna", typed=f"{PASSWORD}\n")
    front = house.page.replace("http", "ws")
    for number in range(WRONG_MAX + 1):
        assert not Raw(front, f"house/~guess_{number}", "wrong", serializer="json").present
    first = Raw(front, "house/~anna", PASSWORD, serializer="json")
    assert first.present, "guesses from this machine are counted for each name, not for all who come through the web server"
    again = Raw(front, "house/~anna", first.session.joined.authextra["joulebus_session"], serializer="json")
    assert again.present and again.session.joined.authid == "house/~anna"
    house.compose("run", "--rm", "-T", "access", "revoke", "anna")
    until(lambda: not first.present and not again.present, "who has lost access is put out")


def test_nobody_without_the_secret_of_the_web_server_comes_from_this_machine(house: ComposeHome) -> None:
    lie = "import urllib.request as u; q = u.Request('http://crossbar:8080/house/~operator/x', headers={'X-Forwarded-For': '127.0.0.1', "
    lie += "'X-Joulebus-Proxy': 'x'}); print(u.urlopen(q).status)"
    with pytest.raises(AssertionError, match="404"):
        house.compose("exec", "-T", "oven", "python", "-c", lie)


def test_pages_have_the_headers_with_which_the_router_serves_them(house: ComposeHome) -> None:
    folder = ROOT / "components/joulebus/dashboard"
    for path in sorted(path for path in folder.rglob("*") if path.suffix in MEDIA_TYPES):
        status, headers, _ = asked(house.page + path.relative_to(folder).as_posix())
        nonce = re.findall("'nonce-([0-9a-f]{32})'", headers["Content-Security-Policy"])[0]
        hashed = "public, max-age=31536000, immutable" if re.search(r"-[A-Za-z0-9_-]{8}\.(js|css|woff2)$", path.name) else "no-cache"
        wanted = web_headers(ServedFile(MEDIA_TYPES[path.suffix], b"", b"", hashed), nonce, is_secure=False) | {"Server": "nginx"}
        same = {name: headers.get(name) for name in wanted if name != "Vary"}
        assert status == 200 and same == {name: text for name, text in wanted.items() if name != "Vary"}, path.name


def test_a_page_has_the_nonce_of_its_answer_and_no_two_have_the_same(house: ComposeHome) -> None:
    answers = [asked(house.page) for _ in range(3)]
    nonces = [re.findall("'nonce-([0-9a-f]{32})'", headers["Content-Security-Policy"])[0] for _, headers, _ in answers]
    assert len(set(nonces)) == 3
    assert all(f'ngcspnonce="{nonce}"' in body.decode().lower() for nonce, (_, _, body) in zip(nonces, answers, strict=True))
    assert not any(b"JOULEBUS_NONCE" in body for _, _, body in answers)


@pytest.mark.parametrize("path", ["nothing.js", "..%2fconfig.json", "house", "house/~operator/" + "x" * 43, "%2e%2e/etc/passwd"])
def test_nothing_else_comes_out(house: ComposeHome, path: str) -> None:
    assert asked(house.page + path)[0] in (400, 404)


def test_whoever_came_over_tls_comes_so_for_a_year(house: ComposeHome) -> None:
    assert asked(house.page, X_Forwarded_Proto="https")[1]["Strict-Transport-Security"] == "max-age=31536000"
    assert "Strict-Transport-Security" not in asked(house.page)[1]


def test_the_specification_is_at_an_origin_of_its_own(house: ComposeHome) -> None:
    port = int(house.environment["JOULEBUS_WEB_PORT"])
    status, _, body = asked(f"http://127.0.0.1:{port}/index.json")
    assert status == 200 and {spec["name"] for spec in json.loads(body)["specs"]} >= {"joulebus"}
    assert asked(house.page + "index.json")[0] == 404


def test_a_browser_sees_the_living_home(house: ComposeHome) -> None:
    house.joulebus("clock", "resume")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert chromium, "the dashboard needs Chromium (Debian: apt-get install chromium)"
    words = [str(NODE), str(GLANCE), link(house, "--page"), house.page]
    told = subprocess.run(words, capture_output=True, text=True, timeout=300, check=False, env=os.environ | {"CHROMIUM": chromium})
    assert told.returncode == 0, told.stderr
    found: list[dict[str, Any]] = json.loads(told.stdout.strip().splitlines()[-1])
    assert len(found) == 4 and [f"{one['name']}: {one['error']}" for one in found if one["error"]] == []
