"""Commands of this machine, such as docker, kubectl and helm: what they print, and what they say when they fail."""

import subprocess
from collections.abc import Mapping

from tests.real.router import ROOT

CHARACTERS_SHOWN = 2_000
"""Of each of its two outputs, the end."""


def printed(*words: str, seconds: float, environment: Mapping[str, str] | None = None, typed: str = "") -> str:
    """What a command prints that must succeed; when it fails, the failure shows the end of all that it said."""
    done = subprocess.run(words, cwd=ROOT, env=environment, input=typed, capture_output=True, text=True, timeout=seconds, check=False)
    told = f"{done.stdout[-CHARACTERS_SHOWN:]}\n{done.stderr[-CHARACTERS_SHOWN:]}"
    assert done.returncode == 0, f"{' '.join(words)} ended with {done.returncode}\n{told}"
    return done.stdout
