"""Small homes and files that once went wrong, with what is right; each stands for its kind."""

from pathlib import Path

from joulebus.home.round import Home
from joulebus.homefile.home_file import load_home_file
from joulebus.planning.plan import PlanResult, plan

CASES = Path(__file__).parent
KWH = 3_600_000


def lived(path: Path, hours: int = 24) -> PlanResult:
    """A home file, lived in memory."""
    home = load_home_file(path)
    return plan(Home.from_file(home), hours * 3_600 // home.tick_seconds)
