"""Tell admins what could not be done: in the alerts channel, else by direct message.

A notice is written in the same transaction as what it is about, so none is lost. Telling is at
least once: after a crash the same words may come twice, which is better than never.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.scheduling.models import AlertStatus
from bot.scheduling.ports import AmbiguousOutcome, Refused, Temporary, Unauthorised
from bot.scheduling.storage import alerts, guilds, schedules

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.scheduling.models import Alert
    from bot.scheduling.ports import Alerts
    from bot.scheduling.worker.context import Means

    Tell = Callable[[int, str, str], Awaitable[None]]

log = logging.getLogger(__name__)


class Teller:
    """Tell the notices of this process."""

    def __init__(self, means: Means, alerts: Alerts) -> None:
        self._means = means
        self._alerts = alerts

    async def take(self, limit: int) -> list[Alert]:
        """Take up notices that nobody was told yet."""
        now = self._means.clock.now()
        async with self._means.state.read() as transaction:
            free = await alerts.free_notices(transaction, now, limit)
        if not free:
            return []
        lease = now + self._means.limits.lease
        async with self._means.state.write() as transaction:
            return [
                replace(alert, free_at=lease)
                for alert in free
                if await alerts.change_notice(transaction, alert, free_at=lease)
            ]

    async def tell(self, alert: Alert) -> None:
        """Tell one notice, and write down what came of it.

        Raises:
            Unauthorised: the token is no good; the notice waits for a better one.
        """
        async with self._means.state.read() as transaction:
            guild = await guilds.guild(transaction, alert.guild_id)
            schedule = await schedules.schedule(transaction, alert.schedule_id)
        if schedule is None:
            return  # removed meanwhile, and the notice with it
        try:
            if guild.alerts_channel_id is not None and await self._in_channel(
                alert, guild.alerts_channel_id
            ):
                await self._note(alert, AlertStatus.IN_CHANNEL, None)
                return
            await self._means.pace.turn()  # opening the conversation is a request of its own
            await self._ask(self._alerts.alert_user, schedule.created_by, alert)
        except Refused as refused:
            await self._note(alert, AlertStatus.REFUSED, refused.reason)
        except Unauthorised:
            await self._again(alert, 0.0)
            raise
        except (Temporary, AmbiguousOutcome, TimeoutError) as later:
            await self._again(alert, later.retry_after if isinstance(later, Temporary) else 0.0)
        else:
            await self._note(alert, AlertStatus.IN_PERSON, None)

    async def _in_channel(self, alert: Alert, channel_id: int) -> bool:
        """Tell the alerts channel; False if it refuses, so that the person is told instead."""
        try:
            await self._ask(self._alerts.alert_channel, channel_id, alert)
        except Refused as refused:
            log.warning("Alerts channel %s refused: %s", channel_id, refused.reason)
            return False
        return True

    async def _ask(self, tell: Tell, target: int, alert: Alert) -> None:
        await self._means.pace.turn()
        try:
            async with asyncio.timeout(self._means.limits.send.total_seconds() / 2):
                await tell(target, alert.text, alert.id)
        except (Refused, Temporary, Unauthorised) as refused:
            await self._means.breaker.count(refused.status)
            raise

    async def _again(self, alert: Alert, at_least: float) -> None:
        if self._means.clock.now() >= alert.created_at + self._means.limits.told_within:
            await self._note(alert, AlertStatus.EXPIRED, "Discord could not be reached.")
            return
        again = self._means.retry_at(alert.attempts, at_least)
        async with self._means.state.write() as transaction:
            await alerts.change_notice(
                transaction,
                alert,
                free_at=again,
                attempts=alert.attempts + 1,
            )

    async def _note(self, alert: Alert, told: AlertStatus, reason: str | None) -> None:
        async with self._means.state.write() as transaction:
            await alerts.change_notice(
                transaction,
                alert,
                free_at=None,
                told=told,
                reason=reason,
            )
        if told in {AlertStatus.REFUSED, AlertStatus.EXPIRED}:
            log.warning("Nobody could be told of notice %s: %s", alert.id, reason)
