"""Stories about the dashboard: a script in ``ui/story`` drives real browsers, and each of its checks is a test."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
STORIES = ROOT / "ui/story"
NODE = ROOT / "infra/specs/node"
TOLD_SECONDS_MAX = 1_200


def is_whole() -> bool:
    """Whether all is told (``make ui-test``), and not only what is short."""
    return bool(os.environ.get("JOULEBUS_UI_WHOLE"))


def checks_of(*chapters: str) -> list[str]:
    """Of all checks in the chapters of a story; those in a loop are summed up under what their names begin with."""
    texts = [(STORIES / chapter).read_text() for chapter in chapters]
    if any("axe.mjs" in text for text in texts):
        texts.append((STORIES / "axe.mjs").read_text())
    return sorted({name.strip() for text in texts for name in re.findall(r"check\(\s*['`]([^'`$]+)", text)})


def told(story: str, *words: str | Path, seconds: int = TOLD_SECONDS_MAX, **environment: str) -> list[dict[str, Any]]:
    """What the browsers found."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert chromium, "the dashboard's stories need Chromium (Debian: apt-get install chromium)"
    command = [NODE, STORIES / story, *words]
    whole = os.environ | {"CHROMIUM": chromium} | environment
    run = subprocess.run(command, capture_output=True, text=True, timeout=seconds, check=False, env=whole)
    assert run.returncode == 0, run.stderr
    print(run.stderr)
    found: list[dict[str, Any]] = json.loads(run.stdout.strip().splitlines()[-1])
    return found


def demand(name: str, story: list[dict[str, Any]]) -> None:
    """All checks of this name were made, and found nothing wrong."""
    found = [one for one in story if one["name"].startswith(name)]
    assert found
    wrong = [f"{one['name']}: {one['error']}" for one in found if one["error"]]
    assert not wrong, "\n".join(wrong)
