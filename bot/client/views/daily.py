"""The layouts of /daily: schedules, next posts, history and health."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from discord import ButtonStyle

from bot.client.custom_ids import custom_id
from bot.client.markdown import escape
from bot.client.views.layout import bulleted, button, button_row, layout, separator, text
from bot.localization.languages import LANGUAGE_NAMES, find_language
from bot.localization.messages import sentence
from bot.scheduling.alert_texts import no_quotes_reason, no_zone_reason
from bot.scheduling.models import DEFAULT_WINDOW, AlertStatus, Outcome, PostKind, Stopped
from bot.scheduling.recurrence import format_days
from bot.scheduling.timezones import format_place, format_zone, is_zone_known, load_zone

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from discord import ui

    from bot.localization.messages import Message
    from bot.localization.phrases import Phrases
    from bot.scheduling.models import Alert, Delivery, Schedule
    from bot.scheduling.records import Checkup
    from bot.scheduling.recurrence import UpcomingPost

DAMAGED = sentence(
    "It is damaged in the bot's database, and is not posted. `/daily remove` removes it, and "
    "`/daily set` sets it up anew."
)
REMOVE, UNDO, AGAIN = "remove", "undo", "again"
"""The kinds of the custom ids of removing a schedule, and of bringing it back."""

KINDS = {
    PostKind.QUOTES: sentence("quotes"),
    PostKind.FACTS: sentence("facts"),
    PostKind.BOTH: sentence("quotes and facts in turn"),
}
QUOTES_AND_FACTS = sentence("quotes and facts")
ADVICE = {
    Outcome.FAILED: sentence("Put right what is named above, then try `/daily now`."),
    Outcome.MISSED: sentence("Whoever runs this bot can say why it was not running."),
    Outcome.UNKNOWN: sentence(
        "Look in the channel; with Read Message History the bot can look for itself."
    ),
}


def render_schedule(  # noqa: PLR0913, PLR0917  # the parts of one card
    say: Phrases,
    heading: str,
    schedule: Schedule,
    upcoming: Sequence[UpcomingPost],
    now: datetime,
    changes: Sequence[str] = (),
) -> ui.LayoutView:
    """Render a schedule under a heading, with its changes and next post."""
    return layout(
        text(f"### {heading}"),
        text(bulleted(say, changes, 1200)) if changes else None,
        text(settings_text(say, schedule)),
        text(next_posts(say, schedule, upcoming[:1], now)),
    )


def render_remove_confirmation(say: Phrases, schedule: Schedule) -> ui.LayoutView:
    """Render the question whether a schedule is to be removed."""
    name = escape(schedule.name, 80)
    return layout(
        text(say("### Remove {name}?", name=name)),
        text(settings_text(say, schedule)),
        text(
            say(
                "It posts no more. For a day it can be brought back; then its history is erased "
                "too."
            )
        ),
        button_row(button(say("Remove it"), custom_id(REMOVE, schedule.id), ButtonStyle.danger)),
    )


def render_removed(say: Phrases, schedule: Schedule) -> ui.LayoutView:
    """Render a removed schedule, with the way to bring it back."""
    return layout(
        text(
            say(
                "**{name}** is removed, and erased with its history in a day.",
                name=escape(schedule.name, 80),
            )
        ),
        button_row(button(say("Bring it back"), custom_id(UNDO, schedule.id))),
    )


def render_schedules(
    say: Phrases,
    schedules: Sequence[tuple[Schedule, Sequence[UpcomingPost]]],
    now: datetime,
    damaged: Sequence[str] = (),
) -> ui.LayoutView:
    """Render every schedule of a server, each with its next post.

    Args:
        say: The reader's phrases.
        schedules: The schedules.
        now: The time, by which a date needs its year or not.
        damaged: The names of others, whose rows in the database cannot be read.
    """
    if not schedules and not damaged:
        return layout(text(say("This server has no schedule yet. Set one up with `/daily set`.")))
    lines = [
        f"{_summary(say, schedule)}\n"
        f"  {next_posts(say, schedule, upcoming[:1], now, pause_apart=' ')}"
        for schedule, upcoming in schedules
    ]
    lines += [f"**{escape(name, 80)}**\n  {say(DAMAGED)}" for name in damaged]
    return layout(text(say("### Daily quotes here")), text(bulleted(say, lines, 3600)))


def settings_text(say: Phrases, schedule: Schedule) -> str:
    """Return a schedule's settings, one on each line."""
    settings = schedule.settings
    lines = [_summary(say, schedule)]
    if settings.pack or settings.speaker or settings.kind is not PostKind.QUOTES:
        lines.append(_chosen_text(say, schedule))
    if settings.style.title:
        title = escape(settings.style.title, 160)
        lines.append(say("Under the heading **{title}**.", title=title))
    if settings.style.colour is not None:
        lines.append(say("In the colour {colour}.", colour=_colour_text(settings.style.colour)))
    if settings.style.language is not None:
        language = name_language(settings.style.language)
        lines.append(say("Posted in {language}.", language=language))
    if settings.role_id:
        lines.append(say("Pings <@&{role}>, and nobody else.", role=settings.role_id))
    if settings.opens_thread:
        lines.append(say("A thread opens below each post."))
    if settings.publishes:
        lines.append(say("Each post is published to the channel’s followers."))
    if settings.window != DEFAULT_WINDOW:
        span = span_text(say, settings.window)
        lines.append(say("If Discord is out, it is tried for {span}.", span=span))
    return "\n".join(lines)


