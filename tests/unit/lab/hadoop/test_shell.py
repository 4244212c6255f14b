"""`hdfs dfs`."""

from __future__ import annotations

import pytest

from lab.hadoop import inodes, shell


def test_options_belong_to_their_command() -> None:
    command, options = shell.parse(["-mkdir", "-p", "/a", "/b"])
    assert (command, options.p, options.paths) == ("-mkdir", True, ["/a", "/b"])
    command, options = shell.parse(["-rm", "-r", "-skipTrash", "/a"])
    assert (options.r, options.f, options.paths) == (True, False, ["/a"])
    assert shell.parse(["-ls"])[1].paths == ["/"]


@pytest.mark.parametrize("words", [[], ["-nonsense", "/"], ["-mkdir"], ["-ls", "-z"]])
def test_other_words_are_refused(words: list[str]) -> None:
    with pytest.raises(ValueError, match=r"expected|required|unrecognized|Unknown"):
        shell.parse(words)


def test_a_line_of_a_listing() -> None:
    root = inodes.root(1, 1, 0)
    directory = inodes.status(root, "/dir")
    file = inodes.status(inodes.child(root, "f", 1, 2, 0, "me"), "/f")
    assert shell.line_of(directory) == "drwxr-xr-x   - root supergroup          0 1970-01-01 00:00 /dir"
    assert shell.line_of(file) == "-rw-r--r--   3 root supergroup          0 1970-01-01 00:00 /f"
