"""Python reads this at its start where the folder is on PYTHONPATH: SQLite then finds its disk full after so many more pages.

`max_page_count` gives the very error of a full disk, SQLITE_FULL, to a normal user and on any machine.
"""

import os
import sqlite3

_connect = sqlite3.dbapi2.connect


def connect(*arguments, **options):
    connection = _connect(*arguments, **options)
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    if pages:
        connection.execute(f"PRAGMA max_page_count={max(pages, int(os.environ['FULL_AFTER_PAGES']))}")
    return connection


sqlite3.connect = sqlite3.dbapi2.connect = connect
