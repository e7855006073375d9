"""What admins see stays within what Discord takes, whatever was typed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from bot.client.discord_internals import components_of
from bot.client.views.daily import (
    delivery_text,
    describe_changes,
    post_time,
    render_checkup,
    render_checkups,
    render_form_refused,
    render_history,
    render_remove_confirmation,
    render_removed,
    render_schedule,
    render_schedules,
    span_text,
)
from bot.localization.languages import TRANSLATED, load_phrases
from bot.localization.messages import Message, message
from bot.localization.phrases import ENGLISH
from bot.scheduling.models import (
    Alert,
    AlertKind,
    AlertStatus,
    Delivery,
    Outcome,
    PostKind,
    PostStyle,
    Schedule,
    ScheduleSettings,
    Stopped,
    Trigger,
)
from bot.scheduling.reasons import Reason, explain
from bot.scheduling.records import Checkup
from bot.scheduling.recurrence import Timetable, list_upcoming
from tests.support.masked_phrases import MaskedPhrases, words_left

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.localization.phrases import Phrases

NOW = datetime(2026, 3, 27, 20, tzinfo=UTC)
TIMETABLE = Timetable(time(2, 30), "America/Argentina/ComodRivadavia", frozenset({0, 2, 4, 6}))
SCHEDULE = Schedule(
    id="0" * 16,
    guild_id=10**18,
    name="*" * 32,
    settings=ScheduleSettings(10**18, TIMETABLE, "p" * 40, "_" * 100, 10**18, timedelta(hours=23)),
    seed="0",
    created_by=10**18,
    created_at=NOW,
    next_due=NOW,
    paused_until=NOW,
)
COMING = tuple(list_upcoming(TIMETABLE, NOW, 3))


def delivery(outcome: Outcome | None = Outcome.FAILED, **others: Any) -> Delivery:
    values: dict[str, Any] = {
        "reason": Message("*" * 2000),
        "finished_at": NOW,
        "outcome": outcome,
    } | others
    named = ("c" * 20, "0" * 16, 10**18, 10**18, Trigger.SCHEDULED, "2026-03-27", NOW, NOW)
    return Delivery(*named, **values)


def length(card: Any) -> int:
    return int(card.content_length())


def worst_cards(say: Phrases) -> dict[str, Any]:
    """Build the cards of /daily at their longest, in one language."""
    notice = Alert(
        "n", 1, "0", AlertKind.FAILED, "", NOW, None, 9, AlertStatus.REFUSED, Message("*" * 2000)
    )
    checkup = Checkup(
        SCHEDULE, COMING, 10**6, 10**6, delivery(), (delivery(None),) * 9, (notice,) * 5, 10**18
    )
    faults = ["x" * 190, "x" * 260]
    style = PostStyle("*" * 64, 0xABCDEF, "pt-BR")
    both = replace(
        SCHEDULE,
        settings=replace(
            SCHEDULE.settings,
            kind=PostKind.BOTH,
            style=style,
            opens_thread=True,
            publishes=True,
            window=timedelta(hours=7, minutes=5),
        ),
    )
    outcomes = [delivery(outcome, message_id=5) for outcome in (None, *Outcome)]
    return {
        "checkup": render_checkup(say, checkup, faults, NOW),
        "nothing left": render_checkup(say, replace(checkup, quotes=0, withheld=2), [], NOW),
        "checkups": render_checkups(say, [(checkup, faults)] * 10, "x" * 2000, NOW, ["*"]),
        "history": render_history(
            say, outcomes * 4, {"0" * 16: "*" * 32}, {"c" * 20: Message("*" * 99)}
        ),
        "no history": render_history(say, [], {}, {}),
        "schedules": render_schedules(say, [(SCHEDULE, COMING[:1])] * 10, NOW, ["*" * 32]),
        "no schedule": render_schedules(say, [], NOW),
        "schedule": render_schedule(
            say, "*", both, COMING[:1], NOW, describe_changes(say, SCHEDULE, both)
        ),
        "stopped": render_schedule(say, "*", replace(both, stopped=Stopped.SUSPENDED), (), NOW),
        "removal": render_remove_confirmation(say, both),
        "removed": render_removed(say, both),
        "refused form": render_form_refused(say, "*", "0"),
    }


@pytest.mark.parametrize("language", ["en", *TRANSLATED])
def test_a_card_of_everything_at_its_worst_fits_into_a_message(language: str) -> None:
    for name, card in worst_cards(load_phrases(language)).items():
        assert length(card) <= 4000, name


def test_nothing_on_a_card_of_an_admin_is_english_in_another_language() -> None:
    data = ["x" * 190, "x" * 260, "x" * 320, "português (Brasil) English", "ComodRivadavia"]
    data += ["America Argentina", "…"]
    for name, card in worst_cards(MaskedPhrases()).items():
        texts = [
            str(part.get(key) or "")
            for part in every_part(components_of(card))
            for key in ("content", "label")
        ]
        left = {word for word in words_left(texts, data) if set(word) != {"x"}}
        assert left == set(), name


def every_part(components: Any) -> Iterator[dict[str, Any]]:
    for component in components:
        yield component
        yield from every_part(component.get("components", ()))


def test_a_checkup_of_ten_schedules_fits_and_names_those_in_trouble_first() -> None:
    ill = replace(SCHEDULE, name="ill", failures=2)
    fine = replace(SCHEDULE, name="fine", paused_until=None)
    checkups = [
        (Checkup(fine, COMING, 20, 5, None, (), (), None), ()),
        (Checkup(ill, COMING, 20, 5, delivery(), (), (), None), ["x" * 300]),
    ]
    shown = str(components_of(render_checkups(ENGLISH, checkups, None, NOW)))
    assert shown.index("**ill**") < shown.index("x" * 300) < shown.index("not sent. ")
    assert shown.index("not sent. ") < shown.index("**fine**") < shown.index("Nothing is wrong. ")
    assert length(render_checkups(ENGLISH, checkups * 5, "y" * 2000, NOW)) <= 4000


def test_a_date_is_said_once_and_with_its_year_only_where_it_is_another() -> None:
    local = datetime(2026, 11, 29, 9, tzinfo=UTC)
    stamp = int(local.timestamp())
    assert post_time(ENGLISH, local, "Europe/London", NOW) == (
        f"Sun 29 Nov, 09:00 London (<t:{stamp}:t> for you, <t:{stamp}:R>)"
    )
    assert "Mon 29 Nov 2027, 09:00 London (" in post_time(
        ENGLISH, local.replace(year=2027), "Europe/London", NOW
    )
    assert ", 19:00 UTC+10 (" in post_time(ENGLISH, local, "Etc/GMT-10", NOW)


def test_a_long_ledger_fits_and_says_what_is_left_out() -> None:
    card: Any = render_history(
        ENGLISH, [delivery()] * 20, {"0" * 16: "*" * 32}, {delivery().id: Message("*" * 2000)}
    )
    assert length(card) <= 4000
    assert "more" in str(card.to_components())


def test_ten_schedules_fit() -> None:
    assert length(render_schedules(ENGLISH, [(SCHEDULE, COMING[:1])] * 10, NOW)) <= 4000


@pytest.mark.parametrize(
    ("delivery", "said"),
    [
        (delivery(None, attempts=3), "under way, tried 3 times so far"),
        (delivery(Outcome.SENT, message_id=5), f"[sent](https://discord.com/channels/{10**18}/"),
        (
            delivery(Outcome.SKIPPED, reason=explain(Reason.ADMIN_SKIPPED)),
            "skipped. An admin skipped it",
        ),
        (
            delivery(Outcome.FAILED, reason=message("The channel is gone.")),
            "not sent. The channel is gone.",
        ),
        (delivery(Outcome.MISSED, reason=message("x")), "missed. x"),
        (delivery(Outcome.UNKNOWN, reason=message("x")), "unknown: it may or may not be there. x"),
    ],
)
def test_every_outcome_is_said_in_words(delivery: Delivery, said: str) -> None:
    assert f"due <t:{int(NOW.timestamp())}:f>: {said}" in delivery_text(ENGLISH, delivery)


@pytest.mark.parametrize(
    ("late", "said"),
    [(0.4, "on time"), (45, "45 seconds late"), (5400, "1 hour 30 minutes late")],
)
def test_how_late_a_post_came_is_said(late: float, said: str) -> None:
    sent = delivery(Outcome.SENT, message_id=5, finished_at=NOW + timedelta(seconds=late))
    assert delivery_text(ENGLISH, sent).endswith(said)


def test_spans_read_naturally() -> None:
    assert span_text(ENGLISH, timedelta(hours=1)) == "1 hour"
    assert span_text(ENGLISH, timedelta(minutes=61)) == "1 hour 1 minute"
    assert span_text(ENGLISH, timedelta()) == "no time"
