"""Something that fits its place: of several forms the first that does; of the last one as many lines as there is room for."""

from collections.abc import Sequence

from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.segment import Segment
from rich.text import Text


class Fitted:
    """Forms of the same, the fullest first; ``page`` is of those that do not fit, ``more`` says where the rest is to be seen."""

    def __init__(self, forms: Sequence[RenderableType], more: str, page: int = 0) -> None:
        assert forms, "there is something to show"
        self._forms, self._more, self._page = forms, more, page

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        free = options.update(height=None)
        drawn: list[list[Segment]] = []
        for form in self._forms:
            drawn = console.render_lines(form, free)
            if options.height is None or len(drawn) <= options.height:
                yield from _lines(drawn)
                return
        room = max((options.height or 1) - bool(self._more), 1)
        pages = -(-len(drawn) // room)
        first = self._page % pages * room
        yield from _lines(drawn[first : first + room])
        if self._more and (options.height or 0) > 1:
            last = min(first + room, len(drawn))
            yield Text(f"lines {first + 1} to {last} of {len(drawn)}: {self._more}", "dim italic", no_wrap=True, overflow="ellipsis")


def _lines(drawn: list[list[Segment]]) -> RenderResult:
    for line in drawn:
        yield from line
        yield Segment.line()
