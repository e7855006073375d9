"""Today's usual ways of answering beside Liner Notes, on the same questions in the same run.

    python -m tests.bench.baselines [--packs PATH] [FILE...]

Without arguments: the invented example pack on its questions and, where LINERNOTES_SHARED names a
folder with `questions/`, the shipped pack on those, scored by the program that lies beside them.
The usual ways search what an author would give them: a statement and three sample questions a
fact. A threshold is set in hindsight, on the very questions it is measured on, where the share of
invented answers first falls to that of the table in the issue: no real bot could do better.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import sqlite3
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from rapidfuzz import fuzz, process

from bot.answering.formatting import LONGEST_SUGGESTION
from bot.answering.knowledge_base import KnowledgeBase
from bot.answering.pack_set import compile_packs
from bot.answering.text import fold
from bot.evaluation.golden import load_questions
from bot.evaluation.runner import run_cases
from bot.evaluation.scoring import EvalCase, EvalResult, GradedCase, compute_figures
from bot.packs.loader import load_packs
from tests.support.packs import HIDE
from tests.support.shared import QUESTIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from bot.packs.models import Pack

EXAMPLE = Path("tests/packs/lantern-weir.yaml")
EXAMPLE_QUESTIONS = Path("tests/questions")
SHIPPED = Path("facts/big-time-rush-2013.yaml")
SAMPLES = 3
INVENTED = 0.09
"""The share of invented answers that a threshold is set for."""


@dataclass(frozen=True, slots=True)
class Hit:
    """The best a way found, and how sure it is: higher is surer."""

    reply: EvalResult
    sureness: float


def fts5(packs: Sequence[Pack]) -> Callable[[str], Hit | None]:
    """Search by SQLite's full-text index: any of the words, best by BM25."""
    facts = [(pack, fact) for pack in packs for fact in pack.facts]
    index = sqlite3.connect(":memory:")
    index.execute("CREATE VIRTUAL TABLE fact USING fts5 (text, tokenize = 'porter unicode61')")
    index.executemany(
        "INSERT INTO fact VALUES (?)",
        (("\n".join((fact.statement, *fact.questions[:SAMPLES])),) for _, fact in facts),
    )

    def best(question: str) -> Hit | None:
        words = re.findall(r"\w+", question)
        if not words:
            return None
        match = " OR ".join(f'"{word}"' for word in words)
        found = index.execute(
            "SELECT rowid, rank FROM fact WHERE fact MATCH ? ORDER BY rank LIMIT 1", (match,)
        ).fetchone()
        if found is None:
            return None
        pack, fact = facts[found[0] - 1]
        return Hit(EvalResult(f"{pack.id}/{fact.id}", text=fact.statement), -found[1])

    return best


def token_set(packs: Sequence[Pack]) -> Callable[[str], Hit | None]:
    """Compare with every statement and sample question by RapidFuzz's token-set ratio."""
    texts = {
        fold(text): EvalResult(f"{pack.id}/{fact.id}", text=fact.statement)
        for pack in packs
        for fact in pack.facts
        for text in (fact.statement, *fact.questions[:SAMPLES])
    }

    def best(question: str) -> Hit | None:
        found = process.extractOne(fold(question), list(texts), scorer=fuzz.token_set_ratio)
        return Hit(texts[found[0]], found[1])

    return best


def by_the_usual_ways(
    packs: Sequence[Pack], questions: Sequence[EvalCase]
) -> dict[str, list[GradedCase]]:
    """Return the replies of every usual way, with and without a threshold."""
    replies: dict[str, list[GradedCase]] = {}
    for name, way in (
        ("SQLite FTS5, BM25", fts5(packs)),
        ("RapidFuzz token-set ratio", token_set(packs)),
    ):
        hits = [way(asked.text) for asked in questions]
        replies[f"{name}, best hit"] = _kept(questions, hits, 0.0)
        sureness = sorted({hit.sureness for hit in hits if hit})
        kept = (_kept(questions, hits, least) for least in sureness)
        enough = (scored for scored in kept if _share(scored, "invented") <= INVENTED)
        replies[f"{name}, with a threshold"] = next(enough, [])
    return replies


async def by_liner_notes(packs: Sequence[Pack], questions: Sequence[EvalCase]) -> list[GradedCase]:
    """Return the replies of Liner Notes from these packs."""
    with TemporaryDirectory(prefix="linernotes-bench-") as folder:
        store = Path(folder) / "facts.sqlite"
        compile_packs(packs, store, key="")
        async with await KnowledgeBase.open(store, HIDE) as knowledge:
            return await run_cases(knowledge, knowledge.packs, questions)


