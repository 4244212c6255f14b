# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Hadoop's configuration files as text: properties are set in place, everything else stays as it is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat
from xml.sax.saxutils import escape

FORMATS = ("xml", "properties")
HIDDEN = "(hidden)"

_SECRET = re.compile(r"(?i)passw(?:or)?d|secret|\.auth$")
_EMPTY_XML = '<?xml version="1.0" encoding="UTF-8"?>\n<configuration>\n</configuration>\n'
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "f": "\f"}
# A key ends at the first blank, = or : that no backslash takes away
_KEY = re.compile(r"[ \t\f]*((?:\\.|[^\\ \t\f=:])*)[ \t\f]*[=:]?[ \t\f]*", re.DOTALL)


class UnreadableFile(ValueError):
    """The text is not a file of this format."""


def is_secret(name: str) -> bool:
    """Whether the value of a property is a secret, by its name."""
    return _SECRET.search(name) is not None


def parse(text: str, file_format: str) -> dict[str, str]:
    """The properties of a file by name.

    Args:
        text: the file's text.
        file_format: one of FORMATS.

    Raises:
        UnreadableFile: it is not of this format.
    """
    if file_format == "xml":
        return {found.name: found.value for found in _find_xml(text)}
    return {name: value for _line, name, value in _logical_lines(text) if name is not None}


def edit(text: str | None, file_format: str, wanted: Mapping[str, str]) -> str:
    """The text with properties set; new ones come last.

    Args:
        text: the file's text; None where there is no file.
        file_format: one of FORMATS.
        wanted: value by name.

    Raises:
        UnreadableFile: the text is not of this format.
    """
    return _edit_xml(text or _EMPTY_XML, wanted) if file_format == "xml" else _edit_properties(text or "", wanted)


def shown(properties: Mapping[str, str], before: Mapping[str, str] | None = None) -> str:
    """Properties fit for a diff, one a line, secrets hidden.

    Args:
        properties: value by name.
        before: the properties before a change: a secret that differs from them is shown as new.
    """

    def value_of(name: str) -> str:
        if not is_secret(name):
            return properties[name]
        return HIDDEN if before is None or before.get(name) == properties[name] else f"{HIDDEN}, new"

    return "".join(f"{name}={value_of(name)}\n" for name in sorted(properties))


@dataclass
class _Property:
    """A property element: byte offsets of its value element, or of the place for one, behind its name."""

    name: str = ""
    value: str = ""
    value_start: int = 0
    value_end: int = 0
    has_value: bool = False


@dataclass
class _Reader:
    """Collects the properties that are direct children of `configuration`."""

    parser: Any
    source: bytes
    found: list[_Property] = field(default_factory=list)
    path: list[str] = field(default_factory=list)
    # Byte offsets of the root's start tag, and of its end tag, which an empty element has not
    root_start: int = 0
    root_end: int | None = None
    current: _Property = field(default_factory=_Property)
    starts: list[int] = field(default_factory=list)

    def start(self, name: str, _attributes: Mapping[str, str]) -> None:
        if not self.path and name != "configuration":
            raise UnreadableFile(f"its root is {name!r}, expected 'configuration'")
        self.path.append(name)
        self.starts.append(self.parser.CurrentByteIndex)
        if self.path[1:] == ["property"]:
            self.current = _Property()

    def text(self, data: str) -> None:
        if self.path[1:] == ["property", "name"]:
            self.current.name += data
        elif self.path[1:] == ["property", "value"]:
            self.current.value += data

    def end(self, _name: str) -> None:
        start = self.starts.pop()
        start_tag_end = self.source.index(b">", start) + 1
        is_empty = self.source[start_tag_end - 2 : start_tag_end] == b"/>"
        end = start_tag_end if is_empty else self.source.index(b">", self.parser.CurrentByteIndex) + 1
        if len(self.path) == 1:
            self.root_start, self.root_end = start, None if is_empty else self.parser.CurrentByteIndex
        elif self.path[1:] == ["property", "name"] and not self.current.has_value:
            self.current.value_start = self.current.value_end = end
        elif self.path[1:] == ["property", "value"]:
            self.current.has_value, self.current.value_start, self.current.value_end = True, start, end
        elif self.path[1:] == ["property"]:
            self.current.name = self.current.name.strip()
            self.found.append(self.current)
        self.path.pop()


def _read_xml(text: str) -> _Reader:
    source = text.encode("utf-8")
    parser = expat.ParserCreate("utf-8")
    reader = _Reader(parser, source)
    parser.StartElementHandler = reader.start
    parser.CharacterDataHandler = reader.text
    parser.EndElementHandler = reader.end
    try:
        parser.Parse(source, True)
    except expat.ExpatError as error:
        raise UnreadableFile(f"it is no XML: {error}") from error
    return reader


