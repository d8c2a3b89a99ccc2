"""Numbers as people and programs write them, with a decimal point or a decimal comma; doubt is refused."""

import re
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Literal

from joulebus.errors import PropertyError

DecimalMark = Literal["auto", ".", ","]
GROUPED = re.compile(r"[+-]?[1-9]\d{0,2}(?:[.,]\d{3})+")
"""Could be thousands as well as three decimals."""
SPACES = str.maketrans("", "", " \u00a0\u202f'")


def decimal_mark(path: str, name: str, cells: Sequence[str], delimiter: str) -> str:
    """The mark between whole and parts that all cells agree on, or a refusal that asks for it.

    Raises:
        PropertyError: The cells can be read in two ways.
    """
    points = [cell for cell in cells if "." in cell]
    commas = [cell for cell in cells if "," in cell]
    if not points and not commas:
        return "."
    last = {max(".,", key=cell.rfind) for cell in points if "," in cell}
    last |= {mark for mark, there in ((".", points), (",", commas)) for cell in there if _tells(cell, mark)}
    last |= {"," for cell in points if cell.count(".") > 1 and "," not in cell}
    last |= {"." for cell in commas if cell.count(",") > 1 and "." not in cell}
    if not last and delimiter == "," and not commas:
        return "."  # A comma between cells is none within them.
    if len(last) == 1:
        return last.pop()
    sample = (points or commas)[0]
    raise PropertyError(
        f'{path}: numbers under {name} must tell their decimal mark, but {sample!r} can be read in two ways; say csv_decimal: "." or ","'
    )


def _tells(cell: str, mark: str) -> bool:
    """Whether a cell with one mark only shows that it is the decimal one."""
    other = "," if mark == "." else "."
    return other not in cell and cell.count(mark) == 1 and GROUPED.fullmatch(cell.strip()) is None


def number(text: str, mark: str) -> Decimal | None:
    """A number with a decimal mark, and perhaps with thousands set apart; None when it is none."""
    plain = text.strip()
    other = "," if mark == "." else "."
    if other in plain:
        whole, _, parts = plain.partition(mark)
        if re.fullmatch(rf"[+-]?\d{{1,3}}(?:{re.escape(other)}\d{{3}})+", whole) is None:
            return None
        plain = whole.replace(other, "") + (f"{mark}{parts}" if parts else "")
    if re.search(r"\d[ \u00a0\u202f']\d", plain):
        if re.match(r"[+-]?\d{1,3}(?:[ \u00a0\u202f']\d{3})+(?:[.,]\d*)?$", plain) is None:
            return None
        plain = plain.translate(SPACES)
    try:
        value = Decimal(plain.replace(",", "."))
    except InvalidOperation:
        return None
    return value if value.is_finite() else None
