"""A group of commands, each imported when it is used."""

from __future__ import annotations

from difflib import get_close_matches
from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

from bot.cli.command import Command

if TYPE_CHECKING:
    from collections.abc import Mapping


class LazyGroup(click.Group):
    """A group of commands named by their import paths.

    A running bot then imports nothing of the other commands.
    """

    def __init__(
        self, *args: Any, lazy_commands: Mapping[str, str] | None = None, **kwargs: Any
    ) -> None:
        """Take the commands by name, each as `package.module.attribute`."""
        super().__init__(*args, **kwargs)
        self.command_class = Command
        self.lazy_commands = dict(lazy_commands or {})

    def list_commands(self, context: click.Context) -> list[str]:
        """Return the names of all commands."""
        return sorted({*super().list_commands(context), *self.lazy_commands})

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """Import and return a command by its name."""
        place = self.lazy_commands.get(name)
        if place is None:
            return super().get_command(context, name)
        module, _, attribute = place.rpartition(".")
        command: click.Command = getattr(import_module(module), attribute)
        return command

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        """Write each command with its whole first sentence: click itself would cut it."""
        named = ((name, self.get_command(context, name)) for name in self.list_commands(context))
        rows = [(name, _first_sentence(command)) for name, command in named if command is not None]
        if rows:
            with formatter.section("Commands"):
                formatter.write_dl(rows)

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


def _first_sentence(command: click.Command) -> str:
    """Return the first paragraph of a command's help on one line."""
    first = (command.short_help or command.help or "").strip().partition("\n\n")[0]
    return " ".join(first.split())
