"""Every command of examples/cluster/classroom.md, as it stands there, in its order, and what a reader must see."""

import os
import re
import subprocess
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "examples/cluster/classroom.md").read_text()
COMMAND_SECONDS_MAX = 330
MINUTES_MAX = 20
SEEN = {
    "get deployments": r"tv +1/1 .* on",
    "device list": "flat at tick",
    "home.health": '"ready": true',
    "access link": "^http://127.0.0.1:8080/#flat/~operator/",
    "access list": "flat/~owner .* admin",
    "logs supervisor": ".",
    "get deployment tv": r"^\d+$",
    "get events": "SwitchedOff",
    "device on tv": '"from_tick": ',
    "audit flat": "0 J missing",
    "plan --from-running": "0 J missing",
    "helm test": r"Phase: +Succeeded",
    "can-i list secrets": "^no$",
    "can-i get secrets": "^no$",
    "get networkpolicies": "classroom-default-deny",
    "get persistentvolumeclaims": r"classroom-journal +Bound",
}
"""What some of the commands must print."""


def commands() -> list[str]:
    """The lines of all blocks of commands."""
    blocks = re.findall(r"^```sh\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    return [line for block in blocks for line in block.splitlines()]


def test_every_command_of_the_classroom_works() -> None:
    told = {**os.environ, "PATH": f"{ROOT / '.venv/bin'}:{os.environ['PATH']}", "NO_COLOR": "1", "COLUMNS": "200"}
    subprocess.run(["kubectl", "delete", "namespace", "classroom", "--ignore-not-found"], check=True, capture_output=True)
    began = time.monotonic()
    for line in commands():
        before = time.monotonic()
        done = subprocess.run(["bash", "-c", line], cwd=ROOT, env=told, capture_output=True, text=True, timeout=COMMAND_SECONDS_MAX)
        print(f"{time.monotonic() - before:5.1f} s  {line}")
        assert done.returncode == 0, f"{line}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
        for words, pattern in SEEN.items():
            assert words not in line or re.search(pattern, done.stdout, re.MULTILINE), f"{line}\n{done.stdout[-2000:]}"
    minutes = (time.monotonic() - began) / 60
    print(f"the classroom takes {minutes:.1f} minutes")
    assert minutes < MINUTES_MAX


def test_what_must_be_seen_is_asked_for() -> None:
    assert [words for words in SEEN if not any(words in line for line in commands())] == []
