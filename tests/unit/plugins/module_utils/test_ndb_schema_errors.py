# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

import pytest
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_schema_errors import advice, is_lost, is_temporary

RESTART = "Got error 711 'System busy with node restart, schema operations not allowed' from NDB"
TABLES = "Got error 707 'No more table metadata records (increase MaxNoOfTables)' from NDB"


@pytest.mark.parametrize(
    ("number", "messages", "temporary"),
    [
        (1297, ["Got temporary error 4010 'Node failure caused abort of transaction' from NDBCLUSTER"], True),
        (1180, ["Got error 4350 - 'Transaction already aborted' during COMMIT"], True),
        (1205, ["Lock wait timeout exceeded; try restarting transaction"], True),
        (1213, ["Deadlock found when trying to get lock"], True),
        (2013, ["Lost connection to MySQL server during query"], True),
        (2003, ["Can't connect to MySQL server on '10.0.0.1'"], True),
        (1005, ["Can't create table 'd.t' (errno: 711 - Unknown error 711)", RESTART], True),
        (1005, ["Can't create table 'd.t' (use SHOW WARNINGS for more info).", RESTART], True),
        (1296, ["Got error 4009 'Cluster Failure' from NDBCLUSTER"], True),
        (1296, ["Got error 410 'REDO log files overloaded' from NDBCLUSTER"], True),
        (1005, ["Can't create table 'd.t' (use SHOW WARNINGS for more info).", TABLES], False),
        (1050, ["Table 't' already exists"], False),
        (1064, ["You have an error in your SQL syntax near 'error 711'"], False),
        (1044, ["Access denied for user 'a'@'b' to database 'd'"], False),
    ],
)
def test_which_errors_pass(number: int, messages: list[str], temporary: bool) -> None:
    assert is_temporary(number, messages) is temporary


def test_a_lost_connection_is_known() -> None:
    assert is_lost(2013)
    assert is_lost(2006)
    assert not is_lost(1297)


def test_a_limit_names_its_parameter() -> None:
    assert advice(["Can't create table", TABLES]) == "; raise MaxNoOfTables in NDB's configuration"
    assert advice([RESTART]) == ""
