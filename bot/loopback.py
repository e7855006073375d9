"""The senders that a server on this machine answers.

It listens on 127.0.0.1 alone, and still a web page may reach it: a name of the page's own can lead
to that address (DNS rebinding). Such a request bears the page's name as its Host.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

LOCAL_NAMES = frozenset({"127.0.0.1", "localhost"})


def find_foreign_sender(headers: Mapping[str, str], port: int | None = None) -> str | None:
    """Return why a request is refused; None where it is not.

    Without a port any is accepted, as a tunnel to the server has, and a request without a Host as
    well, which no browser sends.
    """
    host, origin = headers.get("Host"), headers.get("Origin")
    is_own = port is None if host is None else _is_local(host, port)
    if not is_own:
        return "This server answers to its own address only."
    if origin is not None and not _is_local(origin.removeprefix("http://"), port):
        return "This server answers to its own page only."
    return None


def _is_local(address: str, port: int | None) -> bool:
    name, _, given = address.partition(":")
    is_port_right = given == str(port) if port is not None else not given or given.isdecimal()
    return name in LOCAL_NAMES and is_port_right
