"""The texts of alerts and refusals.

Names are quoted as code, so that they are never syntax. An alert is in the language of its
schedule, a refusal in that of its reader.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.localization.languages import load_phrases
from bot.localization.messages import message
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
from bot.scheduling.reasons import Reason, explain
from bot.scheduling.timezones import format_zone, is_zone_known, load_zone

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.localization.messages import Message
    from bot.localization.phrases import Phrases
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
    say = phrases_for(schedule)
    return say(
        "The post of {name} in <#{channel}>, due {due}, was not posted: {reason} `/daily doctor` "
        "says what to do about it.",
        **_post_places(say, schedule, delivery.scheduled_for),
        reason=say(delivery.reason or ""),
    )


def suspended_text(schedule: Schedule, delivery: Delivery) -> str:
    """Tell that a schedule was suspended after failures."""
    say = phrases_for(schedule)
    return say.plural(
        "{name} in <#{channel}> has failed {number} times in a row and is suspended. The last "
        "time: {reason} When `/daily doctor` finds nothing wrong any more, `/daily resume` starts "
        "it again.",
        "{name} in <#{channel}> has failed {number} times in a row and is suspended. The last "
        "time: {reason} When `/daily doctor` finds nothing wrong any more, `/daily resume` starts "
        "it again.",
        schedule.failures,
        **_name_places(schedule),
        reason=say(delivery.reason or ""),
    )


def unknown_text(schedule: Schedule, delivery: Delivery) -> str:
    """Tell that a post may or may not have been made."""
    say = phrases_for(schedule)
    return say(
        "The post of {name} in <#{channel}>, due {due}, may or may not have been posted; it is "
        "not sent again. {reason}",
        **_post_places(say, schedule, delivery.scheduled_for),
        reason=say(delivery.reason or ""),
    )


def role_gone_text(schedule: Schedule) -> str:
    """Tell that a role to ping was deleted."""
    return phrases_for(schedule)(
        "The role that {name} in <#{channel}> pings is gone, so it was posted without a ping. "
        "`/daily edit` chooses another role, or none with `no_ping`.",
        **_name_places(schedule),
    )


def follow_up_text(
    schedule: Schedule, post: Delivery, kind: FollowUpKind, reason: Message | None
) -> str:
    """Tell that a post was made without its thread or publication."""
    say = phrases_for(schedule)
    places = _post_places(say, schedule, post.scheduled_for)
    match kind:
        case FollowUpKind.THREAD:
            return say(
                "The post of {name} in <#{channel}>, due {due}, was made, but no thread was opened "
                "below it: {reason} `/daily doctor` says what to do about it; `/daily edit` with "
                "`thread: False` opens none any more. This is told once, until a thread is opened "
                "again.",
                **places,
                reason=say(reason or ""),
            )
        case FollowUpKind.PUBLISH:
            return say(
                "The post of {name} in <#{channel}>, due {due}, was made, but it was not published "
                "to the channel’s followers: {reason} `/daily doctor` says what to do about it; "
                "`/daily edit` with `publish: False` publishes none any more. This is told once, "
                "until a post is published again.",
                **places,
                reason=say(reason or ""),
            )


def thread_name(schedule: Schedule, post: Delivery) -> str:
    """Return the name of the thread below a post."""
    say = phrases_for(schedule)
    entry = post.quote_id or ""
    usual = FACT_HEADING if entry.startswith(FACT) else QUOTE_HEADING
    if entry.startswith(RELEASE):  # posted on the day of the year on which it came out
        usual = DAY_HEADING
    heading = schedule.settings.style.title or say(usual)
    zone = schedule.settings.timetable.zone
    day = post.scheduled_for.astimezone(load_zone(zone if is_zone_known(zone) else "UTC"))
    return f"{heading}, {say.day_in_title(day.date())}"


def timeout_reason(until: datetime) -> Message:
    """Explain that a time-out keeps the bot from writing."""
    return explain(Reason.IN_TIMEOUT, moment=f"{until:%Y-%m-%d, %H:%M}")


def missed_text(schedule: Schedule, missed: Sequence[Occurrence]) -> str:
    """Tell that the windows of posts closed before anything could be tried."""
    say = phrases_for(schedule)
    minutes = int(schedule.settings.window.total_seconds()) // 60
    hours, rest = divmod(minutes, 60)
    if rest:
        window = say.plural("{number} minute", "{number} minutes", minutes)
    else:
        window = say.plural("{number} hour", "{number} hours", hours)
    return say.plural(
        "The post of {name} in <#{channel}>, due {first}, was not posted: the bot was not running, "
        "or could not reach Discord, until more than {window} too late.",
        "{number} posts of {name} in <#{channel}>, due from {first} to {last}, were not posted: "
        "the bot was not running, or could not reach Discord, until more than {window} too late.",
        len(missed),
        **_missed_places(say, schedule, missed),
        window=window,
    )


def restored_text(schedule: Schedule, missed: Sequence[Occurrence]) -> str:
    """Tell that a restored state does not know the fate of posts."""
    say = phrases_for(schedule)
    return say.plural(
        "The post of {name} in <#{channel}>, due {first}, may or may not have been posted: a "
        "backup was brought back that is older, and it is too late to post again.",
        "{number} posts of {name} in <#{channel}>, due from {first} to {last}, may or may not have "
        "been posted: a backup was brought back that is older, and it is too late to post again.",
        len(missed),
        **_missed_places(say, schedule, missed),
    )


def damaged_schedule_text(name: object, channel_id: object, language: object, fault: str) -> str:
    """Tell that a schedule was suspended because its row cannot be read.

    Its name, channel and language stand in that row too, and may be damaged.
    """
    say = load_phrases(language if isinstance(language, str) else None)
    places = {"name": _as_code(str(name)), "fault": _as_code(fault[:200])}
    if isinstance(channel_id, int):
        return say(
            "{name} in <#{channel}> is suspended: its row in the state database is damaged "
            "({fault}). `/daily list` shows what is left of it; a time that was lost stands as "
            "00:00, a zone as UTC. Correct it with `/daily edit` and start it again with "
            "`/daily resume`, or remove it with `/daily remove` and set it up anew. Whoever hosts "
            "the bot should look after the disk.",
            channel=channel_id,
            **places,
        )
    return say(
        "{name} is suspended: its row in the state database is damaged ({fault}). `/daily list` "
        "shows what is left of it; a time that was lost stands as 00:00, a zone as UTC. Correct it "
        "with `/daily edit` and start it again with `/daily resume`, or remove it with "
        "`/daily remove` and set it up anew. Whoever hosts the bot should look after the disk.",
        **places,
    )


def damaged_delivery_text(schedule: Schedule | None, *, is_certain: bool) -> str:
    """Tell that a damaged post under way was given up."""
    if schedule is None:
        return str(
            message(
                "A post was not posted: its row in the state database is damaged. It is not sent "
                "again. Whoever hosts the bot should look after the disk."
            )
            if is_certain
            else message(
                "A post may or may not have been posted: its row in the state database is damaged. "
                "It is not sent again. Whoever hosts the bot should look after the disk."
            )
        )
    say = phrases_for(schedule)
    if is_certain:
        return say(
            "A post of {name} in <#{channel}> was not posted: its row in the state database is "
            "damaged. It is not sent again. Whoever hosts the bot should look after the disk.",
            **_name_places(schedule),
        )
    return say(
        "A post of {name} in <#{channel}> may or may not have been posted: its row in the state "
        "database is damaged. It is not sent again. Whoever hosts the bot should look after the "
        "disk.",
        **_name_places(schedule),
    )


def nothing_to_post(wanted: ScheduleSettings, withheld: int) -> Message:
    """Refuse settings without entries; `withheld` would fit, but for `daily: false`."""
    where = _where(f"'{wanted.pack}'" if wanted.pack else None)
    if wanted.kind is PostKind.FACTS:
        return message("There is no fact {where}. /packs lists what answers here.", where=where)
    which = where
    if wanted.speaker:
        which = message("by {speaker} {where}", speaker=wanted.speaker, where=where)
    if withheld:
        told = explain(Reason.WITHHELD, withheld, which=which)
        return message("{told} Choose another pack or speaker.", told=told)
    if wanted.speaker:
        return message(
            "There is no quote {which}. /packs lists what answers here; 'by' offers who is quoted "
            "while you type.",
            which=which,
        )
    return message("There is no quote {which}. /packs lists what answers here.", which=which)


def no_quotes_reason(schedule: Schedule, withheld: int) -> Message:
    """Explain an empty choice; `withheld` quotes would fit, but for `daily: false`."""
    wanted = schedule.settings
    pack = _as_code(wanted.pack) if wanted.pack else None
    if wanted.kind is PostKind.FACTS:
        return explain(Reason.NO_FACT, where=_where(pack))
    which = _where(pack)
    if wanted.speaker and pack:
        speaker = _as_code(wanted.speaker)
        which = explain(Reason.IN_PACK_BY_SPEAKER, pack=pack, speaker=speaker)
    elif wanted.speaker:
        which = explain(Reason.BY_SPEAKER, speaker=_as_code(wanted.speaker))
    if withheld:
        return explain(Reason.WITHHELD, withheld, which=which)
    return explain(Reason.NO_QUOTE, which=which)


def no_zone_reason(schedule: Schedule) -> Message:
    """Explain that the schedule's time zone is gone."""
    return explain(Reason.NO_ZONE, zone=_as_code(schedule.settings.timetable.zone))


