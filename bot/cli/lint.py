"""The commands `linernotes facts lint` and `find`, for authors of packs."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.answering.formatting import shortened
from bot.cli.command import Command
from bot.cli.printing import print_json, print_lines
from bot.cli.progress import report_part, show_count
from bot.errors import LinerNotesError
from bot.packs.discovery import find_pack_files, shipped_folder
from bot.packs.loader import load_packs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.answering.knowledge_base import KnowledgeBase
    from bot.cli.program import Program
    from bot.evaluation.lint import HeldOut
    from bot.packs.models import Pack

LONGEST_LINE = 72
ENOUGH = 0.85
"""From this share of held-out questions on that find their fact, more ways add little."""
ENOUGH_WAYS = 8
MAX_WEAKEST = 5
_PATH = click.Path(path_type=Path)
_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON value.")


@click.command(cls=Command)
@click.argument("paths", type=_PATH, nargs=-1, metavar="[PATH]...")
@click.option("--strict", "is_strict", is_flag=True, help="Fail if there is any advice.")
@_JSON
def lint(paths: tuple[Path, ...], *, is_strict: bool, as_json: bool) -> None:
    """Advise on the packs in files or folders PATH; without PATH, on those of the bot.

    Tells which facts are asked for in the same words, which sample questions would reach another
    fact and by what words, which facts and quotes are asked for in too few ways or styles, and
    which names have no alias. At last it says how many questions find their fact, and whether that
    is enough.
    """
    # Imported only now: no other command of this group ranks anything.
    from bot.answering.language import load_frequencies  # noqa: PLC0415
    from bot.answering.lexicon import load_lexicon  # noqa: PLC0415
    from bot.evaluation.checking import locate_remarks  # noqa: PLC0415
    from bot.evaluation.lint import Linter  # noqa: PLC0415

    files = find_pack_files(paths or (shipped_folder(),))
    lexicon, english = load_lexicon(), load_frequencies()
    packs = load_packs(files)
    with show_count("Looking through the packs") as report:
        linters = [
            Linter(pack, lexicon, english, report_part(report, place, len(packs)))
            for place, pack in enumerate(packs)
        ]
        remarks = [remark for linter in linters for remark in linter.remarks()]
    advice = locate_remarks(remarks, files)
    if as_json:
        print_json([asdict(fault) for fault in advice])
    else:
        for fault in advice:
            click.echo(str(fault))
        if not advice:
            click.echo("There is nothing to advise.")
        for pack, linter in zip(packs, linters, strict=True):
            _say_whether_enough(pack, linter.held_out)
    if advice and is_strict:
        raise SystemExit(1)


def _say_whether_enough(pack: Pack, held_out: Sequence[HeldOut]) -> None:
    if not held_out:
        return
    right, total = sum(each.is_right for each in held_out), len(held_out)
    share = f"{100 * right / total:.0f} %"
    click.echo(
        f"{pack.id}: {right} of {total} sample questions ({share}) would find their fact if they "
        "were not listed."
    )
    # Of few questions, all may find their fact and tell nothing about other people's.
    fewest = min(len(fact.questions) for fact in pack.facts if fact.withdrawn is None)
    if right >= ENOUGH * total and fewest >= ENOUGH_WAYS:
        click.echo("That is enough: more ways of asking would add little.")
        return
    click.echo(
        f"More ways of asking will help, up to {100 * ENOUGH:.0f} % and {ENOUGH_WAYS} a fact: "
        "linernotes facts questionnaire asks for them."
    )
    asked = Counter(each.place for each in held_out)
    found = Counter(each.place for each in held_out if each.is_right)
    weakest = [
        f"{pack.facts[place].id} ({found[place]} of {asked[place]})"
        for place in sorted(asked, key=lambda place: (found[place] / asked[place], place))
        if found[place] < ENOUGH * asked[place]
    ]
    if weakest:
        listed = ", ".join(weakest[:MAX_WEAKEST])
        click.echo(f"They help most where fewest find their fact: {listed}.")


@click.command(cls=Command)
@click.argument("words", nargs=-1, required=True)
@click.option(
    "--packs", "places", type=_PATH, multiple=True, help="A pack file or folder to look in."
)
@_JSON
@click.pass_obj
def find(
    program: Program, /, words: tuple[str, ...], places: tuple[Path, ...], *, as_json: bool
) -> None:
    """List the entries that use all of the WORDS, at most 25, the best first."""

    async def search() -> list[dict[str, str]]:
        async with program.open_here(places) as knowledge:
            found = await knowledge.search_text(" ".join(words).split(), knowledge.packs)
            return [
                {
                    "pack": pack,
                    "kind": kind,
                    "id": key,
                    "text": await _opening(knowledge, pack, kind, key),
                }
                for pack, kind, key in found
            ]

    rows = asyncio.run(search())
    if as_json:
        print_json(rows)
        return
    if not rows:
        raise LinerNotesError("No entry uses all of these words; try fewer.")
    for row in rows:
        print_lines([f"{row['kind']} {row['id']} ({row['pack']})\n  {row['text']}"])


async def _opening(knowledge: KnowledgeBase, pack: str, kind: str, key: str) -> str:
    """Return the first words of an entry."""
    text = ""
    if kind == "fact" and (fact := await knowledge.find_fact(pack, key)):
        text = fact.fact.statement
    elif kind == "quote" and (quote := await knowledge.find_quote(pack, key)):
        text = quote.quote.words
    elif kind == "release" and (release := await knowledge.find_release(pack, key)):
        text = release.release.title
    return shortened(text, LONGEST_LINE)
