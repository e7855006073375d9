"""A group of commands, each imported when it is used."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

from bot.cli.command import Command

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class LazyCommand:
    """A command that is not imported yet."""

    place: str
    """Its import path: `package.module.attribute`."""
    summary: str
    """The first sentence of its help, by which it is listed."""


class LazyGroup(click.Group):
    """A group of commands named by their import paths.

    A running bot then imports nothing of the other commands, nor does the list of all.
    """

    def __init__(
        self, *args: Any, lazy_commands: Mapping[str, LazyCommand] | None = None, **kwargs: Any
    ) -> None:
        """Take the commands by name."""
        super().__init__(*args, **kwargs)
        self.command_class = Command
        self.lazy_commands = dict(lazy_commands or {})

    def list_commands(self, context: click.Context) -> list[str]:
        """Return the names of all commands."""
        return sorted({*super().list_commands(context), *self.lazy_commands})

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """Import and return a command by its name."""
        lazy = self.lazy_commands.get(name)
        if lazy is None:
            return super().get_command(context, name)
        module, _, attribute = lazy.place.rpartition(".")
        command: click.Command = getattr(import_module(module), attribute)
        return command

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        """Write each command with its whole first sentence: click itself would cut it."""
        rows = [(name, self._summarize(context, name)) for name in self.list_commands(context)]
        if rows:
            with formatter.section("Commands"):
                formatter.write_dl(rows)

    def _summarize(self, context: click.Context, name: str) -> str:
        if name in self.lazy_commands:
            return self.lazy_commands[name].summary
        command = self.get_command(context, name)
        return first_sentence(command) if command is not None else ""

    def resolve_command(
        self, context: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that is called, or name those that may be meant."""
        name = args[0]
        # click itself suggests only commands that are imported already.
        if self.get_command(context, name) is None and not name.startswith("-"):
            near = get_close_matches(name.lower(), self.list_commands(context))
            if near:
                named = " or ".join(f"'{each}'" for each in near)
                context.fail(f"No such command '{name}'. Did you mean {named}?")
        return super().resolve_command(context, args)


def first_sentence(command: click.Command) -> str:
    """Return the first paragraph of a command's help on one line."""
    first = (command.short_help or command.help or "").strip().partition("\n\n")[0]
    return " ".join(first.split())
