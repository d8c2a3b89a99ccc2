"""Files that are whole at any moment, also when two containers write one in a folder that both have."""

import os
from pathlib import Path

import pytest

from joulebus.files import replace_in_one_step


def test_two_containers_with_one_process_number_write_one_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each first process of a container has the number 1, and the sky's cache is a volume that many of them share."""
    path, machine = tmp_path / "month", os.uname()
    monkeypatch.setattr(os, "getpid", lambda: 1)
    half_written = tmp_path / f".month.{machine.nodename}.1.new"
    half_written.write_bytes(b"half of")
    other = os.uname_result((machine.sysname, "another", machine.release, machine.version, machine.machine))
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(os, "uname", lambda: other)
        replace_in_one_step(path, b"whole")
    assert path.read_bytes() == b"whole" and half_written.read_bytes() == b"half of"
    replace_in_one_step(path, b"whole again")
    assert [file.name for file in tmp_path.iterdir()] == ["month"], "what a killed process has left is gone"
