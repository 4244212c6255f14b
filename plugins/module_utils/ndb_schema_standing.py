# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Where a database stands on the way of the versions, told by its history, or by its shape where it has none."""

from __future__ import annotations

from dataclasses import dataclass, field

from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_schema_catalogue import Catalogue
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_schema_compare import (
    drift_lines,
    same,
    shape_differences,
)
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_schema_flyway import HistoryRow, Version
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_schema_scripts import Migration, Scripts
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_schema_shape import Shapes

SHOWN = 8


class UnknownDatabase(Exception):
    """A database that none of the scripts made; it is left alone."""


@dataclass(frozen=True)
class Standing:
    """Where a database stands.

    Attributes:
        version: the version that it has; None if the baseline is to be made or finished.
        done: how many statements of the next step have taken effect already.
        recorded: whether the history says so, too.
        drift: tables that are not what this version makes, with a line for each difference.
    """

    version: Version | None
    done: int = 0
    recorded: bool = True
    drift: dict[str, list[str]] = field(default_factory=dict)


def own_shapes(scripts: Scripts, catalogue: Catalogue) -> Shapes:
    """The database's tables that any version has; others are nobody's business here."""
    known = scripts.known_tables
    return {name: table for name, table in catalogue.tables.items() if name in known}


def _fits(wanted: Shapes, found: Shapes) -> bool:
    return wanted.keys() == found.keys() and all(same(table, found[name]) for name, table in wanted.items())


def _differences(wanted: Shapes, found: Shapes) -> int:
    return sum(map(len, shape_differences(wanted, found).values()))


def recorded_version(scripts: Scripts, history: tuple[HistoryRow, ...]) -> Version | None:
    """The newest version in the history.

    Raises:
        UnknownDatabase: the history holds a failure, a version that is not among the scripts, or another script.
    """
    steps = {step.version: step for step in scripts.steps}
    newest: Version | None = None
    for row in history:
        if not row.success:
            raise UnknownDatabase(
                f"the history says that {row.script} failed, expected success: repair the database by hand,"
                f" then run 'flyway repair'"
            )
        if row.version is None:
            continue
        step = steps.get(row.version)
        if step is None:
            raise UnknownDatabase(
                f"the history holds version {row.version}, expected at most {scripts.baseline.version}:"
                " use a newer release of the collection"
            )
        if row.script == step.file and row.checksum not in (None, step.checksum):
            raise UnknownDatabase(
                f"{row.script} was applied with checksum {row.checksum}, expected {step.checksum}:"
                " take the scripts that the database was made with"
            )
        newest = row.version if newest is None or newest < row.version else newest
    return newest


def find_standing(scripts: Scripts, catalogue: Catalogue) -> Standing:
    """Where the database stands.

    Raises:
        UnknownDatabase: see `recorded_version`; or it has no history and the shape of none of the versions.
    """
    found = own_shapes(scripts, catalogue)
    version = recorded_version(scripts, catalogue.history)
    if version is not None:
        return _recorded_standing(scripts, version, found)
    if not found:
        return Standing(None)
    for step in reversed(scripts.steps):
        if _fits(step.after, found):
            return Standing(step.version, recorded=False)
    final = scripts.baseline.after
    if all(same(final.get(name), table) for name, table in found.items()):
        return Standing(None)
    raise _unknown(scripts.steps, found)


def _recorded_standing(scripts: Scripts, version: Version, found: Shapes) -> Standing:
    """The first state of the next step that fits: a statement that changes no shape is then done once more."""
    place = [step.version for step in scripts.steps].index(version)
    states: tuple[Shapes, ...] = (scripts.steps[place].after,)
    if place + 1 < len(scripts.steps):
        states = scripts.steps[place + 1].states
    for done, state in enumerate(states):
        if _fits(state, found):
            return Standing(version, done)
    nearest = min(states, key=lambda state: _differences(state, found))
    return Standing(version, drift=shape_differences(nearest, found))


def _unknown(steps: tuple[Migration, ...], found: Shapes) -> UnknownDatabase:
    nearest = min(reversed(steps), key=lambda step: _differences(step.after, found))
    lines = drift_lines(shape_differences(nearest.after, found))
    more = f"; and {len(lines) - SHOWN} more" if len(lines) > SHOWN else ""
    return UnknownDatabase(
        f"the database has no history and the shape of no known version; the nearest is {nearest.version}, which"
        f" differs: {'; '.join(lines[:SHOWN])}{more}. Mend these, or give another database; nothing was changed"
    )
