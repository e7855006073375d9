"""The command `linernotes`: its commands, and how errors end it."""

from __future__ import annotations

import errno
import os
import sys

import click

from bot import __version__
from bot.cli.lazy_group import LazyGroup
from bot.cli.printing import print_lines
from bot.cli.program import Program
from bot.errors import LinerNotesError

COMMANDS = {
    "ask": "bot.cli.ask.ask",
    "backup": "bot.cli.state.backup",
    "config": "bot.cli.config.config",
    "daily": "bot.cli.daily.daily",
    "demo": "bot.cli.demo.demo",
    "doctor": "bot.cli.doctor.doctor",
    "facts": "bot.cli.facts.facts",
    "help": "bot.cli.help.help_command",
    "quote": "bot.cli.ask.quote",
    "release": "bot.cli.ask.release",
    "restore": "bot.cli.state.restore",
    "run": "bot.cli.run.run",
    "sandbox": "bot.cli.sandbox.sandbox",
    "state": "bot.cli.state.state",
    "sync": "bot.cli.run.sync",
    "topics": "bot.cli.ask.topics",
}
"""Every command, and where it stands."""

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


def main(program: Program | None = None) -> None:
    """Run the command; an expected error is told in sentences, with its status."""
    try:
        status = linernotes.main(prog_name="linernotes", standalone_mode=False, obj=program)
    except LinerNotesError as error:
        print_lines([str(error)], err=True)
        sys.exit(1)
    except click.UsageError as error:
        print_lines(_usage_lines(error), err=True)
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


def _usage_lines(error: click.UsageError) -> list[str]:
    """Say what is wrong with a call, and where its command is explained."""
    if isinstance(error, click.exceptions.NoArgsIsHelpError) or error.ctx is None:
        return [error.format_message()]
    return [error.format_message(), f"'{error.ctx.command_path} --help' tells how it is called."]


def _discard_output() -> None:
    # Or the interpreter would try to write the rest once more at its end, and fail again.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
