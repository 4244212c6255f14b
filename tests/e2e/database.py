"""What a test asks the SQL node of a site as root."""

from __future__ import annotations

import base64
import json
import shlex
from pathlib import Path
from typing import Any

from tests.e2e.site import CLUSTER, Site

MANAGER = "ndb-manager-node-0"
DATABASE = "vanilla_hopsfs"
_CLIENT = """
import json, sys, pymysql
connection = pymysql.connect(unix_socket="/run/lambdafs-mysqld/mysqld.sock", user="root", autocommit=True)
cursor = connection.cursor()
cursor.execute(sys.argv[1])
print(json.dumps(cursor.fetchall(), default=str))
"""


def sql(site: Site, statement: str) -> list[list[Any]]:
    """The rows of a statement that root asks the SQL node by its local socket."""
    program = f"import base64; exec(base64.b64decode('{base64.b64encode(_CLIENT.encode()).decode()}'))"
    answer = site.ssh(site.instance(MANAGER), f"sudo python3 -c {shlex.quote(program)} {shlex.quote(statement)}")
    rows: list[list[Any]] = json.loads(answer)
    return rows


def password_file(site: Site) -> Path:
    """Where the control node keeps the account's password."""
    return Path(site.environment["LAMBDAFS_LAB_STATE"], "cluster", CLUSTER, "ndb_password")