def _chosen_text(say: Phrases, schedule: Schedule) -> str:
    """Say in a sentence which entries a schedule posts."""
    settings = schedule.settings
    posted = _capitalised(say(KINDS[settings.kind]))
    speaker = escape(settings.speaker or "", 160)
    match bool(settings.speaker), bool(settings.pack):
        case True, True:
            return say(
                "{posted} by {speaker} from `{pack}`.",
                posted=posted,
                speaker=speaker,
                pack=settings.pack,
            )
        case True, False:
            return say("{posted} by {speaker}.", posted=posted, speaker=speaker)
        case False, True:
            return say("{posted} from `{pack}`.", posted=posted, pack=settings.pack)
        case _:
            return f"{posted}."


def _capitalised(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}"


def describe_changes(say: Phrases, old: Schedule, new: Schedule) -> list[str]:
    """Return each setting that an edit changed, before and after."""
    before, after = _list_settings(say, old), _list_settings(say, new)
    changes = [
        f"**{setting}** {before[setting]} → {after[setting]}"
        for setting in before
        if before[setting] != after[setting]
    ]
    return changes or [say("Nothing is different: it was set so already.")]


def _list_settings(say: Phrases, schedule: Schedule) -> dict[str, str]:
    settings, timetable = schedule.settings, schedule.settings.timetable
    style, speaker = settings.style, settings.speaker
    return {
        say("Name"): escape(schedule.name, 80),
        say("Channel"): f"<#{settings.channel_id}>",
        say("Time"): f"{timetable.time:%H:%M}",
        say("Zone"): escape(format_zone(timetable.zone, say), 80),
        say("Days"): format_days(say, timetable.days),
        say("Pack"): f"`{settings.pack}`" if settings.pack else say.term("pack", "any"),
        say("Speaker"): escape(speaker, 160) if speaker else say.term("speaker", "anybody"),
        say("Ping"): f"<@&{settings.role_id}>" if settings.role_id else say("nobody"),
        say("Tried for"): span_text(say, settings.window),
        say("Posts"): say(KINDS[settings.kind]),
        say("Heading"): escape(style.title, 160) if style.title else say("the usual"),
        say("Thread"): say("below each post") if settings.opens_thread else say("none"),
        say("Publishing"): say("each post") if settings.publishes else say("none"),
        say("Colour"): _colour_text(style.colour) or say("the usual"),
        say("Language"): name_language(style.language),
    }


def name_language(tag: str | None) -> str:
    """Return a language's name in that language."""
    return LANGUAGE_NAMES[find_language(tag)]


