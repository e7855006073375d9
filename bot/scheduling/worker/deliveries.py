"""The state machine of a delivery: every transition, each one transaction.

::

    a schedule is due                               /daily now
           |                                            |
           | claim_due                                  | create_on_demand
           v                     take_up                v
     +-----------+ <------------------------------ +-----------+
     |  leased   | ------------------------------> | available | --> SKIPPED: its schedule
     +-----------+     release; lease expires      +-----------+     was paused (skip_unsent)
           |                                            ^
           | begin_attempt: before the request          | release: certainly
           v                                            | not posted
     +-----------+ -------------------------------------+
     | uncertain |
     |  leased   | <----------- take_up ---------- +-----------+
     |           | ------------------------------> | uncertain |
     +-----------+   release: the answer is lost;  | available |
           |         lease expires                 +-----------+
           |
           +--> SENT     accepted, or found in the channel; its follow-ups begin here
           +--> FAILED   refused, or certainly not posted when its window closed
           +--> UNKNOWN  it cannot be known; never sent again
           +--> SKIPPED  certainly not posted, and its schedule is paused

`take_up` is any process; `available_at` says from when on. A leased delivery that is certainly
not posted may also go straight to FAILED, when its window has closed. Some are written complete:
MISSED (or UNKNOWN, after a restore) where the window closed before anything could be tried, FAILED
for want of a quote or a time zone, SKIPPED where an admin skipped the day.

A delivery belongs to the process that leased it until the lease expires; a request made for it is
given up before that, so that no other process makes one meanwhile. Every transition of an open
delivery compares the holder and the lease it was read with, and changes nothing if they differ.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import takewhile
from typing import TYPE_CHECKING, Any

import structlog

from bot.errors import StateError
from bot.scheduling.alert_texts import (
    damaged_delivery_text,
    damaged_schedule_text,
    failed_text,
    missed_text,
    new_alert,
    no_quotes_reason,
    no_zone_reason,
    no_zone_text,
    restored_text,
    role_gone_text,
    suspended_text,
    unknown_text,
)
from bot.scheduling.models import (
    Alert,
    AlertKind,
    Outcome,
    Stopped,
    Trigger,
    alert_id,
    damage_alert_id,
    new_scheduled_delivery,
)
from bot.scheduling.reasons import Reason, explain
from bot.scheduling.recurrence import Occurrence, next_occurrence, walk_occurrences
from bot.scheduling.rotation import QuotePicker
from bot.scheduling.storage import alerts, damage, deliveries, follow_ups, schedules
from bot.scheduling.timezones import is_zone_known, load_zone
from bot.scheduling.worker.batcher import Batcher
from bot.scheduling.worker.leasing import set_one_aside
from bot.scheduling.worker.rate_limiter import MAX_BATCH

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.localization.messages import Message
    from bot.scheduling.models import Delivery, Schedule
    from bot.scheduling.ports import QuoteProvider
    from bot.scheduling.rotation import Pick
    from bot.scheduling.storage.damage import DamagedRow
    from bot.scheduling.storage.schedules import DueSchedule
    from bot.scheduling.worker.context import WorkerContext

log = structlog.stdlib.get_logger("bot.scheduling")

MAX_MISSED = 31  # rows for one outage; the alert counts every missed day
MAX_TRIES = 5  # an admin edits the same row at the same moment once, not five times


class Deliveries:
    """The transitions of deliveries in one worker process."""

    def __init__(self, context: WorkerContext, quotes: QuoteProvider) -> None:
        self._context = context
        self._quotes = quotes
        self._attempts = Batcher(self._begin_batch, MAX_BATCH)
        self._successes = Batcher(self._complete_sent_batch, MAX_BATCH, self._linger)

    async def claim_due(self, limit: int) -> tuple[list[Delivery], bool]:
        """Create the deliveries of schedules that are due, oldest first.

        Nothing is locked while quotes are picked and rendered. The schedule's revision is compared
        when the delivery is written, so of two processes that picked for the same occurrence one
        writes, and the other's pick is dropped; a unique constraint stands behind that.

        Returns:
            The deliveries, each leased to this process, and whether there may be more.
        """
        now = self._context.clock.now()
        if not self._context.may_give_up:  # asked after the time was read: it has just stepped
            return [], False
        async with self._context.state.read() as transaction:
            due = await schedules.list_due_schedules(transaction, now, limit)
        if due.damaged:
            await self.set_schedules_aside(due.damaged)
        if not due.rows:
            return [], len(due) == limit
        try:
            return await self._claim(due.rows, now), len(due) == limit
        except Exception:
            if len(due.rows) == 1:
                raise
            log.exception("schedules cannot be claimed together; each is claimed alone")
        return await self._claim_each(due.rows, now), True

    async def _claim_each(self, due: Sequence[DueSchedule], now: datetime) -> list[Delivery]:
        """Claim schedules one at a time, so that none stops the others."""
        claimed: list[Delivery] = []
        has_claimed, failures = False, 0
        for one in due:
            try:
                claimed += await self._claim([one], now)
                has_claimed = True
            except Exception:
                failures += 1
                # The whole database fails, rather than a row; others may be waiting for it.
                if not has_claimed and failures in {len(due), MAX_TRIES}:
                    raise
                log.exception("schedule cannot be claimed", schedule=one.schedule.id)
        return claimed

    async def _claim(self, due: Sequence[DueSchedule], now: datetime) -> list[Delivery]:
        """Move due schedules on, and lease the deliveries to be sent."""
        picks = await self._pick_quotes(due, now)
        async with self._context.state.write() as transaction:
            completed: list[Delivery] = []
            moved: list[tuple[Schedule, Pick]] = []
            for schedule in (one.schedule for one in due):
                if not is_zone_known(schedule.settings.timetable.zone):
                    completed += await _suspend_without_zone(transaction, schedule, now)
                elif schedule.id not in picks:
                    completed += await _write_missed(transaction, schedule, now)
                elif await _move_past(transaction, schedule, schedule.next_occurrence):
                    moved.append((schedule, picks[schedule.id]))
            created, failed = await self._write_picks(transaction, moved)
        for delivery in (*completed, *failed):
            self._context.on_completed(delivery)
        return created

    async def take_up(self, limit: int) -> list[Delivery]:
        """Lease open deliveries that nobody holds, to try them again.

        A crash leaves such, and so does a failed try.
        """
        now = self._context.clock.now()
        async with self._context.state.read() as transaction:
            available = await deliveries.list_available(transaction, now, limit)
        if available.damaged:
            await self._set_deliveries_aside(available.damaged)
        if not available.rows:
            return []
        lease: dict[str, Any] = {
            "locked_by": self._context.worker_id,
            "available_at": now + self._context.limits.lease,
        }
        async with self._context.state.write() as transaction:
            return [
                replace(delivery, **lease)
                for delivery in available.rows
                if await deliveries.update_held(transaction, delivery, **lease)
            ]

    async def begin_attempt(self, delivery: Delivery) -> tuple[Delivery | None, datetime]:
        """Lease a delivery for sending; from here on it is uncertain.

        Returns:
            The delivery as it is held now, or None if it is no longer ours; and the slot of its
            request.
        """
        return await self._attempts.submit(delivery)

    async def renew_lease(self, delivery: Delivery) -> Delivery | None:
        """Lease a delivery once more; None if it is no longer ours."""
        lease = self._context.clock.now() + self._context.limits.lease
        async with self._context.state.write() as transaction:
            return await self._hold(transaction, delivery, replace(delivery, available_at=lease))

    def lease_left(self, held: Delivery) -> float:
        """Return the seconds that a request may take inside the lease."""
        if held.available_at is None:
            raise AssertionError("a delivery that is held has a lease")
        limits = self._context.limits
        left = held.available_at - self._context.clock.now() - limits.lease_margin
        return min(left, limits.request_timeout).total_seconds()

    async def release(
        self,
        held: Delivery,
        available_at: datetime,
        uncertain_since: datetime | None,
        attempts: int | None = None,
    ) -> None:
        """Let any process take a delivery up from a moment on."""
        async with self._context.state.write() as transaction:
            await deliveries.update_held(
                transaction,
                held,
                locked_by=None,
                available_at=available_at,
                uncertain_since=uncertain_since,
                attempts=held.attempts if attempts is None else attempts,
            )

    async def complete_sent(self, delivery: Delivery, message_id: int) -> None:
        """Complete a delivery that was posted."""
        now = self._context.clock.now()
        await self._successes.submit(
            replace(delivery, outcome=Outcome.SENT, message_id=message_id, finished_at=now)
        )

    async def alert_role_gone(self, delivery: Delivery) -> None:
        """Alert, once for each role, that the role was deleted."""
        now = self._context.clock.now()
        async with self._context.state.write() as transaction:
            schedule = await schedules.get_schedule(transaction, delivery.schedule_id)
            if schedule is None or schedule.settings.role_id != delivery.role_id:
                return  # another role was chosen meanwhile
            subject = f"{schedule.id}/{delivery.role_id}"
            alert = Alert(
                alert_id(AlertKind.ROLE_GONE, subject),
                schedule.guild_id,
                schedule.id,
                AlertKind.ROLE_GONE,
                role_gone_text(schedule),
                now,
                now,
            )
            await alerts.insert_alert(transaction, alert)

    async def complete_failed(self, delivery: Delivery, reason: Message, *, is_fault: bool) -> None:
        """Complete a delivery that was not posted and never will be.

        `is_fault` is whether the schedule is to blame, and not the network or Discord.
        """
        failed = replace(delivery, outcome=Outcome.FAILED, reason=reason)
        await self._complete(failed, is_fault=is_fault)

    async def complete_unknown(self, delivery: Delivery, reason: Message) -> None:
        """Complete a delivery that may or may not have been posted."""
        await self._complete(replace(delivery, outcome=Outcome.UNKNOWN, reason=reason))

    async def complete_skipped(self, delivery: Delivery, reason: Message) -> None:
        """Complete a delivery that was certainly not posted, and is let go."""
        await self._complete(replace(delivery, outcome=Outcome.SKIPPED, reason=reason))

    async def set_schedules_aside(self, damaged: Sequence[DamagedRow]) -> None:
        """Suspend schedules whose rows cannot be read, and alert their admins."""
        now = self._context.clock.now()
        for one in damaged:
            async with set_one_aside(self._context, one) as transaction:
                channel_id = await damage.read_column(transaction, one, "channel_id")
                await damage.set_schedule_aside(transaction, one, now)
                name = await damage.read_column(transaction, one, "name")
                schedule_id = await damage.read_column(transaction, one, "id")
                language = await damage.read_column(transaction, one, "language")
                text = damaged_schedule_text(name, channel_id, language, one.fault)
                await self._alert_of_damage(
                    transaction, schedule_id, schedule_id, AlertKind.SUSPENDED, text
                )

    async def _set_deliveries_aside(self, damaged: Sequence[DamagedRow]) -> None:
        """End deliveries whose rows cannot be read, and alert their admins."""
        now = self._context.clock.now()
        for one in damaged:
            async with set_one_aside(self._context, one) as transaction:
                is_certain = await damage.is_null(transaction, one, "uncertain_since")
                outcome = Outcome.FAILED if is_certain else Outcome.UNKNOWN
                if not await damage.set_delivery_aside(transaction, one, outcome, now):
                    continue  # it has ended meanwhile, and nothing is wrong with it
                schedule_id = await damage.read_column(transaction, one, "schedule_id")
                schedule = await schedules.look_at_schedule(transaction, schedule_id or "")
                kind = AlertKind.FAILED if is_certain else AlertKind.UNKNOWN
                text = damaged_delivery_text(schedule, is_certain=is_certain)
                row_id = await damage.read_column(transaction, one, "id")
                await self._alert_of_damage(transaction, row_id, schedule_id, kind, text)

    async def _alert_of_damage(
        self,
        transaction: AsyncConnection,
        row_id: str,
        schedule_id: str | None,
        kind: AlertKind,
        text: str,
    ) -> None:
        guild_id = await schedules.get_alerted_guild(transaction, schedule_id or "")
        if schedule_id is None or guild_id is None:
            return  # the log alone can tell of it
        now = self._context.clock.now()
        alert = Alert(damage_alert_id(kind, row_id), guild_id, schedule_id, kind, text, now, now)
        await alerts.insert_alert(transaction, alert)

    async def _pick_quotes(self, due: Sequence[DueSchedule], now: datetime) -> dict[str, Pick]:
        """Pick for each schedule whose window is still open, by the schedule's id."""
        picker = QuotePicker(self._quotes)
        picks = {}
        for one in due:
            schedule, occurrence = one.schedule, one.schedule.next_occurrence
            if not is_zone_known(schedule.settings.timetable.zone):
                continue
            if now >= occurrence.instant + schedule.settings.window:
                continue
            leased = replace(
                new_scheduled_delivery(schedule, occurrence),
                locked_by=self._context.worker_id,
                available_at=now + self._context.limits.lease,
            )
            if schedule.is_uncertain(occurrence.instant):
                # It may have been posted before a backup was restored: searched for first.
                leased = replace(
                    leased,
                    first_attempt_at=occurrence.instant,
                    uncertain_since=occurrence.instant,
                )
            today = now.astimezone(load_zone(schedule.settings.timetable.zone)).date()
            picks[schedule.id] = await picker.pick_entry(
                leased,
                schedule,
                one.guild,
                one.dealt,
                # A day late, "on this day" would be untrue.
                today if today == occurrence.day else None,
            )
        return picks

    async def _write_picks(
        self,
        transaction: AsyncConnection,
        picks: Sequence[tuple[Schedule, Pick]],
    ) -> tuple[list[Delivery], list[Delivery]]:
        """Write the deliveries of schedules that were moved on.

        Returns:
            Those to be sent, and those that failed for want of a quote.
        """
        fresh = await deliveries.insert_deliveries(
            transaction, [pick.delivery for _, pick in picks]
        )
        drawn = {
            schedule.id: pick.drawn
            for schedule, pick in picks
            if pick.drawn is not None and pick.delivery.id in fresh
        }
        await schedules.put_draws(transaction, drawn)
        failed = []
        for schedule, pick in picks:
            if pick.drawn is None and pick.delivery.id in fresh:
                without_quote = replace(
                    pick.delivery,
                    outcome=Outcome.FAILED,
                    reason=no_quotes_reason(schedule, pick.withheld),
                    finished_at=self._context.clock.now(),
                )
                await self._write_completed(transaction, without_quote, is_fault=True)
                failed.append(without_quote)
        return [pick.delivery for schedule, pick in picks if schedule.id in drawn], failed

    async def _begin_batch(
        self, batch: Sequence[Delivery]
    ) -> list[tuple[Delivery | None, datetime]]:
        now = self._context.clock.now()
        begun = [
            replace(
                delivery,
                available_at=now + self._context.limits.lease,
                attempts=delivery.attempts + 1,
                first_attempt_at=delivery.first_attempt_at or now,
                uncertain_since=delivery.uncertain_since or now,
            )
            for delivery in batch
        ]
        async with self._context.state.write() as transaction:
            held = [
                await self._hold(transaction, delivery, wanted)
                for delivery, wanted in zip(batch, begun, strict=True)
            ]
            slots = await self._context.rate_limiter.reserve(transaction, len(batch))
        return list(zip(held, slots, strict=True))

    async def _hold(
        self,
        transaction: AsyncConnection,
        delivery: Delivery,
        wanted: Delivery,
    ) -> Delivery | None:
        """Extend a lease, or return None if it is no longer ours."""
        # An expired lease is not ours even if nobody took the delivery yet: another process may
        # be about to, having read it before this transaction.
        if delivery.available_at is None or self._context.clock.now() >= delivery.available_at:
            return None
        is_ours = await deliveries.update_held(
            transaction,
            delivery,
            available_at=wanted.available_at,
            attempts=wanted.attempts,
            first_attempt_at=wanted.first_attempt_at,
            uncertain_since=wanted.uncertain_since,
        )
        return wanted if is_ours else None

    async def _linger(self) -> None:
        # A transaction for each post costs more than anything else about it.
        await self._context.clock.sleep(self._context.limits.linger.total_seconds())

    async def _complete_sent_batch(self, batch: Sequence[Delivery]) -> list[None]:
        async with self._context.state.write() as transaction:
            fresh = await deliveries.complete_deliveries(transaction, batch)
            sent = [delivery for delivery in batch if delivery.id in fresh]
            await schedules.reset_failures(transaction, {one.schedule_id for one in sent})
            await follow_ups.insert_follow_ups(transaction, sent)
        for delivery in sent:
            self._context.on_completed(delivery)
        return [None] * len(batch)

    async def _complete(self, completed: Delivery, *, is_fault: bool = False) -> None:
        finished = replace(completed, finished_at=self._context.clock.now())
        async with self._context.state.write() as transaction:
            is_news = await self._write_completed(transaction, finished, is_fault=is_fault)
        if is_news:
            self._context.on_completed(finished)
            log.warning(
                "delivery was not made",
                delivery=finished.id,
                outcome=str(finished.outcome),
                reason=finished.reason,
            )

    async def _write_completed(
        self, transaction: AsyncConnection, completed: Delivery, *, is_fault: bool = False
    ) -> bool:
        """Write an outcome other than sent, with its consequences.

        Returns:
            False if it had ended already, or is gone; then nothing was written.
        """
        if not await deliveries.complete_delivery(transaction, completed):
            return False
        match completed.outcome:
            case Outcome.FAILED:
                await schedules.return_quote(transaction, completed)
                if is_fault and completed.trigger is Trigger.SCHEDULED:
                    await self._count_failure(transaction, completed)
                else:
                    await _alert(transaction, completed, AlertKind.FAILED)
            case Outcome.UNKNOWN:
                await _alert(transaction, completed, AlertKind.UNKNOWN)
            case Outcome.SKIPPED:
                await schedules.return_quote(transaction, completed)
            case Outcome.SENT | Outcome.MISSED | None:
                pass
        return True

    async def _count_failure(self, transaction: AsyncConnection, failed: Delivery) -> None:
        """Count a failure, and alert of the first and the suspending one."""
        for _ in range(MAX_TRIES):
            schedule = await schedules.get_schedule(transaction, failed.schedule_id)
            if schedule is None:  # gone, or damaged
                await _alert(transaction, failed, AlertKind.FAILED)
                return
            if schedule.stopped is Stopped.SUSPENDED:
                return
            failures = schedule.failures + 1
            changes: dict[str, Any] = {"failures": failures}
            if failures >= self._context.limits.suspend_after:
                changes |= {"stopped": Stopped.SUSPENDED, "next_day": None, "next_due": None}
            counted = await schedules.update_schedule(transaction, schedule, **changes)
            if counted is None:
                continue  # an admin was faster
            if counted.stopped is Stopped.SUSPENDED:
                await _alert(transaction, failed, AlertKind.SUSPENDED)
            elif failures == 1:
                await _alert(transaction, failed, AlertKind.FAILED)
            return
        raise StateError("A schedule is being changed by too many at once; try again.")


