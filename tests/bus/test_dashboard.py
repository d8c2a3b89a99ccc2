"""The dashboard at the guests' door of a real router: its files, their headers, and that nothing else comes out."""

import http.client
from collections.abc import Iterator
from pathlib import Path

import pytest

from joulebus.addresses import dashboard_of
from joulebus.provision.dashboard import BUILT, INDEX, NONCE, PAGE_POLICY, Dashboard
from tests.real.router import HOME, RealRouter

PAGE = b"<!doctype html><jb-root ngCspNonce='" + NONCE + b"'></jb-root>"
SCRIPT = b"export const answer = 42;\n" * 100
TICKET = "t" * 43


@pytest.fixture(scope="module")
def router(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealRouter]:
    """A router with a small dashboard of the test's own."""
    directory = tmp_path_factory.mktemp("served")
    made = RealRouter(directory)
    built = directory / "router" / BUILT
    built.mkdir(exist_ok=True)
    for path in built.rglob("*.*"):
        path.unlink()
    (built / "index.html").write_bytes(PAGE)
    (built / "de").mkdir(exist_ok=True)
    (built / "de/index.html").write_bytes(PAGE)
    (built / "main-ABCDEFGH.js").write_bytes(SCRIPT)
    (built / "secret.pem").write_bytes(b"none of the dashboard's kinds of files")
    made.start()
    yield made
    made.stop()


def asked(router: RealRouter, path: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and content of an answer."""
    connection = http.client.HTTPConnection("127.0.0.1", router.doors.front[0].port, timeout=10)
    connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    found = answer.status, dict(answer.getheaders()), answer.read()
    connection.close()
    return found


def test_a_browser_gets_the_page_with_a_policy_that_allows_only_its_own_styles(router: RealRouter) -> None:
    status, headers, body = asked(router, "/")
    nonce = body.decode().split("'")[1]
    assert status == 200
    assert len(nonce) > 20
    assert headers["Content-Security-Policy"] == PAGE_POLICY.format(nonce=nonce)
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Server"] == "joulebus"


def test_a_language_has_a_folder_with_a_page_of_its_own_under_the_same_policy(router: RealRouter) -> None:
    status, headers, body = asked(router, "/de/")
    assert (status, headers["Cache-Control"]) == (200, "no-cache")
    assert headers["Content-Security-Policy"] == PAGE_POLICY.format(nonce=body.decode().split("'")[1])
    assert asked(router, "/de")[0] == 404


def test_no_two_answers_have_the_same_nonce(router: RealRouter) -> None:
    assert asked(router, "/")[2] != asked(router, INDEX)[2]


def test_a_43_an_upgrade_is_seen_because_the_page_is_asked_about_again_and_what_has_a_hash_is_not(router: RealRouter) -> None:
    assert asked(router, "/")[1]["Cache-Control"] == "no-cache"
    assert asked(router, "/main-ABCDEFGH.js")[1]["Cache-Control"] == "public, max-age=31536000, immutable"


def test_a_script_is_compressed_for_whoever_can_read_it(router: RealRouter) -> None:
    _, headers, body = asked(router, "/main-ABCDEFGH.js", Accept_Encoding="gzip")
    assert headers["Content-Encoding"] == "gzip"
    assert len(body) < len(SCRIPT) / 5
    assert asked(router, "/main-ABCDEFGH.js")[2] == SCRIPT


@pytest.mark.parametrize(
    "path", ["/secret.pem", "/../config.json", "/..%2fconfig.json", "/%2e%2e/config.json", "/nothing.js", "//", f"/{HOME}"]
)
def test_nothing_else_comes_out(router: RealRouter, path: str) -> None:
    assert asked(router, path)[0] == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_a_page_is_only_read(router: RealRouter, method: str) -> None:
    assert asked(router, "/", method)[0] == 405


def test_whoever_wants_a_websocket_gets_one_at_the_same_address(router: RealRouter) -> None:
    status, _, _ = asked(
        router,
        "/",
        Connection="Upgrade",
        Upgrade="websocket",
        Sec_WebSocket_Key="dGhlIHNhbXBsZSBub25jZQ==",
        Sec_WebSocket_Version="13",
        Sec_WebSocket_Protocol="wamp.2.json",
    )
    assert status == 101


def test_a_ticket_stands_in_the_fragment_which_no_browser_sends() -> None:
    assert dashboard_of("ws://127.0.0.1:8080/") == "http://127.0.0.1:8080/"
    assert dashboard_of(f"wss://home.example:8443/house/~anna/{TICKET}") == f"https://home.example:8443/#house/~anna/{TICKET}"


def test_without_a_built_dashboard_there_is_no_page(tmp_path: Path) -> None:
    assert Dashboard(tmp_path / "nothing").page("/") is None
