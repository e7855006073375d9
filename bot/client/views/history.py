"""What was posted and what was not, and what is wrong with a schedule."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bot.client.markdown import escape
from bot.client.views.layout import bulleted, layout, separator, text
from bot.client.views.schedules import next_posts, settings_text, span_text, stamp
from bot.scheduling.alert_texts import no_quotes_reason
from bot.scheduling.models import AlertStatus, Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from discord import ui

    from bot.scheduling.models import Alert, Delivery
    from bot.scheduling.records import Checkup

ADVICE = {
    Outcome.FAILED: "Put right what is named above, then try `/daily now`.",
    Outcome.MISSED: "Whoever runs this bot can say why it was not running.",
    Outcome.UNKNOWN: "Look in the channel; with Read Message History the bot can look for itself.",
}


def render_history(
    deliveries: Sequence[Delivery], names: Mapping[str, str], undelivered: Mapping[str, str]
) -> ui.LayoutView:
    """Show the ledger, the newest first.

    Args:
        deliveries: the ledger.
        names: the schedules' names by their ids.
        undelivered: why nobody could be told of a claim, by its id.
    """
    if not deliveries:
        return layout(text("Nothing has been due yet."))
    lines = [
        f"**{escape(names.get(one.schedule_id, ''), 80)}** {delivery_text(one)}"
        f"{_untold(undelivered.get(one.id))}"
        for one in deliveries
    ]
    return layout(text("### What was due"), text(bulleted(lines, 3600)))


def delivery_text(delivery: Delivery) -> str:
    """Say when a post was due and what became of it."""
    due = f"due {stamp(delivery.scheduled_for, 'f')}: "
    reason = escape(delivery.reason or "", 240)
    match delivery.outcome:
        case None:
            return f"{due}under way, tried {delivery.attempts} times so far"
        case Outcome.SENT:
            return f"{due}[sent]({message_link(delivery)}), {_late(delivery)}"
        case Outcome.SKIPPED:
            return f"{due}skipped. {reason}"
        case Outcome.FAILED:
            return f"{due}not sent. {reason}"
        case Outcome.MISSED:
            return f"{due}missed. {reason}"
        case Outcome.UNKNOWN:
            return f"{due}unknown: it may or may not be there. {reason}"


def _untold(reason: str | None) -> str:
    return "" if reason is None else f" Nobody could be told: {escape(reason, 160)}"


def message_link(delivery: Delivery) -> str:
    """Return the address of the message that was posted."""
    return f"https://discord.com/channels/{delivery.guild_id}/{delivery.channel_id}/{delivery.message_id}"


def render_checkup(checkup: Checkup, faults: Sequence[str], now: datetime) -> ui.LayoutView:
    """Show a schedule's health; `faults` is what Discord says is wrong at this moment."""
    schedule = checkup.schedule
    found = "\n".join(f"- {fault}" for fault in faults)
    return layout(
        text(f"### How {escape(schedule.name, 80)} is doing"),
        text(settings_text(schedule)),
        text(f"**To put right**\n{found}" if found else "Every permission it needs is there."),
        text(next_posts(schedule, checkup.upcoming)),
        text(_deck(checkup)),
        separator(),
        text(_trouble(checkup, now)),
        text(_told(checkup)),
    )


def _late(delivery: Delivery) -> str:
    finished = delivery.finished_at or delivery.scheduled_for
    late = max(finished - delivery.scheduled_for, timedelta())
    return "on time" if late < timedelta(seconds=1) else f"{span_text(late)} late"


def _deck(checkup: Checkup) -> str:
    if not checkup.quotes and checkup.withheld:
        return f"**Quotes** {no_quotes_reason(checkup.schedule, checkup.withheld)}"
    if not checkup.quotes:
        return "**Quotes** There are none to post: see `/packs`, or change `pack` and `by`."
    return f"**Quotes** {checkup.quotes:,}, of which {checkup.unseen:,} not yet seen in this round."


def _trouble(checkup: Checkup, now: datetime) -> str:
    lines = [f"- {delivery_text(delivery)}" for delivery in checkup.open_claims[:3]]
    failure = checkup.last_failure
    if failure is not None and failure.outcome is not None:
        advice = ADVICE.get(failure.outcome, "")
        ago = stamp(failure.finished_at or now, "R")
        lines.append(f"- Last trouble, {ago}: {delivery_text(failure)} {advice}".rstrip())
    return "\n".join(lines) or "Nothing has gone wrong."


def _told(checkup: Checkup) -> str:
    where = (
        f"in <#{checkup.alerts_channel_id}>"
        if checkup.alerts_channel_id
        else f"by direct message to <@{checkup.schedule.created_by}>; "
        "`/daily alerts` chooses a channel instead"
    )
    last = _last_told(checkup.alerts[0]) if checkup.alerts else ""
    return f"-# You are told of failures {where}.{last}"


def _last_told(notice: Alert) -> str:
    when = stamp(notice.created_at, "R")
    match notice.told:
        case None:
            return f" The last notice, {when}, is on its way."
        case AlertStatus.IN_CHANNEL | AlertStatus.IN_PERSON:
            return f" The last notice, {when}, arrived."
        case AlertStatus.REFUSED | AlertStatus.EXPIRED:
            return f" The last notice, {when}, did not arrive: {escape(notice.reason or '', 160)}"