async def create_on_demand(transaction: AsyncConnection, schedule: Schedule, pick: Pick) -> bool:
    """Create an available delivery; False if the schedule was changed meanwhile."""
    if pick.drawn is None:
        raise AssertionError("a delivery on demand has a quote")
    # Only the revision changes, which every other draw compares as well.
    if await schedules.update_schedule(transaction, schedule) is None:
        return False
    if await deliveries.insert_delivery(transaction, pick.delivery):
        await schedules.put_draws(transaction, {schedule.id: pick.drawn})
    return True


async def skip_unsent(
    transaction: AsyncConnection, schedule_id: str, now: datetime, reason: Message
) -> None:
    """Skip a paused schedule's open deliveries that are certainly not posted."""
    for skipped in await deliveries.skip_certain(transaction, schedule_id, reason, now):
        await schedules.return_quote(transaction, skipped)


async def skip_occurrence(
    transaction: AsyncConnection, schedule: Schedule, occurrence: Occurrence, now: datetime
) -> None:
    """Write a day that an admin skipped as a completed delivery."""
    skipped = replace(
        new_scheduled_delivery(schedule, occurrence),
        outcome=Outcome.SKIPPED,
        reason=explain(Reason.ADMIN_SKIPPED),
        finished_at=now,
    )
    await deliveries.insert_delivery(transaction, skipped)


