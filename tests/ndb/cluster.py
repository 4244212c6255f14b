"""A real NDB cluster of plain processes on the loopback address, small enough for a test.

    with NdbCluster(programs, folder, data_nodes=2) as cluster:
        cluster.start()                      # first start of all, waits until SQL is served
        cluster.connect(database="test")     # PyMySQL as root
        cluster.kill(3); cluster.launch(3); cluster.wait_started()

Node ids are those of the collection: management server 1, data nodes from 3, SQL node 145. All files are below
`folder`, all ports are free ones. The `ndb` fixture of conftest.py gives one cluster for a whole test session.
"""

from __future__ import annotations

import os
import socket
import subprocess
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

import pymysql
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_cluster_view import Cluster, ask_cluster, wait_for
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_management import Address
from ansible_collections.lambdafs.cluster.plugins.module_utils.polling import poll

MANAGER = 1
FIRST_DATA_NODE = 3
SQL_NODE = 145
LAST_API_SLOT = 152
# A data node of 451 MB
SMALL = {
    "DataMemory": "80M",
    "SharedGlobalMemory": "24M",
    "TransactionMemory": "24M",
    "TotalSendBufferMemory": "4M",
    "DiskPageBufferMemory": "4M",
    "RedoBuffer": "1M",
    "LongMessageBuffer": "2M",
    "NoOfFragmentLogParts": "4",
    "NoOfFragmentLogFiles": "3",
    "FragmentLogFileSize": "4M",
    "AutomaticThreadConfig": "0",
    "MaxNoOfExecutionThreads": "2",
    "TimeBetweenGlobalCheckpoints": "200",
    "MaxNoOfTables": "1024",
    "MaxNoOfAttributes": "8192",
    "MaxNoOfOrderedIndexes": "1024",
    "MaxNoOfUniqueHashIndexes": "128",
    "MaxNoOfTriggers": "4096",
}


def host_of(node_id: int) -> str:
    """Each node's own loopback address; NDB refuses a mixture with 127.0.0.1."""
    return f"127.0.9.{node_id}"


HOST = host_of(MANAGER)