def _find_xml(text: str) -> list[_Property]:
    return _read_xml(text).found


def _edit_xml(text: str, wanted: Mapping[str, str]) -> str:
    reader = _read_xml(text)
    changes = [
        (found.value_start, found.value_end, f"<value>{escape(wanted[found.name])}</value>".encode())
        for found in reader.found
        if found.name in wanted and not (found.has_value and found.value == wanted[found.name])
    ]
    present = {found.name for found in reader.found}
    new = "".join(_property_element(name, value) for name, value in wanted.items() if name not in present)
    if new:
        changes.append(_addition(reader, new.encode()))
    source = reader.source
    for start, end, replacement in sorted(changes, reverse=True):
        source = source[:start] + replacement + source[end:]
    return source.decode("utf-8")


def _property_element(name: str, value: str) -> str:
    return (
        "    <property>\n"
        f"        <name>{escape(name)}</name>\n"
        f"        <value>{escape(value)}</value>\n"
        "    </property>\n"
    )


def _addition(reader: _Reader, new: bytes) -> tuple[int, int, bytes]:
    """Where new properties go: on lines of their own before the root's end tag; an empty root gets one."""
    source = reader.source
    if reader.root_end is None:
        end = source.index(b">", reader.root_start) + 1
        start_tag = source[reader.root_start : end].removesuffix(b"/>").rstrip() + b">"
        return reader.root_start, end, start_tag + b"\n" + new + b"</configuration>"
    line_start = source.rfind(b"\n", 0, reader.root_end) + 1
    if source[line_start : reader.root_end].strip():
        return reader.root_end, reader.root_end, b"\n" + new
    return line_start, line_start, new


def _logical_lines(text: str) -> list[tuple[str, str | None, str]]:
    """Lines as Java joins them: the text with its line ends, the name (None for a comment or blank line), the value."""
    lines: list[tuple[str, str | None, str]] = []
    rest = re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$", text)
    while rest:
        raw = rest.pop(0)
        if not raw.strip() or raw.lstrip(" \t\f")[0] in "#!":
            lines.append((raw, None, ""))
            continue
        content = raw.rstrip("\r\n")
        while _is_continued(content) and rest:
            more = rest.pop(0)
            raw += more
            content = content[:-1] + more.rstrip("\r\n").lstrip(" \t\f")
        if _is_continued(content):
            content = content[:-1]
        match = _KEY.match(content)
        name, value = (match[1], content[match.end() :]) if match else ("", "")
        lines.append((raw, _unescape(name), _unescape(value)))
    return lines


def _is_continued(line: str) -> bool:
    return (len(line) - len(line.rstrip("\\"))) % 2 == 1


def _unescape(text: str) -> str:
    def replace(match: re.Match[str]) -> str:
        if match[1]:
            return chr(int(match[1], 16))
        if match[2] == "u":
            raise UnreadableFile(rf"it holds \u without four hexadecimal digits: {match.string[match.start() :][:6]!r}")
        return _ESCAPES.get(match[2], match[2])

    units = re.sub(r"\\(?:u([0-9A-Fa-f]{4})|(.))", replace, text, flags=re.DOTALL)
    return units.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _escape(text: str, names: str = "") -> str:
    """Text as Java's properties hold it; `names` are further characters that a backslash goes before."""

    def replace(character: str) -> str:
        for letter, meant in _ESCAPES.items():
            if character == meant:
                return f"\\{letter}"
        if character == "\\" or character in names:
            return f"\\{character}"
        if " " <= character <= "~":
            return character
        units = character.encode("utf-16-be")
        return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))

    return "".join(map(replace, text))


def property_line(name: str, value: str) -> str:
    """A property without redundant spaces; a value's leading space is kept."""
    escaped = _escape(value)
    return f"{_escape(name, ' =:#!')}={chr(92) if escaped.startswith(' ') else ''}{escaped}"


def _edit_properties(text: str, wanted: Mapping[str, str]) -> str:
    lines = _logical_lines(text)
    kept = [
        raw if name is None or name not in wanted else f"{property_line(name, wanted[name])}\n"
        for raw, name, _value in lines
    ]
    if kept and not kept[-1].endswith(("\n", "\r")):
        kept[-1] += "\n"
    present = {name for _raw, name, _value in lines}
    return "".join(kept) + "".join(f"{property_line(name, wanted[name])}\n" for name in wanted if name not in present)
