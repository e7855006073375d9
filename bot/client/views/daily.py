"""The layouts of /daily: schedules, next posts, history and health."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from discord import ButtonStyle

from bot.client.custom_ids import custom_id
from bot.client.markdown import escape
from bot.client.views.layout import bulleted, button, button_row, layout, separator, text
from bot.scheduling.alert_texts import no_quotes_reason, no_zone_reason
from bot.scheduling.models import DEFAULT_WINDOW, AlertStatus, Outcome, PostKind, Stopped
from bot.scheduling.recurrence import format_days
from bot.scheduling.timezones import format_place, format_zone, is_zone_known, load_zone

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from discord import ui

    from bot.scheduling.models import Alert, Delivery, Schedule
    from bot.scheduling.records import Checkup
    from bot.scheduling.recurrence import UpcomingPost

DAMAGED = (
    "It is damaged in the bot's database, and is not posted. `/daily remove` removes it, and "
    "`/daily set` sets it up anew."
)
REMOVE, UNDO, AGAIN = "remove", "undo", "again"
"""The kinds of the custom ids of removing a schedule, and of bringing it back."""

KINDS = {
    PostKind.QUOTES: "quotes",
    PostKind.FACTS: "facts",
    PostKind.BOTH: "quotes and facts in turn",
}
ADVICE = {
    Outcome.FAILED: "Put right what is named above, then try `/daily now`.",
    Outcome.MISSED: "Whoever runs this bot can say why it was not running.",
    Outcome.UNKNOWN: "Look in the channel; with Read Message History the bot can look for itself.",
}


def render_schedule(
    heading: str,
    schedule: Schedule,
    upcoming: Sequence[UpcomingPost],
    now: datetime,
    changes: Sequence[str] = (),
) -> ui.LayoutView:
    """Render a schedule under a heading, with its changes and next post."""
    return layout(
        text(f"### {heading}"),
        text(bulleted(changes, 1200)) if changes else None,
        text(settings_text(schedule)),
        text(next_posts(schedule, upcoming[:1], now)),
    )


def render_remove_confirmation(schedule: Schedule) -> ui.LayoutView:
    """Render the question whether a schedule is to be removed."""
    name = escape(schedule.name, 80)
    return layout(
        text(f"### Remove {name}?"),
        text(settings_text(schedule)),
        text("It posts no more. For a day it can be brought back; then its history is erased too."),
        button_row(button("Remove it", custom_id(REMOVE, schedule.id), ButtonStyle.danger)),
    )


def render_removed(schedule: Schedule) -> ui.LayoutView:
    """Render a removed schedule, with the way to bring it back."""
    return layout(
        text(f"**{escape(schedule.name, 80)}** is removed, and erased with its history in a day."),
        button_row(button("Bring it back", custom_id(UNDO, schedule.id))),
    )


def render_schedules(
    schedules: Sequence[tuple[Schedule, Sequence[UpcomingPost]]],
    now: datetime,
    damaged: Sequence[str] = (),
) -> ui.LayoutView:
    """Render every schedule of a server, each with its next post.

    Args:
        schedules: The schedules.
        now: The time, by which a date needs its year or not.
        damaged: The names of others, whose rows in the database cannot be read.
    """
    if not schedules and not damaged:
        return layout(text("This server has no schedule yet. Set one up with `/daily set`."))
    lines = [
        f"{_summary(schedule)}\n  {next_posts(schedule, upcoming[:1], now, pause_apart=' ')}"
        for schedule, upcoming in schedules
    ]
    lines += [f"**{escape(name, 80)}**\n  {DAMAGED}" for name in damaged]
    return layout(text("### Daily quotes here"), text(bulleted(lines, 3600)))


def settings_text(schedule: Schedule) -> str:
    """Return a schedule's settings, one on each line."""
    settings = schedule.settings
    lines, posted = [_summary(schedule)], KINDS[settings.kind].capitalize()
    if settings.pack or settings.speaker:
        pack = f"from `{settings.pack}`" if settings.pack else ""
        speaker = f"by {escape(settings.speaker, 160)}" if settings.speaker else ""
        lines.append(f"{posted} {' '.join(part for part in (speaker, pack) if part)}.")
    elif settings.kind is not PostKind.QUOTES:
        lines.append(f"{posted}.")
    if settings.style.title:
        lines.append(f"Under the heading **{escape(settings.style.title, 160)}**.")
    if settings.style.colour is not None:
        lines.append(f"In the colour {_colour_text(settings.style.colour)}.")
    if settings.role_id:
        lines.append(f"Pings <@&{settings.role_id}>, and nobody else.")
    if settings.opens_thread:
        lines.append("A thread opens below each post.")
    if settings.publishes:
        lines.append("Each post is published to the channel’s followers.")
    if settings.window != DEFAULT_WINDOW:
        lines.append(f"If Discord is out, it is tried for {span_text(settings.window)}.")
    return "\n".join(lines)


