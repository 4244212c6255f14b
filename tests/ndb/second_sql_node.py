"""Another SQL node of a cluster, on a free API slot."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import pymysql
from ansible_collections.lambdafs.cluster.plugins.module_utils.polling import poll

from tests.ndb.cluster import HOST, SQL_NODE, NdbCluster, free_port

NODE = SQL_NODE + 1


@contextmanager
def second_sql_node(cluster: NdbCluster) -> Iterator[str]:
    """Run it; gives the path of its socket."""
    folder = cluster.node_folder(NODE)
    socket = cluster.folder / "second.sock"
    program = [cluster.program("mysqld"), "--no-defaults", f"--basedir={cluster.programs}", f"--datadir={folder}"]
    program += ["--user=root", "--secure-file-priv=NULL"]
    folder.mkdir()
    subprocess.run([*program, "--initialize-insecure"], check=True, capture_output=True)
    server = [f"--ndb-connectstring={cluster.connectstring}", "--ndbcluster", f"--ndb-nodeid={NODE}"]
    server += [f"--socket={socket}", f"--port={free_port()}", f"--bind-address={HOST}", "--loose-mysqlx=OFF"]
    files = [f"--pid-file={cluster.folder}/second.pid", f"--log-error={cluster.folder}/{NODE}.log"]
    process = subprocess.Popen([*program, *server, *files, "--ndb-wait-setup=120"], start_new_session=True)
    try:
        assert poll(lambda: _ready(str(socket)), bool, 120), f"no second SQL node: see {cluster.folder}/{NODE}.log"
        yield str(socket)
    finally:
        process.kill()
        process.wait()


def _ready(socket: str) -> bool:
    try:
        with pymysql.connect(unix_socket=socket, user="root") as connection, connection.cursor() as cursor:
            cursor.execute("SELECT COUNT(*) FROM ndbinfo.nodes")
    except pymysql.Error:
        return False
    return True
