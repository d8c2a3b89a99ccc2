"""What holds from moments on, such as prices of hours or stages of load shedding, until the next moment comes."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from joulebus.errors import PropertyError
from joulebus.physics.schedule import happens, unix_seconds
from joulebus.physics.steps import Step


class Timeline(NamedTuple):
    """Values from moments on, sorted by moment; looked up by halving, so that a year of quarter-hours costs no more than a day."""

    moments: Sequence[int]
    """Unix seconds."""
    values: Sequence[int]
    ends: int | None = None
    """Where the last value ceases; None: it holds for ever."""

    def steps(self, base: int, begins: int, ends: int) -> list[Step]:
        """What holds in [begins, ends), without a gap; ``base`` before the first moment and after the end."""
        first = max(bisect_right(self.moments, begins) - 1, 0)
        last = bisect_left(self.moments, ends, lo=first)
        edges = [(begins, base)]
        edges += [(max(self.moments[number], begins), self.values[number]) for number in range(first, last)]
        if self.ends is not None:
            edges = [edge for edge in edges if edge[0] < self.ends] or [(begins, base)]
            edges += [(self.ends, base)] if begins < self.ends < ends else []
        follows = [moment for moment, _ in edges[1:]] + [ends]
        return [(moment, following, value) for (moment, value), following in zip(edges, follows, strict=True) if moment < following]


def timeline(said: Iterable[tuple[str, int]], timezone: str) -> Timeline:
    """Local moments and values in any order.

    What begins in the hour that summer time leaves out begins with the first moment that there is. Of several that begin
    there, the latest on the clock holds, and one that begins at that very moment beats them all.
    """
    known = sorted((unix_seconds(moment, timezone), happens(moment, timezone), moment, value) for moment, value in said)
    last_of_moment = {moment: value for moment, _, _, value in known}
    return Timeline(list(last_of_moment), list(last_of_moment.values()))


def check_apart(what: str, moments: Iterable[str], timezone: str) -> None:
    """Refuse two that begin at the same moment, since nobody can know which of them holds; the hour left out is no such moment.

    Raises:
        PropertyError: Two of them begin at the same moment.
    """
    seen: dict[int, str] = {}
    for moment in moments:
        if not happens(moment, timezone):
            continue
        other = seen.setdefault(unix_seconds(moment, timezone), moment)
        if other is not moment:
            raise PropertyError(
                f"{what} must begin at different moments, but {other} and {moment} are the same moment in {timezone}; leave one out, "
                "or say the hour that comes twice with its offsets, such as 2026-10-25 02:00+02:00 and 2026-10-25 02:00+01:00"
            )
