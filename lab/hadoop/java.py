#!/usr/bin/python3
"""A stand-in for `java` that runs the stand-in's own classes only: Python programs with the name of a class file.

It needs nothing but Python's standard library: the archive of the JDK has it as bin/java.
"""

from __future__ import annotations

import os
import sys
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

VERSION = "1.8.0_stand-in"
MAGIC = b"\xca\xfe\xba\xbe"
_CLASS_PATH = ("-cp", "-classpath", "--class-path")


@dataclass
class Command:
    """A command line of java.

    Attributes:
        class_path: as it was given, wildcards included.
        properties: those of -D options.
    """

    main: str = ""
    class_path: str = ""
    is_jar: bool = False
    shows_version: bool = False
    properties: dict[str, str] = field(default_factory=dict)
    arguments: list[str] = field(default_factory=list)


def parse(words: Sequence[str], environment: str = "") -> Command:
    """Parse a command line; `environment` is the variable CLASSPATH.

    Raises:
        ValueError: an option lacks its value or is unknown.
    """
    found = Command(class_path=environment or ".")
    left = list(words)
    while left and left[0].startswith("-"):
        word = left.pop(0)
        if word in ("-version", "--version"):
            found.shows_version = True
        elif word in (*_CLASS_PATH, "-jar"):
            if not left:
                raise ValueError(f"Error: {word} requires class path specification")
            value = left.pop(0)
            if word == "-jar":
                found.is_jar, found.class_path = True, value
                found.arguments = left
                return found
            found.class_path = value
        elif word.startswith("-D"):
            name, _, value = word[2:].partition("=")
            found.properties[name] = value
        elif not word.startswith(("-X", "-ea", "-server", "-agent")):
            raise ValueError(f"Unrecognized option: {word}\nError: Could not create the Java Virtual Machine.")
    if left:
        found.main, found.arguments = left[0], left[1:]
    return found


def entries(class_path: str) -> list[Path]:
    """Directories and jars of a class path, `dir/*` standing for the jars in it; what does not exist is left out."""
    found: list[Path] = []
    for part in class_path.split(os.pathsep):
        if part == "*" or part.endswith("/*"):
            found += sorted(Path(part[:-1] or ".").glob("*.jar"))
        else:
            found.append(Path(part or "."))
    return [path for path in found if path.exists()]


def find(class_path: Sequence[Path], name: str) -> bytes | None:
    """Content of the class file of that name in the first entry that has it, or None."""
    member = f"{name.replace('.', '/')}.class"
    for entry in class_path:
        if entry.is_dir():
            if (entry / member).is_file():
                return (entry / member).read_bytes()
        elif zipfile.is_zipfile(entry):
            with zipfile.ZipFile(entry) as jar:
                if member in jar.namelist():
                    return jar.read(member)
    return None


def main_class(jar: Path) -> str:
    """The main class that a jar's manifest names, or an empty text."""
    if not zipfile.is_zipfile(jar):
        return ""
    with zipfile.ZipFile(jar) as opened:
        if "META-INF/MANIFEST.MF" not in opened.namelist():
            return ""
        for line in opened.read("META-INF/MANIFEST.MF").decode().splitlines():
            if line.startswith("Main-Class:"):
                return line.partition(":")[2].strip()
    return ""


def main(words: Sequence[str]) -> int:
    """Run; returns the exit status."""
    try:
        command = parse(words, os.environ.get("CLASSPATH", ""))
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    if command.shows_version:
        print(
            f'openjdk version "{VERSION}"\nStand-in Runtime Environment (Python {sys.version.split()[0]})',
            file=sys.stderr,
        )
        return 0
    if command.is_jar:
        command.main = main_class(Path(command.class_path))
        if not command.main:
            print(f"no main manifest attribute, in {command.class_path}", file=sys.stderr)
            return 1
    if not command.main:
        print("Usage: java [options] <mainclass> [args...]", file=sys.stderr)
        return 1
    class_path = entries(command.class_path)
    content = find(class_path, command.main)
    if content is None:
        print(f"Error: Could not find or load main class {command.main}", file=sys.stderr)
        return 1
    if content.startswith(MAGIC):
        print(
            f"Error: LinkageError occurred while loading main class {command.main}\n"
            "\tjava.lang.UnsupportedClassVersionError: bytecode, expected a class of the stand-in",
            file=sys.stderr,
        )
        return 1
    return _run(command, class_path, content)


def _run(command: Command, class_path: Sequence[Path], content: bytes) -> int:
    """Run the program in this process, with the class path as its search path."""
    sys.path[:0] = [str(entry) for entry in class_path]
    sys.argv = [command.main, *command.arguments]
    os.environ["CLASSPATH"] = os.pathsep.join(map(str, class_path))
    program = compile(content, f"{command.main}.class", "exec")
    try:
        exec(program, {"__name__": "__main__"})  # noqa: S102
    except ModuleNotFoundError as error:
        print(
            'Exception in thread "main" java.lang.NoClassDefFoundError: org/apache/hadoop/conf/Configuration'
            f" ({error}: Hadoop's jars are not on the class path)",
            file=sys.stderr,
        )
        return 1
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
