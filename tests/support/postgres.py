"""A real PostgreSQL for the tests, started from its binaries and thrown away afterwards.

`from tests.support.postgres import postgres_cluster, postgres_server` in a conftest makes the
fixtures known.
"""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

USER = "postgres"  # PostgreSQL refuses to run as root


@dataclass(frozen=True, slots=True)
class PostgresServer:
    """A running server on 127.0.0.1 that trusts everybody on this machine."""

    binaries: Path
    port: int
    _made: list[str] = field(default_factory=list)

    def new_database(self, like: str | None = None) -> str:
        """Create a database, empty or a copy of the one with this URL; give its URL."""
        name = f"test_{secrets.token_hex(6)}"
        copied = () if like is None else ("-T", like.rpartition("/")[2])
        run([self.binaries / "createdb", *self._where, *copied, name])
        self._made.append(name)
        return f"postgresql://{USER}@127.0.0.1:{self.port}/{name}"

    def drop_databases(self) -> None:
        """Drop the databases that were created here, whoever is connected to them."""
        if not self._made:
            return
        statements = (f"DROP DATABASE IF EXISTS {name} WITH (FORCE)" for name in self._made)
        commands = [part for each in statements for part in ("-c", each)]
        run([self.binaries / "psql", *self._where, "-d", "postgres", *commands])
        self._made.clear()

    @property
    def _where(self) -> tuple[str, ...]:
        return ("-h", "127.0.0.1", "-p", str(self.port), "-U", USER)


@pytest.fixture
def postgres_server(postgres_cluster: PostgresServer) -> Iterator[PostgresServer]:
    """Give the server to one test, and drop its databases when it ends.

    A database is 300 files: those of all tests together took a slow disk longer to remove at the
    end than the tests had taken.
    """
    server = PostgresServer(postgres_cluster.binaries, postgres_cluster.port)
    try:
        yield server
    finally:
        server.drop_databases()


@pytest.fixture(scope="session")
def postgres_cluster() -> Iterator[PostgresServer]:
    """Start a server; skip where there is none to start, except in CI, where it must be."""
    binaries = find_binaries()
    if binaries is None:
        reason = "PostgreSQL's initdb and pg_ctl are neither in PATH nor in /usr/lib/postgresql"
        if os.environ.get("CI"):
            pytest.fail(f"{reason}; in CI they must be there.")
        pytest.skip(reason)
    folder = Path(tempfile.mkdtemp(prefix="linernotes-postgres-"))
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, USER)
        port = free_port()
        start(binaries, folder, port)
        try:
            yield PostgresServer(binaries, port)
        finally:
            run(
                as_server_user(
                    [binaries / "pg_ctl", "-D", folder / "data", "-m", "immediate", "stop"]
                )
            )
    finally:
        shutil.rmtree(folder)


def find_binaries() -> Path | None:
    """Find the folder of the newest server's binaries."""
    found = shutil.which("pg_ctl")
    if found:
        return Path(found).resolve().parent
    versions = Path("/usr/lib/postgresql").glob("*/bin/pg_ctl")
    newest = max(versions, key=lambda path: int(path.parts[-3]), default=None)
    return newest.parent if newest else None


def start(binaries: Path, folder: Path, port: int) -> None:
    """Make a cluster and start its server."""
    data = folder / "data"
    run(
        as_server_user(
            [binaries / "initdb", "-D", data, "-U", USER, "-A", "trust", "-N", "-E", "UTF8"]
        )
    )
    # fsync and its like are for power cuts, which no test makes, and vacuum for tables that grow.
    quick = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "autovacuum=off")
    settings = " ".join(f"-c {each}" for each in ("listen_addresses=127.0.0.1", *quick))
    options = f"-p {port} -k {folder} {settings}"
    log = folder / "log"
    run(as_server_user([binaries / "pg_ctl", "-D", data, "-l", log, "-o", options, "-w", "start"]))


def as_server_user(command: list[str | Path]) -> list[str | Path]:
    """Run a command of the server as its own user where we are root."""
    return ["runuser", "-u", USER, "--", *command] if os.geteuid() == 0 else command


def run(command: list[str | Path]) -> None:
    """Run a command in a folder that anybody may read, and show what it said if it fails."""
    done = subprocess.run(
        command,
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,  # not a pipe: the server would hold it open
        stderr=subprocess.PIPE if "initdb" in str(command) else subprocess.DEVNULL,
        check=False,
    )
    if done.returncode:
        pytest.fail(f"{command} failed: {(done.stderr or b'').decode()}")


def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
