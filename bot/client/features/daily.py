"""/daily: the daily quotes of a server, and their posts' button.

Nothing is saved before Discord says that posting there will work.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands, ui

from bot.client.adapters.channel_access import PostNeeds, fetch_problems
from bot.client.adapters.quote_source import split_entry_id
from bot.client.autocomplete import Choice, autocompleting, name_choices
from bot.client.custom_ids import ENTRY, PACK, custom_id
from bot.client.discord_internals import StoredLayout
from bot.client.errors import expected_sentence
from bot.client.features.ask import render_fact
from bot.client.features.daily_form import ScheduleForm
from bot.client.features.daily_options import (
    COLOURS,
    LANGUAGES,
    Channel,
    Hours,
    Kind,
    Name,
    Role,
    ScheduleOptions,
    Text,
    Title,
)
from bot.client.features.packs import pack_choices
from bot.client.form_drafts import ScheduleDraft
from bot.client.knowledge import GONE
from bot.client.markdown import escape, shorten
from bot.client.permissions import AdminGroup, AdminItem, require_admin, require_manager
from bot.client.persistent import PersistentItem
from bot.client.responding import OUTCOME, open_form, reply
from bot.client.services import phrases_of, services_of
from bot.client.views.answer import AnswerContext
from bot.client.views.daily import (
    AGAIN,
    REMOVE,
    UNDO,
    describe_changes,
    message_link,
    post_time,
    render_checkup,
    render_checkups,
    render_form_refused,
    render_history,
    render_remove_confirmation,
    render_removed,
    render_schedule,
    render_schedules,
)
from bot.client.views.layout import OPTION, notice
from bot.client.views.post import POSTED
from bot.client.views.quote import render_quote_details
from bot.client.views.release import render_release
from bot.errors import ScheduleError, UserFacingError
from bot.localization.messages import join_messages, sentence
from bot.scheduling.models import Outcome
from bot.scheduling.parsing import parse_until
from bot.scheduling.timezones import suggest_zones

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Sequence

    from bot.client.services import AdminServices, Services
    from bot.index.scope import EntryKind
    from bot.localization.messages import Message
    from bot.localization.phrases import Phrases
    from bot.scheduling.models import Delivery, Schedule, ScheduleSettings

    Action = Callable[[AdminServices, int, str], Coroutine[Any, Any, ui.LayoutView]]
    """Carries out a command, given the server's id and the schedule's name."""

Interaction = discord.Interaction[Any]

HISTORY_LINES = 20
POLL_SECONDS, POLL_LIMIT_SECONDS = 0.2, 10.0
"""How often, and for how long, the outcome of `/daily now` is looked up."""

OPTIONS = {
    "channel": "Where it is posted: a text or announcement channel, or a thread.",
    "time": "The local time, such as 09:00 or 9am.",
    "zone": "The time zone: a city, a name such as Europe/Berlin, or UTC.",
    "pack": "Only quotes of this pack.",
    "by": "Only quotes of this person.",
    "days": "Such as weekdays, or mon, wed, fri; every day if left out.",
    "role": "The one role to ping.",
    "window": "For how many hours a late post is still tried; 6 if left out.",
    "kind": "Quotes, facts, or both in turn; quotes if left out.",
    "title": "Your own heading; 'Quote of the day' and the like if left out.",
    "colour": "Of the line beside the post: such as red, teal or #c8553d.",
    "thread": "Open a thread below each post, to talk about it.",
    "publish": "Publish each post to the channel's followers; in announcement channels.",
    "language": "The language of the posts' own words and of alerts; the server's if left out.",
}
EDIT_OPTIONS = OPTIONS | {
    "pack": "Only quotes of this pack, or: any.",
    "by": "Only quotes of this person, or: any.",
    "days": "Such as weekdays, or mon, wed, fri.",
    "window": "For how many hours a late post is still tried.",
    "kind": "Quotes, facts, or both in turn.",
    "title": "Your own heading, or: usual.",
    "language": "The language of the posts' own words and of alerts.",
    "colour": "Of the line beside the post: such as red, teal or #c8553d, or: usual.",
}
ALERTS_BY_MESSAGE = sentence(
    "Whoever set a daily quote up is told by direct message when a post fails. "
    "`/daily alerts channel:` chooses a channel instead."
)
NOT_ASKED = sentence(
    "Discord could not be asked what the bot may do there; nothing was changed. Try again."
)

FORM_FORGOTTEN = sentence(
    "What you filled in is kept for ten minutes only, and is gone. Please use `/daily set` again."
)

SCHEDULE = r"(?P<schedule>[A-Za-z0-9_-]{1,32})"
DRAFT = r"(?P<draft>[0-9a-f]{16})"
DELIVERY = r"(?P<claim>[a-z0-9]{1,25})"


class PostButton(
    PersistentItem[ui.Button[Any]],
    template=re.compile(
        f"{custom_id(POSTED, DELIVERY)}(?::(?:(?P<kind>fact|release):)?{PACK}:{ENTRY})?"
    ),
):
    """The button under a daily post, for more about its entry."""

    async def render(self, interaction: Interaction) -> ui.LayoutView:
        """Render the entry with all there is about it."""
        services, say = services_of(interaction), phrases_of(interaction)
        kind, pack, entry = self.match["kind"], self.match["pack"], self.match["entry"]
        if pack is None:  # the custom id had no room for the entry
            kind, pack, entry = await _posted_entry(services, self.match["claim"])
        await services.scopes.require_pack(interaction.guild_id, pack)
        year, knowledge = services.clock.now().year, services.knowledge.in_locale(say.tag)
        if kind == "fact":
            context = AnswerContext(year, say, guild_id=interaction.guild_id)
            return await render_fact(services, pack, entry, context)
        if kind == "release":
            release = await knowledge.find_release(pack, entry)
            if release is None:
                raise UserFacingError(GONE)
            return render_release(say, release, year=year)
        cited = await knowledge.find_quote(pack, entry)
        if cited is None:
            raise UserFacingError(GONE)
        return render_quote_details(say, cited)


class RemoveButton(AdminItem[ui.Button[Any]], template=re.compile(custom_id(REMOVE, SCHEDULE))):
    """Removes a schedule: the second, deliberate step."""

    async def perform(self, interaction: Interaction, guild_id: int) -> ui.LayoutView:
        """Remove the schedule, and offer to bring it back."""
        admin = services_of(interaction).require_admin()
        removed = await admin.schedules.remove(guild_id, self.match["schedule"])
        return render_removed(phrases_of(interaction), removed)


class UndoButton(AdminItem[ui.Button[Any]], template=re.compile(custom_id(UNDO, SCHEDULE))):
    """Brings back a schedule that was removed within a day."""

    async def perform(self, interaction: Interaction, guild_id: int) -> ui.LayoutView:
        """Bring the schedule back."""
        admin, say = services_of(interaction).require_admin(), phrases_of(interaction)
        found = await admin.schedules.undo_removal(guild_id, self.match["schedule"])
        heading = say("{name} is back", name=escape(found.name, 80))
        return _render_saved(say, admin, heading, found)


class AgainButton(
    PersistentItem[ui.Button[Any]],
    template=re.compile(custom_id(AGAIN, r"(?P<draft>[0-9a-f]{16})")),
):
    """Opens a form that was refused as it was filled in."""

    async def respond(self, interaction: Interaction) -> None:
        """Open the form."""
        guild_id = require_manager(interaction)
        draft = services_of(interaction).drafts.find(guild_id, self.match["draft"])
        if draft is None:
            raise UserFacingError(FORM_FORGOTTEN)
        say = phrases_of(interaction)
        form = ScheduleForm(say, draft.name, draft.options, answer_form)
        await open_form(interaction, form)


class DailyGroup(AdminGroup):
    """/daily with its subcommands, in the order that Discord shows."""

    def __init__(self, services: Services) -> None:
        super().__init__("daily", "A quote every day, in a channel of your choice.")
        self._services = services

    @app_commands.command(
        name="set", description="Post a quote every day, at a local time of your choice."
    )
    @app_commands.describe(
        name="What you call it, such as morning; left out, a form asks for it and the rest.",
        **OPTIONS,
    )
    @app_commands.choices(language=LANGUAGES)
    async def set_schedule(  # noqa: PLR0913, PLR0917  # the options of the command
        self,
        interaction: Interaction,
        name: Name | None = None,
        channel: Channel | None = None,
        time: Text | None = None,
        zone: Text | None = None,
        pack: Text | None = None,
        by: Text | None = None,
        days: Text | None = None,
        role: Role | None = None,
        window: Hours | None = None,
        kind: Kind | None = None,
        title: Title | None = None,
        colour: Text | None = None,
        thread: bool = False,  # noqa: FBT001, FBT002  # an option of the command, given by name
        publish: bool = False,  # noqa: FBT001, FBT002  # as above
        language: str | None = None,
    ) -> None:
        """Add a schedule, or open a form where something needed is missing."""
        options = ScheduleOptions(
            *(channel, time, zone, pack, by, days, role, window, False),
            *(kind, title, colour, thread, publish, language),
        )
        if name is None or channel is None or time is None or zone is None:
            form = ScheduleForm(phrases_of(interaction), name, options, answer_form)
            await open_form(interaction, form)
        else:
            await reply(interaction, _add(interaction, name, options), private=True)

    @app_commands.command(name="list", description="The daily quotes of this server.")
    async def list_schedules(self, interaction: Interaction) -> None:
        """List the server's schedules."""

        async def render() -> ui.LayoutView:
            guild_id, admin = await require_admin(interaction)
            found = await admin.schedules.list(guild_id)
            damaged = await admin.schedules.list_damaged(guild_id)
            upcoming = [(one, admin.records.list_upcoming(one, 1)) for one in found]
            return render_schedules(phrases_of(interaction), upcoming, admin.clock.now(), damaged)

        await reply(interaction, render(), private=True)

    @app_commands.command(
        name="edit", description="Change a daily quote; what you leave out stays."
    )
    @app_commands.describe(
        name="Which one.",
        rename="Its new name.",
        no_ping="Ping no role any more.",
        **EDIT_OPTIONS,
    )
    @app_commands.choices(language=LANGUAGES)
    async def edit_schedule(  # noqa: PLR0913, PLR0917  # the options of the command
        self,
        interaction: Interaction,
        name: Name | None = None,
        channel: Channel | None = None,
        time: Text | None = None,
        zone: Text | None = None,
        pack: Text | None = None,
        by: Text | None = None,
        days: Text | None = None,
        role: Role | None = None,
        window: Hours | None = None,
        no_ping: bool = False,  # noqa: FBT001, FBT002  # an option of the command, given by name
        rename: Name | None = None,
        kind: Kind | None = None,
        title: Title | None = None,
        colour: Text | None = None,
        thread: bool | None = None,  # noqa: FBT001  # an option of the command, given by name
        publish: bool | None = None,  # noqa: FBT001  # as above
        language: str | None = None,
    ) -> None:
        """Change a schedule."""
        options = ScheduleOptions(
            *(channel, time, zone, pack, by, days, role, window, no_ping),
            *(kind, title, colour, thread, publish, language),
        )
        await reply(interaction, self._edit(interaction, name, options, rename), private=True)

    @app_commands.command(
        name="pause", description="Post no more, until a moment or until /daily resume."
    )
    @app_commands.describe(
        name="Which one.", until="Such as 2027-01-07, tomorrow, or 2 weeks; its own time zone."
    )
    async def pause_schedule(
        self, interaction: Interaction, name: Name | None = None, until: Text | None = None
    ) -> None:
        """Pause a schedule."""
        say = phrases_of(interaction)

        async def pause(admin: AdminServices, guild_id: int, chosen: str) -> ui.LayoutView:
            schedule = await admin.schedules.get(guild_id, chosen)
            timetable, now = schedule.settings.timetable, admin.clock.now()
            moment = None if until is None else parse_until(until, timetable, now, say)
            paused = await admin.schedules.pause(guild_id, chosen, moment)
            heading = say("{name} is paused", name=escape(paused.name, 80))
            return _render_saved(say, admin, heading, paused)

        await _carry_out(interaction, name, pause)

    @app_commands.command(
        name="resume", description="Go on with a paused or suspended daily quote."
    )
    @app_commands.describe(name="Which one.")
    async def resume_schedule(self, interaction: Interaction, name: Name | None = None) -> None:
        """Resume a schedule."""
        say = phrases_of(interaction)

        async def resume(admin: AdminServices, guild_id: int, chosen: str) -> ui.LayoutView:
            resumed = await admin.schedules.resume(guild_id, chosen)
            heading = say("{name} goes on", name=escape(resumed.name, 80))
            return _render_saved(say, admin, heading, resumed)

        await _carry_out(interaction, name, resume)

    @app_commands.command(name="skip", description="Leave out the next post.")
    @app_commands.describe(name="Which one.")
    async def skip_post(self, interaction: Interaction, name: Name | None = None) -> None:
        """Leave out the next post."""
        say = phrases_of(interaction)

        async def skip(admin: AdminServices, guild_id: int, chosen: str) -> ui.LayoutView:
            skipped, schedule = await admin.schedules.skip(guild_id, chosen)
            zone = schedule.settings.timetable.zone
            when = post_time(say, skipped.instant, zone, admin.clock.now())
            return _render_saved(say, admin, say("Skipped: {when}", when=when), schedule)

        await _carry_out(interaction, name, skip)

    @app_commands.command(
        name="preview", description="See the next quote as it would be posted; only you see it."
    )
    @app_commands.describe(name="Which one.")
    async def preview_post(self, interaction: Interaction, name: Name | None = None) -> None:
        """Show the next quote to the admin alone."""

        async def preview(admin: AdminServices, guild_id: int, chosen: str) -> ui.LayoutView:
            payload = await admin.schedules.preview(guild_id, chosen)
            return StoredLayout(payload["components"])

        await _carry_out(interaction, name, preview)

    @app_commands.command(name="now", description="Post a quote now; it counts as seen.")
    @app_commands.describe(name="Which one.")
    async def post_now(self, interaction: Interaction, name: Name | None = None) -> None:
        """Post a quote now, and wait for its outcome."""
        say = phrases_of(interaction)

        async def post(admin: AdminServices, guild_id: int, chosen: str) -> ui.LayoutView:
            delivery = await admin.schedules.post_now(guild_id, chosen, interaction.id)
            waited = 0.0
            while waited < POLL_LIMIT_SECONDS:
                found = await admin.records.get_delivery(delivery.id)
                if found is None or found.outcome is not None:
                    return notice(_describe_outcome(say, found))
                await admin.clock.sleep(POLL_SECONDS)
                waited += POLL_SECONDS
            return notice(
                say("It is on its way, but Discord takes long. `/daily history` shows how it went.")
            )

        await _carry_out(interaction, name, post)

    @app_commands.command(
        name="remove", description="Remove a daily quote with its history; it asks first."
    )
    @app_commands.describe(name="Which one.")
    async def remove_schedule(self, interaction: Interaction, name: Name) -> None:
        """Remove a schedule; its name must be given."""
        say = phrases_of(interaction)

        async def ask(admin: AdminServices, guild_id: int, chosen: str) -> ui.LayoutView:
            # Of a damaged one nothing could be brought back.
            erased = await admin.schedules.erase_damaged(guild_id, chosen)
            if erased is not None:
                told = say("**{name}** is removed, with its history.", name=escape(erased, 80))
                return notice(told)
            schedule = await admin.schedules.get(guild_id, chosen)
            return render_remove_confirmation(say, schedule)

        await _carry_out(interaction, name, ask)

    @app_commands.command(name="history", description="What was due, what was sent, and why not.")
    @app_commands.describe(name="Which one; all of them if left out.")
    async def show_history(self, interaction: Interaction, name: Name | None = None) -> None:
        """Show the latest deliveries."""

        async def render() -> ui.LayoutView:
            guild_id, admin = await require_admin(interaction)
            deliveries = await admin.records.history(guild_id, name, HISTORY_LINES)
            names = {one.id: one.name for one in await admin.schedules.list(guild_id)}
            undelivered = await admin.records.list_undelivered(deliveries)
            return render_history(phrases_of(interaction), deliveries, names, undelivered)

        await reply(interaction, render(), private=True)

    @app_commands.command(
        name="doctor", description="What is wrong with a daily quote, and what to do."
    )
    @app_commands.describe(name="Which one; all of them if left out.")
    async def diagnose(self, interaction: Interaction, name: Name | None = None) -> None:
        """Show the problems of a schedule, or of all."""
        await reply(interaction, _diagnose(interaction, name), private=True)

    @app_commands.command(name="alerts", description="Where you are told when a post fails.")
    @app_commands.describe(channel="A channel; left out: by direct message to who set it up.")
    async def choose_alerts(self, interaction: Interaction, channel: Channel | None = None) -> None:
        """Choose the channel for alerts."""

        async def render() -> ui.LayoutView:
            guild_id, admin = await require_admin(interaction)
            if channel is not None:
                await require_postable(interaction.client, guild_id, channel, PostNeeds())
            await admin.guilds.set_alerts(guild_id, channel)
            say = phrases_of(interaction)
            if channel is None:
                return notice(say(ALERTS_BY_MESSAGE))
            return notice(say("You are told in <#{channel}> when a post fails.", channel=channel))

        await reply(interaction, render(), private=True)

    @edit_schedule.autocomplete("name")
    @pause_schedule.autocomplete("name")
    @resume_schedule.autocomplete("name")
    @skip_post.autocomplete("name")
    @preview_post.autocomplete("name")
    @post_now.autocomplete("name")
    @remove_schedule.autocomplete("name")
    @show_history.autocomplete("name")
    @diagnose.autocomplete("name")
    @autocompleting
    async def complete_name(self, interaction: Interaction, current: str) -> list[Choice]:
        """Offer the names of the server's schedules."""
        guild_id, admin = require_manager(interaction), self._services.require_admin()
        # Read from the state each time: at most ten rows by an index. A cache would be wrong as
        # soon as a second process serves the same server.
        found = await admin.schedules.list_names(guild_id)
        typed = current.casefold().strip()
        return name_choices(name for name in found if typed in name.casefold())

    @set_schedule.autocomplete("zone")
    @edit_schedule.autocomplete("zone")
    @autocompleting
    async def complete_zone(self, interaction: Interaction, current: str) -> list[Choice]:
        """Offer time zones, each with its present offset."""
        say = phrases_of(interaction)
        found = suggest_zones(say, current, self._services.require_admin().clock.now())
        return [Choice(name=shorten(each.label, OPTION), value=each.name) for each in found]

    @set_schedule.autocomplete("pack")
    @edit_schedule.autocomplete("pack")
    @autocompleting
    async def complete_pack(self, interaction: Interaction, current: str) -> list[Choice]:
        """Offer the host's packs."""
        require_manager(interaction)
        knowledge = self._services.knowledge.in_locale(interaction.locale.value)
        return pack_choices(knowledge, current)

    @set_schedule.autocomplete("colour")
    @edit_schedule.autocomplete("colour")
    @autocompleting
    async def complete_colour(self, interaction: Interaction, current: str) -> list[Choice]:
        """Offer colours by their names."""
        say, typed = phrases_of(interaction), current.casefold().strip()
        named = {colour: say.term("colour", colour) for colour in COLOURS}
        return [
            Choice(name=name, value=colour)
            for colour, name in named.items()
            if typed in colour or typed in name.casefold()
        ]

    @set_schedule.autocomplete("by")
    @edit_schedule.autocomplete("by")
    @autocompleting
    async def complete_speaker(self, interaction: Interaction, current: str) -> list[Choice]:
        """Offer the speakers of the quotes."""
        scope = await self._services.scopes.scope_for(interaction.guild_id)
        return name_choices(self._services.knowledge.complete_speaker(current, scope))

    async def _edit(
        self,
        interaction: Interaction,
        typed: str | None,
        options: ScheduleOptions,
        rename: str | None,
    ) -> ui.LayoutView:
        guild_id, admin = await require_admin(interaction)
        name = await _choose_name(admin, guild_id, typed)
        if options == ScheduleOptions() and rename is None:
            raise ScheduleError(
                "Nothing to change was given; add an option, such as time or channel."
            )
        old = await admin.schedules.get(guild_id, name)
        scope = await self._services.scopes.scope_for(guild_id)
        say = phrases_of(interaction)
        wanted = options.apply_to(old.settings, self._services.knowledge, scope, say)
        await require_postable(interaction.client, guild_id, wanted.channel_id, needs_of(wanted))
        # With `read`, another admin's edit made meanwhile is not overwritten.
        changed = await admin.schedules.edit(guild_id, name, wanted, rename, read=old.settings)
        heading, changes = (
            say("{name} is changed", name=escape(changed.name, 80)),
            describe_changes(say, old, changed),
        )
        return _render_saved(say, admin, heading, changed, changes)


