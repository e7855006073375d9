"""Run a piece of heavy work in a process of its own.

The memory that only the work needs is given back, and nobody else waits for it.
"""

from __future__ import annotations

import gc
import os
import signal
import time
from threading import Thread
from typing import TYPE_CHECKING, Any, TypeVar

from bot.errors import LinerNotesError

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection
    from threading import Event

Result = TypeVar("Result")


STEP_S = 0.2
"""How often a waiting thread looks whether the result is still wanted."""


def run_in_child(
    work: Callable[..., Result],
    *arguments: object,
    name: str,
    within: float,
    unwanted: Event | None = None,
) -> Result:
    """Call a function in a child process, and return its result.

    An expected error of the function is raised here. Setting `unwanted` ends the process.

    Raises:
        TimeoutError: It took longer than `within` seconds, and was ended.
        ChildProcessError: The process could not start, or was ended.
    """
    # Imported here: a start with a current index needs no other process.
    import multiprocessing  # noqa: PLC0415

    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    child = context.Process(
        target=_report_result, args=(sender, work, arguments), name=name, daemon=True
    )
    child.start()
    try:
        sender.close()  # the child has its own: when that closes as well, no report will come
        end = time.monotonic() + within
        while not receiver.poll(min(STEP_S, within)):
            if time.monotonic() >= end:
                raise TimeoutError(f"{name}: over {within:g} seconds")
            if unwanted is not None and unwanted.is_set():
                raise ChildProcessError(f"{name}: its result is no longer wanted")
        result, error = receiver.recv()
    except (EOFError, ConnectionError) as lost:
        raise ChildProcessError(f"{name}: it could not start, or was killed") from lost
    finally:
        receiver.close()
        child.kill()
        child.join()
    if error is not None:
        raise error
    found: Result = result
    return found


def stop_children() -> None:
    """End the child processes at work; nobody will use their results."""
    import multiprocessing  # noqa: PLC0415  # it is large, and a bot at rest does not need it

    for child in multiprocessing.active_children():
        child.kill()


def _report_result(
    sender: Connection, work: Callable[..., Any], arguments: tuple[object, ...]
) -> None:
    """Work in a process of its own, and send the outcome."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which ends the child
    Thread(target=_leave_with_parent, daemon=True).start()
    gc.disable()  # it lives for seconds, and collecting garbage takes a tenth of them
    try:
        result = work(*arguments)
    except LinerNotesError as error:
        sender.send((None, error))
    else:
        sender.send((result, None))


def _leave_with_parent() -> None:
    """End this process when its parent is gone, however it went."""
    import multiprocessing  # noqa: PLC0415

    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
