"""The command `linernotes help`: the same texts as `--help`, in the words people try first."""

from __future__ import annotations

import click

from bot.cli.command import Command


@click.command("help", cls=Command)
@click.argument("names", nargs=-1, metavar="[COMMAND]...")
@click.pass_context
def help_command(context: click.Context, /, names: tuple[str, ...]) -> None:
    """Show this help, or that of a COMMAND, such as: help facts check."""
    shown = context.find_root()
    for name in names:
        if not isinstance(shown.command, click.Group):
            raise click.UsageError(f"'{shown.command_path}' has no commands of its own.")
        _, command, _ = shown.command.resolve_command(shown, [name])
        # None only where a shell completes, and a shell asks for no help.
        if command is not None:
            shown = click.Context(command, parent=shown, info_name=name)
    click.echo(shown.get_help())
