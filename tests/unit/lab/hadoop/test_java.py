"""The stand-in for java."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from lab.hadoop import java, packing

PROGRAM = "import os, sys\nprint(sys.argv, os.environ['CLASSPATH'])\nsys.exit(3)\n"


def run(*words: str, path: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, java.__file__, *words]
    return subprocess.run(command, cwd=path, env={}, capture_output=True, text=True, check=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A jar in lib/, and a class in a directory."""
    (tmp_path / "lib").mkdir()
    content = {"org/example/Main.class": PROGRAM.encode(), "org/example/Real.class": java.MAGIC + b"\0"}
    (tmp_path / "lib" / "a.jar").write_bytes(packing.jar(content))
    (tmp_path / "classes" / "org").mkdir(parents=True)
    (tmp_path / "classes" / "org" / "Other.class").write_text("import lab.hadoop\n", encoding="utf-8")
    return tmp_path


def test_options_are_told_from_the_class_and_its_arguments() -> None:
    words = ["-Xmx2g", "-Da.b=c", "-XX:+UseG1GC", "-cp", "x.jar:lib/*", "org.Main", "-n", "-cp", "y"]
    found = java.parse(words, "ignored")
    assert (found.class_path, found.main, found.arguments) == ("x.jar:lib/*", "org.Main", ["-n", "-cp", "y"])
    assert found.properties == {"a.b": "c"}
    assert java.parse(["Main"], "from:environment").class_path == "from:environment"
    assert java.parse(["Main"]).class_path == "."


@pytest.mark.parametrize("words", [["-cp"], ["--nonsense", "Main"]])
def test_bad_command_lines_are_refused(words: list[str]) -> None:
    with pytest.raises(ValueError, match="Error"):
        java.parse(words)


def test_jars_are_found_by_a_wildcard_and_directories_by_name(folder: Path) -> None:
    found = java.entries(f"{folder}/lib/*:{folder}/classes:{folder}/nowhere")
    assert found == [folder / "lib" / "a.jar", folder / "classes"]
    assert java.find(found, "org.example.Main") == PROGRAM.encode()
    assert java.find(found, "org.Other") is not None
    assert java.find(found, "org.Missing") is None


def test_the_version_goes_to_standard_error(folder: Path) -> None:
    ended = run("-version", path=folder)
    assert (ended.returncode, ended.stdout) == (0, "")
    assert 'openjdk version "1.8.0_stand-in"' in ended.stderr


def test_a_class_runs_with_its_arguments_and_exit_status(folder: Path) -> None:
    ended = run("-cp", "lib/*", "org.example.Main", "-x", "1", path=folder)
    assert (ended.returncode, ended.stderr) == (3, "")
    assert ended.stdout == "['org.example.Main', '-x', '1'] lib/a.jar\n"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("org.Missing", "Error: Could not find or load main class org.Missing"),
        ("org.example.Real", "UnsupportedClassVersionError"),
        ("org.Other", "NoClassDefFoundError: org/apache/hadoop/conf/Configuration"),
    ],
)
def test_a_class_that_cannot_run_is_named(folder: Path, name: str, text: str) -> None:
    ended = run("-cp", "lib/*:classes", name, path=folder)
    assert (ended.returncode, ended.stdout) == (1, "")
    assert text in ended.stderr


def test_a_jar_without_main_class_does_not_run(folder: Path) -> None:
    ended = run("-jar", "lib/a.jar", path=folder)
    assert ended.returncode == 1
    assert "no main manifest attribute, in lib/a.jar" in ended.stderr
