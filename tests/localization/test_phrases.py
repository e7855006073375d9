"""Sentences, dates, numbers and lists as each language has them."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from bot.localization.languages import find_environment_locale, find_language, load_phrases
from bot.localization.messages import message, plural_message
from bot.localization.phrases import ENGLISH

DAY = date(2013, 6, 5)
MOMENT = datetime(2027, 1, 5, 9, 0)  # noqa: DTZ001  # a local moment


@pytest.mark.parametrize(
    ("locale", "language"),
    [
        ("es-ES", "es-ES"),
        ("es_ES.UTF-8", "es-ES"),
        ("es-419", "es-419"),
        ("es_MX.UTF-8", "es-419"),
        ("pt-BR", "pt-BR"),
        ("pt_PT", "pt-BR"),
        ("de", "de"),
        ("de_AT@euro", "de"),
        ("fr_CA.UTF-8", "fr"),
        ("en-GB", "en"),
        ("ja", "en"),
        ("C.UTF-8", "en"),
        ("", "en"),
        (None, "en"),
    ],
)
def test_a_reader_has_the_nearest_language(locale: str | None, language: str) -> None:
    assert find_language(locale) == language
    assert load_phrases(locale).tag == language


WRITTEN = {
    "en": ("June 5, 2013", "June 2013", "Tue 5 Jan, 09:00", "12,345", "A, B and C"),
    "es-ES": ("5 de junio de 2013", "junio de 2013", "mar, 5 ene, 09:00", "12.345", "A, B y C"),
    "es-419": ("5 de junio de 2013", "junio de 2013", "mar, 5 ene, 09:00", "12,345", "A, B y C"),
    "pt-BR": (
        *("5 de junho de 2013", "junho de 2013", "ter., 5 de jan., 09:00"),
        *("12.345", "A, B e C"),
    ),
    "de": ("5. Juni 2013", "Juni 2013", "Di., 5. Jan., 09:00", "12.345", "A, B und C"),
    "fr": ("5 juin 2013", "juin 2013", "mar. 5 janv., 09:00", "12\u202f345", "A, B et C"),
}


@pytest.mark.parametrize("tag", WRITTEN)
def test_dates_numbers_and_lists_are_as_the_language_has_them(tag: str) -> None:
    say = load_phrases(tag)
    assert WRITTEN[tag] == (
        say.day(DAY),
        say.month(DAY),
        say.short_moment(MOMENT, has_year=False),
        say.number(12345),
        say.listed(["A", "B", "C"]),
    )


def test_a_message_within_a_message_is_said_in_the_same_language() -> None:
    kept = message("Up to {what}.", what=plural_message("{number} owl", "{number} owls", 2000))
    assert str(kept) == "Up to 2,000 owls."
    assert ENGLISH(kept) == "Up to 2,000 owls."
    assert load_phrases("de")(kept) == "Up to 2.000 owls."


def test_what_somebody_typed_is_never_a_template() -> None:
    assert ENGLISH("{name} is here", name="{0.__class__}") == "{0.__class__} is here"


def test_the_environment_is_read_as_other_programs_read_it() -> None:
    environment = {"LANG": "de_DE.UTF-8", "LC_MESSAGES": "fr_FR", "LC_ALL": ""}
    assert find_environment_locale(environment) == "fr_FR"
    assert find_environment_locale({}) is None