def all_ways(packs: Sequence[Pack], questions: Sequence[EvalCase]) -> dict[str, list[GradedCase]]:
    """Return the replies of every way to every question, by the way's name."""
    cut = [
        replace(pack, facts=tuple(replace(f, questions=f.questions[:SAMPLES]) for f in pack.facts))
        for pack in packs
    ]
    return {
        **by_the_usual_ways(packs, questions),
        f"Liner Notes on the same {SAMPLES} sample questions a fact": asyncio.run(
            by_liner_notes(cut, questions)
        ),
        "Liner Notes on the whole pack": asyncio.run(by_liner_notes(packs, questions)),
    }


def _kept(
    questions: Sequence[EvalCase], hits: Sequence[Hit | None], least: float
) -> list[GradedCase]:
    return [
        GradedCase(asked, hit.reply if hit and hit.sureness >= least else EvalResult())
        for asked, hit in zip(questions, hits, strict=True)
    ]


def _share(scored: Sequence[GradedCase], name: str) -> float:
    return next((figure.share for figure in compute_figures(scored) if figure.name == name), 0.0)


HEAD = (
    "| way | right | right or assisted | wrong | invented on unanswerable |\n"
    "|---|---:|---:|---:|---:|"
)


def table(ways: dict[str, list[GradedCase]]) -> Iterable[str]:
    """Yield a table in Markdown from questions whose facts are known."""
    yield HEAD
    for way, scored in ways.items():
        found = {figure.name: figure for figure in compute_figures(scored)}
        cells = (
            f"{found[name].share:.0%} ({found[name].count}/{found[name].total})"
            for name in ("right", "right or assisted", "wrong", "invented")
            if name in found
        )
        yield f"| {way} | {' | '.join(cells)} |"


def shared_table(
    ways: dict[str, list[GradedCase]], packs: Sequence[Pack], folder: Path
) -> Iterable[str]:
    """Yield the same table for the shared questions, as their own program scores the replies."""
    statements = {f"{pack.id}/{fact.id}": fact.statement for pack in packs for fact in pack.facts}
    yield HEAD
    for way, scored in ways.items():
        found = _by_their_program([_reply(one, statements) for one in scored], folder)
        right, assisted = found["answerable_right"], found["answerable_assisted"]
        wrong, invented = found["answerable_wrong"], found["unanswerable_invented"]
        figures_of = (right, right + assisted, wrong, invented)
        yield f"| {way} | {' | '.join(f'{figure:.0f} %' for figure in figures_of)} |"


def shared_questions(folder: Path) -> list[EvalCase]:
    """Return the shared questions; their program knows better than we what would be right."""
    return [
        EvalCase(row["id"], row["question"], frozenset({"?"} if "topic" in row else ()))
        for name in ("answerable.jsonl", "unanswerable.jsonl")
        for row in map(json.loads, (folder / name).read_text(encoding="utf-8").splitlines())
    ]


def _by_their_program(replies: Sequence[dict[str, object]], folder: Path) -> dict[str, float]:
    with TemporaryDirectory(prefix="linernotes-bench-") as scratch:
        file = Path(scratch) / "replies.jsonl"
        file.write_text("".join(f"{json.dumps(row)}\n" for row in replies), encoding="utf-8")
        program = [sys.executable, str(folder / "score.py"), "--questions", str(folder)]
        program += ["--topics", str(folder / "topics.json"), "--replies", str(file)]
        done = subprocess.run(program, capture_output=True, check=True, text=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def _reply(one: GradedCase, statements: dict[str, str]) -> dict[str, object]:
    suggested = [statements[key][:LONGEST_SUGGESTION] for key in one.result.suggested]
    outcome = "answer" if one.result.answered is not None else "suggest" if suggested else "none"
    text = one.result.text
    return {"id": one.case.id, "outcome": outcome, "text": text, "suggestions": suggested}


def main() -> None:
    """Print a table for the files given, or for the example's and the shared questions."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--packs", type=Path, action="append")
    parser.add_argument("files", type=Path, nargs="*")
    given = parser.parse_args()
    files = given.files or sorted(EXAMPLE_QUESTIONS.glob("lantern-*.jsonl"))
    packs = load_packs(given.packs or [EXAMPLE])
    asked = [one for one in load_questions(files) if not one.is_quote]
    print(f"{len(asked)} questions on {', '.join(pack.id for pack in packs)}:\n")
    print("\n".join(table(all_ways(packs, asked))))
    if not given.files and QUESTIONS.is_dir():
        packs, asked = load_packs([SHIPPED]), shared_questions(QUESTIONS)
        print(f"\n{len(asked)} shared questions on {packs[0].id}, by their own program:\n")
        print("\n".join(shared_table(all_ways(packs, asked), packs, QUESTIONS)))


if __name__ == "__main__":
    main()
