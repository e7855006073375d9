"""The command `linernotes facts questionnaire`, for authors of packs."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.command import Command
from bot.cli.printing import write_new_file
from bot.evaluation.sufficiency import MANY_WAYS
from bot.packs.files import read_text
from bot.packs.loader import load_pack
from bot.packs.sidecar_editing import add_questions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.evaluation.questionnaire import Harvest
    from bot.packs.models import Pack

_PATH = click.Path(path_type=Path)


@click.command(cls=Command)
@click.argument("path", type=_PATH, metavar="PACK")
@click.option("--out", type=_PATH, help="The file to write, if not PACK.questionnaire.txt.")
@click.option("--read", "filled_in", type=_PATH, help="Take the answers from this filled-in file.")
@click.option(
    "--ways",
    type=click.IntRange(1, 250),
    default=MANY_WAYS,
    show_default=True,
    help="How many ways of asking each fact should have.",
)
@click.option(
    "--weakest",
    type=click.IntRange(1),
    metavar="NUMBER",
    help="Ask for a few ways of the NUMBER weakest facts alone: 10 are half an hour for a friend.",
)
def questionnaire(
    path: Path, out: Path | None, filled_in: Path | None, ways: int, weakest: int | None
) -> None:
    """Ask other people how they would ask for the facts of PACK.

    Writes one text file that you can hand to friends, to a community or to any assistant. With
    --read it takes the ways of asking, and the questions that nothing answers (x), from a
    filled-in one into the sidecar NAME.questions.yaml, and tells which it left out and why. Where
    you know better, write ! before the question in the file, and read it again.
    """
    # Imported only now: no other command compiles a pack for this.
    from bot.evaluation.questionnaire import write_questionnaire  # noqa: PLC0415

    pack = load_pack(path)
    if filled_in is not None:
        _take_answers(pack, path, filled_in)
        return
    target = out or path.with_name(f"{path.stem}.questionnaire.txt")
    text = write_questionnaire(pack, ways, weakest)
    if text is None:
        click.echo(f"Nothing is written: no fact has fewer ways of asking than {ways}.")
        return
    write_new_file(target, text, remedy="choose another with --out")
    click.echo(f"{target} is written. Hand it to others, then read it back:")
    click.echo(f"  linernotes facts questionnaire {path} --read {target}")


def _take_answers(pack: Pack, path: Path, filled_in: Path) -> None:
    from bot.answering.language import load_frequencies  # noqa: PLC0415
    from bot.evaluation.questionnaire import read_questionnaire  # noqa: PLC0415

    harvest = asyncio.run(
        read_questionnaire(pack, read_text(filled_in), filled_in, load_frequencies())
    )
    for each in harvest.left_out:
        # Of a mark that turns the direction of text, the whole line would be shown as another.
        shown = "".join(c if c.isprintable() else "?" for c in each.text)
        click.echo(f"{filled_in}:{each.line}: left out: “{shown}”: {each.why}.")
    sidecar: Path | None = None
    if harvest.added or harvest.unanswered:
        # Before anything is said to be taken: the file may be protected, or have faults.
        sidecar = add_questions(path, harvest.added, harvest.unanswered)
    for line in _count_by_fact(pack, harvest):
        click.echo(line)
    taken, unanswered = (
        sum(map(len, each.values())) for each in (harvest.added, harvest.unanswered)
    )
    click.echo(f"Ways of asking: {taken} taken, {len(harvest.left_out)} left out.")
    if unanswered:
        click.echo(f"Questions that nothing answers: {unanswered} taken. Look at them:")
        for fact_id, questions in harvest.unanswered.items():
            for question in questions:
                click.echo(f"  {fact_id}: {question}")
    if harvest.had_before:
        click.echo(f"In the pack already: {harvest.had_before}.")
    if sidecar is not None:
        click.echo(f"They stand in {sidecar}.")


def _count_by_fact(pack: Pack, harvest: Harvest) -> Iterator[str]:
    """Yield a line for each fact that something was taken for."""
    for fact in pack.facts:
        gained, crossed = (
            len(each.get(fact.id, ())) for each in (harvest.added, harvest.unanswered)
        )
        ways = f"{fact.id}: {gained} more, {len(fact.questions) + gained} in all"
        if crossed:
            yield f"{ways}; {crossed} that nothing answers."
        elif gained:
            yield f"{ways}."
