"""The sentences that the home may say to a page, found in its code; ``{}`` stands for whatever is filled in."""

import ast
import re
from collections.abc import Iterator
from itertools import product

from tests.tidy.conftest import ROOT

PACKAGE = ROOT / "components/joulebus"
CORE = ROOT / "components/core/market/src"
ROOMS = ("bus", "home", "homefile", "historian", "market", "planning", "provision", "services")
COMMANDS, STARTS, LOGS = "commands", "whoever starts a process", "the log of a component"
OTHERS, DECISIONS = "programs that are no page", "a page, which says decisions anew in sentences.ts"
UNHEARD = {
    "bus/connection.py": STARTS,
    "bus/serial.py": LOGS,
    "bus/texts.py": OTHERS,
    "homefile/cities.py": COMMANDS,
    "homefile/draft.py": COMMANDS,
    "homefile/migration.py": COMMANDS,
    "historian/columns.py": LOGS,
    "historian/copying.py": LOGS,
    "historian/deriving.py": LOGS,
    "historian/engine.py": STARTS,
    "historian/follow.py": LOGS,
    "historian/lasting.py": LOGS,
    "historian/store.py": LOGS,
    "home/sentences.py": DECISIONS,
    "market/asking.py": COMMANDS,
    "market/booked.py": COMMANDS,
    "market/bulk.py": COMMANDS,
    "market/certificate.py": COMMANDS,
    "market/following.py": LOGS,
    "market/keys.py": STARTS,
    "market/link.py": COMMANDS,
    "market/living.py": STARTS,
    "market/runner.py": COMMANDS,
    "market/store.py": STARTS,
    "market/trust.py": COMMANDS,
    "planning/api.py": COMMANDS,
    "planning/checksummed.py": COMMANDS,
    "planning/compare.py": COMMANDS,
    "planning/comparison.py": COMMANDS,
    "planning/metrics.py": COMMANDS,
    "planning/pausing.py": COMMANDS,
    "planning/planned.py": COMMANDS,
    "planning/search.py": COMMANDS,
    "provision/compose_file.py": COMMANDS,
    "provision/crossbar.py": COMMANDS,
    "provision/cluster/pods.py": STARTS,
    "provision/kubernetes.py": STARTS,
    "services/books.py": STARTS,
    "services/cluster_supervising.py": STARTS,
    "services/compose_supervisor.py": STARTS,
    "services/metrics.py": OTHERS,
    "services/models.py": STARTS,
    "services/nrgkick.py": OTHERS,
    "services/orders.py": STARTS,
    "services/prepare.py": STARTS,
    "services/stores.py": STARTS,
}
"""Modules of these rooms whose sentences no page gets as refusals, and who gets them."""
CORE_UNHEARD = {"blob", "bulk", "certificate", "chain", "market", "posting", "report", "signer", "snapshot", "wire"}
"""Of the market's core: what only checks its own bytes, or what programs and commands alone call."""
TELLERS = {
    "audit/report.py": ("lines",),
    "clock.py": ("why_nothing_is_due",),
    "devices/_day_ahead.py": ("said",),
    "devices/car_program.py": ("_calendar_needs", "looked"),
    "homefile/errors.py": ("ALWAYS_ON",),
    "homefile/yaml_lines.py": ("_WHY", "_why"),
    "market/calls/balancing.py": ("_warnings",),
    "market/calls/pages.py": ("first_of_many",),
    "physics/charging.py": ("_wish", "_for_trip", "_granted"),
    "planning/whatif.py": ("AS_IT_IS",),
    "refusals/system.py": ("SYSTEM_REASONS", "reason", "system_sentence"),
    "services/errand.py": ("main",),
    "services/homes.py": ("joulebus",),
    "services/hub.py": ("cause",),
    "services/lead.py": ("behind_sentence",),
    "services/part_state.py": ("part_status",),
}
"""Where else something is put into words that a page shows, without being raised: functions and tables by name."""
FILLING_CALLS, FILLING_NAMES = {"_needed", "_never_in_the_past", "first_of_many"}, {"late", "text", "why"}
"""What fills words into a sentence that is raised: calls of these functions, and what is called so."""
PROSE = re.compile(r"[a-z]{2,}[,:;]? (?:[a-z0-9]|\{\})|\} [A-Z] [a-z]{2,}")
PROGRAM = re.compile(r"import \w+;")
BUGS = {"ApiError", "AssertionError", "NotImplementedError"}


def sentences() -> dict[str, str]:
    """Each sentence by its form, and where it is said."""
    found: dict[str, str] = {}
    for place, line, text in [*raised(), *told(), *of_the_core()]:
        if PROSE.search(text) and not PROGRAM.match(text):
            found.setdefault(text, f"{place}:{line}")
    return found


