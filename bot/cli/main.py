"""The command `linernotes`: its commands, and how errors end it."""

from __future__ import annotations

import errno
import os
import sys

import click

from bot import __version__
from bot.cli.command import Command
from bot.cli.lazy_group import LazyCommand, LazyGroup
from bot.cli.printing import print_lines
from bot.cli.program import Program
from bot.errors import LinerNotesError

COMMANDS = {
    "ask": LazyCommand("bot.cli.ask.ask", "Answer QUESTION from the notes."),
    "backup": LazyCommand(
        "bot.cli.state.backup",
        "Copy the settings and the ledger to a new FILE, safely while the bot runs.",
    ),
    "config": LazyCommand(
        "bot.cli.config.config",
        "Show every setting in force and where it came from; the token is masked.",
    ),
    "daily": LazyCommand("bot.cli.daily.daily", "Look at the daily quote without Discord."),
    "demo": LazyCommand(
        "bot.cli.demo.demo",
        "Try the bot in the browser: no account, no token, nothing leaves this machine.",
    ),
    "doctor": LazyCommand(
        "bot.cli.doctor.doctor",
        "Examine settings, disk, packs, database, clock, token and commands.",
    ),
    "facts": LazyCommand(
        "bot.cli.facts.facts",
        "Write fact packs, check them, and look into them.",
    ),
    "quote": LazyCommand(
        "bot.cli.ask.quote",
        "Print a quote: the best for a THEME, or one by chance.",
    ),
    "release": LazyCommand(
        "bot.cli.ask.release",
        "Print what is known of a release, by its TITLE or a song's; without one, of each.",
    ),
    "restore": LazyCommand(
        "bot.cli.state.restore",
        "Put a backup FILE in the place of the settings and the ledger; stop the bot first.",
    ),
    "run": LazyCommand("bot.cli.run.run", "Serve Discord until told to stop (Ctrl-C, or SIGTERM)."),
    "sandbox": LazyCommand(
        "bot.cli.sandbox.sandbox",
        "Stand in for Discord, with a page, and wait for a bot: try hosting without an account.",
    ),
    "state": LazyCommand("bot.cli.state.state", "Move the settings and the ledger."),
    "sync": LazyCommand("bot.cli.run.sync", "Publish the slash commands, if Discord has others."),
    "topics": LazyCommand("bot.cli.ask.topics", "List what the notes can answer, by subject."),
}
"""Every command, with the sentence that lists it."""

BROKEN_PIPE = 141
"""The exit status of a program that was ended by SIGPIPE, as shells report it."""
UNWRITABLE = {errno.ENOSPC, errno.EFBIG, errno.EIO, getattr(errno, "EDQUOT", errno.ENOSPC)}
"""The errors of a disk or device that takes no more."""


@click.group(
    cls=LazyGroup,
    lazy_commands=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="linernotes")
@click.pass_context
def linernotes(context: click.Context) -> None:
    """Answer fans' questions from cited notes: in the terminal, or as a Discord bot."""
    context.ensure_object(Program)


@linernotes.command("help", cls=Command)
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


def main(program: Program | None = None) -> None:
    """Run the command; an expected error is told in sentences, with its status."""
    try:
        status = linernotes.main(prog_name="linernotes", standalone_mode=False, obj=program)
    except LinerNotesError as error:
        print_lines([str(error)], err=True)
        sys.exit(1)
    except click.UsageError as error:
        told = [error.format_message()]
        # Where no command is named, the message is its whole help, which needs no hint at itself.
        if error.ctx is not None and not isinstance(error, click.exceptions.NoArgsIsHelpError):
            told.append(f"'{error.ctx.command_path} --help' tells how it is called.")
        print_lines(told, err=True)
        sys.exit(error.exit_code)
    except click.ClickException as error:
        print_lines([error.format_message()], err=True)
        sys.exit(error.exit_code)
    except click.Abort:
        click.echo("Interrupted.", err=True)
        sys.exit(1)
    except BrokenPipeError:
        # The reader of our output has seen enough; closing quietly is what a pipe expects.
        _discard_output()
        sys.exit(BROKEN_PIPE)
    except OSError as error:
        if error.errno not in UNWRITABLE:
            raise
        _discard_output()
        click.echo(
            f"{error.filename or 'The output'} could not be written ({error.strerror}); "
            "free some space, or write elsewhere.",
            err=True,
        )
        sys.exit(1)
    sys.exit(status if isinstance(status, int) else 0)


def _discard_output() -> None:
    # Or the interpreter would try to write the rest once more at its end, and fail again.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
