"""The cluster that the tests of this folder share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ndb.cluster import NdbCluster, archive_path, unpack


@pytest.fixture(scope="session")
def ndb_programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The unpacked archive of NDB's programs."""
    return unpack(archive_path(), tmp_path_factory.mktemp("ndb") / "programs")


@pytest.fixture(scope="session")
def ndb(ndb_programs: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[NdbCluster]:
    """A running cluster of two data nodes; tests leave all its nodes started."""
    with NdbCluster(ndb_programs, tmp_path_factory.mktemp("cluster")) as cluster:
        cluster.start()
        yield cluster
