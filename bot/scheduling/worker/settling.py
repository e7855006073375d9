"""How a claim ends, and what follows from it: the deck, the schedule, the admin. All or nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.errors import StateError
from bot.scheduling.alert_texts import failed_text, notice_about, suspended_text, unknown_text
from bot.scheduling.models import AlertKind, Outcome, Stopped
from bot.scheduling.storage import alerts, draws, schedules
from bot.scheduling.storage import deliveries as ledger

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.scheduling.models import Delivery, Schedule

NOW = "now:"
"""How the occurrence of a post begins that somebody asked for on the spot."""

PAUSED = "The schedule was paused."

TRIES = 5  # an admin edits the same row at the same moment once, not five times


async def settle_sent(transaction: AsyncConnection, ended: Sequence[Delivery]) -> None:
    """Write that claims were posted; those that ended before, or are gone, are left alone."""
    await ledger.settle_claims(transaction, ended)
    await schedules.forget_failures(transaction, {one.schedule_id for one in ended})


async def settle(
    transaction: AsyncConnection,
    ended: Delivery,
    suspend_after: int,
    *,
    is_fault: bool = False,
) -> bool:
    """Write how a claim ended, if not by being sent, and all that follows.

    Args:
        transaction: the write under way.
        ended: the claim with its outcome, reason and time.
        suspend_after: how many failures in a row suspend a schedule.
        is_fault: whether a failure is the schedule's, and not the network's or Discord's.

    Returns:
        False if the claim had ended already, or is gone; then nothing was written.
    """
    if not await ledger.settle_claim(transaction, ended):
        return False
    match ended.outcome:
        case Outcome.FAILED:
            await draws.put_back(transaction, ended)
            if is_fault and not ended.occurrence.startswith(NOW):
                await _count_failure(transaction, ended, suspend_after)
            else:
                await _tell(transaction, ended, AlertKind.FAILED)
        case Outcome.UNKNOWN:
            await _tell(transaction, ended, AlertKind.UNKNOWN)
        case Outcome.SKIPPED:
            await draws.put_back(transaction, ended)
        case Outcome.SENT | Outcome.MISSED | None:
            pass
    return True


async def _count_failure(
    transaction: AsyncConnection, delivery: Delivery, suspend_after: int
) -> None:
    """Count a final failure: the admin is told of the first, and of the one that suspends."""
    counted = await _change(
        transaction,
        delivery.schedule_id,
        lambda schedule: _failed_once_more(schedule, suspend_after),
    )
    if counted is None:
        return
    if counted.stopped is Stopped.SUSPENDED:
        await _tell(transaction, delivery, AlertKind.SUSPENDED)
    elif counted.failures == 1:
        await _tell(transaction, delivery, AlertKind.FAILED)


def _failed_once_more(schedule: Schedule, suspend_after: int) -> dict[str, Any]:
    if schedule.stopped is Stopped.SUSPENDED:
        return {}
    failures = schedule.failures + 1
    if failures < suspend_after:
        return {"failures": failures}
    return {
        "failures": failures,
        "stopped": Stopped.SUSPENDED,
        "next_day": None,
        "next_due": None,
    }


async def _change(
    transaction: AsyncConnection,
    schedule_id: str,
    changes: Callable[[Schedule], dict[str, Any]],
) -> Schedule | None:
    """Read, change and write a schedule, again if somebody was faster.

    Returns:
        The schedule as written; None if there was nothing to change, or it is gone.
    """
    for _ in range(TRIES):
        schedule = await schedules.schedule(transaction, schedule_id)
        wanted = {} if schedule is None else changes(schedule)
        if schedule is None or not wanted:
            return None
        changed = await schedules.change_schedule(transaction, schedule, **wanted)
        if changed is not None:
            return changed
    raise StateError("A schedule is being changed by too many at once; try again.")


async def _tell(transaction: AsyncConnection, delivery: Delivery, kind: AlertKind) -> None:
    schedule = await schedules.schedule(transaction, delivery.schedule_id)
    if schedule is None:
        return
    match kind:
        case AlertKind.SUSPENDED:
            text = suspended_text(schedule, delivery)
        case AlertKind.UNKNOWN:
            text = unknown_text(schedule, delivery)
        case AlertKind.FAILED | AlertKind.MISSED:
            text = failed_text(schedule, delivery)
    await alerts.add_notice(transaction, notice_about(delivery, kind, text))