def no_zone_text(schedule: Schedule) -> str:
    """Tell that a schedule was suspended because its zone is gone."""
    say = phrases_for(schedule)
    return say(
        "{name} in <#{channel}> is suspended: {reason} Choose another zone with `/daily edit`; "
        "then `/daily resume` starts it again.",
        **_name_places(schedule),
        reason=no_zone_reason(schedule),
    )


def phrases_for(schedule: Schedule) -> Phrases:
    """Return the phrases of a schedule's language."""
    return load_phrases(schedule.settings.style.language)


def _where(pack: str | None) -> Message:
    return explain(Reason.HERE) if pack is None else explain(Reason.IN_PACK, pack=pack)


def _name_places(schedule: Schedule) -> dict[str, object]:
    return {"name": _as_code(schedule.name), "channel": schedule.settings.channel_id}


def _post_places(say: Phrases, schedule: Schedule, due: datetime) -> dict[str, object]:
    return _name_places(schedule) | {"due": _local(say, schedule, due)}


def _missed_places(
    say: Phrases, schedule: Schedule, missed: Sequence[Occurrence]
) -> dict[str, object]:
    first, last = missed[0].instant, missed[-1].instant
    moments = {"first": _local(say, schedule, first), "last": _local(say, schedule, last)}
    return _name_places(schedule) | moments


def _local(say: Phrases, schedule: Schedule, moment: datetime) -> str:
    zone = schedule.settings.timetable.zone
    if not is_zone_known(zone):  # since the schedule was set up
        zone = "UTC"
    place = say.city_of(zone) or format_zone(zone)
    return f"{say.moment(moment.astimezone(load_zone(zone)))} ({place})"


def _as_code(name: str | None) -> str:
    shown = (name or "").replace("`", "'")
    return f"`{shown}`"