def free_port() -> int:
    """A TCP port that nobody listens on."""
    with socket.create_server((HOST, 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


class NdbCluster:
    """One management server, data nodes and one SQL node.

    Args:
        programs: the unpacked archive, with bin/ and lib/.
        folder: where configuration, data and logs go.
        data_nodes: how many data nodes the configuration has at first.
        parameters: data node parameters that differ from `SMALL`.
    """

    def __init__(
        self, programs: Path, folder: Path, data_nodes: int = 2, parameters: dict[str, str] | None = None
    ) -> None:
        self.programs = programs
        self.folder = folder
        self.parameters = {**SMALL, **(parameters or {})}
        self.data_node_ids = [FIRST_DATA_NODE + number for number in range(data_nodes)]
        self.newcomers: list[int] = []
        self.port = free_port()
        self.sql_port = free_port()
        self.socket = folder / "mysqld.sock"
        self.config = folder / "config.ini"
        self._running: dict[int, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> NdbCluster:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for node_id in sorted(self._running, reverse=True):
            self.kill(node_id)

    @property
    def connectstring(self) -> str:
        """The management server as `host:port`."""
        return f"{HOST}:{self.port}"

    @property
    def addresses(self) -> list[Address]:
        """The management server for the client."""
        return [Address(HOST, self.port)]

    def program(self, name: str) -> str:
        """Path of a program of the archive."""
        return str(self.programs / "bin" / name)

    def node_folder(self, node_id: int) -> Path:
        """Where a node has its data."""
        return self.folder / str(node_id)

    @property
    def data_folder(self) -> Path:
        """Where all data nodes have their data, each below its own name."""
        return self.folder / "data"

    def config_text(self) -> str:
        """config.ini; nodes of `newcomers` are to start without node group."""
        lines = ["[ndbd default]", "NoOfReplicas=2", f"DataDir={self.data_folder}"]
        lines += [f"{name}={value}" for name, value in self.parameters.items()]
        lines += ["[ndb_mgmd]", f"NodeId={MANAGER}", f"HostName={HOST}", f"PortNumber={self.port}"]
        lines += [f"DataDir={self.node_folder(MANAGER)}"]
        for node_id in self.data_node_ids:
            lines += ["[ndbd]", f"NodeId={node_id}", f"HostName={host_of(node_id)}"]
            lines += ["NodeGroup=65536"] if node_id in self.newcomers else []
        lines += ["[mysqld]", f"NodeId={SQL_NODE}", f"HostName={host_of(SQL_NODE)}"]
        for node_id in range(SQL_NODE + 1, LAST_API_SLOT + 1):
            lines += ["[api]", f"NodeId={node_id}"]
        return "\n".join(lines) + "\n"

    def nodes(self) -> list[dict[str, Any]]:
        """All nodes as the filter ndb_nodes describes them."""
        kinds = {MANAGER: "mgmd", SQL_NODE: "sql"}
        return [
            {"name": f"node-{i}", "id": i, "kind": kinds.get(i, "datanode"), "host": host_of(i)}
            for i in [MANAGER, *self.data_node_ids, SQL_NODE]
        ]

    def config_arguments(self) -> dict[str, Any]:
        """Arguments of the module ndb_config for this cluster."""
        return {
            "path": str(self.config),
            "nodes": self.nodes(),
            "parameters": self.parameters,
            "port": self.port,
            "host": HOST,
            "data_dir": str(self.node_folder(MANAGER)),
            "config_dir": str(self.node_folder(MANAGER)),
            "datanode_data_dir": str(self.data_folder),
            "program": self.program("ndb_mgmd"),
        }

    def command(self, node_id: int) -> list[str]:
        """The command line of a node's process."""
        if node_id == MANAGER:
            files = [f"--config-file={self.config}", f"--configdir={self.node_folder(MANAGER)}"]
            return [self.program("ndb_mgmd"), "--nodaemon", *files, f"--ndb-nodeid={MANAGER}", "--bind-address", HOST]
        if node_id == SQL_NODE:
            server = [self.own_connectstring(node_id), "--ndbcluster", f"--ndb-nodeid={SQL_NODE}"]
            listens = [f"--socket={self.socket}", f"--port={self.sql_port}", f"--bind-address={HOST}"]
            files = [f"--pid-file={self.folder}/mysqld.pid", f"--log-error={self.folder}/145.log"]
            return [*self.mysqld(), *server, *listens, *files, "--loose-mysqlx=OFF", "--ndb-wait-setup=120"]
        return [self.program("ndbmtd"), "--foreground", self.own_connectstring(node_id), f"--ndb-nodeid={node_id}"]

    def own_connectstring(self, node_id: int) -> str:
        """The option that has a node connect from its own address."""
        return f"--ndb-connectstring=bind-address={host_of(node_id)},{self.connectstring}"

    def mysqld(self) -> list[str]:
        """The SQL node's program with what every call of it needs."""
        folders = [f"--basedir={self.programs}", f"--datadir={self.node_folder(SQL_NODE)}"]
        return [self.program("mysqld"), "--no-defaults", *folders, "--user=root", "--secure-file-priv=NULL"]

    def launch(self, node_id: int) -> None:
        """Start a node's process."""
        self.node_folder(node_id).mkdir(parents=True, exist_ok=True)
        self.data_folder.mkdir(exist_ok=True)
        with (self.folder / f"{node_id}.out").open("ab") as output:
            self._running[node_id] = subprocess.Popen(
                self.command(node_id),
                stdout=output,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                cwd=self.node_folder(node_id),
                start_new_session=True,
            )

    def kill(self, node_id: int) -> None:
        """End a node's process with SIGKILL and wait for its end."""
        process = self._running.pop(node_id)
        process.kill()
        process.wait()

    def wait_ended(self, node_id: int, timeout: float = 60) -> int:
        """Wait until a process that was asked to stop has ended; returns its exit code."""
        return self._running.pop(node_id).wait(timeout)

    def terminate(self, node_id: int, timeout: float = 60) -> int:
        """Ask a node's process to end with SIGTERM; returns its exit code."""
        self._running[node_id].terminate()
        return self.wait_ended(node_id, timeout)

    def start(self) -> None:
        """Start all nodes from nothing, and wait until SQL is served."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.config.write_text(self.config_text(), encoding="utf-8")
        self.launch(MANAGER)
        for node_id in self.data_node_ids:
            self.launch(node_id)
        if not self.node_folder(SQL_NODE).exists():
            self.node_folder(SQL_NODE).mkdir(parents=True)
            subprocess.run([*self.mysqld(), "--initialize-insecure"], check=True, capture_output=True)
        self.wait_started()
        self.launch(SQL_NODE)
        self.wait_sql()

    def look(self) -> Cluster:
        """The cluster as its management server sees it."""
        return ask_cluster(self.addresses, 5)

    def wait_started(self, node_ids: Sequence[int] = (), timeout: float = 180) -> None:
        """Wait until data nodes, all by default, are started."""
        self.wait("started", node_ids, timeout)

    def wait(self, condition: str, node_ids: Sequence[int] = (), timeout: float = 180) -> None:
        """Wait for a condition of ndb_cluster_info."""
        _cluster, left = wait_for(self.look, condition, list(node_ids), timeout)
        assert not left, f"{'; '.join(left)}: see {self.folder}"

    def connect(self, **options: Any) -> pymysql.Connection[Any]:
        """A PyMySQL connection as root over the socket."""
        return pymysql.connect(unix_socket=str(self.socket), user="root", autocommit=True, **options)

    def wait_sql(self, timeout: float = 180) -> None:
        """Wait until the SQL node has NDB's tables."""

        def ready() -> str:
            try:
                with self.connect() as connection, connection.cursor() as cursor:
                    cursor.execute("SELECT COUNT(*) FROM ndbinfo.nodes")
            except pymysql.Error as error:
                return str(error)
            return ""

        missing = poll(ready, lambda error: not error, timeout)
        assert not missing, f"no SQL node: {missing}: see {self.folder}"


def unpack(archive: Path, folder: Path) -> Path:
    """Unpack the archive of NDB's programs; returns the folder with bin/ and lib/."""
    folder.mkdir(parents=True)
    subprocess.run(["tar", "-xf", str(archive), "-C", str(folder), "--strip-components=1"], check=True)
    return folder


def archive_path() -> Path:
    """The archive of NDB's programs: `LAMBDAFS_NDB_ARCHIVE`, else the lab's own."""
    given = os.environ.get("LAMBDAFS_NDB_ARCHIVE")
    if given:
        return Path(given)
    found = subprocess.run(["python", "-m", "lab", "ndb-archive"], check=True, stdout=subprocess.PIPE, text=True)
    return Path(found.stdout.splitlines()[-1])
