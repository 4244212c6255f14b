"""The schema's modules on a real NDB cluster."""

from __future__ import annotations

import itertools
import random
import re
from collections.abc import Iterator
from contextlib import suppress
from subprocess import Popen, TimeoutExpired

import pytest
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_schema_apply import (
    Outcome,
    Refused,
    Wanted,
    look,
    migrate,
    read_catalogue,
)
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_schema_flyway import Version
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_schema_info import read_report
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_schema_plan import Plan
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_sql_connection import (
    Login,
    SqlError,
    SqlServer,
    patiently,
)
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_sql_probe import probe
from ansible_collections.lambdafs.cluster.plugins.module_utils.polling import poll

from tests.ndb import schema_rows, schema_run
from tests.ndb.cluster import HOST, SQL_NODE, NdbCluster
from tests.ndb.schema_databases import (
    Connection,
    final_by_hand,
    make_database,
    query,
    structure,
    upgrade_by_hand,
)
from tests.ndb.second_sql_node import second_sql_node

SCRIPTS = schema_run.collection_scripts()
VERSIONS = [str(step.version) for step in SCRIPTS.steps]
FINAL = VERSIONS[-1]
MADE = "made"
EXPIRY = 1.5
LOST = frozenset({name for step in SCRIPTS.steps for one in step.statements if one.loses_rows for name in one.names})


@pytest.fixture(scope="module")
def login(ndb: NdbCluster) -> Login:
    return Login(socket=str(ndb.socket))


@pytest.fixture(scope="module")
def sql(ndb: NdbCluster) -> Iterator[Connection]:
    with ndb.connect() as connection:
        yield connection


@pytest.fixture(scope="module")
def made(login: Login) -> Outcome:
    """The database of the tests that need no other one, with the tables of 20 deployments."""
    return migrate(login, SCRIPTS, Wanted(MADE, 20), dry=False)


@pytest.fixture
def database(ndb: NdbCluster, request: pytest.FixtureRequest) -> Iterator[str]:
    """The name of a database that is there for one test."""
    name = re.sub(r"\W", "_", request.node.name)[:60]
    yield name
    with ndb.connect() as connection:
        query(connection, f"DROP DATABASE IF EXISTS `{name}`")


def plan(login: Login, database: str, deployments: int) -> Plan:
    server = SqlServer(login)
    try:
        return look(server, SCRIPTS, Wanted(database, deployments, patience=0))
    finally:
        server.close()


def assert_final(login: Login, sql: Connection, database: str, deployments: int = 1) -> None:
    """Assert that nothing is left to do, and that the history tells every version once."""
    left = plan(login, database, deployments)
    assert left.actions == ()
    assert left.drift == {}
    versions = [row[0] for row in query(sql, f"SELECT version FROM `{database}`.flyway_schema_history")]  # noqa: S608
    assert len(versions) == len(set(versions))
    assert FINAL in versions
    assert query(sql, f"SELECT owner FROM `{database}`.lambdafs_schema_lock") == [("",)]  # noqa: S608


def test_the_baseline_is_what_the_data_says(made: Outcome, sql: Connection, database: str) -> None:
    assert sum(one.startswith("CREATE TABLE ") for one in made.statements) == 105 + 2
    final_by_hand(sql, database, 20)
    ours, by_hand = structure(sql, MADE), structure(sql, database)
    assert len(by_hand["TABLES"]) == 105
    for view, rows in by_hand.items():
        assert ours[view] ^ rows == set(), view
    assert query(sql, f"SELECT COUNT(*) FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = '{MADE}'") == [(0,)]  # noqa: S608


def test_a_rerun_sends_one_query(made: Outcome, login: Login, sql: Connection) -> None:
    assert made.statements
    query(sql, "SET GLOBAL log_output = 'TABLE'")
    query(sql, "TRUNCATE TABLE mysql.general_log")
    query(sql, "SET GLOBAL general_log = ON")
    try:
        outcome = migrate(login, SCRIPTS, Wanted(MADE, 20), dry=False)
    finally:
        query(sql, "SET GLOBAL general_log = OFF")
    own = query(sql, "SELECT CONNECTION_ID()")[0][0]
    sent = query(
        sql,
        "SELECT CONVERT(argument USING utf8mb4) FROM mysql.general_log"  # noqa: S608
        f" WHERE command_type = 'Query' AND thread_id <> {own}",
    )
    queries = [text for (text,) in sent if not text.startswith("SET ")]
    assert outcome.statements == []
    assert [text.split()[0] for text in queries] == ["SELECT"], queries


def test_a_dry_run_changes_nothing(login: Login, sql: Connection, database: str) -> None:
    outcome = migrate(login, SCRIPTS, Wanted(database, 20), dry=True)
    assert sum(one.startswith("CREATE TABLE ") for one in outcome.statements) == 105 + 2
    assert query(sql, f"SHOW DATABASES LIKE '{database}'") == []


