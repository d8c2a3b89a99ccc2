"""The dashboard in two real browsers before a living home: the story is told once (ui/story), and each of its checks is a test."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from joulebus.addresses import dashboard_of
from tests.stories.homes import CABIN, write_home
from tests.stories.living import LivingHome

ROOT = Path(__file__).resolve().parents[2]
STORY = ROOT / "ui/story/story.mjs"
NODE = ROOT / "infra/specs/node"
STORY_SECONDS_MAX = 600
WEATHER = "  weather: {kind: weather}\n"


def names() -> list[str]:
    """Of all checks in the story; those in a loop are summed up under their number."""
    found = re.findall(r"check\(['`]([^'`$]+)", STORY.read_text())
    return [name.strip() for name in found]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LivingHome]:
    """Sun, panel, battery, an oven and a grid, at noon on the longest day."""
    folder = tmp_path_factory.mktemp("dashboard")
    made = LivingHome(write_home(folder, "cabin", CABIN), folder / "state", ("--speed", "60", "--start", "12:05")).up()
    yield made
    made.end()


@pytest.fixture(scope="module")
def story(home: LivingHome) -> list[dict[str, Any]]:
    """What the browsers found."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert chromium, "the dashboard's story needs Chromium (Debian: apt-get install chromium)"
    addresses = [dashboard_of(home.link("admin")), dashboard_of(home.running["guest_url"])]
    home.leave()
    words, environment = [NODE, STORY, *addresses], os.environ | {"CHROMIUM": chromium}
    told = subprocess.run(words, capture_output=True, text=True, timeout=STORY_SECONDS_MAX, check=False, env=environment)
    assert told.returncode == 0, told.stderr
    found: list[dict[str, Any]] = json.loads(told.stdout.strip().splitlines()[-1])
    return found


@pytest.mark.parametrize("name", names())
def test_the_dashboard_does(name: str, story: list[dict[str, Any]]) -> None:
    found = [one for one in story if one["name"].startswith(name)]
    assert found
    wrong = [f"{one['name']}: {one['error']}" for one in found if one["error"]]
    assert not wrong, "\n".join(wrong)