def _colour_text(colour: int | None) -> str:
    return "" if colour is None else f"`#{colour:06x}`"


def next_posts(
    say: Phrases,
    schedule: Schedule,
    upcoming: Sequence[UpcomingPost],
    now: datetime,
    *,
    pause_apart: str = "\n",
) -> str:
    """Return the next posts, in the schedule's zone and the reader's."""
    if not upcoming:
        return _explain_no_post(say, schedule)
    pause = ""
    if schedule.paused_until is not None:
        paused = say("Paused until {moment}.", moment=stamp(schedule.paused_until))
        pause = f"{paused}{pause_apart}"
    place = schedule.settings.timetable.zone
    times = [
        f"{post_time(say, post.local, place, now)}{_clock_change(say, post)}" for post in upcoming
    ]
    if len(times) == 1:
        return f"{pause}{say('**Next** {time}', time=times[0])}"
    return f"{pause}{say('**Next**')}\n" + "\n".join(f"- {each}" for each in times)


def post_time(say: Phrases, moment: datetime, zone: str, now: datetime) -> str:
    """Format a moment in a zone, and its time for the reader."""
    local = moment.astimezone(load_zone(zone))
    has_year = local.year != now.astimezone(local.tzinfo).year
    return say(
        "{moment} {place} ({time} for you, {distance})",
        moment=say.short_moment(local, has_year=has_year),
        place=escape(format_place(zone, say), 80),
        time=stamp(moment, "t"),
        distance=stamp(moment, "R"),
    )


def stamp(moment: datetime, style: str = "F") -> str:
    """Format a moment that Discord shows in the reader's own zone."""
    return f"<t:{int(moment.timestamp())}:{style}>"


def span_text(say: Phrases, span: timedelta) -> str:
    """Format a length of time, such as `1 hour 30 minutes`."""
    seconds = int(span.total_seconds())
    hours, minutes = seconds // 3600, seconds % 3600 // 60
    parts = [
        say.plural("{number} hour", "{number} hours", hours) if hours else "",
        say.plural("{number} minute", "{number} minutes", minutes) if minutes else "",
    ]
    if 0 < seconds < timedelta(minutes=1).total_seconds():
        parts = [say.plural("{number} second", "{number} seconds", seconds)]
    return " ".join(part for part in parts if part) or say("no time")


def _summary(say: Phrases, schedule: Schedule) -> str:
    settings, timetable = schedule.settings, schedule.settings.timetable
    return say(
        "**{name}** in <#{channel}>, {days} at {time}, {zone}",
        name=escape(schedule.name, 80),
        channel=settings.channel_id,
        days=format_days(say, timetable.days),
        time=f"{timetable.time:%H:%M}",
        zone=escape(format_zone(timetable.zone, say), 80),
    )


def _explain_no_post(say: Phrases, schedule: Schedule) -> str:
    if not is_zone_known(schedule.settings.timetable.zone):
        remedy = say("Choose another with `/daily edit`.")
        return f"{say(no_zone_reason(schedule))} {remedy}"
    if schedule.stopped is Stopped.SUSPENDED:
        return say(
            "It is suspended after failing again and again; see `/daily doctor`, then "
            "`/daily resume`."
        )
    return say("It is paused until somebody uses `/daily resume`.")


def _clock_change(say: Phrases, post: UpcomingPost) -> str:
    if not post.is_moved:
        return ""
    span = span_text(say, abs(post.clock_change))
    if post.clock_change > timedelta():
        return f" — {say('before it the clocks go forward {span}', span=span)}"
    return f" — {say('before it the clocks go back {span}', span=span)}"


def render_form_refused(say: Phrases, told: str, draft_id: str) -> ui.LayoutView:
    """Render why a form was refused, with a button that opens it again.

    `told` is escaped already.
    """
    return layout(
        text(told),
        button_row(button(say("Try again"), custom_id(AGAIN, draft_id), ButtonStyle.primary)),
        text(say("-# The form opens as you filled it in; that is kept for ten minutes.")),
        private=True,
    )