def test_deployments_come_and_go(made: Outcome, login: Login, sql: Connection) -> None:
    assert made.plan.version is None
    grown = migrate(login, SCRIPTS, Wanted(MADE, 22), dry=False)
    assert len(grown.statements) == 4
    assert_final(login, sql, MADE, 22)
    kept = migrate(login, SCRIPTS, Wanted(MADE, 20), dry=False)
    assert kept.statements == []
    assert len(kept.plan.surplus) == 4
    query(sql, f"INSERT INTO {MADE}.invalidations_deployment21 VALUES (1, 1, 1, 1, 1)")  # noqa: S608
    with pytest.raises(Refused, match=r"^invalidations_deployment21 would lose rows"):
        migrate(login, SCRIPTS, Wanted(MADE, 20, prune=True), dry=False)
    assert plan(login, MADE, 20).surplus == kept.plan.surplus
    confirmed = frozenset({"invalidations_deployment21"})
    pruned = migrate(login, SCRIPTS, Wanted(MADE, 20, prune=True, confirm_loss=confirmed), dry=False)
    assert len(pruned.statements) == 4
    assert plan(login, MADE, 20).surplus == ()


def test_drift_is_named_table_by_table(made: Outcome, login: Login, sql: Connection) -> None:
    assert made.plan.drift == {}
    query(sql, f"ALTER TABLE {MADE}.hdfs_inodes DROP INDEX pidex")
    query(sql, f"ALTER TABLE {MADE}.hdfs_leases MODIFY COLUMN count BIGINT NOT NULL DEFAULT 0")
    query(sql, f"ALTER TABLE {MADE}.write_acks_deployment3 ADD COLUMN more INT")
    expected = {
        "hdfs_inodes": ["index pidex is missing, expected (parent_id)"],
        "hdfs_leases": ["column count is bigint not null default '0', expected count int not null default '0'"],
        "write_acks_deployment3": ["column more is not part of the schema"],
    }
    with pytest.raises(Refused, match=r"index pidex is missing.*column count is bigint.*column more is not part"):
        migrate(login, SCRIPTS, Wanted(MADE, 20), dry=False)
    assert migrate(login, SCRIPTS, Wanted(MADE, 20, accept_drift=True), dry=False).plan.drift == expected
    report = read_report(login, SCRIPTS, MADE, 20, count_rows=True)
    assert report.drift == expected
    assert not report.current
    query(sql, f"ALTER TABLE {MADE}.hdfs_inodes ADD INDEX pidex (parent_id)")
    query(sql, f"ALTER TABLE {MADE}.hdfs_leases MODIFY COLUMN count INT NOT NULL DEFAULT 0")
    query(sql, f"ALTER TABLE {MADE}.write_acks_deployment3 DROP COLUMN more")
    assert_final(login, sql, MADE, 20)


def test_info_tells_engine_fragments_and_rows(made: Outcome, login: Login, sql: Connection) -> None:
    assert made.statements is not None
    query(sql, f"INSERT INTO {MADE}.hdfs_variables VALUES (1, 'a'), (2, 'b')")  # noqa: S608
    report = read_report(login, SCRIPTS, MADE, 20, count_rows=True)
    query(sql, f"TRUNCATE TABLE {MADE}.hdfs_variables")
    assert (report.version, report.current, report.missing, report.lock) == (FINAL, True, [], "")
    assert len(report.tables) == 105
    assert {table["engine"] for table in report.tables} == {"ndbcluster"}
    assert all(table["fragments"] >= 2 for table in report.tables)
    assert {table["name"]: table["rows"] for table in report.tables if table["rows"]} == {"hdfs_variables": 2}


def test_a_row_goes_through_the_sql_node_over_tls(made: Outcome, ndb: NdbCluster, sql: Connection) -> None:
    assert made.statements is not None
    query(sql, "CREATE USER prober@'%' IDENTIFIED BY 'pr0be' REQUIRE SSL")
    query(sql, f"GRANT SELECT, INSERT, UPDATE, DELETE ON {MADE}.* TO prober@'%'")
    found = probe(Login(host=HOST, port=ndb.sql_port, user="prober", password="pr0be"), MADE, 10)  # noqa: S106
    assert found.cipher
    assert query(sql, f"SELECT COUNT(*) FROM {MADE}.hdfs_path_memcached") == [(0,)]  # noqa: S608
    with pytest.raises(SqlError, match=r"error 1045: Access denied for user 'prober'"):
        probe(Login(host=HOST, port=ndb.sql_port, user="prober", password="wrong"), MADE, 10)  # noqa: S106
    query(sql, "DROP USER prober@'%'")


