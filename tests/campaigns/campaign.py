"""A campaign of damages and a campaign of undamaged homes: what is changed is found, and nothing else is.

``python -m tests.campaigns.campaign --damages 2000 --homes 500 --seed 1`` prints what came of them.
"""

import argparse
import shutil
import signal
import sys
import tempfile
import traceback
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from joulebus.audit import audit
from joulebus.cli.failures import BUG_EXIT, failure
from tests.campaigns.homes import lived
from tests.campaigns.subjects import Subject, subjects

SECONDS_MAX = 60
"""A check that takes longer hangs."""


@dataclass
class DamageFigures:
    """What became of the damages."""

    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)
    """By subject. Found: named by the audit. Refused: it ends with a sentence. Marked: found by an audit that goes on from a mark of the
    truth, because nobody can count it again (who asked for a change, a seed). Said: an audit without findings says that something is not
    there. Same: nothing was changed that anything reads. And what must not be: silent, traceback, hang."""
    wrong: list[str] = field(default_factory=list)
    marked: list[str] = field(default_factory=list)

    def lines(self) -> list[str]:
        """A table."""
        names = sorted({name for name, _ in self.outcomes})
        what = ["found", "refused", "marked", "said", "same", "silent", "traceback", "hang"]
        head = f"{'':20}" + "".join(f"{one:>11}" for one in what)
        return [head, *(f"{name:20}" + "".join(f"{self.outcomes[name, one]:>11}" for one in what) for name in names)]


class Hang(BaseException):
    """The check took too long."""


def _hang(*_: Any) -> None:
    raise Hang


def damages(seed: int, count: int) -> DamageFigures:
    """So many damages, to all subjects in turn."""
    figures = DamageFigures()
    signal.signal(signal.SIGALRM, _hang)
    with tempfile.TemporaryDirectory() as folder:
        all_of = subjects(Path(folder))
        for number in range(count):
            subject, random = all_of[number % len(all_of)], Random(f"{seed} {number}")
            outcome, text = _damage(subject, random, Path(folder) / "copy")
            figures.outcomes[subject.name, outcome] += 1
            if outcome == "marked":
                figures.marked.append(text)
            if outcome in ("silent", "traceback", "hang"):
                figures.wrong.append(f"{subject.name}, {number}: {text}: {outcome}")
    return figures


def _damage(subject: Subject, random: Random, copy: Path) -> tuple[str, str]:
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(subject.folder, copy)
    text = random.choice(subject.damages)(random, copy)
    signal.alarm(SECONDS_MAX)
    try:
        noticed = subject.check(copy)
    except Hang:
        return "hang", text
    except Exception as error:
        if failure(error, []).exit_code == BUG_EXIT:
            return "traceback", f"{text}: {''.join(traceback.format_exception(error)[-3:])}"
        return "refused", text
    finally:
        signal.alarm(0)
    if not noticed.sound:
        return "found", text
    if subject.same(subject.folder, copy):
        return "same", text
    if noticed.says != subject.check(subject.folder).says:
        return "said", text
    return ("marked" if subject.marked is not None and not subject.marked(subject.folder, copy) else "silent"), text


def homes(seed: int, count: int) -> list[str]:
    """So many homes that nobody has damaged; what an audit says against them."""
    wrong = []
    for number in range(count):
        with tempfile.TemporaryDirectory() as folder:
            home = lived(seed * 100_000 + number, Path(folder) / "home")
            for source in (home.journal, home.history):
                report = audit(source) if source is not None else None
                if report is not None and (not report.is_sound or report.unknown):
                    wrong.append(f"home {home.seed} ({source}): {report.findings_count} findings; {report.findings[:2]} {report.unknown}")
    return wrong


def main() -> int:
    """Both campaigns, and their figures."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--damages", type=int, default=2_000)
    asked.add_argument("--homes", type=int, default=500)
    asked.add_argument("--seed", type=int, default=1)
    given = asked.parse_args()
    figures = damages(given.seed, given.damages)
    print("\n".join([*figures.lines(), *figures.wrong, f"found by a mark only: {'; '.join(figures.marked) or 'nothing'}"]))
    false = homes(given.seed, given.homes)
    print("\n".join([f"{given.homes} undamaged homes: {len(false)} false alarms", *false]))
    return 1 if figures.wrong or false else 0


if __name__ == "__main__":
    sys.exit(main())