def raised() -> Iterator[tuple[str, int, str]]:
    """What is raised, or noted about a home file."""
    for room in ROOMS:
        for path in sorted((PACKAGE / room).rglob("*.py")):
            place = str(path.relative_to(PACKAGE))
            for node in ast.walk(ast.parse(path.read_text())) if place not in UNHEARD else ():
                for text in said_by(node):
                    yield place, getattr(node, "lineno", 0), text


def said_by(node: ast.AST) -> list[str]:
    """The forms of a sentence that a statement or a call says; of a function for sentences, all that it returns."""
    match node:
        case ast.Raise(exc=ast.Call(func=func, args=args)) if ast.unparse(func) not in BUGS:
            return [form for one in args for form in forms_of(one)]
        case ast.Call(func=ast.Attribute(attr="add", value=ast.Name(id="problems")), args=[*_, last]):
            return forms_of(last)
        case ast.Call(func=ast.Name(id="guess"), args=[_, _, otherwise]):
            return [f"{form} {{}}" for form in forms_of(otherwise)]
        case ast.Call(func=ast.Name(id=name), args=args) if name in FILLING_CALLS:
            return [form for one in args for form in forms_of(one)]
        case ast.Assign(targets=[ast.Name(id=name)], value=value) if name in FILLING_NAMES:
            return forms_of(value)
        case ast.FunctionDef(name=name) if name.endswith(("_text", "_sentence")):
            return [form for one in ast.walk(node) if isinstance(one, ast.Return) and one.value for form in forms_of(one.value)]
        case _:
            return []


def told() -> Iterator[tuple[str, int, str]]:
    """What is put into words elsewhere."""
    for place, names in TELLERS.items():
        tree = ast.parse((PACKAGE / place).read_text())
        for name in names:
            tellers = [node for node in ast.walk(tree) if name in names_of(node)]
            assert tellers, f"TELLERS names {name} of {place}, which is not there any more"
            for node in (text for teller in tellers for text in prose_in(teller)):
                for text in forms_of(node):
                    yield place, node.lineno, text


def names_of(node: ast.AST) -> list[str]:
    """What a definition or an assignment defines."""
    match node:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
            return [name]
        case ast.Assign(targets=targets):
            return [one.id for one in targets if isinstance(one, ast.Name)]
        case _:
            return []


def prose_in(node: ast.AST) -> Iterator[ast.expr]:
    """The texts in a node, without its docstring and without the pieces of a longer one."""
    for inner in node.values if isinstance(node, ast.Dict) else ast.iter_child_nodes(node):
        if isinstance(inner, ast.JoinedStr) or isinstance(inner, ast.Constant) and isinstance(inner.value, str):
            yield inner
        elif not (isinstance(inner, ast.Expr) and isinstance(inner.value, ast.Constant)):
            yield from prose_in(inner)


def forms_of(text: ast.expr) -> list[str]:
    """A text with ``{}`` for what is filled in; several where it ends in one way or another."""
    match text:
        case ast.Constant(value=str(value)):
            return [value]
        case ast.JoinedStr(values=parts):
            return ["".join(pieces) for pieces in product(*map(forms_of, parts))]
        case ast.IfExp(body=one, orelse=other) | ast.FormattedValue(value=ast.IfExp(body=one, orelse=other)):
            return [*forms_of(one), *forms_of(other)]
        case ast.BinOp(op=ast.Add(), left=left, right=right):
            return ["".join(pieces) for pieces in product(forms_of(left), forms_of(right))]
        case _:
            return ["{}"]


def of_the_core() -> Iterator[tuple[str, int, str]]:
    """What the market's core refuses, in Rust: texts behind a reason in one word, or kept in a name."""
    spoken = re.compile(r'(?:refuse\(\s*"\w+",\s*|format!\(\s*|"\w+",\s*|check_posts\(\w+(?:\.\w+)?, )"((?:[^"\\]|\\.)*)"', re.DOTALL)
    for path in sorted(CORE.glob("*.rs")):
        source = path.read_text().partition("#[cfg(test)]")[0]
        for found in spoken.finditer(source) if path.stem not in CORE_UNHEARD else ():
            whole = re.sub(r"\\\n\s*", "", found[1])
            yield f"core/market/{path.name}", source[: found.start()].count("\n") + 1, re.sub(r"\{[^{}]*\}", "{}", whole)


def numbered(form: str) -> str:
    """The same with the number of each part: ``there is no device {1} in {2}``."""
    pieces = form.split("{}")
    return pieces[0] + "".join(f"{{{number}}}{piece}" for number, piece in enumerate(pieces[1:], 1))
