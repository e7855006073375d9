"""The threads in which discord.py keeps its connections alive."""

from __future__ import annotations

import threading

from discord.gateway import KeepAliveHandler


def stop_heartbeats() -> None:
    """End all of them.

    A client that is closed while it reconnects forgets the heartbeat of the connection it was
    making; forty seconds later that thread would speak to an event loop that is long closed.
    """
    for thread in threading.enumerate():
        if isinstance(thread, KeepAliveHandler):
            thread.stop()