def describe_changes(old: Schedule, new: Schedule) -> list[str]:
    """Return each setting that an edit changed, before and after."""
    before, after = _list_settings(old), _list_settings(new)
    changes = [
        f"**{setting}** {before[setting]} → {after[setting]}"
        for setting in before
        if before[setting] != after[setting]
    ]
    return changes or ["Nothing is different: it was set so already."]


def _list_settings(schedule: Schedule) -> dict[str, str]:
    settings, timetable = schedule.settings, schedule.settings.timetable
    return {
        "Name": escape(schedule.name, 80),
        "Channel": f"<#{settings.channel_id}>",
        "Time": f"{timetable.time:%H:%M}",
        "Zone": escape(format_zone(timetable.zone), 80),
        "Days": format_days(timetable.days),
        "Pack": f"`{settings.pack}`" if settings.pack else "any",
        "Speaker": escape(settings.speaker, 160) if settings.speaker else "anybody",
        "Ping": f"<@&{settings.role_id}>" if settings.role_id else "nobody",
        "Tried for": span_text(settings.window),
        "Posts": KINDS[settings.kind],
        "Heading": escape(settings.style.title, 160) if settings.style.title else "the usual",
        "Thread": "below each post" if settings.opens_thread else "none",
        "Publishing": "each post" if settings.publishes else "none",
        "Colour": _colour_text(settings.style.colour) or "the usual",
    }


def _colour_text(colour: int | None) -> str:
    return "" if colour is None else f"`#{colour:06x}`"


def next_posts(
    schedule: Schedule, upcoming: Sequence[UpcomingPost], now: datetime, *, pause_apart: str = "\n"
) -> str:
    """Return the next posts, in the schedule's zone and the reader's."""
    if not upcoming:
        return _explain_no_post(schedule)
    pause = f"{_paused_until(schedule)}{pause_apart}" if schedule.paused_until else ""
    place = schedule.settings.timetable.zone
    times = [f"{post_time(post.local, place, now)}{_clock_change(post)}" for post in upcoming]
    if len(times) == 1:
        return f"{pause}**Next** {times[0]}"
    return f"{pause}**Next**\n" + "\n".join(f"- {each}" for each in times)


def post_time(moment: datetime, zone: str, now: datetime) -> str:
    """Format a moment in a zone, and its time for the reader."""
    local = moment.astimezone(load_zone(zone))
    year = "" if local.year == now.astimezone(local.tzinfo).year else f" {local.year}"
    return (
        f"{local:%a} {local.day} {local:%b}{year}, {local:%H:%M} {escape(format_place(zone), 80)} "
        f"({stamp(moment, 't')} for you, {stamp(moment, 'R')})"
    )


def stamp(moment: datetime, style: str = "F") -> str:
    """Format a moment that Discord shows in the reader's own zone."""
    return f"<t:{int(moment.timestamp())}:{style}>"


def span_text(span: timedelta) -> str:
    """Format a length of time, such as `1 hour 30 minutes`."""
    seconds = int(span.total_seconds())
    hours, minutes = seconds // 3600, seconds % 3600 // 60
    parts = [_count(hours, "hour"), _count(minutes, "minute")]
    if seconds < timedelta(minutes=1).total_seconds():
        parts = [_count(seconds, "second")]
    return " ".join(part for part in parts if part) or "no time"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}" if number else ""


