"""Schedules as admins see them: what is set, and when the next posts come."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bot.client.markdown import escape
from bot.client.views.layout import bulleted, layout, text
from bot.scheduling.models import DEFAULT_WINDOW, Stopped
from bot.scheduling.recurrence import format_days
from bot.scheduling.timezones import format_offset, format_zone

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from discord import ui

    from bot.scheduling.models import Schedule
    from bot.scheduling.recurrence import UpcomingPost


def render_schedule(
    heading: str, schedule: Schedule, upcoming: Sequence[UpcomingPost], *remarks: str
) -> ui.LayoutView:
    """Show one schedule under a heading, with its next posts and any remarks."""
    return layout(
        text(f"### {heading}"),
        text(settings_text(schedule)),
        text(next_posts(schedule, upcoming)),
        *(text(remark) for remark in remarks),
    )


def render_schedules(schedules: Sequence[tuple[Schedule, Sequence[UpcomingPost]]]) -> ui.LayoutView:
    """Show every schedule of a server, each with its next post."""
    if not schedules:
        return layout(text("This server has no schedule yet. Set one up with `/daily set`."))
    lines = [
        f"{_summary(schedule)}\n  {_standing(schedule, upcoming)}"
        for schedule, upcoming in schedules
    ]
    return layout(text("### Daily quotes here"), text(bulleted(lines, 3600)))


def settings_text(schedule: Schedule) -> str:
    """Say what is set, a line each."""
    settings = schedule.settings
    lines = [_summary(schedule)]
    if settings.pack or settings.speaker:
        pack = f"from `{settings.pack}`" if settings.pack else ""
        speaker = f"by {escape(settings.speaker, 160)}" if settings.speaker else ""
        lines.append(f"Quotes {' '.join(part for part in (speaker, pack) if part)}.")
    if settings.role_id:
        lines.append(f"Pings <@&{settings.role_id}>, and nobody else.")
    if settings.window != DEFAULT_WINDOW:
        lines.append(f"If Discord is out, it is tried for {span_text(settings.window)}.")
    return "\n".join(lines)


def next_posts(schedule: Schedule, upcoming: Sequence[UpcomingPost]) -> str:
    """List the next posts: in the reader's own zone, and in words in the schedule's."""
    if not upcoming:
        return f"It is {_stopped(schedule)}"
    zone = escape(format_zone(schedule.settings.timetable.zone), 80)
    pause = f"{_paused(schedule)}\n" if schedule.paused_until else ""
    lines = [f"- {stamp(post.local)} — {in_words(post.local)}{_change(post)}" for post in upcoming]
    return f"{pause}**Next**, in your time and in {zone}:\n" + "\n".join(lines)


def in_words(local: datetime) -> str:
    """Say a moment in its own zone: `Monday 2 March 2026, 09:00 (UTC+01:00)`."""
    return f"{local:%A} {local.day} {local:%B %Y, %H:%M} ({format_offset(local)})"


def stamp(moment: datetime, style: str = "F") -> str:
    """Write a moment so that Discord shows it in the reader's own zone."""
    return f"<t:{int(moment.timestamp())}:{style}>"


def span_text(span: timedelta) -> str:
    """Say a length of time: `6 hours`, `1 hour 30 minutes`, `45 seconds`."""
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


def _standing(schedule: Schedule, upcoming: Sequence[UpcomingPost]) -> str:
    if not upcoming:
        return f"It is {_stopped(schedule)}"
    pause = f"{_paused(schedule)} " if schedule.paused_until else ""
    return f"{pause}Next {stamp(upcoming[0].local)}, {stamp(upcoming[0].local, 'R')}"


def _stopped(schedule: Schedule) -> str:
    if schedule.stopped is Stopped.SUSPENDED:
        return "suspended after failing again and again; see `/daily doctor`, then `/daily resume`."
    return "paused until somebody uses `/daily resume`."


def _paused(schedule: Schedule) -> str:
    return f"Paused until {stamp(schedule.paused_until)}." if schedule.paused_until else ""


def _change(post: UpcomingPost) -> str:
    if not post.is_moved:
        return ""
    way = "forward" if post.clock_change > timedelta() else "back"
    return f" — before it the clocks go {way} {span_text(abs(post.clock_change))}"