async def answer_form(interaction: Interaction, name: str, options: ScheduleOptions) -> None:
    """Add a schedule as a form was filled in, or offer to correct it."""

    async def render() -> ui.LayoutView:
        try:
            return await _add(interaction, name, options)
        except (ScheduleError, UserFacingError) as error:
            interaction.extras[OUTCOME] = "refused"
            draft = ScheduleDraft(require_manager(interaction), name, options)
            draft_id = services_of(interaction).drafts.keep(draft)
            say = phrases_of(interaction)
            return render_form_refused(say, expected_sentence(say, error) or "", draft_id)

    await reply(interaction, render(), private=True)


async def _add(interaction: Interaction, name: str, options: ScheduleOptions) -> ui.LayoutView:
    guild_id, admin = await require_admin(interaction)
    services = services_of(interaction)
    scope = await services.scopes.scope_for(guild_id)
    if options.language is None:
        options = replace(options, language=str(interaction.guild_locale or ""))
    say = phrases_of(interaction)
    wanted = options.to_settings(services.knowledge, scope, say)
    await require_postable(interaction.client, guild_id, wanted.channel_id, needs_of(wanted))
    added = await admin.schedules.add(guild_id, name, wanted, interaction.user.id)
    heading = say("{name} is set", name=escape(added.name, 80))
    return _render_saved(say, admin, heading, added)


