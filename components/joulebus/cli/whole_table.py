"""A table that cuts no number and no name, however narrow the terminal is: what does not fit beside each other comes below each other."""

import re
from collections.abc import Sequence
from copy import copy

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.table import Column, Table
from rich.text import Text

TOKEN_CELLS_MAX = 44
"""A longer word, such as an address, is folded."""
SENTENCE_CELLS_MIN = 22
"""A sentence in a narrower column is tiring to read."""


class WholeTable(Table):
    """As :class:`rich.table.Table`. Columns that are aligned to the right hold numbers and are never wrapped; the first column stays."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        room = options.max_width
        texts = [[_text(console, column.header) if self.show_header else "", *_cells(console, column)] for column in self.columns]
        natural = [max(map(_longest_line, column)) for column in texts]
        if self._width_of(natural) <= room:
            yield from super().__rich_console__(console, options)
            return
        least = [self._least(place, column, room) for place, column in enumerate(texts)]
        for number, places in enumerate(self._blocks(least, room)):
            widths = _grown([least[place] for place in places], [natural[place] for place in places], room - self._frame_of(len(places)))
            yield from self._part(places, widths, number).__rich_console__(console, options)

    def _least(self, place: int, texts: list[str], room: int) -> int:
        """Cells below which a number, or a word, would be cut."""
        head, *cells = texts
        if self.columns[place].justify == "right" or self.columns[place].no_wrap:
            return max([_longest_word(head), *map(_longest_line, cells)])
        sentence = min(max(map(_longest_line, texts)), SENTENCE_CELLS_MIN)
        return min(max(sentence, *map(_longest_word, texts)), TOKEN_CELLS_MAX, room - 2)

    def _frame_of(self, columns: int) -> int:
        """Cells of what stands between columns and around them."""
        left, right = self.padding[3], self.padding[1]
        between = (columns - 1) * (left + right + (0 if self.box is None else 1))
        return between + ((left + right) if self.pad_edge else 0) + (2 if self.show_edge and self.box is not None else 0)

    def _width_of(self, widths: Sequence[int]) -> int:
        return sum(widths) + self._frame_of(len(widths))

    def _blocks(self, least: list[int], room: int) -> list[list[int]]:
        """Columns that fit beside each other; the first leads each block."""
        blocks: list[list[int]] = [[0]]
        for place in range(1, len(least)):
            if len(blocks[-1]) > 1 and self._width_of([least[one] for one in (*blocks[-1], place)]) > room:
                blocks.append([0])
            blocks[-1].append(place)
        return blocks

    def _part(self, places: list[int], widths: list[int], number: int) -> Table:
        part = Table(title=self.title if number == 0 else None, title_justify=self.title_justify, show_header=self.show_header)
        part.box, part.padding, part.pad_edge, part.show_edge = self.box, self.padding, self.pad_edge, self.show_edge
        part.header_style, part.rows = self.header_style, self.rows
        for index, (place, width) in enumerate(zip(places, widths, strict=True)):
            column = copy(self.columns[place])
            column._index, column.width, column.overflow = index, width, "fold"
            column.no_wrap = False
            part.columns.append(column)
        return part


def _grown(least: list[int], natural: list[int], room: int) -> list[int]:
    """Each column as wide as it needs, as far as there is room: the narrowest wishes first."""
    widths, left = list(least), room - sum(least)
    for place in sorted(range(len(least)), key=lambda one: natural[one] - least[one]):
        more = max(min(natural[place] - least[place], left), 0)
        widths[place], left = widths[place] + more, left - more
    return widths


def _cells(console: Console, column: Column) -> list[str]:
    return [_text(console, cell) for cell in column.cells]


def _text(console: Console, cell: object) -> str:
    return cell.plain if isinstance(cell, Text) else console.render_str(str(cell)).plain


def _longest_line(text: str) -> int:
    return max((cell_len(line) for line in text.split("\n")), default=0)


def _longest_word(text: str) -> int:
    return max((cell_len(word) for word in re.split(r"[ \n]", text)), default=0)
