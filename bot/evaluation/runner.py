"""Put golden questions, and the packs' own tests, to a knowledge base."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from rapidfuzz import fuzz

from bot.answering.decision import Reason
from bot.answering.formatting import answer_text
from bot.answering.knowledge_base import KnowledgeBase
from bot.answering.pack_set import compile_packs
from bot.answering.results import Found, Unknown, Unsure
from bot.answering.text import fold
from bot.answering.topics import name_topics
from bot.evaluation.scoring import NOTHING, EvalCase, EvalResult, Grade, GradedCase
from bot.index.cache import KEY_BYTES, KeyedHash
from bot.localization.phrases import ENGLISH

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.answering.explanation import Candidate
    from bot.index.scope import Scope
    from bot.packs.models import Pack


async def run_cases(
    knowledge: KnowledgeBase, scope: Scope, cases: Iterable[EvalCase]
) -> list[GradedCase]:
    """Ask all golden questions, and return them with their results."""
    return [
        GradedCase(case, await (_ask_quote if case.is_quote else _ask)(knowledge, scope, case.text))
        for case in cases
    ]


async def find_failing_tests(packs: Sequence[Pack]) -> list[tuple[Pack, int, str, str]]:
    """Return the failing tests of some packs, with their cures.

    A result is (pack, place in its `tests:`, description, remedy). Each pack is asked alone, from
    an index that is compiled to a temporary folder.

    Raises:
        StoreError: where the index cannot be written.
    """
    with TemporaryDirectory(prefix="linernotes-") as folder:
        path = Path(folder) / "facts.sqlite"
        compile_packs(packs, path, key="")
        # No secret: these are a pack's own questions.
        async with await KnowledgeBase.open(path, KeyedHash(bytes(KEY_BYTES))) as knowledge:
            return [
                (pack, at, _describe_failure(graded), await _find_cure(knowledge, pack, graded))
                for pack in packs
                for at, test in enumerate(pack.tests)
                for graded in await run_cases(
                    knowledge,
                    frozenset({pack.id}),
                    [EvalCase(str(at), test.question, frozenset(filter(None, [test.fact])))],
                )
                if graded.grade not in {Grade.RIGHT, Grade.HELD}
            ]


def _describe_failure(graded: GradedCase) -> str:
    case, result = graded.case, graded.result
    expected = f"'{next(iter(case.expected))}'" if case.expected else NOTHING
    if result.answered is not None:
        outcome = f"is answered with '{result.answered.partition('/')[2]}'"
    else:
        outcome = "only gets suggestions" if result.suggested else "is not answered"
    return f"the test '{case.text}' wants {expected} and {outcome}"


async def _find_cure(knowledge: KnowledgeBase, pack: Pack, graded: GradedCase) -> str:
    """Return a cure for a failing test."""
    question = graded.case.text
    if not graded.case.expected:
        answered = (graded.result.answered or "").partition("/")[2]
        samples = next((fact.questions for fact in pack.facts if fact.id == answered), ())
        near = max(samples, key=partial(fuzz.token_set_ratio, question), default="")
        return (
            f"if nothing tells that, write it under 'unanswered' of '{answered}'; else reword "
            f"'{near}', which is like it, or correct the test"
        )
    wanted = next(iter(graded.case.expected))
    account = await knowledge.account_for(question, frozenset({pack.id}))
    if account.decision.reason is Reason.NOT_TOLD:
        listed = [(text, fact.id) for fact in pack.facts for text in fact.unanswered]
        text, fact_id = max(listed, key=lambda each: fuzz.token_set_ratio(question, each[0]))
        return (
            f"it is like '{text}', which stands under 'unanswered' of '{fact_id}': reword or "
            "remove that, or correct the test"
        )
    tried = next((each for each in account.candidates if each.fact == wanted), None)
    rival = next((each for each in account.candidates if each.fact != wanted), None)
    remedy = f"write ways of asking '{wanted}' that are nearer to the test, or correct the test"
    if tried and tried.evidence.oov_terms:
        words = ", ".join(f"'{word}'" for word in tried.evidence.oov_terms)
        remedy = f"no sample question of '{wanted}' has {words}: write some that have"
    elif tried and tried.evidence.unanswered_attributes:
        asked = name_topics(tried.evidence.unanswered_attributes)
        remedy = f"no sample question of '{wanted}' is about {asked}: write some that are"
    if rival is not None and (tried is None or rival.confidence > tried.confidence):
        remedy = f"'{rival.fact}' is nearer{_quote_nearest(pack, rival)}; {remedy}"
    return f"{remedy}; leave the test's own wording to the test"


def _quote_nearest(pack: Pack, candidate: Candidate) -> str:
    """Return a candidate's nearest way of asking, for the middle of a sentence."""
    fact = next(fact for fact in pack.facts if fact.id == candidate.fact)
    if candidate.nearest is None or candidate.nearest.number >= len(fact.questions):
        return ""
    return f", by its '{fact.questions[candidate.nearest.number]}'"


async def _ask(knowledge: KnowledgeBase, scope: Scope, question: str) -> EvalResult:
    answer = await knowledge.answer(question, scope)
    match answer:
        case Found():
            cited = answer.answer
            explanation = await knowledge.explain(question, scope)
            return EvalResult(
                f"{cited.pack}/{cited.fact.id}",
                text=answer_text(ENGLISH, cited),
                is_sample=explanation.decision.is_sample,
            )
        case Unsure():
            return EvalResult(suggested=tuple(f"{s.pack}/{s.fact}" for s in answer.suggestions))
        case Unknown():
            return EvalResult()


async def _ask_quote(knowledge: KnowledgeBase, scope: Scope, request: str) -> EvalResult:
    # The same chance each time: two runs are compared, and only the packs may differ.
    cited = await knowledge.choose_quote(scope, Random(0), about=request)  # noqa: S311  # no secret
    if cited is None:
        return EvalResult()
    is_theme = fold(request).strip() in map(fold, cited.quote.themes)
    key = f"{cited.pack}/{cited.quote.id}"
    return EvalResult(key, text=cited.quote.words, is_sample=is_theme)