def render_history(
    say: Phrases,
    deliveries: Sequence[Delivery],
    names: Mapping[str, str],
    undelivered: Mapping[str, Message],
) -> ui.LayoutView:
    """Render deliveries, the newest first.

    Args:
        say: The reader's phrases.
        deliveries: The deliveries.
        names: The schedules' names by their ids.
        undelivered: The reason why an alert about a delivery reached nobody, by its id.
    """
    if not deliveries:
        return layout(text(say("Nothing has been due yet.")))
    lines = []
    for one in deliveries:
        line = f"**{escape(names.get(one.schedule_id, ''), 80)}** {delivery_text(say, one)}"
        if (reason := undelivered.get(one.id)) is not None:
            told = say("Nobody could be told: {reason}", reason=escape(say(reason), 160))
            line = f"{line} {told}"
        lines.append(line)
    return layout(text(say("### What was due")), text(bulleted(say, lines, 3600)))


def delivery_text(say: Phrases, delivery: Delivery) -> str:
    """Describe a delivery: when it was due, and its outcome."""
    due, reason = (
        stamp(delivery.scheduled_for, "f"),
        escape(say(delivery.reason or ""), 240),
    )
    match delivery.outcome:
        case None:
            return say.plural(
                "due {due}: under way, tried {number} times so far",
                "due {due}: under way, tried {number} times so far",
                delivery.attempts,
                due=due,
            )
        case Outcome.SENT:
            finished = delivery.finished_at or delivery.scheduled_for
            late = max(finished - delivery.scheduled_for, timedelta())
            is_late = late >= timedelta(seconds=1)
            lateness = say("{span} late", span=span_text(say, late)) if is_late else say("on time")
            link = message_link(delivery)
            return say(
                "due {due}: [sent]({link}), {lateness}", due=due, link=link, lateness=lateness
            )
        case Outcome.SKIPPED:
            return say("due {due}: skipped. {reason}", due=due, reason=reason)
        case Outcome.FAILED:
            return say("due {due}: not sent. {reason}", due=due, reason=reason)
        case Outcome.MISSED:
            return say("due {due}: missed. {reason}", due=due, reason=reason)
        case Outcome.UNKNOWN:
            return say(
                "due {due}: unknown: it may or may not be there. {reason}", due=due, reason=reason
            )


def message_link(delivery: Delivery) -> str:
    """Return the address of a delivery's message."""
    return f"https://discord.com/channels/{delivery.guild_id}/{delivery.channel_id}/{delivery.message_id}"


def render_checkup(
    say: Phrases, checkup: Checkup, problems: Sequence[str], now: datetime
) -> ui.LayoutView:
    """Render a schedule's health, with the problems that Discord has now."""
    schedule = checkup.schedule
    found = "\n".join(f"- {problem}" for problem in problems)
    return layout(
        text(say("### How {name} is doing", name=escape(schedule.name, 80))),
        text(settings_text(say, schedule)),
        text(
            f"{say('**To put right**')}\n{found}"
            if found
            else say("Every permission it needs is there.")
        ),
        text(next_posts(say, schedule, checkup.upcoming, now)),
        text(_quotes_left(say, checkup)),
        separator(),
        text(_last_trouble(say, checkup, now)),
        text(_alerts_text(say, checkup)),
    )


