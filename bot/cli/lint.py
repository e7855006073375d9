"""The commands `linernotes facts lint` and `find`, for authors of packs."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.answering.formatting import shortened
from bot.cli.command import Command
from bot.cli.printing import print_json, print_lines
from bot.cli.progress import report_part, show_count
from bot.errors import LinerNotesError
from bot.evaluation.sufficiency import FEW_MINUTES
from bot.packs.discovery import find_pack_files, shipped_folder
from bot.packs.loader import load_packs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.answering.knowledge_base import KnowledgeBase
    from bot.cli.program import Program
    from bot.evaluation.sufficiency import Sufficiency

LONGEST_LINE = 72
MAX_SHOWN = 8
"""Pieces of advice that are shown of a pack, unless all are asked for."""
_PATH = click.Path(path_type=Path)
_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON value.")


@click.command(cls=Command)
@click.argument("paths", type=_PATH, nargs=-1, metavar="[PATH]...")
@click.option(
    "--all", "is_whole", is_flag=True, help=f"Show all advice, not only {MAX_SHOWN} lines."
)
@click.option("--strict", "is_strict", is_flag=True, help="Fail if there is any advice.")
@_JSON
def lint(paths: tuple[Path, ...], *, is_whole: bool, is_strict: bool, as_json: bool) -> None:
    """Advise on the packs in files or folders PATH; without PATH, on those of the bot.

    Tells, the most useful first, which facts are asked for in the same words or easily mistaken,
    which facts and quotes are asked for in too few ways or styles, and which names have no alias.
    The last line of a pack is the verdict: whether it is good enough to serve, and what would help
    it most. Advice is no fault: 'linernotes facts check' tells those.
    """
    # Imported only now: no other command of this group ranks anything.
    from bot.answering.language import load_frequencies  # noqa: PLC0415
    from bot.answering.lexicon import load_lexicon  # noqa: PLC0415
    from bot.evaluation.checking import locate_remarks  # noqa: PLC0415
    from bot.evaluation.lint import Linter  # noqa: PLC0415
    from bot.evaluation.sufficiency import judge_sufficiency  # noqa: PLC0415

    files = find_pack_files(paths or (shipped_folder(),))
    lexicon, english = load_lexicon(), load_frequencies()
    packs = load_packs(files)
    with show_count("Looking through the packs") as report:
        advice = {
            pack.id: locate_remarks(
                Linter(pack, lexicon, english, report_part(report, at, len(packs))).remarks(), files
            )
            for at, pack in enumerate(packs)
        }
    if as_json:
        print_json([asdict(fault) for told in advice.values() for fault in told])
    else:
        for pack, path in zip(packs, files, strict=True):
            told = advice[pack.id]
            for fault in told if is_whole else told[:MAX_SHOWN]:
                click.echo(str(fault))
            if len(told) > MAX_SHOWN and not is_whole:
                click.echo(f"{path}: there are {len(told) - MAX_SHOWN} more; --all shows them")
            print_lines(_verdict_lines(judge_sufficiency(pack), path, len(told)))
    if is_strict and any(advice.values()):
        raise SystemExit(1)


def _verdict_lines(judged: Sufficiency, path: Path, advised: int) -> Iterator[str]:
    verdict, outlook = judged.sentences()
    if advised:
        yield f"{judged.pack}: nothing of this must be mended; it is advice."
    yield f"{judged.pack}: {verdict}; {outlook}."
    if judged.missing > FEW_MINUTES:
        yield "Others ask best. This writes a short list for them, of the ten weakest facts:"
        yield f"  linernotes facts questionnaire {path} --weakest 10"


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