def test_every_version_is_recognised_and_upgraded_with_its_rows(login: Login, sql: Connection, database: str) -> None:
    """A database that went through all versions by hand; it is adopted on the way, with a row in every table."""
    make_database(sql, database)
    for version in VERSIONS[: VERSIONS.index("2.8.2.5") + 1]:
        upgrade_by_hand(sql, version)
        found = plan(login, database, 1)
        assert (found.version, found.adopted, found.drift) == (Version(version), True, {})
    rows = schema_rows.fill(sql, database)
    with pytest.raises(Refused, match=r"yarn_rmnode.* would lose rows"):
        migrate(login, SCRIPTS, Wanted(database, 1), dry=False)
    outcome = migrate(login, SCRIPTS, Wanted(database, 1, confirm_loss=LOST), dry=False)
    assert outcome.plan.version == Version("2.8.2.5")
    assert_final(login, sql, database)
    lost = {name for name in LOST if name != "hdfs_misreplicated_range_queue"}
    assert schema_rows.kept(rows, schema_rows.read(sql, database), {*lost, "hdfs_variables"}) == []
    ids = [row[0] for row in query(sql, f"SELECT id FROM `{database}`.hdfs_variables ORDER BY id")]  # noqa: S608
    assert ids == [7, *range(35, 40)]
    history = query(sql, f"SELECT version, type FROM `{database}`.flyway_schema_history ORDER BY installed_rank")  # noqa: S608
    assert history[0] == ("2.8.2.5", "BASELINE")
    assert history[1:] == [(version, "SQL") for version in VERSIONS[5:]]


def test_the_oldest_version_is_upgraded_through_kills(login: Login, sql: Connection, database: str) -> None:
    """From 2.8.2.1, with a row in every table, killed at random moments: the rows of all tables that stay are kept."""
    make_database(sql, database)
    upgrade_by_hand(sql, VERSIONS[0])
    rows = schema_rows.fill(sql, database)
    query(sql, f"INSERT INTO `{database}`.yarn_price_multiplicator VALUES ('VARIABLE', 2)")  # noqa: S608
    finish_through_kills(login, database, seed=1, confirm_loss=sorted(LOST))
    assert_final(login, sql, database, deployments=2)
    after = schema_rows.read(sql, database)
    assert schema_rows.kept(rows, after, {*LOST, "hdfs_variables", "yarn_price_multiplicator"}) == []
    prices = query(sql, f"SELECT id FROM `{database}`.yarn_price_multiplicator ORDER BY id")  # noqa: S608
    assert prices == [("GENERAL",), ("seven",)]


def test_the_baseline_is_made_through_kills(login: Login, sql: Connection, database: str) -> None:
    finish_through_kills(login, database, seed=2, confirm_loss=[])
    assert_final(login, sql, database, deployments=2)


def finish_through_kills(login: Login, database: str, seed: int, confirm_loss: list[str]) -> None:
    """Run again and again, each run killed a little later than the last, until one is finished; then grow by one.

    A run that is killed between its last change and giving back the lock leaves it to the next that changes something.
    """
    moment = random.Random(seed)  # noqa: S311 # a test's, the same each time
    for attempt in itertools.count(1):
        run = schema_run.start(
            login.socket, database=database, deployments=1, lock_expiry=EXPIRY, confirm_loss=confirm_loss
        )
        with suppress(TimeoutExpired):
            _output, errors = run.communicate(timeout=moment.uniform(0.5, 2.5) + attempt * 2.5)
            assert run.returncode == 0, errors
            assert attempt > 1, "no run was killed"
            break
        run.kill()
        run.communicate()
    assert finished(schema_run.start(login.socket, database=database, deployments=2, lock_expiry=EXPIRY)) > 0


def test_three_runs_at_once_through_two_sql_nodes(
    ndb: NdbCluster, login: Login, sql: Connection, database: str
) -> None:
    with second_sql_node(ndb) as second:
        sockets = (login.socket, second, login.socket)
        runs = [schema_run.start(socket, database=database, deployments=1) for socket in sockets]
        sent = sorted(finished(run) for run in runs)
    assert sent[:2] == [0, 0]
    assert sent[2] > 65
    assert_final(login, sql, database)


def finished(run: Popen[str]) -> int:
    """The number of statements that a run sent."""
    output, errors = run.communicate(timeout=120)
    assert run.returncode == 0, errors
    return int(output)


def test_nodes_die_during_the_load(ndb: NdbCluster, login: Login, database: str) -> None:
    """First a data node, then the SQL node that the run goes through; nobody repeats the run."""
    run = schema_run.start(login.socket, database=database, deployments=1)
    for victim, tables in ((ndb.data_node_ids[0], 10), (SQL_NODE, 40)):
        wait_for_tables(login, database, tables)
        assert run.poll() is None
        ndb.kill(victim)
        ndb.launch(victim)
    assert finished(run) > 65
    ndb.wait_started()
    with ndb.connect() as connection:
        assert_final(login, connection, database)


def wait_for_tables(login: Login, database: str, count: int) -> None:
    """Wait until a database has this many tables."""
    server = SqlServer(login)
    try:
        assert poll(
            lambda: len(patiently(lambda: read_catalogue(server, database), 120).tables),
            lambda found: found >= count,
            120,
            0.2,
        )
    finally:
        server.close()
