"""What a docstring promises: a public function that raises one of our errors says which one."""

import ast
import re
from collections.abc import Iterator

from joulebus import errors
from tests.tidy.conftest import files, name_of

ERRORS = {name for name, thing in vars(errors).items() if isinstance(thing, type) and issubclass(thing, errors.JoulebusError)}
Function = ast.FunctionDef | ast.AsyncFunctionDef


def public_functions(tree: ast.AST) -> Iterator[Function]:
    """Functions and methods that others may call; those inside of a function or of a private class are nobody else's."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, Function) and not node.name.startswith("_"):
            yield node
        elif isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield from public_functions(node)


def own_nodes(function: ast.AST) -> Iterator[ast.AST]:
    """All of a function but what is inside of another one in it."""
    for node in ast.iter_child_nodes(function):
        if not isinstance(node, Function | ast.Lambda):
            yield node
            yield from own_nodes(node)


def is_command(function: Function) -> bool:
    """Whether it is a command of the command line: its docstring is its help, and its errors become sentences in cli/failures.py."""
    return any(".command(" in ast.unparse(decorator) for decorator in function.decorator_list)


def private_functions(tree: ast.Module) -> dict[str, Function]:
    """The helpers of a module and of its classes, by name."""
    return {node.name: node for node in ast.walk(tree) if isinstance(node, Function) and node.name.startswith("_")}


def catches(node: ast.Try, error: str) -> bool:
    """Whether one of its handlers takes an error by name."""
    return any(handler.type is not None and error in ast.unparse(handler.type) for handler in node.handlers)


def raised(function: Function, helpers: dict[str, Function], seen: frozenset[str] = frozenset()) -> set[str]:
    """Which errors of ours a function raises, itself or in the helpers of its module that it calls and whose errors it does not catch."""
    own: set[str] = set()
    called: set[str] = set()
    treated = {
        one for node in own_nodes(function) if isinstance(node, ast.Try) and catches(node, "JoulebusError") for one in ast.walk(node)
    }
    for node in own_nodes(function):
        if isinstance(node, ast.Raise) and node.exc is not None and node not in treated:
            thrown = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
            own |= {ast.unparse(thrown).rpartition(".")[2]} & ERRORS
        elif isinstance(node, ast.Call):
            name = ast.unparse(node.func).removeprefix("self.")
            if name in helpers and name not in seen:
                called |= raised(helpers[name], helpers, seen | {name})
    caught = {ast.unparse(node.type) for node in own_nodes(function) if isinstance(node, ast.ExceptHandler) and node.type is not None}
    return own | (set() if "JoulebusError" in caught else called - caught)


def test_whoever_raises_says_so() -> None:
    silent = []
    for path in (path for path in files(".py") if {"joulebus", "joulebus_schemas"} & set(path.parts) and "tests" not in path.parts):
        tree = ast.parse(path.read_text())
        helpers = private_functions(tree)
        for function in (one for one in public_functions(tree) if not is_command(one)):
            text = ast.get_docstring(function) or ""
            missing = [name for name in sorted(raised(function, helpers)) if not re.search(rf"\b{name}\b", text)]
            silent += [f"{name_of(path)}:{function.lineno} {function.name} raises {name}" for name in missing]
    assert silent == [], "\n" + "\n".join(silent)
