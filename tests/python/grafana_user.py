"""The rights and limits of the user `grafana`, tried on the engine library: it reads users.xml as a server does, but knows
no passwords and logs everybody in as `default`, so `grafana` is given that name.

Usage: grafana_user.py LIBRARY USERS_XML
"""

import ctypes
import pathlib
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as xml

# Statement, and what the refusal says; empty if it is allowed.
TRIED = [
    ("SELECT count() FROM skimwatch.reports", ""),
    ("SELECT count() FROM skimwatch.v_reports", ""),
    ("SELECT 1 SETTINGS max_execution_time = 61", "READONLY"),
    ("SELECT 1 SETTINGS max_memory_usage = 90000000000", "READONLY"),
    ("SELECT 1 SETTINGS readonly = 0", "READONLY"),
    ("SELECT number FROM numbers(100001)", "TOO_MANY_ROWS_OR_BYTES"),
    ("SELECT count() FROM private.secrets", "ACCESS_DENIED"),
    ("SELECT count() FROM url('http://127.0.0.1:9/', 'CSV', 'x String')", "ACCESS_DENIED"),
    ("INSERT INTO skimwatch.reports VALUES (1)", "ACCESS_DENIED"),
    ("ALTER TABLE skimwatch.reports DELETE WHERE 1", "ACCESS_DENIED"),
    ("DROP TABLE skimwatch.reports", "ACCESS_DENIED"),
    ("CREATE TABLE skimwatch.mine (x Int8) ENGINE = Memory", "ACCESS_DENIED"),
    ("CREATE USER other", "ACCESS_DENIED"),
    ("SYSTEM SHUTDOWN", "ACCESS_DENIED"),
]

TABLES = [
    "CREATE DATABASE skimwatch",
    "CREATE DATABASE private",
    "CREATE TABLE skimwatch.reports (x Int8) ENGINE = MergeTree ORDER BY x",
    "CREATE VIEW skimwatch.v_reports AS SELECT x FROM skimwatch.reports",
    "CREATE TABLE private.secrets (x Int8) ENGINE = MergeTree ORDER BY x",
]


class Engine:
    """The library with a configuration; one in each process."""

    def __init__(self, library, data, config):
        self.library = ctypes.CDLL(library)
        pointer = ctypes.c_void_p
        self.library.chdb_connect.restype = ctypes.POINTER(pointer)
        self.library.chdb_query.restype = pointer
        self.library.chdb_query.argtypes = [pointer, ctypes.c_char_p, ctypes.c_char_p]
        self.library.chdb_result_error.restype = ctypes.c_char_p
        self.library.chdb_result_error.argtypes = [pointer]
        words = [b"engine", f"--path={data}".encode()]
        words += [f"--config-file={config}".encode()] if config else []
        self.connection = self.library.chdb_connect(len(words), (ctypes.c_char_p * len(words))(*words))
        if not self.connection:
            raise SystemExit("the library does not take the configuration")

    def run(self, sql):
        """What the refusal says; empty if it was done."""
        result = self.library.chdb_query(self.connection[0], sql.encode(), b"TSV")
        return (self.library.chdb_result_error(result) or b"").decode()

    def close(self):
        self.library.chdb_close_conn(self.connection)


def configuration(folder, users_xml):
    """A server's configuration in which everybody is `grafana`."""
    root = xml.parse(users_xml).getroot()
    users = root.find("users")
    grafana = users.find("grafana")
    grafana.tag = "default"
    password = grafana.find("password")
    password.attrib.clear()
    for user in list(users):
        if user is not grafana:
            users.remove(user)
    quotas = xml.SubElement(root, "quotas")
    xml.SubElement(quotas, "default")
    xml.SubElement(root.find("profiles"), "default")
    # Only a server can be told to allow it.
    for limit in root.find("profiles/grafana/constraints"):
        limit.remove(limit.find("changeable_in_readonly"))
    xml.ElementTree(root).write(folder / "users.xml")
    main_file = f"<clickhouse><users_config>{folder / 'users.xml'}</users_config></clickhouse>"
    (folder / "config.xml").write_text(main_file)
    return folder / "config.xml"


def main():
    library, users_xml, *data = sys.argv[1:]
    if data:
        # A process of its own: the library holds one configuration for its life.
        owner = Engine(library, data[0], None)
        failed = [error for error in map(owner.run, TABLES) if error]
        owner.close()
        raise SystemExit("\n".join(failed) or None)
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        subprocess.run([sys.executable, __file__, library, users_xml, str(folder / "data")], check=True)
        grafana = Engine(library, folder / "data", configuration(folder, users_xml))
        wrong = []
        for sql, refusal in TRIED:
            said = grafana.run(sql)
            if (refusal not in said) if refusal else said:
                wrong.append(f"{sql}\n    expected {refusal or 'an answer'}, got {said or 'an answer'}")
        grafana.close()
    raise SystemExit("\n".join(wrong) or None)


main()
