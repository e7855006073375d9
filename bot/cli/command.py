"""A command that tells every fault of a call, not only the first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from bot.errors import LinerNotesError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


class Command(click.Command):
    """A command whose wrong options and values are all told at once."""

    def parse_args(self, context: click.Context, args: list[str]) -> list[str]:
        """Parse the words of a call.

        Raises:
            click.UsageError: Something of the call is wrong; the message names every fault.
            LinerNotesError: Likewise, where each fault is one that a parser of ours found.
        """
        given = list(args)
        try:
            return super().parse_args(context, args)
        except (click.BadParameter, click.NoSuchOption, LinerNotesError) as error:
            faults = self._list_faults(context, given)
            if len(faults) <= 1 and not isinstance(error, click.NoSuchOption):
                raise
            told = "\n".join(map(_message, faults))
            if all(isinstance(fault, LinerNotesError) for fault in faults):
                raise LinerNotesError(told) from error
            raise click.UsageError(told, context) from error

    def _list_faults(
        self, context: click.Context, args: Sequence[str]
    ) -> list[click.UsageError | LinerNotesError]:
        """List the unknown options, then the values that cannot be used."""
        faults: list[click.UsageError | LinerNotesError] = []
        words = list(args)
        while True:
            try:
                values, rest, _ = self.make_parser(context).parse_args(args=list(words))
                break
            except click.NoSuchOption as error:
                faults.append(error)
                left = [word for word in words if word.partition("=")[0] != error.option_name]
                if left == words:  # one letter of several, such as -ab: nothing to go on with
                    return faults
                words = left
        for parameter in self.get_params(context):
            try:
                _, rest = parameter.handle_parse_result(context, values, rest)
            except (click.BadParameter, LinerNotesError) as error:
                faults.append(error)
        return faults


class Parsed(click.ParamType):  # type: ignore[type-arg]  # generic in newer versions alone
    """A value that a parser of ours reads; its errors are the fault's whole message."""

    def __init__(self, name: str, parse: Callable[[str], Any]) -> None:
        """Take the name of the kind of value, and its parser."""
        self.name = name
        self.parse = parse

    def convert(
        self,
        value: Any,
        param: click.Parameter | None,  # noqa: ARG002  # click gives it
        ctx: click.Context | None,  # noqa: ARG002  # click gives it
    ) -> Any:
        """Parse a text; return what is parsed already as it is."""
        return self.parse(value) if isinstance(value, str) else value


def _message(fault: click.UsageError | LinerNotesError) -> str:
    if isinstance(fault, click.NoSuchOption):
        near = " or ".join(f"'{name}'" for name in sorted(fault.possibilities or ()))
        said = f"No such option '{fault.option_name}'."
        return f"{said} Did you mean {near}?" if near else said
    return fault.format_message() if isinstance(fault, click.UsageError) else str(fault)