def render_checkups(
    say: Phrases,
    checkups: Sequence[tuple[Checkup, Sequence[str]]],
    clock_problem: str | None,
    now: datetime,
    damaged: Sequence[str] = (),
) -> ui.LayoutView:
    """Render the health of a server's schedules, those in trouble first.

    Args:
        say: The reader's phrases.
        checkups: Each schedule's health, with the problems that Discord has now.
        clock_problem: A sentence on the clock of the host's machine, if something is wrong.
        now: The time.
        damaged: The names of others, whose rows in the database cannot be read.
    """

    def is_well(each: tuple[Checkup, Sequence[str]]) -> bool:
        schedule = each[0].schedule
        return not (each[1] or schedule.stopped or schedule.failures or not each[0].quotes)

    in_order = sorted(checkups, key=is_well)
    lines = [f"**{escape(name, 80)}**\n  {say(DAMAGED)}" for name in damaged]
    lines += [
        "\n  ".join(
            (_summary(say, checkup.schedule), *_short_findings(say, checkup, problems, now))
        )
        for checkup, problems in in_order
    ]
    return layout(
        text(say("### How the daily quotes here are doing")),
        text(escape(clock_problem, 320)) if clock_problem else None,
        text(bulleted(say, lines, 3000)),
        text(say("-# `/daily doctor name:` shows one of them in full.")),
    )


def _short_findings(
    say: Phrases, checkup: Checkup, problems: Sequence[str], now: datetime
) -> list[str]:
    """Return what one schedule suffers from, or that it is well."""
    findings = list(problems)
    if not checkup.quotes:
        findings.append(_quotes_left(say, checkup))
    if checkup.schedule.stopped or not checkup.upcoming:
        findings.append(_explain_no_post(say, checkup.schedule))
    failure = checkup.last_failure
    if checkup.schedule.failures and failure is not None:
        told = delivery_text(say, failure)
        findings.append(say("Last trouble, {told}", told=told))
    if findings:
        return findings
    following = next_posts(say, checkup.schedule, checkup.upcoming[:1], now)
    return [f"{say('Nothing is wrong.')} {following}"]


def _quotes_left(say: Phrases, checkup: Checkup) -> str:
    kind = checkup.schedule.settings.kind
    named = QUOTES_AND_FACTS if kind is PostKind.BOTH else KINDS[kind]
    posted = _capitalised(say(named))
    if not checkup.quotes and checkup.withheld:
        return f"**{posted}** {say(no_quotes_reason(checkup.schedule, checkup.withheld))}"
    if not checkup.quotes:
        none = say("There are none to post: see `/packs`, or change `pack` and `by`.")
        return f"**{posted}** {none}"
    return say(
        "**{posted}** {all}, of which {unseen} not yet seen in this round.",
        posted=posted,
        all=say.number(checkup.quotes),
        unseen=say.number(checkup.unseen),
    )


def _last_trouble(say: Phrases, checkup: Checkup, now: datetime) -> str:
    lines = [f"- {delivery_text(say, delivery)}" for delivery in checkup.open_deliveries[:3]]
    failure = checkup.last_failure
    if failure is not None and failure.outcome is not None:
        told = say(
            "Last trouble, {ago}: {told}",
            ago=stamp(failure.finished_at or now, "R"),
            told=delivery_text(say, failure),
        )
        lines.append(f"- {told} {say(ADVICE.get(failure.outcome, ''))}".rstrip())
    return "\n".join(lines) or say("Nothing has gone wrong.")


def _alerts_text(say: Phrases, checkup: Checkup) -> str:
    if checkup.alerts_channel_id:
        told = say("You are told of failures in <#{channel}>.", channel=checkup.alerts_channel_id)
    else:
        told = say(
            "You are told of failures by direct message to <@{user}>; `/daily alerts` chooses a "
            "channel instead.",
            user=checkup.schedule.created_by,
        )
    last = f" {_last_alert(say, checkup.alerts[0])}" if checkup.alerts else ""
    return f"-# {told}{last}"


def _last_alert(say: Phrases, alert: Alert) -> str:
    when = stamp(alert.created_at, "R")
    match alert.status:
        case AlertStatus.PENDING:
            return say("The last notice, {when}, is on its way.", when=when)
        case AlertStatus.SENT_TO_CHANNEL | AlertStatus.SENT_TO_USER:
            return say("The last notice, {when}, arrived.", when=when)
        case AlertStatus.REFUSED | AlertStatus.EXPIRED:
            reason = escape(say(alert.reason or ""), 160)
            return say(
                "The last notice, {when}, did not arrive: {reason}", when=when, reason=reason
            )
