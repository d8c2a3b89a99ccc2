"""What a machine can check of how we write, in Python and Rust."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.tidy.conftest import ROOT, files, name_of

FUNCTION_LINES_MAX = 70
FILE_LINES_MAX = 400
LINE_LENGTH_MAX = 140

EXCUSED_FILES: dict[str, str] = {
    "tests/journal/test_audit.py": "one catalogue of what can be tampered with; a reader wants it in one place"
}
"""Longer files, each with its reason."""

FORBIDDEN = {
    "a path of some machine": r"(?<![\w.<])/(?:work|farm|root|Users)/\w|(?<![\w.<])/tmp/(?:bash|x/|\w*venv)|(?<![\w.<])/home/[a-z]+/",
    "the host of a package registry": r"registry\.npm"
    + r"js|py"
    + r"pi\.org|python"
    + r"hosted|(?:static|index)\.cra"
    + r"tes|deb\.deb"
    + r"ian",
    "something left for later": r"\b(?:TO" + r"DO|FIX" + r"ME)\b",
}


def said(complaints: list[str]) -> str:
    """One line each."""
    return "\n".join(["", *complaints])


def python_functions(path: Path) -> Iterator[tuple[str, int]]:
    """Name and length of each function; its docstring counts."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno is not None
            yield f"{name_of(path)}:{node.lineno} {node.name}", node.end_lineno - node.lineno + 1


def rust_functions(path: Path) -> Iterator[tuple[str, int]]:
    """Name and length of each function; rustfmt puts its end where its beginning is indented."""
    lines = path.read_text().splitlines()
    for number, line in enumerate(lines):
        if match := re.match(r"(\s*)(?:pub(?:\([a-z]+\))? )?(?:const )?(?:unsafe )?fn (\w+)", line):
            ends = (index for index in range(number, len(lines)) if re.match(rf"{match[1]}\}}|{match[1]}.*[;}}]$", lines[index]))
            yield f"{name_of(path)}:{number + 1} {match[2]}", next(ends, number) - number + 1


def test_functions_fit_on_a_screen(python_files: list[Path], rust_files: list[Path]) -> None:
    found = [one for path in python_files for one in python_functions(path)] + [one for path in rust_files for one in rust_functions(path)]
    long = [f"{name} has {length} lines" for name, length in found if length > FUNCTION_LINES_MAX]
    assert not long, said(long)


def test_files_hold_one_idea(python_files: list[Path], rust_files: list[Path]) -> None:
    lengths = {name_of(path): len(path.read_text().splitlines()) for path in python_files + rust_files}
    long = {name: length for name, length in lengths.items() if length > FILE_LINES_MAX and name not in EXCUSED_FILES}
    assert long == {}, "split them, or excuse them in EXCUSED_FILES with a reason"
    assert [name for name in EXCUSED_FILES if lengths.get(name, 0) <= FILE_LINES_MAX] == [], "these need no excuse any more"


def test_lines_fit_on_a_screen(python_files: list[Path], rust_files: list[Path]) -> None:
    numbered = [(path, number, line) for path in python_files + rust_files for number, line in enumerate(path.read_text().splitlines(), 1)]
    long = [f"{name_of(path)}:{number} has {len(line)} characters" for path, number, line in numbered if len(line) > LINE_LENGTH_MAX]
    assert not long, said(long)


def test_every_module_says_what_it_is(python_files: list[Path], rust_files: list[Path]) -> None:
    ours = [path for path in python_files if path.name != "__init__.py" or path.stat().st_size]
    silent = [name_of(path) for path in ours if not ast.get_docstring(ast.parse(path.read_text()))]
    silent += [name_of(path) for path in rust_files if not path.read_text().lstrip().startswith("//!")]
    assert not silent, said(silent)


def test_nothing_names_this_machine_or_waits_for_later(text_files: list[Path]) -> None:
    found = []
    for path in text_files:
        text = path.read_text(errors="replace")
        for what, pattern in FORBIDDEN.items():
            found += [f"{name_of(path)}:{text.count(chr(10), 0, match.start()) + 1}: {what}" for match in re.finditer(pattern, text)]
    assert not found, said(found)


def test_the_words_import_pydantic_only() -> None:
    allowed = {"pydantic", "joulebus_schemas", "dataclasses", "typing", "collections", "enum", "json", "math", "pathlib", "re"}
    assert {name for path in files(".py") if "schemas" in path.parts for name in imported(path)} <= allowed


def imported(path: Path) -> Iterator[str]:
    """The packages that a module imports."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield (node.module or "").split(".")[0]


def test_scripts_can_be_started() -> None:
    scripts = [path for path in [*files(".sh"), ROOT / ".ci/run"] if path.read_text().startswith("#!")]
    assert [name_of(path) for path in scripts if not path.stat().st_mode & 0o100] == []
