"""A file that is replaced is replaced whole, by files.py alone: whoever writes half of one, or forgets a mode, writes it elsewhere."""

import ast

from tests.tidy.conftest import ROOT

RENAMES = {
    "files.py": "the one place",
    "historian/follow.py": "a database that is another story's is set aside, and a journal that was rebuilt is put into its place",
    "journal/archive.py": "a closed file is moved to another disk, when its copy is durable",
    "journal/compaction.py": "a compacted file takes the name of what it stands for, when it has been counted again",
    "journal/rotation.py": "a file is closed, and the next one begun, in an order that a kill cannot break",
    "provision/logs.py": "the copy of a log becomes the older one",
    "provision/sessions.py": "Crossbar imports a copy of it, so it imports nothing of ours; it replaces as files.py does",
    "services/prepare.py": "the run before is moved aside",
}
"""Who renames files, and why that is no replacement; this list only shrinks."""


def renames(text: str) -> bool:
    """Whether a module gives a file another name: ``os.rename``, ``os.replace``, ``path.rename`` or ``path.replace`` with one argument."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            name, on = node.func.attr, ast.unparse(node.func.value)
            if on == "os" and name in ("rename", "replace"):
                return True
            by_path = len(node.args) == 1 and not node.keywords and not isinstance(node.args[0], ast.Constant)
            if by_path and name in ("rename", "replace"):
                return True
    return False


def test_files_are_replaced_in_one_place() -> None:
    package = ROOT / "components" / "joulebus"
    assert {str(path.relative_to(package)) for path in package.rglob("*.py") if renames(path.read_text())} == RENAMES.keys()


def test_a_rename_is_seen_in_each_of_its_forms() -> None:
    assert renames("fresh.replace(path)") and renames("os.rename(one, other)") and renames("path.rename(other)")
    assert not renames("text.replace('a', 'b')") and not renames("moment.replace(tzinfo=UTC)") and not renames("replace(record, tick=1)")
