"""What admins are told, in sentences. Names are quoted as code, so that they are never syntax."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.scheduling.models import Alert, alert_id
from bot.scheduling.timezones import format_zone, load_zone

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.scheduling.models import AlertKind, Delivery, Schedule, ScheduleSettings
    from bot.scheduling.recurrence import Occurrence


def notice_about(delivery: Delivery, kind: AlertKind, text: str) -> Alert:
    """Make a notice to be told as soon as possible, about a claim that has ended."""
    if delivery.finished_at is None:
        raise AssertionError("notices are about claims that have ended")
    return Alert(
        id=alert_id(kind, delivery.id),
        guild_id=delivery.guild_id,
        schedule_id=delivery.schedule_id,
        kind=kind,
        text=text,
        created_at=delivery.finished_at,
        free_at=delivery.finished_at,
    )


def failed_text(schedule: Schedule, delivery: Delivery) -> str:
    """Say that a post failed for good."""
    return (
        f"The quote of {_named(schedule)}, due {_when(schedule, delivery.scheduled_for)}, "
        f"was not posted: {delivery.reason} `/daily doctor` says what to do about it."
    )


def suspended_text(schedule: Schedule, delivery: Delivery) -> str:
    """Say that a schedule was suspended."""
    return (
        f"{_named(schedule)} has failed {schedule.failures} times in a row and is suspended. "
        f"The last time: {delivery.reason} "
        "When `/daily doctor` finds nothing wrong any more, `/daily resume` starts it again."
    )


def unknown_text(schedule: Schedule, delivery: Delivery) -> str:
    """Say that nobody knows whether a post was made."""
    return (
        f"The quote of {_named(schedule)}, due {_when(schedule, delivery.scheduled_for)}, "
        f"may or may not have been posted; it is not sent again. {delivery.reason}"
    )


def missed_text(schedule: Schedule, missed: Sequence[Occurrence]) -> str:
    """Say that the window of one or more posts closed before anything could be tried."""
    were = "was" if len(missed) == 1 else "were"
    return (
        f"{_which(schedule, missed)} {were} not posted: the bot was not running, or could "
        f"not reach Discord, until more than {_hours(schedule)} too late."
    )


def restored_text(schedule: Schedule, missed: Sequence[Occurrence]) -> str:
    """Say that a state was brought back that does not know what became of posts."""
    return (
        f"{_which(schedule, missed)} may or may not have been posted: a backup was brought back "
        "that is older, and it is too late to post again."
    )


def nothing_to_post(wanted: ScheduleSettings, withheld: int) -> str:
    """Refuse settings that no quote fits; `withheld` would fit, but for `daily: false`."""
    where = f"the pack '{wanted.pack}'" if wanted.pack else "the packs that answer here"
    by = f" by {wanted.speaker}" if wanted.speaker else ""
    if withheld:
        return f"{_only_withheld(f'{by} in {where}', withheld)} Choose another pack or speaker."
    who = "; 'by' offers who is quoted while you type" if wanted.speaker else ""
    return f"There is no quote{by} in {where}. /packs lists what answers here{who}."


def _which(schedule: Schedule, missed: Sequence[Occurrence]) -> str:
    first, last = _when(schedule, missed[0].instant), _when(schedule, missed[-1].instant)
    if len(missed) == 1:
        return f"The quote of {_named(schedule)}, due {first},"
    return f"{len(missed)} quotes of {_named(schedule)}, due from {first} to {last},"


def _only_withheld(which: str, withheld: int) -> str:
    are, them = ("is", "it") if withheld == 1 else ("are all", "them")
    many = "The only quote" if withheld == 1 else f"The {withheld} quotes"
    return (
        f"{many}{which} {are} marked 'daily: false': the pack’s author lets /quote and answers "
        f"show {them}, and no daily post."
    )


def no_quotes_reason(schedule: Schedule, withheld: int) -> str:
    """Say why there was nothing to post; `withheld` would fit, but for `daily: false`."""
    wanted = [
        f"in the pack {_code(schedule.settings.pack)}" if schedule.settings.pack else "",
        f"by {_code(schedule.settings.speaker)}" if schedule.settings.speaker else "",
    ]
    what = " ".join(part for part in wanted if part)
    what = what or "in the packs that answer here"
    return _only_withheld(f" {what}", withheld) if withheld else f"There is no quote {what}."


def no_zone_reason(schedule: Schedule) -> str:
    """Say that there is no telling when to post."""
    return f"{_code(schedule.settings.timetable.zone)} is not a time zone any more."


def no_zone_text(schedule: Schedule) -> str:
    """Say that a schedule was suspended because its zone is gone."""
    return (
        f"{_named(schedule)} is suspended: {no_zone_reason(schedule)} "
        "Choose another zone with `/daily edit`; then `/daily resume` starts it again."
    )


def _named(schedule: Schedule) -> str:
    return f"{_code(schedule.name)} in <#{schedule.settings.channel_id}>"


def _when(schedule: Schedule, moment: datetime) -> str:
    zone = schedule.settings.timetable.zone
    local = moment.astimezone(load_zone(zone))
    return f"{local:%A} {local.day} {local:%B %Y, %H:%M} ({format_zone(zone)})"


def _hours(schedule: Schedule) -> str:
    minutes = int(schedule.settings.window.total_seconds()) // 60
    hours, rest = divmod(minutes, 60)
    if rest:
        return f"{minutes} minutes"
    return f"{hours} hour{'s' if hours != 1 else ''}"


def _code(name: str | None) -> str:
    shown = (name or "").replace("`", "'")
    return f"`{shown}`"
