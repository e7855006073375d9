"""The services of commands and buttons, complete before the client exists."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.errors import StateError
from bot.localization.languages import load_phrases

if TYPE_CHECKING:
    from random import Random

    import discord

    from bot.answering.knowledge_base import KnowledgeBase
    from bot.client.cooldown import MemberCooldown
    from bot.client.form_drafts import FormDrafts
    from bot.client.gap_recorder import GapRecorder
    from bot.client.intake import Intake
    from bot.client.knowledge import InFlight, KnowledgeHolder, ScopeCache
    from bot.localization.phrases import Phrases
    from bot.observability.meter import Meter
    from bot.scheduling.gaps import GapService
    from bot.scheduling.guilds import GuildService
    from bot.scheduling.ports import Clock, TimeCheck
    from bot.scheduling.records import Records
    from bot.scheduling.service import ScheduleService


@dataclass(frozen=True, slots=True)
class AdminServices:
    """The services behind the commands of admins, over an open state database."""

    schedules: ScheduleService
    guilds: GuildService
    gaps: GapService
    records: Records
    clock: Clock
    time_check: TimeCheck


@dataclass(frozen=True, slots=True)
class Services:
    """The services behind every command, button and menu."""

    holder: KnowledgeHolder
    scopes: ScopeCache
    in_flight: InFlight
    intake: Intake
    chance: Random
    meter: Meter
    clock: Clock
    cooldown: MemberCooldown
    gap_recorder: GapRecorder
    drafts: FormDrafts
    help_page: str | None = None
    """Where people may ask for help with the bot."""
    admin: AdminServices | None = None
    """None where the process was started without its state database."""

    @property
    def knowledge(self) -> KnowledgeBase:
        """The knowledge base in force; take it once for related look-ups."""
        return self.holder.current

    def require_admin(self) -> AdminServices:
        """Return the services of admins.

        Raises:
            StateError: The process was started without its state database.
        """
        if self.admin is None:
            raise StateError("This process was started without its state database.")
        return self.admin


def phrases_of(interaction: discord.Interaction[Any]) -> Phrases:
    """Return the phrases of the person behind an interaction."""
    # An event may come without its locale, or with a value that is none.
    locale = getattr(getattr(interaction, "locale", None), "value", None)
    return load_phrases(locale if isinstance(locale, str) else None)


def services_of(interaction: discord.Interaction[Any]) -> Services:
    """Return the services of the client that an interaction came to."""
    services: Services = interaction.client.services
    return services
