"""The documentation in a real browser: every part has its page, all of them are linked, and the messages are drawn without a complaint."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from tests.real.nginx import Nginx
from tests.specs.conftest import ASYNCAPI

DOCUMENTS = sorted(path.stem for path in ASYNCAPI.glob("*.json"))


def browse(url: str, profile: Path) -> tuple[str, list[str]]:
    """What Chromium has made of a page, and what it complained about on its console."""
    command = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr", f"--user-data-dir={profile}"]
    command += ["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1", "--virtual-time-budget=20000", "--dump-dom", url]
    seen = subprocess.run(command, capture_output=True, text=True, timeout=300, check=True)
    return seen.stdout, [line for line in seen.stderr.splitlines() if "CONSOLE" in line]


def links(page: str) -> set[str]:
    """Where one can go from a page."""
    return set(re.findall(r'<a [^>]*href="([^"#]+)"', page))


def test_the_first_page_shows_every_part_and_a_link_to_it(store: Nginx, tmp_path: Path) -> None:
    page, complaints = browse(store.url, tmp_path)
    assert complaints == []
    assert links(page) >= {f"{name}.html" for name in DOCUMENTS}
    assert [name for name in DOCUMENTS if f"<strong>{name}</strong>" not in page] == []


@pytest.mark.parametrize("name", ["device", "inverter", "oven"])
def test_a_page_shows_its_messages_and_links_to_all_others(store: Nginx, tmp_path: Path, name: str) -> None:
    page, complaints = browse(f"{store.url}docs/{name}.html", tmp_path)
    document = json.loads((ASYNCAPI / f"{name}.json").read_text())
    assert complaints == []
    assert links(page) >= {f"{other}.html" for other in DOCUMENTS}
    drawn = page.split('id="messages"', 1)[1]
    assert [one for one in document["operations"] if one not in drawn] == []
    assert [one for one in document["components"]["messages"] if one not in drawn] == []


def test_a_page_needs_no_server(models: Path, tmp_path: Path) -> None:
    page, complaints = browse((models / "docs/device.html").as_uri(), tmp_path)
    assert complaints == []
    assert "device_says_device_offered" in page.split('id="messages"', 1)[1]


def test_a_page_links_to_those_with_whom_its_part_speaks(models: Path) -> None:
    page = (models / "docs/panel.html").read_text()
    row = next(line for line in page.splitlines() if "joulebus.{home}.{sun}.forecast" in line)
    assert links(row) == {"sun.html"}
    row = next(line for line in (models / "docs/device.html").read_text().splitlines() if "{device}.offered" in line and "<tr>" in line)
    assert links(row) == {"inverter.html"}