def needs_of(wanted: ScheduleSettings) -> PostNeeds:
    """Return the needs of a schedule's posts."""
    return PostNeeds(wanted.role_id, wanted.opens_thread, wanted.publishes)


async def require_postable(
    client: discord.Client, guild_id: int, channel_id: int, needs: PostNeeds
) -> None:
    """Raise UserFacingError unless Discord says that posting there will work."""
    if problems := await check_channel(client, guild_id, channel_id, needs):
        raise UserFacingError("{problems}\nNothing was changed.", problems=join_messages(problems))


async def check_channel(
    client: discord.Client, guild_id: int, channel_id: int, needs: PostNeeds
) -> list[Message]:
    """Return the present problems of posting in a channel.

    Raises:
        UserFacingError: Discord cannot be asked now.
    """
    try:
        return await fetch_problems(client, guild_id, channel_id, needs)
    except (discord.HTTPException, OSError) as error:
        raise UserFacingError(NOT_ASKED) from error


async def _carry_out(interaction: Interaction, typed: str | None, action: Action) -> None:
    """Answer with the result of an action on a schedule."""

    async def render() -> ui.LayoutView:
        guild_id, admin = await require_admin(interaction)
        return await action(admin, guild_id, await _choose_name(admin, guild_id, typed))

    await reply(interaction, render(), private=True)


