"""What nginx serves: an index, files that never change, and pages; with headers that say so."""

import hashlib
import json
import urllib.error
import urllib.request
from http.client import HTTPMessage
from pathlib import Path

import pytest

from tests.real.nginx import Nginx
from tests.specs.conftest import ASYNCAPI

FOR_EVER = "public, max-age=31536000, immutable"


def get(store: Nginx, path: str, **headers: str) -> tuple[bytes, HTTPMessage]:
    """A file and its headers."""
    with urllib.request.urlopen(urllib.request.Request(store.url + path, headers=headers), timeout=10) as answer:
        return answer.read(), answer.headers


def status(store: Nginx, path: str, method: str = "GET", **headers: str) -> int:
    """What a request is answered with."""
    try:
        with urllib.request.urlopen(urllib.request.Request(store.url + path, headers=headers, method=method), timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def test_the_index_names_every_document_with_its_version_and_hash(store: Nginx) -> None:
    index = json.loads(get(store, "index.json")[0])
    assert [spec["name"] for spec in index["specs"]] == sorted(path.stem for path in ASYNCAPI.glob("*.json"))
    for spec in [*index["specs"], index["typescript"], index["python"]]:
        raw, headers = get(store, spec["path"])
        assert hashlib.sha256(raw).hexdigest() == spec["sha256"]
        assert spec["sha256"][:12] in spec["path"] and spec["version"] in spec["path"]
        assert headers["Cache-Control"] == FOR_EVER
    for spec in index["specs"]:
        assert get(store, spec["path"])[0] == (ASYNCAPI / f"{spec['name']}.json").read_bytes()


def test_each_file_says_what_it_is_and_how_long_it_holds(store: Nginx, models: Path) -> None:
    index = json.loads(get(store, "index.json")[0])
    script = next(models.glob("docs/page-*.js")).relative_to(models).as_posix()
    table = {
        "index.json": ("application/json; charset=utf-8", "no-cache"),
        index["specs"][0]["path"]: ("application/json; charset=utf-8", FOR_EVER),
        index["typescript"]["path"]: ("text/plain; charset=utf-8", FOR_EVER),
        index["python"]["path"]: ("text/plain; charset=utf-8", FOR_EVER),
        "docs/": ("text/html; charset=utf-8", "no-cache"),
        "docs/device.html": ("text/html; charset=utf-8", "no-cache"),
        script: ("text/javascript; charset=utf-8", FOR_EVER),
    }
    said = {path: (headers["Content-Type"], headers["Cache-Control"]) for path in table for _, headers in [get(store, path)]}
    assert said == table


@pytest.mark.parametrize("path", ["index.json", "docs/", "docs/device.html"])
def test_every_answer_is_guarded(store: Nginx, path: str) -> None:
    _, headers = get(store, path)
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none';") and "frame-ancestors 'none'" in policy
    assert ("unsafe-eval" in policy) == path.startswith("docs/")
    assert headers["Server"] == "nginx"


def test_what_has_not_changed_is_not_sent_again(store: Nginx) -> None:
    tag = get(store, "index.json")[1]["ETag"]
    assert status(store, "index.json", **{"If-None-Match": tag}) == 304


@pytest.mark.parametrize(
    ("path", "method", "code"),
    [
        ("nothing.json", "GET", 404),
        ("docs/../../nginx.conf", "GET", 400),
        ("specs/", "GET", 403),
        ("index.json", "POST", 405),
        ("index.json", "PUT", 405),
        ("index.json", "DELETE", 405),
        ("index.json", "HEAD", 200),
    ],
)
def test_it_is_read_and_nothing_else(store: Nginx, path: str, method: str, code: int) -> None:
    assert status(store, path, method) == code


def test_no_page_needs_anything_from_elsewhere(models: Path) -> None:
    pages = sorted(models.glob("docs/*.html"))
    assert len(pages) == len(list(ASYNCAPI.glob("*.json"))) + 1
    for page in pages:
        for attribute in ("src=", "href="):
            targets = [part.split('"')[1] for part in page.read_text().split(attribute)[1:] if part.startswith('"')]
            outside = [one for one in targets if not (models / "docs" / one.split("#")[0]).resolve().is_file() and one != "data:,"]
            assert outside == [], page.name
