# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Errors of SQL nodes: which pass by themselves, and what the others mean."""

from __future__ import annotations

import re
from collections.abc import Iterable

# Names and classes of the codes: mysql/mysql-server, storage/ndb/src/ndbapi/ndberror.cpp (temporary, node recovery,
# overload, time-out) and the server's errmsg; 157 is the handler's "no connection to NDB"
TEMPORARY_NDB = frozenset(
    {
        *(157, 250, 266, 270, 274, 286, 410, 499, 701, 702, 711, 1204, 1217, 1218, 1220, 1221),
        *(4002, 4006, 4008, 4009, 4010, 4012, 4025, 4027, 4028, 4029, 4031, 4033, 4034, 4035, 4115, 4350, 4719),
    }
)
TEMPORARY_SERVER = frozenset({1036, 1053, 1180, 1205, 1213, 1297})
LOST = frozenset({2002, 2003, 2006, 2013, 2014, 2055, 0})
WRAPPERS = frozenset({1005, 1025, 1030, 1050, 1051, 1296, 1297, 3168})
LIMITS = {
    707: "MaxNoOfTables",
    708: "MaxNoOfAttributes",
    904: "MaxNoOfOrderedIndexes",
    905: "MaxNoOfAttributes",
    903: "MaxNoOfUniqueHashIndexes",
    826: "DataMemory",
    827: "DataMemory",
    1501: "InitialLogFileGroup",
    1517: "InitialTablespace",
}
CODE = re.compile(r"(?:error|errno|code)[: ]+(\d+)|NDB error (\d+)", re.IGNORECASE)


def ndb_codes(messages: Iterable[str]) -> set[int]:
    """The codes of NDB that messages name."""
    return {int(one or other) for message in messages for one, other in CODE.findall(message)}


def is_lost(number: int) -> bool:
    """Whether the connection is gone: a new one is needed."""
    return number in LOST


def is_temporary(number: int, messages: Iterable[str]) -> bool:
    """Whether the same statement may succeed later: nodes restart, locks are held, the log is full.

    Args:
        number: the server's error number.
        messages: its message, and the server's warnings.
    """
    if is_lost(number) or number in TEMPORARY_SERVER:
        return True
    return number in WRAPPERS and bool(ndb_codes(messages) & TEMPORARY_NDB)


def advice(messages: Iterable[str]) -> str:
    """What to do about the messages' codes; empty if nothing is known."""
    limits = sorted({LIMITS[code] for code in ndb_codes(messages) if code in LIMITS})
    return f"; raise {' and '.join(limits)} in NDB's configuration" if limits else ""
