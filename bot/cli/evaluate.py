"""`linernotes facts eval`: ask golden questions, and report the results."""

from __future__ import annotations

import asyncio
import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.cli.command import Command
from bot.cli.printing import print_json
from bot.cli.progress import show_progress
from bot.errors import Fault, LinerNotesError, QuestionsError
from bot.evaluation.golden import load_questions
from bot.evaluation.runner import run_cases
from bot.evaluation.scoring import FAULTS, Grade, compute_figures, find_changes, find_confusions
from bot.packs.files import read_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.answering.knowledge_base import KnowledgeBase
    from bot.cli.program import Program
    from bot.evaluation.scoring import Change, EvalCase, GradedCase

MAX_CONFUSIONS = 15
MAX_IDS = 4
"""The ids of questions for which a line has room."""
_NO_QUESTIONS = "write one a line, as 'linernotes facts eval --help' shows"
_PATH = click.Path(path_type=Path)


@click.command("eval", cls=Command)
@click.argument("files", type=_PATH, nargs=-1, required=True, metavar="FILE...")
@click.option(
    "--packs",
    "places",
    type=click.Path(path_type=Path, exists=True),
    multiple=True,
    help="A pack file or folder to answer from, instead of those in the settings.",
)
@click.option("--show", is_flag=True, help="Print every fault, with question and reply.")
@click.option("--save", "saved", type=_PATH, help="Keep this run's marks in a file.")
@click.option("--against", type=_PATH, help="Compare with a run that was kept.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON value.")
@click.pass_obj
def evaluate(  # noqa: PLR0913  # click gives each option by name
    program: Program,
    /,
    files: tuple[Path, ...],
    places: tuple[Path, ...],
    saved: Path | None,
    against: Path | None,
    *,
    show: bool,
    as_json: bool,
) -> None:
    """Ask the questions in each FILE, and count what comes back.

    A FILE holds JSON lines, or YAML with a list under 'questions:'. Each entry is {id,
    question, facts: [ids]}, with no facts where the notes cannot answer ('ok' may list facts
    that would be a fine reply), or {id, request, quotes: [ids]}. A 'kind' is counted apart:
    far, near, false_premise, elsewhere (about somebody else), or a word of your own.
    """
    cases = load_questions(files)
    if not cases:
        raise LinerNotesError(f"{', '.join(map(str, files))}: no questions here; {_NO_QUESTIONS}")
    if saved is not None:
        _check_writable(saved)
    before = None if against is None else _read_grades(against)
    results = asyncio.run(_run(program, places, cases))
    changed = None if before is None else find_changes(before, results)
    if as_json:
        print_json(_report_json(results, changed))
    else:
        for line in _report_lines(results, changed, is_showing=show):
            click.echo(line)
    if saved is not None:
        _save(saved, results)


async def _run(
    program: Program, places: tuple[Path, ...], cases: Sequence[EvalCase]
) -> list[GradedCase]:
    async with program.open_here(places) as knowledge:
        # All of them before the first is asked: a misspelt id would count as a wrong answer.
        for case in cases:
            for key in sorted(case.expected | case.acceptable):
                if not await _is_known(knowledge, key, is_quote=case.is_quote):
                    raise LinerNotesError(
                        f"The question '{case.id}' names '{key}', which no pack here has; "
                        "correct the id, or name its pack with --packs"
                    )
        with show_progress(cases, "Asking the questions") as shown:
            return await run_cases(knowledge, knowledge.packs, shown)


async def _is_known(knowledge: KnowledgeBase, key: str, *, is_quote: bool) -> bool:
    """Return whether an id names a served fact or quote."""
    pack, is_whole, bare = key.rpartition("/")
    find = knowledge.find_quote if is_quote else knowledge.find_fact
    packs = {pack} & knowledge.packs if is_whole else knowledge.packs
    return any([await find(one, bare) is not None for one in packs])


