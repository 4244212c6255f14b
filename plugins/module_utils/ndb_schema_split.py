# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Splitting an SQL script into its statements, at the places where the mysql client splits it."""

from __future__ import annotations

import re

QUOTES = "'\"`"
DELIMITER_COMMAND = re.compile(r"delimiter(?=\s)[ \t]*(?P<rest>[^\r\n]*)", re.IGNORECASE)
DELIMITER_ARGUMENT = re.compile(r"'([^']*)'|\"([^\"]*)\"|(\S+)")
LINE_COMMENT = re.compile(r"(?:#|--(?=\s|\Z))[^\n]*")
FIRST_LINE_COMMENT = re.compile(r"(?:#|--)[^\n]*")
DEFAULT_DELIMITER = ";"


class ScriptError(ValueError):
    """A script that no client could split; the message says where and why."""


class _Splitter:
    """One pass over a script."""

    def __init__(self, script: str) -> None:
        self._script = script
        self._at = 0
        self._delimiter = DEFAULT_DELIMITER
        self._pending: list[str] = []
        self._statements: list[str] = []

    def run(self) -> list[str]:
        while self._at < len(self._script):
            self._step()
        self._flush()
        return self._statements

    def _step(self) -> None:
        script, at = self._script, self._at
        char = script[at]
        if script.startswith(self._delimiter, at):
            self._at += len(self._delimiter)
            self._flush()
        elif char in QUOTES:
            self._keep(self._end_of_quoted())
        elif char == "\\":
            self._backslash()
        elif char in "#-" and (comment := self._line_comment()) is not None:
            self._at = comment.end()
        elif script.startswith("/*+", at):
            self._keep(self._end_of_comment())
        elif script.startswith("/*", at) and not script.startswith("/*!", at):
            self._at = self._end_of_comment()
            self._pending.append(" ")
        elif char in "dD" and self._word_starts() and (command := DELIMITER_COMMAND.match(script, at)) is not None:
            self._flush()
            self._set_delimiter(command["rest"])
            self._at = command.end()
        else:
            self._keep(at + 1)

    def _keep(self, end: int) -> None:
        self._pending.append(self._script[self._at : end])
        self._at = end

    def _flush(self) -> None:
        statement = "".join(self._pending).strip()
        self._pending.clear()
        if statement:
            self._statements.append(statement)

    def _line_comment(self) -> re.Match[str] | None:
        """Two hyphens need a blank behind them, except where a statement and a line start."""
        start = self._script.rfind("\n", 0, self._at) + 1
        first = not self._script[start : self._at].strip() and not "".join(self._pending).strip()
        return (FIRST_LINE_COMMENT if first else LINE_COMMENT).match(self._script, self._at)

    def _word_starts(self) -> bool:
        before = self._script[self._at - 1] if self._at else " "
        return not (before.isalnum() or before in "_$@.")

    def _backslash(self) -> None:
        """`g` or `G` after it ends a statement; another backslash outside quotes is the server's to refuse."""
        if self._script[self._at + 1 : self._at + 2] in ("g", "G"):
            self._at += 2
            self._flush()
        else:
            self._keep(self._at + 1)

    def _end_of_quoted(self) -> int:
        quote, at = self._script[self._at], self._at + 1
        while at < len(self._script):
            if self._script[at] == "\\" and quote != "`":
                at += 2
            elif self._script[at] == quote:
                return at + 1
            else:
                at += 1
        raise ScriptError(f"line {self._line()}: a {quote} is never closed; close it")

    def _end_of_comment(self) -> int:
        end = self._script.find("*/", self._at + 2)
        if end < 0:
            raise ScriptError(f"line {self._line()}: a comment is never closed; end it with */")
        return end + 2

    def _set_delimiter(self, argument: str) -> None:
        found = DELIMITER_ARGUMENT.match(argument)
        delimiter = "" if found is None else next(filter(None, found.groups()), "")
        if not delimiter or "\\" in delimiter:
            raise ScriptError(f"line {self._line()}: DELIMITER has {delimiter!r}; expected one without backslash")
        self._delimiter = delimiter

    def _line(self) -> int:
        return self._script.count("\n", 0, self._at) + 1


def split_statements(script: str) -> list[str]:
    """The statements of a script, without delimiters and without comments that the server would not read.

    As in the mysql client, `DELIMITER x` changes the delimiter, delimiters inside quotes and comments do not count,
    `/*! ... */` and `/*+ ... */` are kept for the server, and a last statement needs no delimiter.

    Raises:
        ScriptError: a quote or comment is never closed, or `DELIMITER` has no argument.
    """
    return _Splitter(script).run()
