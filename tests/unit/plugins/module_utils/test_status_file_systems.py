from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.lambdafs.cluster.plugins.module_utils.status_page import namespace_line, ndb_section
from ansible_collections.lambdafs.cluster.plugins.module_utils.status_report import ndb_report

NAMESPACE = {"database": "d", "systems": ["λFS", "HopsFS"], "formatted": True, "inodes": 1, "unfinished": ""}


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({}, "λFS and HopsFS in d: formatted, 1 inode"),
        ({"systems": ["HopsFS"], "inodes": 0, "formatted": False}, "HopsFS in d: not formatted"),
        ({"unfinished": "vm process 7"}, "λFS and HopsFS in d: a format that vm process 7 began was not seen to end"),
    ],
)
def test_a_file_system_is_one_line(changes: dict[str, Any], line: str) -> None:
    assert namespace_line({**NAMESPACE, **changes}) == line


def test_the_page_shows_them_below_the_schema() -> None:
    vm = {"name": "m", "state": "running", "tags": {"Component": "NDB_MGM_VM", "Index": "0"}}
    schema = {
        "database": "d",
        "version": "1",
        "tables": 2,
        "deployments": 3,
        "problems": [],
        "file_systems": [NAMESPACE],
    }
    answer = {"name": "m", "problem": "", "nodes": [{"id": 1, "state": "connected"}], "schema": schema}
    report = {"ndb": ndb_report([vm], [answer])}
    assert ndb_section(report)[-2:] == [
        "  schema of d: version 1, 2 tables, 3 deployments",
        "  λFS and HopsFS in d: formatted, 1 inode",
    ]
