#!/usr/bin/env python3
"""Inserts row after row through the local SQL node until one fails, and notes each that was acknowledged."""

import sys
from itertools import count
from pathlib import Path

import pymysql

database = pymysql.connect(unix_socket=sys.argv[1], user="root", database="vanilla_hopsfs", autocommit=True)
with Path(sys.argv[2]).open("w", encoding="ascii") as acknowledged, database.cursor() as cursor:
    for number in count(1):
        cursor.execute("INSERT INTO written VALUES (%s)", (number,))
        acknowledged.write(f"{number}\n")
        acknowledged.flush()
