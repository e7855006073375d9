"""Questions put to the notes as a fan would, and a pack's own tests."""

from __future__ import annotations

from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from bot.answering.formatting import answer_text
from bot.answering.knowledge_base import KnowledgeBase
from bot.answering.pack_set import compile_packs
from bot.answering.results import Found, Unknown, Unsure
from bot.answering.text import fold
from bot.evaluation.scoring import NOTHING, EvalCase, EvalResult, Grade, GradedCase
from bot.index.keyed_hash import KEY_BYTES, KeyedHash

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.index.scope import Scope
    from bot.packs.models import Pack

_ENOUGH = {Grade.RIGHT, Grade.HELD}


async def score(
    knowledge: KnowledgeBase, scope: Scope, questions: Iterable[EvalCase]
) -> list[GradedCase]:
    """Put every question to the notes, and mark the replies."""
    return [
        GradedCase(
            asked, await (_quote if asked.is_quote else _answer)(knowledge, scope, asked.text)
        )
        for asked in questions
    ]


async def find_failing_tests(packs: Sequence[Pack]) -> list[tuple[Pack, int, str]]:
    """Return (pack, place in its `tests:`, what came instead) for every test that fails.

    Each pack is asked alone. The store is compiled to a temporary folder.

    Raises:
        StoreError: where the store cannot be written.
    """
    with TemporaryDirectory(prefix="linernotes-") as folder:
        store = Path(folder) / "facts.sqlite"
        compile_packs(packs, store, key="")
        # No secret: these are a pack's own questions.
        async with await KnowledgeBase.open(store, KeyedHash(bytes(KEY_BYTES))) as knowledge:
            return [
                (pack, place, _instead(one))
                for pack in packs
                for place, one in enumerate(
                    await score(knowledge, frozenset({pack.id}), _own(pack))
                )
                if one.mark not in _ENOUGH
            ]


def _own(pack: Pack) -> list[EvalCase]:
    return [
        EvalCase(str(place), trial.question, frozenset({trial.fact} if trial.fact else ()))
        for place, trial in enumerate(pack.tests)
    ]


def _instead(one: GradedCase) -> str:
    wanted = f"'{next(iter(one.asked.wanted))}'" if one.asked.wanted else NOTHING
    if one.reply.answered is not None:
        came = f"is answered with '{one.reply.answered.partition('/')[2]}'"
    else:
        came = "only gets suggestions" if one.reply.suggested else "is not answered"
    return f"the test '{one.asked.text}' wants {wanted} and {came}"


async def _answer(knowledge: KnowledgeBase, scope: Scope, text: str) -> EvalResult:
    answer = await knowledge.answer(text, scope)
    match answer:
        case Found():
            found = answer.answer
            is_sample = (await knowledge.explain(text, scope)).decision.is_sample
            key = f"{found.pack}/{found.fact.id}"
            return EvalResult(key, text=answer_text(found), is_sample=is_sample)
        case Unsure():
            return EvalResult(suggested=tuple(f"{s.pack}/{s.fact}" for s in answer.suggestions))
        case Unknown():
            return EvalResult()


async def _quote(knowledge: KnowledgeBase, scope: Scope, text: str) -> EvalResult:
    cited = await knowledge.quote(scope, Random(0), about=text)  # noqa: S311  # no secret
    if cited is None:
        return EvalResult()
    is_theme = fold(text).strip() in map(fold, cited.quote.themes)
    return EvalResult(f"{cited.pack}/{cited.quote.id}", text=cited.quote.words, is_sample=is_theme)