async def _choose_name(admin: AdminServices, guild_id: int, typed: str | None) -> str:
    """Return the name typed, or the name of the server's only schedule."""
    if typed is not None:
        return typed
    found = await admin.schedules.list(guild_id)
    if not found:
        raise ScheduleError("This server has no schedule yet; set one up with /daily set.")
    if len(found) > 1:
        names = ", ".join(f"'{one.name}'" for one in found)
        raise ScheduleError("Which one? Give its name: {names}.", names=names)
    return found[0].name


async def _diagnose(interaction: Interaction, name: str | None) -> ui.LayoutView:
    guild_id, admin = await require_admin(interaction)
    names = [name] if name else [one.name for one in await admin.schedules.list(guild_id)]
    damaged = () if name else await admin.schedules.list_damaged(guild_id)
    if not names and not damaged:
        raise ScheduleError("This server has no schedule yet; set one up with /daily set.")
    say, checkups = phrases_of(interaction), []
    for each in names:
        found = await admin.records.check_schedule(guild_id, each)
        wanted = found.schedule.settings
        problems = await check_channel(
            interaction.client, guild_id, wanted.channel_id, needs_of(wanted)
        )
        checkups.append((found, [say(problem) for problem in problems]))
    now = admin.clock.now()
    clock_problem = say(admin.time_check.problem or "") or None
    if len(checkups) > 1 or damaged:
        return render_checkups(say, checkups, clock_problem, now, damaged)
    ((only, told),) = checkups
    return render_checkup(say, only, [*told, *([clock_problem] if clock_problem else [])], now)


