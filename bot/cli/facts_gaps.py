"""The command `linernotes facts gaps`: questions asked in vain, on all servers."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.cli.command import Command
from bot.cli.printing import print_json, print_lines, write_new_file
from bot.cli.program import read_config

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.cli.program import Program
    from bot.evaluation.gaps import Asked, GapGroup, Objection

_PATH = click.Path(path_type=Path)
NOTHING = (
    "Nothing was asked in vain, as far as it is kept: servers keep it where somebody who manages "
    "them uses /gaps on."
)


@click.command(cls=Command)
@click.option(
    "--for",
    "pack_file",
    type=_PATH,
    metavar="PACK",
    help="Write a file for the author of PACK: each question under the nearest fact.",
)
@click.option("--out", type=_PATH, help="The file to write, if not PACK.gaps.txt.")
@click.option("--yaml", "as_yaml", is_flag=True, help="Print lines for the packs' sidecars.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON value.")
@click.option(
    "--packs",
    "places",
    type=click.Path(path_type=Path, exists=True),
    multiple=True,
    help="A pack file or folder to look into, instead of those in the settings.",
)
@click.pass_obj
def gaps(  # noqa: PLR0913  # the options of the command, each given by name
    program: Program,
    /,
    *,
    pack_file: Path | None,
    out: Path | None,
    places: tuple[Path, ...],
    as_yaml: bool,
    as_json: bool,
) -> None:
    """Show the questions that fans of all servers asked in vain.

    The like stand together, the commonest first, each with the fact that comes nearest. Servers
    keep questions only where their admins use /gaps on, without who asked; which server it was is
    not told here either.
    """
    if out is not None and pack_file is None:
        raise click.UsageError("--out needs --for PACK, which says whose file it is.")
    if (as_yaml, as_json, pack_file is not None).count(True) > 1:
        raise click.UsageError("Give one of --yaml, --json and --for.")
    report = asyncio.run(_read(program, (pack_file,) if pack_file else places))
    if as_json:
        print_json(report.json())
    elif report.is_empty:
        print_lines([NOTHING])
    elif pack_file is not None:
        _write_file(report, pack_file, out or pack_file.with_name(f"{pack_file.stem}.gaps.txt"))
    else:
        print_lines(report.yaml_lines() if as_yaml else report.lines())


@dataclass(frozen=True, slots=True)
class Report:
    """The gaps of all servers, put together."""

    groups: tuple[GapGroup, ...]
    objections: tuple[tuple[Objection, str | None], ...]
    """Each with the statement of its fact, unless that is gone."""
    suggestions: tuple[Asked, ...]
    passed_over: int
    """Of too many different questions, how many were not looked through."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is kept at all."""
        return not (self.groups or self.objections or self.suggestions)

    @property
    def open_groups(self) -> list[GapGroup]:
        """The questions that would get no answer now either."""
        return [group for group in self.groups if not group.is_answered]

    def lines(self) -> Iterator[str]:
        """Yield the gaps as lines for people, the commonest first."""
        groups = self.open_groups
        if groups:
            yield click.style("Asked in vain", bold=True)
        for group in groups:
            first, *others = group.questions
            yield f"{_often(group.times):>12}  {first.words}"
            yield from (f"{'':12}  {each.words} ({_often(each.times)} of these)" for each in others)
            near = "no fact comes near"
            if group.nearest is not None:
                fact = group.nearest.fact
                near = f"nearest: {fact.pack}/{fact.fact}, “{fact.question}”"
            yield click.style(f"{'':12}  {near}", dim=True)
        answered = sum(len(group.questions) for group in self.groups if group.is_answered)
        if answered:
            yield (
                "One more question is answered by now."
                if answered == 1
                else f"{answered:,} more questions are answered by now."
            )
        if self.passed_over:
            yield (
                "One more question, asked more seldom, was not looked through."
                if self.passed_over == 1
                else f"{self.passed_over:,} more questions, asked more seldom, were not looked "
                "through."
            )
        if self.objections:
            yield click.style("Said to be not right", bold=True)
        for objection, statement in self.objections:
            told = objection.words or "no reason given"
            yield f"{_often(objection.times):>12}  {told}"
            about = "is gone" if statement is None else f"“{statement}”"
            yield click.style(f"{'':12}  {objection.pack}/{objection.fact}: {about}", dim=True)
        if self.suggestions:
            yield click.style("Suggested by members", bold=True)
        yield from (f"{_often(each.times):>12}  {each.words}" for each in self.suggestions)

    def yaml_lines(self) -> Iterator[str]:
        """Yield lines for sidecars: the questions below the facts that come nearest."""
        from bot.packs.sidecar_editing import render_questions  # noqa: PLC0415

        packs: dict[str, dict[str, list[str]]] = {}
        for group in self.open_groups:
            if group.nearest is not None:
                near = group.nearest.fact
                questions = packs.setdefault(near.pack, {}).setdefault(near.fact, [])
                questions += (each.words for each in group.questions)
        yield "# Keep those questions that the fact does answer."
        for pack, facts in sorted(packs.items()):
            yield f"# For the sidecar of the pack {pack}:"
            yield "questions:"
            for fact, asked in facts.items():
                yield from render_questions(fact, asked)

    def json(self) -> dict[str, Any]:
        """Return the gaps as data, answered ones too."""
        return {
            "asked": [
                {
                    "times": group.times,
                    "questions": [asdict(each) for each in group.questions],
                    "nearest": None
                    if group.nearest is None
                    else {"pack": group.nearest.fact.pack, "fact": group.nearest.fact.fact},
                    "is_answered": group.is_answered,
                }
                for group in self.groups
            ],
            "objections": [asdict(objection) for objection, _ in self.objections],
            "suggestions": [asdict(each) for each in self.suggestions],
            "passed_over": self.passed_over,
        }


