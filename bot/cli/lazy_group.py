"""A group of commands, each imported when it is used."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

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
