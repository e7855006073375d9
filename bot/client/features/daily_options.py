"""The options of /daily, and their reading as settings."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Literal

import discord
from discord import app_commands

from bot.client.adapters.channel_access import POSTABLE
from bot.client.markdown import one_line
from bot.client.views.layout import OPTION
from bot.errors import ScheduleError
from bot.localization.languages import LANGUAGE_NAMES, find_language
from bot.localization.phrases import ENGLISH_TAG
from bot.scheduling.models import DEFAULT_WINDOW, PostKind, PostStyle, ScheduleSettings
from bot.scheduling.parsing import parse_days, parse_time
from bot.scheduling.recurrence import EVERY_DAY, Timetable
from bot.scheduling.timezones import parse_zone
from bot.scheduling.typed_words import fold_typed, list_words

if TYPE_CHECKING:
    from bot.answering.knowledge_base import KnowledgeBase
    from bot.index.scope import Scope
    from bot.localization.phrases import Phrases

ANY_PACK, ANYONE = "any, any pack", "any, anyone, anybody"
"""What stands for every pack and every speaker when a schedule is edited."""

USUAL = "usual"
"""Stands for the title and the colour that posts have unless an admin chooses others."""

COLOURS = {
    "usual": None, "red": 0xE74C3C, "orange": 0xE67E22, "gold": 0xF1C40F, "green": 0x2ECC71,
    "teal": 0x1ABC9C, "blue": 0x3498DB, "purple": 0x9B59B6, "pink": 0xEB459E, "white": 0xFFFFFF,
    "grey": 0x95A5A6, "black": 0x23272A, "yellow": 0xFEE75C, "lime": 0xA4DE02, "mint": 0x98E4C1,
    "navy": 0x1F3A6E, "mauve": 0xC8A2D8, "magenta": 0xD6249F, "maroon": 0x8B1E3F, "brown": 0x8B5A2B,
    "beige": 0xE8D8B8, "silver": 0xC4CCD4,
}  # fmt: skip
_HEX = re.compile(r"(?:#|0x)?(?P<digits>[0-9a-f]{6})")


@dataclass(frozen=True, slots=True)
class ScheduleOptions:
    """The typed options of a schedule; None is an option left out."""

    channel: int | None = None
    time: str | None = None
    zone: str | None = None
    pack: str | None = None
    by: str | None = None
    days: str | None = None
    role: int | None = None
    window: int | None = None
    no_ping: bool = False
    kind: str | None = None
    title: str | None = None
    colour: str | None = None
    thread: bool | None = None
    publish: bool | None = None
    language: str | None = None

    def to_settings(self, knowledge: KnowledgeBase, scope: Scope, say: Phrases) -> ScheduleSettings:
        """Read the options, typed in a reader's language, as a new schedule's settings.

        Raises:
            ScheduleError: An option cannot be read; the message gives examples.
        """
        timetable = Timetable(
            parse_time(self.time or "", say),
            parse_zone(self.zone or "", say),
            EVERY_DAY if self.days is None else parse_days(self.days, say),
        )
        kind = PostKind.QUOTES if self.kind is None else PostKind(self.kind)
        speaker = read_speaker(self.by, say)
        require_speaker_fits(kind, speaker)
        return ScheduleSettings(
            channel_id=self.channel or 0,
            timetable=timetable,
            pack=read_pack(self.pack, knowledge, scope, say),
            speaker=speaker,
            role_id=self.role,
            window=DEFAULT_WINDOW if self.window is None else timedelta(hours=self.window),
            kind=kind,
            style=PostStyle(
                read_title(self.title, say),
                read_colour(self.colour, say),
                read_language(self.language),
            ),
            opens_thread=bool(self.thread),
            publishes=bool(self.publish),
        )

    def apply_to(
        self, old: ScheduleSettings, knowledge: KnowledgeBase, scope: Scope, say: Phrases
    ) -> ScheduleSettings:
        """Read the options, typed in a reader's language, as changes of settings.

        Raises:
            ScheduleError: An option cannot be read; the message gives examples.
        """
        timetable = Timetable(
            old.timetable.time if self.time is None else parse_time(self.time, say),
            old.timetable.zone if self.zone is None else parse_zone(self.zone, say),
            old.timetable.days if self.days is None else parse_days(self.days, say),
        )
        role_id = old.role_id if self.role is None else self.role
        kind = old.kind if self.kind is None else PostKind(self.kind)
        speaker = old.speaker if self.by is None else read_speaker(self.by, say)
        require_speaker_fits(kind, speaker)
        style = PostStyle(
            old.style.title if self.title is None else read_title(self.title, say),
            old.style.colour if self.colour is None else read_colour(self.colour, say),
            old.style.language if self.language is None else read_language(self.language),
        )
        return replace(
            old,
            channel_id=self.channel or old.channel_id,
            timetable=timetable,
            pack=old.pack if self.pack is None else read_pack(self.pack, knowledge, scope, say),
            speaker=speaker,
            role_id=None if self.no_ping else role_id,
            window=old.window if self.window is None else timedelta(hours=self.window),
            kind=kind,
            style=style,
            opens_thread=old.opens_thread if self.thread is None else self.thread,
            publishes=old.publishes if self.publish is None else self.publish,
        )


class PostableChannel(app_commands.Transformer):
    """A text or announcement channel, or a thread, as its id."""

    @property
    def type(self) -> discord.AppCommandOptionType:
        """The kind of the option: a channel."""
        return discord.AppCommandOptionType.channel

    @property
    def channel_types(self) -> list[discord.ChannelType]:
        """The kinds of channel that Discord offers."""
        return sorted(POSTABLE, key=lambda kind: int(kind.value))

    async def transform(self, _interaction: discord.Interaction[Any], value: Any, /) -> int:
        """Return the id alone; permissions are fetched when they are needed."""
        return int(value.id)


class PingableRole(app_commands.Transformer):
    """A role, as its id."""

    @property
    def type(self) -> discord.AppCommandOptionType:
        """The kind of the option: a role."""
        return discord.AppCommandOptionType.role

    async def transform(self, _interaction: discord.Interaction[Any], value: Any, /) -> int:
        """Return the id alone."""
        return int(value.id)


Channel = app_commands.Transform[int, PostableChannel]
Role = app_commands.Transform[int, PingableRole]
Name = app_commands.Range[str, 1, 32]
Text = app_commands.Range[str, 1, OPTION]
Hours = app_commands.Range[int, 1, 23]
Kind = Literal["quotes", "facts", "both"]
LANGUAGES = [app_commands.Choice(name=name, value=tag) for tag, name in LANGUAGE_NAMES.items()]
"""The languages of posts, each by its own name."""
Title = app_commands.Range[str, 1, 64]


def read_pack(
    typed: str | None, knowledge: KnowledgeBase, scope: Scope, say: Phrases
) -> str | None:
    """Return the pack typed, or None for any pack."""
    wanted = one_line(typed or "").casefold()
    if not wanted or _is_one_of(wanted, ANY_PACK, say.term("typed", "any, any pack")):
        return None
    for pack in sorted(scope):
        if wanted in {pack.casefold(), *map(str.casefold, knowledge.pack_titles(pack))}:
            return pack
    shown = one_line(typed or "")[:40]
    raise ScheduleError(
        "No pack called '{name}' answers in this server; /packs lists them.", name=shown
    )


def read_title(typed: str | None, say: Phrases) -> str | None:
    """Return the title typed, or None for the usual one."""
    title = one_line(typed or "")
    return None if not title or _is_one_of(title, USUAL, say.term("typed", "usual")) else title


def read_language(locale: str | None) -> str | None:
    """Return the language for a locale, or None for English."""
    tag = find_language(locale)
    return None if tag == ENGLISH_TAG else tag


def read_colour(typed: str | None, say: Phrases) -> int | None:
    """Return the colour typed, or None for the usual one.

    Raises:
        ScheduleError: It is no colour; the message gives examples.
    """
    name = one_line(typed or USUAL).casefold()
    # What no colour is offered as, but people call one.
    others = {
        "red": ("crimson, scarlet", say.term("typed", "crimson, scarlet")),
        "gold": ("golden", say.term("typed", "golden")),
        "teal": ("turquoise, cyan, aqua", say.term("typed", "turquoise, cyan, aqua")),
        "purple": ("violet, lilac, lavender", say.term("typed", "violet, lilac, lavender")),
        "pink": ("rose, fuchsia", say.term("typed", "rose, fuchsia")),
        "grey": ("gray", say.term("typed", "gray")),
    }
    for colour, value in COLOURS.items():
        english, own = others.get(colour, (colour, colour))
        if _is_one_of(name, colour, say.term("colour", colour)) or _is_one_of(name, english, own):
            return value
    if _is_one_of(name, USUAL, say.term("typed", "usual")):
        return None
    found = _HEX.fullmatch(name)
    if found is None:
        raise ScheduleError(
            "'{name}' is not a colour; write it like red, teal, or #c8553d.", name=name[:40]
        )
    return int(found["digits"], 16)


def require_speaker_fits(kind: PostKind, speaker: str | None) -> None:
    """Raise a ScheduleError for a speaker where only facts are posted."""
    if kind is PostKind.FACTS and speaker is not None:
        raise ScheduleError(
            "Facts have no speaker: leave 'by' out (in /daily edit, by: any), or let 'kind' be "
            "quotes or both."
        )


def read_speaker(typed: str | None, say: Phrases) -> str | None:
    """Return the speaker typed, or None for anyone."""
    name = one_line(typed or "")
    anyone = say.term("typed", "any, anyone, anybody")
    return None if not name or _is_one_of(name, ANYONE, anyone) else name


def _is_one_of(typed: str, english: str, own: str) -> bool:
    """Return whether a text is one of some words, in English or the reader's language."""
    return fold_typed(typed) in list_words(english) | list_words(own)
