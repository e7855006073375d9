"""The commands `linernotes facts lint` and `find`, for authors of packs."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.answering.formatting import shortened
from bot.cli.command import Command
from bot.cli.printing import print_lines
from bot.cli.progress import show_progress
from bot.errors import Fault, LinerNotesError
from bot.packs.discovery import find_pack_files, shipped_folder
from bot.packs.loader import load_packs, locate_values

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.answering.knowledge_base import KnowledgeBase
    from bot.cli.program import Program
    from bot.evaluation.lint import Remark

LONGEST_LINE = 72
_PATH = click.Path(path_type=Path)
_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON value.")


@click.command(cls=Command)
@click.argument("paths", type=_PATH, nargs=-1, metavar="[PATH]...")
@click.option("--strict", "is_strict", is_flag=True, help="Fail if there is any advice.")
@_JSON
def lint(paths: tuple[Path, ...], *, is_strict: bool, as_json: bool) -> None:
    """Advise on the packs in files or folders PATH; without PATH, on those of the bot.

    Tells which facts are asked for in the same words, which sample questions would reach another
    fact, ask for what theirs does not cover or are too few, and which names have no alias.
    """
    # Imported only now: no other command of this group ranks anything.
    from bot.answering.indexer import load_english_words  # noqa: PLC0415
    from bot.answering.lexicon import load_lexicon  # noqa: PLC0415
    from bot.evaluation.lint import Linter  # noqa: PLC0415

    files = find_pack_files(paths or (shipped_folder(),))
    lexicon, english = load_lexicon(), load_english_words()
    packs = load_packs(files)
    with show_progress(packs, "Looking through the packs") as shown:
        remarks = [r for pack in shown for r in Linter(pack, lexicon, english).remarks()]
    advice = located(remarks, files)
    if as_json:
        listed = [asdict(fault) for fault in advice]
        click.echo(json.dumps(listed, ensure_ascii=False, indent=2, default=str))
    else:
        for fault in advice:
            click.echo(str(fault))
        if not advice:
            click.echo("There is nothing to advise.")
    if advice and is_strict:
        raise SystemExit(1)


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
    rows = asyncio.run(_found(program, places, " ".join(words).split()))
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    if not rows:
        raise LinerNotesError("No entry uses all of these words; try fewer.")
    for row in rows:
        print_lines([f"{row['kind']} {row['id']} ({row['pack']})\n  {row['text']}"])


def located(remarks: Iterable[Remark], files: Sequence[Path]) -> tuple[Fault, ...]:
    """Return remarks as faults, in the order of files and lines."""
    told: defaultdict[str, list[Remark]] = defaultdict(list)
    for remark in remarks:
        told[remark.pack].append(remark)
    faults: list[Fault] = []
    for path in files:
        about = told[path.stem]  # a pack bears its file's name
        places = locate_values(path, [remark.steps for remark in about]) if about else ()
        found = [
            Fault(*place, remark.what, remark.remedy)
            for place, remark in zip(places, about, strict=True)
        ]
        faults += sorted(found, key=lambda fault: (fault.path != path, fault.line or 0))
    return tuple(faults)


async def _found(
    program: Program, places: tuple[Path, ...], words: Sequence[str]
) -> list[dict[str, str]]:
    async with program.open_here(places) as knowledge:
        found = await knowledge.search_text(words, knowledge.packs)
        return [
            {
                "pack": pack,
                "kind": kind,
                "id": key,
                "text": await _opening(knowledge, pack, kind, key),
            }
            for pack, kind, key in found
        ]


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
