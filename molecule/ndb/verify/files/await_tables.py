#!/usr/bin/env python3
"""Returns when a database has as many tables; runs on an SQL node. Arguments: socket, database, number."""

import sys
from threading import Event

import pymysql

# Seconds
_BETWEEN_LOOKS = 0.05


def main() -> None:
    """Wait for the tables."""
    socket, database, number = sys.argv[1:]
    with pymysql.connect(unix_socket=socket, user="root", autocommit=True) as server, server.cursor() as cursor:
        print("watching", flush=True)
        found = 0
        while found < int(number):
            Event().wait(_BETWEEN_LOOKS)
            cursor.execute("SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA = %s", (database,))
            found = cursor.fetchone()[0]
    print(f"{found} tables", flush=True)


if __name__ == "__main__":
    main()
