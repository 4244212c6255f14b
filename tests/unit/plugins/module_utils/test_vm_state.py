"""What a VM is and runs."""

from __future__ import annotations

from pathlib import Path

from ansible_collections.lambdafs.cluster.plugins.module_utils import vm_state


def test_a_unit_runs_when_it_has_a_process() -> None:
    assert vm_state.is_running(vm_state.parse_properties("ActiveState=active\nMainPID=12\n"))
    assert not vm_state.is_running(vm_state.parse_properties("ActiveState=activating\nMainPID=0\n"))
    assert not vm_state.is_running(vm_state.parse_properties("ActiveState=failed\nMainPID=0\n"))


def test_a_file_that_differs_from_its_copy_is_named(tmp_path: Path) -> None:
    (tmp_path / "started").mkdir()
    (tmp_path / "started/same.cnf").write_text("a", encoding="ascii")
    (tmp_path / "same.cnf").write_text("a", encoding="ascii")
    (tmp_path / "new.cnf").write_text("b", encoding="ascii")
    files = [tmp_path / "same.cnf", tmp_path / "new.cnf"]
    assert vm_state.changed_files(tmp_path / "started", files) == ["new.cnf changed"]