def _report_lines(
    results: Sequence[GradedCase], changed: Sequence[Change] | None, *, is_showing: bool
) -> Iterator[str]:
    figures = compute_figures(results)
    width = max((len(figure.name) for figure in figures), default=0)
    for figure in figures:
        low, high = figure.interval
        yield (
            f"{figure.name:{width}}  {figure.share:6.1%}  {figure.count:5} of {figure.total:<5}"
            f"  95 %: {low:.1%} to {high:.1%}"
        )
    confused = find_confusions(results)
    if confused:
        yield ""
        yield "Asked for → answered with:"
    for confusion in confused[:MAX_CONFUSIONS]:
        ids = " ".join(confusion.questions[:MAX_IDS])
        more = " …" if len(confusion.questions) > MAX_IDS else ""
        pair = f"{confusion.asked_for} → {confusion.answered_with}"
        yield f"{len(confusion.questions):4}  {pair}  ({ids}{more})"
    if len(confused) > MAX_CONFUSIONS:
        yield f"      and {len(confused) - MAX_CONFUSIONS} more, in --json"
    if is_showing:
        for graded in results:
            yield from _fault_lines(graded) if graded.grade in FAULTS else ()
    if changed is not None:
        texts = {graded.case.id: graded.case.text for graded in results}
        better = sum(change.is_better for change in changed)
        yield ""
        yield f"Against the run before: {better} better, {len(changed) - better} worse or other."
        for change in changed:
            sign = "+" if change.is_better else "-"
            yield f"  {sign} {change.id} {change.before} → {change.after}: {texts[change.id]}"


def _fault_lines(graded: GradedCase) -> Iterator[str]:
    case, result = graded.case, graded.result
    yield ""
    yield f"{graded.grade}: {case.id} {click.style(case.text, bold=True)}"
    yield f"  wanted: {' or '.join(sorted(case.expected)) or 'nothing'}"
    if result.answered is not None:
        yield f"  reply: {result.answered}: {result.text}"
    elif result.suggested:
        yield f"  suggested: {', '.join(result.suggested)}"


def _report_json(results: Sequence[GradedCase], changed: Sequence[Change] | None) -> dict[str, Any]:
    return {
        "figures": [
            asdict(figure) | {"share": figure.share, "interval": figure.interval}
            for figure in compute_figures(results)
        ],
        "confusions": [asdict(confusion) for confusion in find_confusions(results)],
        "replies": [
            {
                "id": graded.case.id,
                "text": graded.case.text,
                "wanted": sorted(graded.case.expected),
                "answered": graded.result.answered,
                "suggested": graded.result.suggested,
                "mark": graded.grade,
            }
            for graded in results
        ],
        "changes": None if changed is None else [asdict(change) for change in changed],
    }


def _check_writable(path: Path) -> None:
    """Refuse a file that cannot be written, before anything is asked."""
    if path.is_dir():
        raise LinerNotesError(f"--save {path}: this is a folder; name a file in it")
    if not path.parent.is_dir():
        raise LinerNotesError(f"--save {path}: there is no folder {path.parent}; make it first")


def _save(path: Path, results: Sequence[GradedCase]) -> None:
    marks = {graded.case.id: graded.grade for graded in results}
    try:
        path.write_text(json.dumps({"marks": marks}, ensure_ascii=False, indent=1) + "\n", "utf-8")
    except OSError as error:
        reason = error.strerror or type(error).__name__
        what = f"--save {path}: cannot be written ({reason}); name a file that can"
        raise LinerNotesError(what) from error


def _read_grades(path: Path) -> dict[str, Grade]:
    """Read the grades of a saved run."""
    text = read_text(path)
    try:
        return {key: Grade(value) for key, value in json.loads(text)["marks"].items()}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        remedy = "name a file that 'facts eval --save' wrote"
        raise QuestionsError([Fault(path, None, "this is no run that was kept", remedy)]) from error