async def _write_missed(
    transaction: AsyncConnection, schedule: Schedule, now: datetime
) -> list[Delivery]:
    """Write the occurrences whose window has closed untried, with one alert."""
    window, first = schedule.settings.window, schedule.next_occurrence
    # An edit may have left an overdue day its old time; the new one is not a second post.
    later = (
        one
        for one in walk_occurrences(schedule.settings.timetable, first.instant)
        if one.day != first.day
    )
    missed = [first, *takewhile(lambda one: one.instant + window <= now, later)]
    if not await _move_past(transaction, schedule, missed[-1]):
        return []
    written = [
        replace(
            new_scheduled_delivery(schedule, one),
            outcome=Outcome.UNKNOWN if schedule.is_uncertain(one.instant) else Outcome.MISSED,
            reason=explain(
                Reason.BEFORE_BACKUP if schedule.is_uncertain(one.instant) else Reason.TOO_LATE
            ),
            finished_at=now,
        )
        for one in missed[-MAX_MISSED:]
    ]
    await deliveries.insert_deliveries(transaction, written)
    describe = restored_text if schedule.is_uncertain(first.instant) else missed_text
    alert = new_alert(written[-1], AlertKind.MISSED, describe(schedule, missed))
    await alerts.insert_alert(transaction, alert)
    return written


