# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Flyway's names, versions, checksums and history table, so that the Flyway tool accepts a database made here.

Naming and table: https://documentation.red-gate.com/fd/migrations-184127470.html; the checksum is that of Flyway's own
class ChecksumCalculator.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass

HISTORY_TABLE = "flyway_schema_history"
SCRIPT_NAME = re.compile(r"(?P<kind>[VB])(?P<version>\d+(?:[._]\d+)*)__(?P<description>.+)\.sql")
BASELINE_TEXT = "<< Flyway Baseline >>"
LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True)
class Version:
    """A version as Flyway orders it: by its numbers, trailing zeros without meaning."""

    text: str

    @property
    def numbers(self) -> tuple[int, ...]:
        numbers = [int(part) for part in self.text.split(".")]
        while len(numbers) > 1 and numbers[-1] == 0:
            numbers.pop()
        return tuple(numbers)

    def __lt__(self, other: Version) -> bool:
        return self.numbers < other.numbers

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Version) and self.numbers == other.numbers

    def __hash__(self) -> int:
        return hash(self.numbers)

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class ScriptName:
    """What a migration's file name says: `V` is a step, `B` makes its version from nothing."""

    kind: str
    version: Version
    description: str


@dataclass(frozen=True)
class HistoryRow:
    """One row of Flyway's history table, less time and user."""

    rank: int
    version: Version | None
    description: str
    kind: str
    script: str
    checksum: int | None
    success: bool


def parse_script_name(name: str) -> ScriptName | None:
    """The parts of a versioned migration's file name, or None for another file."""
    found = SCRIPT_NAME.fullmatch(name)
    if found is None:
        return None
    version = Version(found["version"].replace("_", "."))
    return ScriptName(found["kind"], version, found["description"].replace("_", " "))


def checksum(script: str) -> int:
    """Flyway's checksum of a script: CRC32 of its lines less their ends, as a signed number of 32 bits."""
    value = 0
    for line in LINE_END.split(script.removeprefix("\ufeff")):
        value = zlib.crc32(line.encode(), value)
    return value - 2**32 if value >= 2**31 else value


def history_statement(database: str) -> str:
    """The statement that makes Flyway's history table, in NDB so that all SQL nodes share it."""
    return (
        f"CREATE TABLE IF NOT EXISTS `{database}`.`{HISTORY_TABLE}` (\n"
        "  `installed_rank` INT NOT NULL,\n"
        "  `version` VARCHAR(50),\n"
        "  `description` VARCHAR(200) NOT NULL,\n"
        "  `type` VARCHAR(20) NOT NULL,\n"
        "  `script` VARCHAR(1000) NOT NULL,\n"
        "  `checksum` INT,\n"
        "  `installed_by` VARCHAR(100) NOT NULL,\n"
        "  `installed_on` TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,\n"
        "  `execution_time` INT NOT NULL,\n"
        "  `success` BOOL NOT NULL,\n"
        f"  CONSTRAINT `{HISTORY_TABLE}_pk` PRIMARY KEY (`installed_rank`),\n"
        f"  KEY `{HISTORY_TABLE}_s_idx` (`success`)\n"
        ") ENGINE=ndbcluster DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci"
    )