async def _posted_entry(services: Services, delivery_id: str) -> tuple[EntryKind, str, str]:
    """Return the kind, the pack and the id of a delivery's entry.

    Raises:
        UserFacingError: The delivery is not known any more.
    """
    admin = services.admin
    delivery = None if admin is None else await admin.records.get_delivery(delivery_id)
    if delivery is None or delivery.quote_id is None:
        raise UserFacingError(GONE)
    return split_entry_id(delivery.quote_id)


def _render_saved(
    say: Phrases,
    admin: AdminServices,
    heading: str,
    schedule: Schedule,
    changes: Sequence[str] = (),
) -> ui.LayoutView:
    upcoming = admin.records.list_upcoming(schedule, 1)
    return render_schedule(say, heading, schedule, upcoming, admin.clock.now(), changes)


def _describe_outcome(say: Phrases, delivery: Delivery | None) -> str:
    if delivery is None:
        return say("The schedule was removed meanwhile; nothing was posted.")
    if delivery.outcome is Outcome.SENT:
        return say(
            "Posted in <#{channel}>: {link}",
            channel=delivery.channel_id,
            link=message_link(delivery),
        )
    return say(
        "Not posted. {reason} `/daily doctor` says what to do about it.",
        reason=escape(say(delivery.reason or ""), 480),
    )
