"""The texts of alerts and refusals.

Names are quoted as code, so that they are never syntax.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.scheduling.models import (
    DAY_HEADING,
    FACT,
    FACT_HEADING,
    QUOTE_HEADING,
    RELEASE,
    Alert,
    FollowUpKind,
    PostKind,
    alert_id,
)
from bot.scheduling.timezones import format_zone, is_zone_known, load_zone

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.scheduling.models import AlertKind, Delivery, Schedule, ScheduleSettings
    from bot.scheduling.recurrence import Occurrence


def new_alert(delivery: Delivery, kind: AlertKind, text: str) -> Alert:
    """Make an alert about a completed delivery, to be sent immediately."""
    if delivery.finished_at is None:
        raise AssertionError("alerts are about completed deliveries")
    return Alert(
        id=alert_id(kind, delivery.id),
        guild_id=delivery.guild_id,
        schedule_id=delivery.schedule_id,
        kind=kind,
        text=text,
        created_at=delivery.finished_at,
        available_at=delivery.finished_at,
    )


def failed_text(schedule: Schedule, delivery: Delivery) -> str:
    """Tell that a post failed for good."""
    return (
        f"The post of {_name_of(schedule)}, due {_local(schedule, delivery.scheduled_for)}, "
        f"was not posted: {delivery.reason} `/daily doctor` says what to do about it."
    )


def suspended_text(schedule: Schedule, delivery: Delivery) -> str:
    """Tell that a schedule was suspended after failures."""
    return (
        f"{_name_of(schedule)} has failed {schedule.failures} times in a row and is "
        f"suspended. The last time: {delivery.reason} "
        "When `/daily doctor` finds nothing wrong any more, `/daily resume` starts it again."
    )


def unknown_text(schedule: Schedule, delivery: Delivery) -> str:
    """Tell that a post may or may not have been made."""
    return (
        f"The post of {_name_of(schedule)}, due {_local(schedule, delivery.scheduled_for)}, "
        f"may or may not have been posted; it is not sent again. {delivery.reason}"
    )


def role_gone_text(schedule: Schedule) -> str:
    """Tell that a role to ping was deleted."""
    return (
        f"The role that {_name_of(schedule)} pings is gone, so it was posted without a "
        "ping. `/daily edit` chooses another role, or none with `no_ping`."
    )


def follow_up_text(schedule: Schedule, post: Delivery, kind: FollowUpKind, reason: str) -> str:
    """Tell that a post was made without its thread or publication."""
    made = (
        f"The post of {_name_of(schedule)}, due {_local(schedule, post.scheduled_for)}, was made, "
    )
    match kind:
        case FollowUpKind.THREAD:
            return (
                f"{made}but no thread was opened below it: {reason} `/daily doctor` says what to "
                "do about it; `/daily edit` with `thread: False` opens none any more. This is "
                "told once, until a thread is opened again."
            )
        case FollowUpKind.PUBLISH:
            return (
                f"{made}but it was not published to the channel’s followers: {reason} `/daily "
                "doctor` says what to do about it; `/daily edit` with `publish: False` publishes "
                "none any more. This is told once, until a post is published again."
            )


def thread_name(schedule: Schedule, post: Delivery) -> str:
    """Return the name of the thread below a post."""
    heading = schedule.settings.style.title or _usual_heading(post)
    zone = schedule.settings.timetable.zone
    day = post.scheduled_for.astimezone(load_zone(zone if is_zone_known(zone) else "UTC"))
    return f"{heading}, {day.day} {day:%B %Y}"


def _usual_heading(post: Delivery) -> str:
    entry = post.quote_id or ""
    if entry.startswith(RELEASE):
        return DAY_HEADING
    return FACT_HEADING if entry.startswith(FACT) else QUOTE_HEADING


def timeout_reason(until: datetime) -> str:
    """Explain that a time-out keeps the bot from writing."""
    return (
        f"The bot is in a time-out until {until:%Y-%m-%d, %H:%M} UTC: it may write nothing in the "
        "server until then, or until a moderator ends it."
    )


def missed_text(schedule: Schedule, missed: Sequence[Occurrence]) -> str:
    """Tell that the windows of posts closed before anything could be tried."""
    were = "was" if len(missed) == 1 else "were"
    return (
        f"{_describe(schedule, missed)} {were} not posted: the bot was not running, or could "
        f"not reach Discord, until more than {_window_of(schedule)} too late."
    )


def restored_text(schedule: Schedule, missed: Sequence[Occurrence]) -> str:
    """Tell that a restored state does not know the fate of posts."""
    return (
        f"{_describe(schedule, missed)} may or may not have been posted: a backup was "
        "brought back that is older, and it is too late to post again."
    )


def damaged_schedule_text(name: object, channel_id: object, fault: str) -> str:
    """Tell that a schedule was suspended because its row cannot be read."""
    where = f" in <#{channel_id}>" if isinstance(channel_id, int) else ""
    return (
        f"{_as_code(str(name))}{where} is suspended: its row in the state database is damaged "
        f"({_as_code(fault[:200])}). `/daily list` shows what is left of it: correct it with "
        "`/daily edit` and start it again with `/daily resume`, or remove it with `/daily remove` "
        "and set it up anew. Whoever hosts the bot should look after the disk."
    )


def damaged_delivery_text(schedule: Schedule | None, *, is_certain: bool) -> str:
    """Tell that a damaged post under way was given up."""
    of_whom = f" of {_name_of(schedule)}" if schedule else ""
    was = "was not posted" if is_certain else "may or may not have been posted"
    return (
        f"A post{of_whom} {was}: its row in the state database is damaged. It is not sent again. "
        "Whoever hosts the bot should look after the disk."
    )


def nothing_to_post(wanted: ScheduleSettings, withheld: int) -> str:
    """Refuse settings without entries; `withheld` would fit, but for `daily: false`."""
    where = f"the pack '{wanted.pack}'" if wanted.pack else "the packs that answer here"
    if wanted.kind is PostKind.FACTS:
        return f"There is no fact in {where}. /packs lists what answers here."
    by = f" by {wanted.speaker}" if wanted.speaker else ""
    if withheld:
        return f"{_describe_withheld(f'{by} in {where}', withheld)} Choose another pack or speaker."
    who = "; 'by' offers who is quoted while you type" if wanted.speaker else ""
    return f"There is no quote{by} in {where}. /packs lists what answers here{who}."


def _describe(schedule: Schedule, missed: Sequence[Occurrence]) -> str:
    first, last = (
        _local(schedule, missed[0].instant),
        _local(schedule, missed[-1].instant),
    )
    if len(missed) == 1:
        return f"The post of {_name_of(schedule)}, due {first},"
    return f"{len(missed)} posts of {_name_of(schedule)}, due from {first} to {last},"


def _describe_withheld(which: str, withheld: int) -> str:
    are, them = ("is", "it") if withheld == 1 else ("are all", "them")
    many = "The only quote" if withheld == 1 else f"The {withheld} quotes"
    return (
        f"{many}{which} {are} marked 'daily: false': the pack’s author lets /quote and answers "
        f"show {them}, and no daily post."
    )


def no_quotes_reason(schedule: Schedule, withheld: int) -> str:
    """Explain an empty choice; `withheld` quotes would fit, but for `daily: false`."""
    if schedule.settings.kind is PostKind.FACTS:
        pack = schedule.settings.pack
        where = f"in the pack {_as_code(pack)}" if pack else "in the packs that answer here"
        return f"There is no fact {where}."
    wanted = [
        f"in the pack {_as_code(schedule.settings.pack)}" if schedule.settings.pack else "",
        f"by {_as_code(schedule.settings.speaker)}" if schedule.settings.speaker else "",
    ]
    what = " ".join(part for part in wanted if part)
    what = what or "in the packs that answer here"
    return _describe_withheld(f" {what}", withheld) if withheld else f"There is no quote {what}."


def no_zone_reason(schedule: Schedule) -> str:
    """Explain that the schedule's time zone is gone."""
    return f"{_as_code(schedule.settings.timetable.zone)} is not a time zone any more."


def no_zone_text(schedule: Schedule) -> str:
    """Tell that a schedule was suspended because its zone is gone."""
    return (
        f"{_name_of(schedule)} is suspended: {no_zone_reason(schedule)} "
        "Choose another zone with `/daily edit`; then `/daily resume` starts it again."
    )


def _name_of(schedule: Schedule) -> str:
    return f"{_as_code(schedule.name)} in <#{schedule.settings.channel_id}>"


def _local(schedule: Schedule, moment: datetime) -> str:
    zone = schedule.settings.timetable.zone
    if not is_zone_known(zone):  # since the schedule was set up
        zone = "UTC"
    local = moment.astimezone(load_zone(zone))
    return f"{local:%A} {local.day} {local:%B %Y, %H:%M} ({format_zone(zone)})"


def _window_of(schedule: Schedule) -> str:
    minutes = int(schedule.settings.window.total_seconds()) // 60
    hours, rest = divmod(minutes, 60)
    if rest:
        return f"{minutes} minutes"
    return f"{hours} hour{'s' if hours != 1 else ''}"


def _as_code(name: str | None) -> str:
    shown = (name or "").replace("`", "'")
    return f"`{shown}`"
