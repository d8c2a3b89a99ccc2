"""``joulebus market run``: a file of operations, a JSON object a line, executed in one transaction; what came of it as stable JSON."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from joulebus.errors import JoulebusError, MarketError
from joulebus.market import closed
from joulebus.market.asking import Asked, OperationRefused, asked
from joulebus.market.executor import Executor
from joulebus.market.words import posting_word
from joulebus_core import market as core
from joulebus_schemas.market.base import MarketWord

FILE_LINES_MAX = 5_000_000
LINE_CHARACTERS_MAX = 16_000_000
FIELDS = ("call", "args")


@dataclass(frozen=True, slots=True)
class OperationLine:
    """A line of the file: what it asks, or why it cannot be understood."""

    number: int
    name: str | None
    asked: Asked | None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class FileRun:
    """What came of a file."""

    results: tuple[dict[str, Any], ...]
    booked: bool
    """Whether anything of it was kept."""
    postings: tuple[dict[str, Any], ...]
    nets: dict[str, dict[str, int]]
    seals: tuple[dict[str, Any], ...]
    revision: int
    refusals: tuple[str, ...]
    """Why lines were refused, with their numbers."""

    def as_json(self) -> dict[str, Any]:
        """For ``--json``: stable names, integers, sorted."""
        return {
            "booked": self.booked,
            "nets": self.nets,
            "postings": list(self.postings),
            "results": list(self.results),
            "revision": self.revision,
            "seals": list(self.seals),
        }


def run_operations(executor: Executor, lines: Iterable[str], go_on: bool = False) -> FileRun:
    """Execute a file; a bad line takes the whole file with it, unless it is to go on."""
    read = [read_line(number, text) for number, text in enumerate(lines, 1) if text.strip()]
    calls = [line.asked for line in read if line.asked is not None]
    bad = any(line.asked is None for line in read)
    executor.books.touched.clear()
    answers = iter(_executed(executor, calls, go_on, bad))
    results = [
        _result(line, next(answers) if line.asked is not None else OperationRefused(MarketError(line.reason or ""))) for line in read
    ]
    refusals = tuple(f"line {one['line']}: {one['reason']}" for one in results if one["status"] == "refused" and one.pop("error", False))
    for one in results:
        one.pop("error", None)
    booked = go_on or not refusals
    epochs = sorted(executor.books.touched) if booked else []
    postings = {epoch: closed.all_postings(executor.books, epoch) for epoch in epochs}
    nets = {str(epoch): _nets(found, epoch) for epoch, found in postings.items()}
    plain = tuple(posting_word(one).model_dump(mode="json") for found in postings.values() for one in found)
    seals = tuple(seal for epoch in epochs for seal in executor.books.archive.seals_of(epoch))
    return FileRun(tuple(results), booked, plain, nets, seals, executor.mark.revision, refusals)


def read_line(number: int, text: str) -> OperationLine:
    """One object with a call and its arguments; what is wrong with it is in the answer."""
    name = None
    try:
        said = json.loads(text)
        if not isinstance(said, dict) or not isinstance(said.get("call"), str):
            raise MarketError('a line must be a JSON object such as {"call": "contract.add", "args": {…}}, but has no call')
        name = said["call"]
        strangers = [field for field in said if field not in FIELDS]
        if strangers:
            raise MarketError(f'a line has "call" and "args" only, but this one has "{strangers[0]}", too')
        return OperationLine(number, name, asked(name, said.get("args", {})))
    except json.JSONDecodeError as error:
        return OperationLine(
            number, None, None, f"a line must be one JSON object, but this one is not: {error.msg} at column {error.colno}"
        )
    except JoulebusError as error:
        return OperationLine(number, name, None, str(error))


def _executed(executor: Executor, calls: Sequence[Asked], go_on: bool, bad: bool) -> list[MarketWord | OperationRefused]:
    """All of them; when the file is bad already, they are tried only to find what else is wrong, and taken back."""
    if bad and not go_on:
        return executor.try_out(calls)
    return executor.run(calls) if go_on else executor.run_whole(calls)


def _result(line: OperationLine, answer: MarketWord | OperationRefused) -> dict[str, Any]:
    """A line's result: its status first of all."""
    head = {"line": line.number, "call": line.asked.call.name if line.asked else line.name}
    if isinstance(answer, OperationRefused):
        return {**head, "status": "refused", "reason": str(answer.error), "error": True}
    plain = answer.model_dump(mode="json")
    status = plain.pop("status", "ok")
    reason = plain.pop("reason", None)
    return {**head, "status": status, **({"reason": reason} if reason else {}), "answer": plain}


def _nets(postings: Iterable[core.Posting], epoch: int) -> dict[str, int]:
    """Wh that came into each asset less what went out; over all assets they sum to 0."""
    nets: dict[str, int] = {}
    for one in postings:
        nets[one.from_] = nets.get(one.from_, 0) - one.wh
        nets[one.to] = nets.get(one.to, 0) + one.wh
    assert sum(nets.values()) == 0, f"epoch {epoch}: the nets of all assets sum to 0"
    return dict(sorted(nets.items()))
