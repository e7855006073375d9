"""A real PgBouncer before the tests' PostgreSQL, which gives out a connection for each transaction.

`from tests.support.pooler import pooled` in a test makes the fixture known.
"""

from __future__ import annotations

import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support.postgres import USER, as_server_user, free_port
from tests.support.waiting import PATIENCE_S

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.support.postgres import PostgresServer

SERVER_CONNECTIONS = 2
"""Fewer than the states of a test open: so their transactions are on each other's connections."""


@pytest.fixture(scope="session")
def pooled(postgres_cluster: PostgresServer) -> Iterator[Callable[[str], str]]:
    """Start a pooler; give what turns the URL of a database into the one through the pooler."""
    program = shutil.which("pgbouncer") or shutil.which("/usr/sbin/pgbouncer")
    if program is None:
        pytest.skip("PgBouncer is not installed: apt-get install pgbouncer")
    folder, port = Path(tempfile.mkdtemp(prefix="linernotes-pgbouncer-")), free_port()
    (folder / "users.txt").write_text(f'"{USER}" ""\n')
    (folder / "pgbouncer.ini").write_text(
        f"[databases]\n* = host=127.0.0.1 port={postgres_cluster.port}\n"
        f"[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\n"
        f"auth_type = trust\nauth_file = {folder / 'users.txt'}\n"
        f"pool_mode = transaction\ndefault_pool_size = {SERVER_CONNECTIONS}\n"
    )
    try:
        folder.chmod(0o755)
        command = as_server_user([program, "-q", folder / "pgbouncer.ini"])
        running = subprocess.Popen(command, cwd="/", stderr=subprocess.DEVNULL)
        try:
            _wait_until_it_listens(port)
            yield lambda url: url.replace(f":{postgres_cluster.port}/", f":{port}/")
        finally:
            running.terminate()
            running.wait(PATIENCE_S)
    finally:
        shutil.rmtree(folder)


def _wait_until_it_listens(port: int) -> None:
    give_up_at = time.monotonic() + PATIENCE_S
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except ConnectionRefusedError:
            if time.monotonic() > give_up_at:
                raise
            time.sleep(0.01)
        else:
            return