async def _read(program: Program, places: tuple[Path, ...]) -> Report:
    # Imported only now: other commands need neither the state nor the grouping.
    from bot.evaluation.gaps import (  # noqa: PLC0415
        MAX_LOOKED_THROUGH,
        Asked,
        Objection,
        add_up,
        find_gaps,
    )
    from bot.scheduling.models import GapKind  # noqa: PLC0415
    from bot.scheduling.storage.inspection import read_all_gaps  # noqa: PLC0415

    kept = await read_all_gaps(read_config().state_url)

    def asked(kind: GapKind) -> list[Asked]:
        return [Asked(gap.words, gap.times) for gap in kept if gap.kind is kind]

    # In the same words from several servers it is one objection: no server is told apart here.
    objected: Counter[tuple[str, str, str]] = Counter()
    for gap in kept:
        if gap.pack is not None and gap.fact is not None:
            objected[gap.pack, gap.fact, gap.words] += gap.times
    unanswered = add_up(asked(GapKind.UNANSWERED))
    async with program.open_here(places) as knowledge:
        objections = []
        for (pack, fact, words), times in objected.most_common():
            cited = await knowledge.find_fact(pack, fact)
            statement = None if cited is None else cited.fact.statement
            objections.append((Objection(pack, fact, words, times), statement))
        groups = await find_gaps(knowledge, knowledge.packs, unanswered)
    passed_over = max(0, len(unanswered) - MAX_LOOKED_THROUGH)
    return Report(groups, tuple(objections), add_up(asked(GapKind.SUGGESTED)), passed_over)


def _write_file(report: Report, pack_file: Path, target: Path) -> None:
    from bot.evaluation.gaps import write_gap_questionnaire  # noqa: PLC0415
    from bot.packs.loader import load_pack  # noqa: PLC0415

    pack = load_pack(pack_file)
    objected = [
        f"  {each.fact}: {each.words or 'no reason given'} ({each.times})"
        for each, _ in report.objections
        if each.pack == pack.id
    ]
    suggested = [f"  {each.words} ({each.times})" for each in report.suggestions]
    text = write_gap_questionnaire(
        pack,
        report.open_groups,
        [
            ("Fans said of these answers that they are not right:", objected),
            ("Fans suggested:", suggested),
        ],
        pack_file=str(pack_file),
        file=str(target),
    )
    write_new_file(target, text, remedy="choose another with --out")
    click.echo(f"{target} is written. Go through it, then read it back:")
    click.echo(f"  linernotes facts questionnaire {pack_file} --read {target}")


def _often(times: int) -> str:
    return "once" if times == 1 else f"{times:,} times"