def _summary(schedule: Schedule) -> str:
    settings, timetable = schedule.settings, schedule.settings.timetable
    return (
        f"**{escape(schedule.name, 80)}** in <#{settings.channel_id}>, "
        f"{format_days(timetable.days)} at {timetable.time:%H:%M}, "
        f"{escape(format_zone(timetable.zone), 80)}"
    )


def _explain_no_post(schedule: Schedule) -> str:
    if not is_zone_known(schedule.settings.timetable.zone):
        return f"{no_zone_reason(schedule)} Choose another with `/daily edit`."
    if schedule.stopped is Stopped.SUSPENDED:
        return (
            "It is suspended after failing again and again; see `/daily doctor`, then "
            "`/daily resume`."
        )
    return "It is paused until somebody uses `/daily resume`."


def _paused_until(schedule: Schedule) -> str:
    return f"Paused until {stamp(schedule.paused_until)}." if schedule.paused_until else ""


def _clock_change(post: UpcomingPost) -> str:
    if not post.is_moved:
        return ""
    way = "forward" if post.clock_change > timedelta() else "back"
    return f" — before it the clocks go {way} {span_text(abs(post.clock_change))}"


def render_form_refused(sentence: str, draft_id: str) -> ui.LayoutView:
    """Render why a form was refused, with a button that opens it again.

    `sentence` is escaped already.
    """
    return layout(
        text(sentence),
        button_row(button("Try again", custom_id(AGAIN, draft_id), ButtonStyle.primary)),
        text("-# The form opens as you filled it in; that is kept for ten minutes."),
        private=True,
    )


def render_history(
    deliveries: Sequence[Delivery], names: Mapping[str, str], undelivered: Mapping[str, str]
) -> ui.LayoutView:
    """Render deliveries, the newest first.

    Args:
        deliveries: The deliveries.
        names: The schedules' names by their ids.
        undelivered: The reason why an alert about a delivery reached nobody, by its id.
    """
    if not deliveries:
        return layout(text("Nothing has been due yet."))
    lines = [
        f"**{escape(names.get(one.schedule_id, ''), 80)}** {delivery_text(one)}"
        f"{_undelivered_text(undelivered.get(one.id))}"
        for one in deliveries
    ]
    return layout(text("### What was due"), text(bulleted(lines, 3600)))


def delivery_text(delivery: Delivery) -> str:
    """Describe a delivery: when it was due, and its outcome."""
    due = f"due {stamp(delivery.scheduled_for, 'f')}: "
    reason = escape(delivery.reason or "", 240)
    match delivery.outcome:
        case None:
            return f"{due}under way, tried {delivery.attempts} times so far"
        case Outcome.SENT:
            return f"{due}[sent]({message_link(delivery)}), {_lateness(delivery)}"
        case Outcome.SKIPPED:
            return f"{due}skipped. {reason}"
        case Outcome.FAILED:
            return f"{due}not sent. {reason}"
        case Outcome.MISSED:
            return f"{due}missed. {reason}"
        case Outcome.UNKNOWN:
            return f"{due}unknown: it may or may not be there. {reason}"


def _undelivered_text(reason: str | None) -> str:
    return "" if reason is None else f" Nobody could be told: {escape(reason, 160)}"


def message_link(delivery: Delivery) -> str:
    """Return the address of a delivery's message."""
    return f"https://discord.com/channels/{delivery.guild_id}/{delivery.channel_id}/{delivery.message_id}"


def render_checkup(checkup: Checkup, problems: Sequence[str], now: datetime) -> ui.LayoutView:
    """Render a schedule's health, with the problems that Discord has now."""
    schedule = checkup.schedule
    found = "\n".join(f"- {problem}" for problem in problems)
    return layout(
        text(f"### How {escape(schedule.name, 80)} is doing"),
        text(settings_text(schedule)),
        text(f"**To put right**\n{found}" if found else "Every permission it needs is there."),
        text(next_posts(schedule, checkup.upcoming, now)),
        text(_quotes_left(checkup)),
        separator(),
        text(_last_trouble(checkup, now)),
        text(_alerts_text(checkup)),
    )