async def _suspend_without_zone(
    transaction: AsyncConnection, schedule: Schedule, now: datetime
) -> list[Delivery]:
    """Suspend a schedule without a known time zone."""
    stopped = await schedules.update_schedule(
        transaction, schedule, stopped=Stopped.SUSPENDED, next_day=None, next_due=None
    )
    failed = replace(
        new_scheduled_delivery(schedule, schedule.next_occurrence),
        outcome=Outcome.FAILED,
        reason=no_zone_reason(schedule),
        finished_at=now,
    )
    if stopped is None or not await deliveries.insert_delivery(transaction, failed):
        return []
    alert = new_alert(failed, AlertKind.SUSPENDED, no_zone_text(schedule))
    await alerts.insert_alert(transaction, alert)
    return [failed]


async def _move_past(transaction: AsyncConnection, schedule: Schedule, last: Occurrence) -> bool:
    """Set a schedule to its next time after an occurrence.

    Returns False if somebody changed the schedule first.
    """
    following = next_occurrence(schedule.settings.timetable, last.instant, {last.day})
    moved = await schedules.update_schedule(
        transaction,
        schedule,
        next_day=following.day,
        next_due=following.instant,
    )
    return moved is not None


async def _alert(transaction: AsyncConnection, completed: Delivery, kind: AlertKind) -> None:
    schedule = await schedules.look_at_schedule(transaction, completed.schedule_id)
    if schedule is None:
        return
    match kind:
        case AlertKind.SUSPENDED:
            text = suspended_text(schedule, completed)
        case AlertKind.UNKNOWN:
            text = unknown_text(schedule, completed)
        case AlertKind.FAILED | AlertKind.MISSED | AlertKind.ROLE_GONE:
            text = failed_text(schedule, completed)
        case AlertKind.THREAD_FAILED | AlertKind.PUBLISH_FAILED:
            raise AssertionError("a follow-up's alert is written with its follow-up")
    await alerts.insert_alert(transaction, new_alert(completed, kind, text))
