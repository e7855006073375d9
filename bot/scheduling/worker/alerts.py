"""Alerts to admins about failures, in the alerts channel or by message.

An alert is written in the same transaction as its subject, so none is lost. It is sent at least
once: after a crash the same words may come twice, which is better than never.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import structlog

from bot.scheduling.alert_texts import phrases_for
from bot.scheduling.models import AlertStatus
from bot.scheduling.ports import AmbiguousOutcome, Refused, Temporary, Unauthorised
from bot.scheduling.reasons import Reason, explain
from bot.scheduling.storage import alerts, damage, guilds, schedules
from bot.scheduling.storage.values import TEXT_LOST
from bot.scheduling.worker.leasing import Queue, lease_available

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.localization.messages import Message
    from bot.scheduling.models import Alert
    from bot.scheduling.ports import Messenger
    from bot.scheduling.worker.context import WorkerContext

    SendAlert = Callable[[int, str, str], Awaitable[None]]

log = structlog.stdlib.get_logger("bot.scheduling")

QUEUE = Queue(alerts.list_available_alerts, alerts.update_alert, damage.set_alert_aside)


class AlertSender:
    """Sends the alerts of this process."""

    def __init__(self, context: WorkerContext, messenger: Messenger) -> None:
        self._context = context
        self._messenger = messenger

    async def take_up(self, limit: int) -> list[Alert]:
        """Lease pending alerts that nobody holds."""
        return await lease_available(self._context, QUEUE, limit)

    async def send(self, alert: Alert) -> None:
        """Send one alert, and write its result.

        Raises:
            Unauthorised: the token is no good; the alert waits for a better one.
        """
        async with self._context.state.read() as transaction:
            guild = await guilds.get_guild(transaction, alert.guild_id)
            # However damaged: the alert may be about its row.
            schedule = await schedules.look_at_schedule(transaction, alert.schedule_id)
        if schedule is None:
            return  # removed meanwhile, and the alert with it
        if alert.text == TEXT_LOST:
            alert = replace(alert, text=phrases_for(schedule)(TEXT_LOST))
        try:
            if guild.alerts_channel_id is not None and await self._send_to_channel(
                alert, guild.alerts_channel_id
            ):
                await self._complete(alert, AlertStatus.SENT_TO_CHANNEL, None)
                return
            # Opening the conversation is a request of its own.
            await self._context.rate_limiter.acquire()
            await self._request(self._messenger.alert_user, schedule.created_by, alert)
        except Refused as refused:
            await self._complete(alert, AlertStatus.REFUSED, refused.reason)
        except Unauthorised:
            await self._retry(alert, 0.0)
            raise
        except Temporary as later:
            await self._retry(alert, later.retry_after)
        except (AmbiguousOutcome, TimeoutError):
            await self._retry(alert, 0.0)
        else:
            await self._complete(alert, AlertStatus.SENT_TO_USER, None)

    async def _send_to_channel(self, alert: Alert, channel_id: int) -> bool:
        """Send to the alerts channel; return False if it refuses."""
        try:
            await self._request(self._messenger.alert_channel, channel_id, alert)
        except Refused as refused:
            log.warning("alerts channel refused", channel=channel_id, reason=str(refused.reason))
            return False
        return True

    async def _request(self, send: SendAlert, target: int, alert: Alert) -> None:
        await self._context.rate_limiter.acquire()
        try:
            # Half the time of a post: an alert may take two of these inside one lease.
            async with asyncio.timeout(self._context.limits.request_timeout.total_seconds() / 2):
                await send(target, alert.text, alert.id)
        except (Refused, Temporary, Unauthorised) as refused:
            await self._context.breaker.record(refused.status)
            raise

    async def _retry(self, alert: Alert, at_least: float) -> None:
        last = alert.created_at + self._context.limits.alert_lifetime
        if self._context.clock.now() >= last and self._context.may_give_up:
            await self._complete(alert, AlertStatus.EXPIRED, explain(Reason.UNREACHABLE))
            return
        again = self._context.retry_at(alert.attempts, at_least)
        async with self._context.state.write() as transaction:
            await alerts.update_alert(
                transaction,
                alert,
                available_at=again,
                attempts=alert.attempts + 1,
            )

    async def _complete(self, alert: Alert, status: AlertStatus, reason: Message | None) -> None:
        async with self._context.state.write() as transaction:
            await alerts.update_alert(
                transaction,
                alert,
                available_at=None,
                status=status,
                reason=reason,
            )
        if status in {AlertStatus.REFUSED, AlertStatus.EXPIRED}:
            log.warning("alert reached nobody", alert=alert.id, reason=str(reason))