def render_checkups(
    checkups: Sequence[tuple[Checkup, Sequence[str]]],
    clock_problem: str | None,
    now: datetime,
    damaged: Sequence[str] = (),
) -> ui.LayoutView:
    """Render the health of a server's schedules, those in trouble first.

    Args:
        checkups: Each schedule's health, with the problems that Discord has now.
        clock_problem: A sentence on the clock of the host's machine, if something is wrong.
        now: The time.
        damaged: The names of others, whose rows in the database cannot be read.
    """
    in_order = sorted(checkups, key=lambda each: not (each[1] or _has_trouble(each[0])))
    lines = [f"**{escape(name, 80)}**\n  {DAMAGED}" for name in damaged]
    lines += [
        "\n  ".join((_summary(checkup.schedule), *_short_findings(checkup, problems, now)))
        for checkup, problems in in_order
    ]
    return layout(
        text("### How the daily quotes here are doing"),
        text(escape(clock_problem, 320)) if clock_problem else None,
        text(bulleted(lines, 3000)),
        text("-# `/daily doctor name:` shows one of them in full."),
    )


def _has_trouble(checkup: Checkup) -> bool:
    return bool(checkup.schedule.stopped or checkup.schedule.failures or not checkup.quotes)


def _short_findings(checkup: Checkup, problems: Sequence[str], now: datetime) -> list[str]:
    """Return what one schedule suffers from, or that it is well."""
    findings = list(problems)
    if not checkup.quotes:
        findings.append(_quotes_left(checkup))
    if checkup.schedule.stopped or not checkup.upcoming:
        findings.append(_explain_no_post(checkup.schedule))
    failure = checkup.last_failure
    if checkup.schedule.failures and failure is not None:
        findings.append(f"Last trouble, {delivery_text(failure)}")
    if findings:
        return findings
    return [f"Nothing is wrong. {next_posts(checkup.schedule, checkup.upcoming[:1], now)}"]


def _lateness(delivery: Delivery) -> str:
    finished = delivery.finished_at or delivery.scheduled_for
    late = max(finished - delivery.scheduled_for, timedelta())
    return "on time" if late < timedelta(seconds=1) else f"{span_text(late)} late"


def _quotes_left(checkup: Checkup) -> str:
    kind = checkup.schedule.settings.kind
    posted = KINDS[kind].removesuffix(" in turn").capitalize()
    if not checkup.quotes and checkup.withheld:
        return f"**{posted}** {no_quotes_reason(checkup.schedule, checkup.withheld)}"
    if not checkup.quotes:
        return f"**{posted}** There are none to post: see `/packs`, or change `pack` and `by`."
    return (
        f"**{posted}** {checkup.quotes:,}, of which {checkup.unseen:,} not yet seen in this round."
    )


def _last_trouble(checkup: Checkup, now: datetime) -> str:
    lines = [f"- {delivery_text(delivery)}" for delivery in checkup.open_deliveries[:3]]
    failure = checkup.last_failure
    if failure is not None and failure.outcome is not None:
        advice = ADVICE.get(failure.outcome, "")
        ago = stamp(failure.finished_at or now, "R")
        lines.append(f"- Last trouble, {ago}: {delivery_text(failure)} {advice}".rstrip())
    return "\n".join(lines) or "Nothing has gone wrong."


def _alerts_text(checkup: Checkup) -> str:
    where = (
        f"in <#{checkup.alerts_channel_id}>"
        if checkup.alerts_channel_id
        else f"by direct message to <@{checkup.schedule.created_by}>; "
        "`/daily alerts` chooses a channel instead"
    )
    last = _last_alert(checkup.alerts[0]) if checkup.alerts else ""
    return f"-# You are told of failures {where}.{last}"


def _last_alert(alert: Alert) -> str:
    when = stamp(alert.created_at, "R")
    match alert.status:
        case AlertStatus.PENDING:
            return f" The last notice, {when}, is on its way."
        case AlertStatus.SENT_TO_CHANNEL | AlertStatus.SENT_TO_USER:
            return f" The last notice, {when}, arrived."
        case AlertStatus.REFUSED | AlertStatus.EXPIRED:
            return f" The last notice, {when}, did not arrive: {escape(alert.reason or '', 160)}"
