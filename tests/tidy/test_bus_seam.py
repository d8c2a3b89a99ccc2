"""Twisted stays behind the bus: outside of ``joulebus/bus`` a component is written in ``async`` and ``await``."""

import io
import re
import tokenize
from pathlib import Path
from token import NAME, OP, STRING

import pytest

from tests.tidy.conftest import ROOT, files, name_of

ROOM = ROOT / "components" / "joulebus"
FORBIDDEN = {"Deferred", "DeferredList", "addCallback", "addCallbacks", "addErrback", "addBoth", "inlineCallbacks", "ensureDeferred"}
FORBIDDEN |= {"maybeDeferred", "asFuture", "fromFuture", "reactor", "callLater", "callFromThread", "callWhenRunning", "LoopingCall"}
FORBIDDEN |= {"twisted", "txaio", "autobahn", "Later", "Promise"}
"""Twisted's words, and those under which the bus once passed them on."""


def complaints_about(source: str) -> list[str]:
    """What a module says of Twisted, by line: names, and hints in quotes, but no comments or sentences."""
    tokens = [one for one in tokenize.generate_tokens(io.StringIO(source).readline) if one.type in (NAME, OP, STRING)]
    found = [f"{one.start[0]}: {name}" for one in tokens for name in _names(one) if name in FORBIDDEN]
    for one, dot, two in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if (one.string, dot.string, two.string) == ("failure", ".", "check"):
            found.append(f"{one.start[0]}: failure.check")
    return found


def _names(token: tokenize.TokenInfo) -> list[str]:
    if token.type == STRING:
        return re.findall(r"\w+", token.string) if re.fullmatch(r"""["'\w.\[\]|,]+""", token.string) else []
    return [token.string]


def outside_of_the_bus() -> list[Path]:
    """The modules of joulebus that are not of the bus; what Crossbar's own worker imports is Crossbar's."""
    inside = (ROOM / "bus", ROOM / "provision" / "gatekeeper.py")
    return [path for path in files(".py") if path.is_relative_to(ROOM) and not any(path.is_relative_to(one) for one in inside)]


def test_twisted_is_known_in_the_bus_only() -> None:
    paths = outside_of_the_bus()
    assert len(paths) > 100, "all modules are looked at"
    found = [f"{name_of(path)}:{one}" for path in paths for one in complaints_about(path.read_text())]
    assert found == []


def test_the_bus_itself_would_be_found() -> None:
    assert complaints_about((ROOM / "bus" / "wamp.py").read_text())


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("from twisted.internet.defer import Deferred as Answer", "Deferred"),
        ("import twisted.internet.defer as d", "twisted"),
        ("import txaio", "txaio"),
        ("from autobahn.twisted.wamp import ApplicationSession", "autobahn"),
        ("def answer() -> 'Deferred[int]': ...", "Deferred"),
        ("from joulebus.bus.timers import Later", "Later"),
        ("asked.addCallbacks(one, two)", "addCallbacks"),
        ("asked.addBoth(print)", "addBoth"),
        ("if failure.check(ValueError): ...", "failure.check"),
        ("@inlineCallbacks\ndef ask(self): ...", "inlineCallbacks"),
        ("bus.reactor.callLater(1, print)", "reactor"),
    ],
)
def test_each_way_back_to_twisted_is_found(source: str, name: str) -> None:
    assert any(one.endswith(f": {name}") for one in complaints_about(source))


def test_words_that_only_sound_alike_are_not() -> None:
    assert complaints_about('later(1.0, act)\nself.awaited = "a promise that is kept later"\ncheck(failure)') == []
