from __future__ import annotations

import pytest

from bot.evaluation.scoring import (
    EvalCase,
    EvalResult,
    Grade,
    GradedCase,
    compute_figures,
    find_changes,
    find_confusions,
    grade,
    wilson,
)

BARN = frozenset({"barn"})
NOBODY: frozenset[str] = frozenset()


def case(wanted: frozenset[str] = BARN, name: str = "q1", **more: object) -> EvalCase:
    return EvalCase(name, "Where was it recorded?", wanted, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        (EvalResult("owls/barn"), Grade.RIGHT),
        (EvalResult("owls/tour"), Grade.WRONG),
        (EvalResult("owls/tour", suggested=("owls/barn",)), Grade.WRONG),
        (EvalResult(suggested=("owls/tour", "owls/barn")), Grade.ASSISTED),
        (EvalResult(suggested=("owls/tour",)), Grade.MISSED),
        (EvalResult(), Grade.MISSED),
    ],
)
def test_a_question_that_can_be_answered_is_graded(result: EvalResult, expected: Grade) -> None:
    assert grade(case(), result) is expected


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        (EvalResult(), Grade.HELD),
        (EvalResult(suggested=("owls/barn",)), Grade.HELD),
        (EvalResult("owls/tour"), Grade.FINE),
        (EvalResult("owls/barn"), Grade.INVENTED),
    ],
)
def test_a_question_that_cannot_be_answered_is_graded(result: EvalResult, expected: Grade) -> None:
    assert grade(case(NOBODY, acceptable=frozenset({"tour"})), result) is expected


def test_the_same_id_in_another_pack_is_wrong_where_the_pack_is_named() -> None:
    wanted = case(frozenset({"owls/barn"}))

    assert grade(wanted, EvalResult("owls/barn")) is Grade.RIGHT
    assert grade(wanted, EvalResult("larks/barn")) is Grade.WRONG


# Reference values: R, binom::binom.confint(x, n, methods = "wilson").
@pytest.mark.parametrize(
    ("count", "total", "low", "high"),
    [(0, 10, 0.0, 0.2775), (9, 10, 0.5958, 0.9821), (50, 100, 0.4038, 0.5962), (3, 3, 0.4385, 1.0)],
)
def test_intervals_are_wilsons(count: int, total: int, low: float, high: float) -> None:
    assert wilson(count, total) == pytest.approx((low, high), abs=1e-4)


def test_of_nothing_nothing_is_known() -> None:
    assert wilson(0, 0) == (0.0, 1.0)


def test_figures_count_each_set_apart() -> None:
    graded = [
        GradedCase(case(), EvalResult("owls/barn")),
        GradedCase(case(), EvalResult(suggested=("owls/barn",))),
        GradedCase(case(), EvalResult()),
        GradedCase(case(NOBODY, kind="far"), EvalResult("owls/barn")),
        GradedCase(case(NOBODY, kind="near"), EvalResult(suggested=("owls/barn",))),
        GradedCase(case(NOBODY, kind="elsewhere"), EvalResult("owls/barn")),
        GradedCase(case(is_quote=True), EvalResult("owls/barn")),
        GradedCase(case(NOBODY, is_quote=True), EvalResult()),
    ]

    assert {f.name: (f.count, f.total) for f in compute_figures(graded)} == {
        "right": (1, 3),
        "wrong": (0, 3),
        "missed": (1, 3),
        "right or assisted": (2, 3),
        "invented": (2, 3),
        "suggested on unanswerable": (1, 3),
        "invented, elsewhere": (1, 1),
        "suggested on unanswerable, elsewhere": (0, 1),
        "invented, far": (1, 1),
        "suggested on unanswerable, far": (0, 1),
        "invented, near": (0, 1),
        "suggested on unanswerable, near": (1, 1),
        "quotes right": (1, 1),
        "quotes wrong": (0, 1),
        "quotes missed": (0, 1),
        "none held": (1, 1),
    }


def test_what_was_not_asked_has_no_figure() -> None:
    assert compute_figures([]) == ()


def test_confusions_put_wrong_answers_before_silence_and_many_before_few() -> None:
    graded = [
        GradedCase(case(name="a"), EvalResult()),
        GradedCase(case(name="b"), EvalResult()),
        GradedCase(case(name="c"), EvalResult("owls/tour")),
        GradedCase(case(name="d"), EvalResult("owls/drummer")),
        GradedCase(case(name="e"), EvalResult("owls/drummer")),
        GradedCase(case(name="f"), EvalResult("owls/barn")),
        GradedCase(case(NOBODY, "g"), EvalResult("owls/barn")),
    ]

    assert [(c.asked_for, c.answered_with, c.questions) for c in find_confusions(graded)] == [
        ("barn", "owls/drummer", ("d", "e")),
        ("barn", "owls/tour", ("c",)),
        ("nothing", "owls/barn", ("g",)),
        ("barn", "nothing", ("a", "b")),
    ]


def test_a_run_is_compared_with_the_one_before_worse_first() -> None:
    before = {"a": Grade.WRONG, "b": Grade.RIGHT, "c": Grade.RIGHT, "gone": Grade.RIGHT}
    graded = [
        GradedCase(case(name="a"), EvalResult("owls/barn")),
        GradedCase(case(name="b"), EvalResult()),
        GradedCase(case(name="c"), EvalResult("owls/barn")),
        GradedCase(case(name="new"), EvalResult("owls/barn")),
    ]

    assert [(c.id, c.is_better) for c in find_changes(before, graded)] == [
        ("b", False),
        ("a", True),
    ]


def test_questions_are_counted_apart_by_their_style() -> None:
    asked = [
        EvalCase(str(at), "when is it out", frozenset({"date"}), style=style)
        for at, style in enumerate(("long", "long", "slang", ""))
    ]
    results = [EvalResult("pack/date"), EvalResult(), EvalResult("pack/date"), EvalResult()]

    figures = compute_figures(list(map(GradedCase, asked, results)))

    counted = {each.name: (each.count, each.total) for each in figures}
    assert counted["right, long"] == (1, 2)
    assert counted["right, slang"] == (1, 1)
    assert counted["right"] == (2, 4)
