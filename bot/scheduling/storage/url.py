"""The URL of a state database: its driver, its file, and its options."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from bot.errors import StateError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.engine import URL

_DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "sqlite+aiosqlite": "sqlite+aiosqlite",
    "postgres": "postgresql+asyncpg",
    "postgresql": "postgresql+asyncpg",
    "postgresql+asyncpg": "postgresql+asyncpg",
}
# As libpq and so every host of PostgreSQL spells them. The driver reads these out of a URL of its
# own; it knows no channel binding, which no more than the connection's encryption is left without.
_TLS_OPTIONS = {
    "sslmode", "sslrootcert", "sslcert", "sslkey", "sslcrl", "sslpassword",
    "ssl_min_protocol_version", "ssl_max_protocol_version",
}  # fmt: skip
_MULTIPLE = {"host", "port"}
"""Several servers may be named; SQLAlchemy reads these out of the URL itself."""
_TEXT_OPTIONS = {"user", "password", "database", "ssl", "passfile"}
_SERVER_SETTINGS = {"application_name", "search_path"}
_NUMBERS = {"connect_timeout": "timeout", "command_timeout": "command_timeout"}
_POSITIVE = {"command_timeout"}
_MAX_PORT = 65_535
_SESSIONS = ("any", "primary", "standby", "prefer-standby", "read-write", "read-only")
_OFF_ON = {"false": False, "0": False, "no": False, "true": True, "1": True, "yes": True}
_OPTIONS = {
    "postgresql+asyncpg": {
        *_TLS_OPTIONS, *_MULTIPLE, *_TEXT_OPTIONS, *_SERVER_SETTINGS, *_NUMBERS, "pgbouncer",
        "prepared_statement_cache_size", "statement_cache_size", "channel_binding",
        "target_session_attrs",
    },
    "sqlite+aiosqlite": {"timeout"},
}  # fmt: skip


def parse_url(url: str) -> URL:
    """Parse a database URL and name its async driver.

    Raises:
        StateError: it is no URL, of a database that is not supported, or with unknown options.
    """
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):  # the second for a port that is no number
        # Without the cause, whose words may be a part of the password.
        raise StateError(
            "The state's URL cannot be read; write sqlite:///state.db or postgresql://user:password"
            "@host/name, with what is no letter or digit in the password as %XX."
        ) from None
    driver = _DRIVERS.get(parsed.drivername)
    if driver is None:
        raise StateError(
            f"The state cannot be kept in '{parsed.drivername}'; use sqlite:///… or postgresql://….",
        )
    if driver.startswith("sqlite") and not sqlite_file(parsed):
        raise StateError("The state needs a file: write sqlite:///path/to/state.db.")
    parsed = parsed.set(drivername=driver)
    known = _OPTIONS[driver]
    given = set(parsed.query)
    if sqlite_file(parsed) and not given:  # without a value, it is none for SQLAlchemy
        given = set(filter(None, [url.partition("?")[2]]))
    if unknown := sorted(given - known):
        shown = ", ".join(f"'{name[:40]}'" for name in unknown)
        remedy = (
            "a ? that belongs to the file's name is written %3F"
            if sqlite_file(parsed)
            else f"those that are known are {', '.join(sorted(known))}"
        )
        raise StateError(f"The state's URL has an option that is not known, {shown}; {remedy}.")
    _check_place(parsed)
    connect_arguments(parsed)
    return parsed


def sqlite_file(url: URL) -> Path | None:
    """Return the file of a SQLite URL; None for any other, or one in memory."""
    if not url.drivername.startswith("sqlite") or url.database in {None, "", ":memory:"}:
        return None
    return Path(str(url.database))


def describe_url(url: URL) -> str:
    """Return the name of a database for a message, without its password."""
    file = sqlite_file(url)
    return str(file) if file else f"'{url.database}' on {url.host or 'this machine'}"


def _check_place(url: URL) -> None:
    """Raise a StateError for a file, server or repeated option that no driver can use."""
    texts = [url.host, url.username, url.password, url.database]
    if any("\0" in (each or "") for each in (*texts, *map("".join, url.query.values()))):
        raise StateError("The state's URL has a NUL character, %00; leave it out.")
    if url.port is not None and not 0 < url.port <= _MAX_PORT:
        raise StateError(
            f"The state's URL has the port {url.port}; a port is from 1 to {_MAX_PORT}."
        )
    try:
        (url.host or "").encode("idna")
    except UnicodeError:
        raise StateError(
            "The state's URL has a host that can be none; write it as in db.example.org."
        ) from None
    repeated = [name for name, value in url.query.items() if not isinstance(value, str)]
    for name in repeated:
        if name not in _MULTIPLE:
            raise StateError(f"The state's URL has the option '{name}' twice; keep one.")
    has_ports = "port" in url.query or all(":" in host for host in url.query.get("host", ()))
    if "host" in repeated and not has_ports:
        raise StateError(
            "The state's URL names several hosts without a port for each; "
            "write host=one:5432&host=two:5432."
        )


def without_options(url: URL) -> URL:
    """Return a PostgreSQL URL without the options that `connect_arguments` translates."""
    return url.set(query={name: url.query[name] for name in _MULTIPLE if name in url.query})


def says_pooled(url: URL) -> bool:
    """Return whether a URL says that a transaction pooler stands before the server.

    Raises:
        StateError: it says neither yes nor no.
    """
    value = url.query.get("pgbouncer", "false")
    is_pooled = _OFF_ON.get((value if isinstance(value, str) else value[-1]).casefold())
    if is_pooled is None:
        raise StateError("The state's URL has a 'pgbouncer' that is neither true nor false.")
    return is_pooled


def connect_arguments(url: URL) -> dict[str, Any]:
    """Translate the options of a PostgreSQL URL into the driver's arguments.

    Raises:
        StateError: an option has a value that it cannot have.
    """
    if sqlite_file(url) is not None:
        if "timeout" in url.query:
            _parse_number("timeout", str(url.query["timeout"]))
        return {}
    options = {
        name: value if isinstance(value, str) else value[-1] for name, value in url.query.items()
    }
    _check_values(options)
    arguments: dict[str, Any] = {
        name: value for name, value in options.items() if name in _TEXT_OPTIONS
    }
    for_driver = {
        name: options[name] for name in (*_TLS_OPTIONS, "target_session_attrs") if name in options
    }
    if for_driver:
        arguments["dsn"] = f"postgresql://?{urlencode(for_driver)}"
    settings = {name: options[name] for name in _SERVER_SETTINGS if name in options}
    if settings:
        arguments["server_settings"] = settings
    for name, argument in _NUMBERS.items():
        if name in options:
            arguments[argument] = _parse_number(name, options[name])
    for name in ("prepared_statement_cache_size", "statement_cache_size"):
        if name in options:
            arguments[name] = int(_parse_number(name, options[name]))
    if says_pooled(url):
        # Each transaction may be on another of the pooler's connections, where no statement that
        # was prepared before is known. Those without a name are replaced by the next: with names,
        # they would stay on the pooler's connections, more with every transaction.
        arguments |= {
            "statement_cache_size": 0,
            "prepared_statement_cache_size": 0,
            "prepared_statement_name_func": str,
        }
    return arguments


def _check_values(options: Mapping[str, str]) -> None:
    """Raise a StateError for a value that the driver would refuse without a sentence."""
    if options.get("target_session_attrs", "any") not in _SESSIONS:
        raise StateError(
            "The state's URL has a 'target_session_attrs' that is not known; "
            f"use one of {', '.join(_SESSIONS)}."
        )
    certificate = options.get("sslrootcert")
    is_verified = options.get("sslmode") in {"verify-ca", "verify-full"}
    if certificate and is_verified and not Path(certificate).is_file():
        raise StateError(
            f"The state's URL names the file {certificate} as 'sslrootcert', which is not there; "
            "correct its path."
        )


def _parse_number(name: str, text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        raise StateError(
            f"The state's URL has a '{name}' that is no number; write {name}=10."
        ) from None
    if not math.isfinite(number) or number < 0 or (name in _POSITIVE and number == 0):
        raise StateError(f"The state's URL has a '{name}' that is out of range; write {name}=10.")
    return number
