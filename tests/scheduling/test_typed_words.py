"""Times, days and moments as people type them in languages other than English."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, time, timedelta
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.client.features.daily_options import COLOURS, read_colour, read_speaker, read_title
from bot.errors import ScheduleError
from bot.localization.languages import TRANSLATED, load_phrases
from bot.scheduling.parsing import TIME_EXAMPLES, parse_days, parse_time, parse_until
from bot.scheduling.recurrence import Timetable, format_days
from bot.scheduling.timezones import (
    CITIES_FILE,
    format_place,
    format_zone,
    parse_zone,
    suggest_zones,
    zone_names,
)
from bot.scheduling.typed_words import load_typed_words

NOW = datetime(2026, 11, 29, 20, tzinfo=UTC)  # a Sunday
TIMETABLE = Timetable(time(9), "UTC")
LANGUAGES = st.sampled_from(TRANSLATED)


@pytest.mark.parametrize(
    ("language", "typed", "meant"),
    [
        ("de", "18 Uhr", time(18)),
        ("de", "um 18:30 Uhr", time(18, 30)),
        ("de", "18 Uhr 30", time(18, 30)),
        ("de", "8 Uhr abends", time(20)),
        ("de", "11 Uhr nachts", time(23)),
        ("de", "mittags", time(12)),
        ("de", "9 am", time(9)),
        ("es-419", "a las 8 de la tarde", time(20)),
        ("es-419", "8:30 de la noche", time(20, 30)),
        ("es-419", "12 de la noche", time(0)),
        ("es-419", "12 del mediodía", time(12)),
        ("es-419", "8 p.\N{NO-BREAK SPACE}m.", time(20)),
        ("es-ES", "20:30 h", time(20, 30)),
        ("es-ES", "medianoche", time(0)),
        ("fr", "8h30", time(8, 30)),
        ("fr", "8 heures 30", time(8, 30)),
        ("fr", "à 7 h du soir", time(19)),
        ("fr", "3 h de l’après-midi", time(15)),
        ("fr", "2 heures du matin", time(2)),
        ("pt-BR", "às 20h", time(20)),
        ("pt-BR", "8 da noite", time(20)),
        ("pt-BR", "1 da madrugada", time(1)),
        ("pt-BR", "meio-dia", time(12)),
        ("de", "halb neun", time(8, 30)),
        ("de", "um halb 9 abends", time(20, 30)),
        ("de", "halb eins", time(12, 30)),
        ("de", "halb eins nachts", time(0, 30)),
        ("de", "halb 20 Uhr", time(19, 30)),
        ("de", "viertel nach acht", time(8, 15)),
        ("de", "viertel neun", time(8, 15)),
        ("de", "dreiviertel neun", time(8, 45)),
        ("de", "Viertel vor eins", time(12, 45)),
        ("de", "acht Uhr", time(8)),
        ("de", "zwanzig Uhr", time(20)),
        ("de", "acht Uhr abends", time(20)),
        ("es-419", "las ocho y media", time(8, 30)),
        ("es-419", "a las ocho y media de la noche", time(20, 30)),
        ("es-ES", "las 9 menos cuarto", time(8, 45)),
        ("es-419", "cuarto para las nueve", time(8, 45)),
        ("es-ES", "a las tres de la tarde", time(15)),
        ("fr", "7 heures et quart", time(7, 15)),
        ("fr", "7h et demie", time(7, 30)),
        ("fr", "huit heures moins le quart", time(7, 45)),
        ("fr", "midi et demi", time(12, 30)),
        ("fr", "vingt et une heures", time(21)),
        ("pt-BR", "sete e meia", time(7, 30)),
        ("pt-BR", "às sete e meia da noite", time(19, 30)),
        ("pt-BR", "quinze para as nove", time(8, 45)),
        ("pt-BR", "meio-dia e meia", time(12, 30)),
        ("en", "half past eight", time(8, 30)),
        ("en", "quarter to nine in the evening", time(20, 45)),
        ("en", "eight pm", time(20)),
        ("en", "9 in the morning", time(9)),
        ("en", "8 at night", time(20)),
    ],
)
def test_a_time_is_understood_in_its_readers_language(
    language: str, typed: str, meant: time
) -> None:
    assert parse_time(typed, load_phrases(language)) == meant


@pytest.mark.parametrize(
    ("language", "typed", "days"),
    [
        ("de", "täglich", {0, 1, 2, 3, 4, 5, 6}),
        ("de", "Mo-Fr", {0, 1, 2, 3, 4}),
        ("de", "montags und donnerstags", {0, 3}),
        ("de", "am Wochenende", {5, 6}),
        ("es-ES", "de lunes a viernes", {0, 1, 2, 3, 4}),
        ("es-ES", "lun, mié y vie", {0, 2, 4}),
        ("es-419", "los fines de semana", {5, 6}),
        ("fr", "du lundi au vendredi", {0, 1, 2, 3, 4}),
        ("fr", "les lundis", {0}),
        ("fr", "en semaine", {0, 1, 2, 3, 4}),
        ("pt-BR", "segunda-feira a sexta-feira", {0, 1, 2, 3, 4}),
        ("pt-BR", "segunda-feira - sexta-feira", {0, 1, 2, 3, 4}),
        ("pt-BR", "terças-feiras, sáb", {1, 5}),
        ("pt-BR", "todo dia", {0, 1, 2, 3, 4, 5, 6}),
        ("en", "from Monday to the Friday", {0, 1, 2, 3, 4}),
    ],
)
def test_days_are_understood_in_their_readers_language(
    language: str, typed: str, days: set[int]
) -> None:
    assert parse_days(typed, load_phrases(language)) == days


@pytest.mark.parametrize("language", TRANSLATED)
def test_days_said_in_words_read_back_in_every_language(language: str) -> None:
    say = load_phrases(language)
    for count in range(1, 8):
        for days in map(frozenset, combinations(range(7), count)):
            assert parse_days(format_days(say, days), say) == days


@pytest.mark.parametrize(
    ("language", "typed", "moment"),
    [
        ("de", "morgen", datetime(2026, 11, 30, tzinfo=UTC)),
        ("de", "morgen 18 Uhr", datetime(2026, 11, 30, 18, tzinfo=UTC)),
        ("de", "übermorgen", datetime(2026, 12, 1, tzinfo=UTC)),
        ("de", "übermorgen um halb neun", datetime(2026, 12, 1, 8, 30, tzinfo=UTC)),
        ("de", "heute 23 Uhr", datetime(2026, 11, 29, 23, tzinfo=UTC)),
        ("es-419", "pasado mañana a las 8 de la noche", datetime(2026, 12, 1, 20, tzinfo=UTC)),
        ("fr", "après-demain", datetime(2026, 12, 1, tzinfo=UTC)),
        ("fr", "aujourd’hui à 22 h", datetime(2026, 11, 29, 22, tzinfo=UTC)),
        ("pt-BR", "depois de amanhã", datetime(2026, 12, 1, tzinfo=UTC)),
        ("en", "the day after tomorrow at 9am", datetime(2026, 12, 1, 9, tzinfo=UTC)),
        ("de", "in 3 Tagen", NOW + timedelta(days=3)),
        ("de", "7.1.2027", datetime(2027, 1, 7, tzinfo=UTC)),
        ("de", "7. Januar, 18 Uhr", datetime(2027, 1, 7, 18, tzinfo=UTC)),
        ("es-ES", "dentro de 2 semanas", NOW + timedelta(weeks=2)),
        ("es-419", "7 de enero a las 8 de la noche", datetime(2027, 1, 7, 20, tzinfo=UTC)),
        ("es-419", "el lunes", datetime(2026, 11, 30, tzinfo=UTC)),
        ("fr", "demain", datetime(2026, 11, 30, tzinfo=UTC)),
        ("fr", "1er janvier", datetime(2027, 1, 1, tzinfo=UTC)),
        ("fr", "dimanche", datetime(2026, 12, 6, tzinfo=UTC)),
        ("pt-BR", "daqui a 2 semanas", NOW + timedelta(weeks=2)),
        ("pt-BR", "7 de janeiro de 2027", datetime(2027, 1, 7, tzinfo=UTC)),
        ("pt-BR", "sexta-feira", datetime(2026, 12, 4, tzinfo=UTC)),
        ("en", "January 7, 2027", datetime(2027, 1, 7, tzinfo=UTC)),
        ("en", "Monday 9am", datetime(2026, 11, 30, 9, tzinfo=UTC)),
    ],
)
def test_a_moment_is_understood_in_its_readers_language(
    language: str, typed: str, moment: datetime
) -> None:
    assert parse_until(typed, TIMETABLE, NOW, load_phrases(language)) == moment


@pytest.mark.parametrize(
    ("language", "typed", "zone"),
    [
        ("de", "Wien", "Europe/Vienna"),
        ("de", "Großbritannien", "Europe/London"),
        ("es-419", "Nueva York", "America/New_York"),
        ("es-ES", "Reino Unido", "Europe/London"),
        ("fr", "Le Caire", "Africa/Cairo"),
        ("pt-BR", "Japão", "Asia/Tokyo"),
        ("pt-BR", "London", "Europe/London"),
        ("de", "Köln", "Europe/Berlin"),
        ("en", "München", "Europe/Berlin"),
        ("de", "Lisboa", "Europe/Lisbon"),
        ("es-ES", "Sevilla", "Europe/Madrid"),
        ("fr", "Marseille", "Europe/Paris"),
        ("es-419", "Marsella", "Europe/Paris"),
        ("pt-BR", "Curitiba", "America/Sao_Paulo"),
        ("fr", "Genève", "Europe/Zurich"),
        ("de", "Wien (Europe/Vienna)", "Europe/Vienna"),
    ],
)
def test_a_zone_is_understood_and_offered_by_its_readers_names(
    language: str, typed: str, zone: str
) -> None:
    say = load_phrases(language)
    assert parse_zone(typed, say) == zone
    assert zone in {each.name for each in suggest_zones(say, typed, NOW)}


def test_a_zone_is_shown_by_its_readers_name_of_the_city() -> None:
    say = load_phrases("de")
    assert format_zone("Europe/Vienna", say) == "Wien (Europe/Vienna)"
    assert format_place("Europe/Vienna", say) == "Wien"
    assert format_zone("Europe/Berlin", say) == "Europe/Berlin"
    assert format_zone("Etc/GMT-2", say) == "UTC+2"
    assert format_place("Asia/Kolkata") == "Kolkata"
    (vienna,) = [each for each in suggest_zones(say, "Wien", NOW) if each.name == "Europe/Vienna"]
    assert vienna.label == "Wien (Europe/Vienna, jetzt UTC+01:00)"


@pytest.mark.parametrize(
    ("locale", "zone", "city"),
    [
        ("pt-BR", "America/Sao_Paulo", "São Paulo"),
        ("es-419", "America/Bogota", "Bogotá"),
        ("de", "Etc/GMT-2", "UTC+2"),
    ],
)
def test_a_city_has_the_accents_that_its_zone_lacks(locale: str, zone: str, city: str) -> None:
    assert format_place(zone, load_phrases(locale)) == city


def test_a_city_of_several_zones_is_asked_back() -> None:
    with pytest.raises(ScheduleError, match="America/Caracas, Europe/Madrid"):
        parse_zone("Valencia", load_phrases("es-419"))


def test_no_text_is_taken_for_the_list_of_cities() -> None:
    for typed in (",", "koln,", "europe/berlin,koln", "koln,kolonia"):
        with pytest.raises(ScheduleError):
            parse_zone(typed)


def test_every_zone_of_a_city_is_known() -> None:
    zones = {
        line.partition(",")[0]
        for line in CITIES_FILE.read_text(encoding="utf-8").splitlines()
        if not line.startswith("#")
    }
    assert zones <= zone_names()
    assert len(zones) > 100


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_city_that_a_form_shows_as_an_example_can_be_typed(language: str) -> None:
    say = load_phrases(language)
    assert parse_zone(say.term("city", "London"), say)


@pytest.mark.parametrize("language", TRANSLATED)
def test_english_is_understood_in_every_language(language: str) -> None:
    say = load_phrases(language)
    assert parse_time("9:30 pm", say) == time(21, 30)
    assert parse_time("noon", say) == time(12)
    assert parse_days("mon, wed and fri", say) == {0, 2, 4}
    assert parse_days("weekdays", say) == {0, 1, 2, 3, 4}
    assert parse_until("2 weeks", TIMETABLE, NOW, say) == NOW + timedelta(weeks=2)
    assert read_colour("teal", say) == COLOURS["teal"]
    assert read_speaker("anyone", say) is read_title("usual", say) is None


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_colour_is_understood_as_it_is_offered(language: str) -> None:
    say = load_phrases(language)
    for colour, value in COLOURS.items():
        assert read_colour(say.term("colour", colour).upper(), say) == value


@pytest.mark.parametrize(
    ("language", "typed", "colour"),
    [
        ("fr", "mauve", "mauve"),
        ("de", "violett", "purple"),
        ("de", "gelb", "yellow"),
        ("es-419", "violeta", "purple"),
        ("pt-BR", "lilás", "purple"),
        ("pt-BR", "vinho", "maroon"),
        ("en", "gray", "grey"),
    ],
)
def test_a_colour_is_understood_by_its_other_names(language: str, typed: str, colour: str) -> None:
    assert read_colour(typed, load_phrases(language)) == COLOURS[colour]


@pytest.mark.parametrize(
    ("language", "any_speaker", "usual_title"),
    [
        ("de", "alle", "üblich"),
        ("es-ES", "cualquiera", "habitual"),
        ("fr", "tous", "habituel"),
        ("pt-BR", "todos", "de sempre"),
    ],
)
def test_what_takes_a_choice_back_is_understood_as_it_is_described(
    language: str, any_speaker: str, usual_title: str
) -> None:
    say = load_phrases(language)
    assert read_speaker(any_speaker, say) is None
    assert read_title(usual_title, say) is None
    assert read_speaker("Mika", say) == "Mika"


def test_a_day_that_names_two_is_refused_in_the_readers_language() -> None:
    say = load_phrases("pt-BR")  # "segunda" or "sexta"
    with pytest.raises(ScheduleError) as refused:
        parse_days("se", say)
    assert say(refused.value.message).startswith("“se” não é um dia; escreva todo dia")


@given(LANGUAGES, st.text())
def test_any_text_is_read_or_refused_in_any_language(language: str, typed: str) -> None:
    say = load_phrases(language)
    for read in (
        lambda: parse_time(typed, say),
        lambda: parse_days(typed, say),
        lambda: parse_until(typed, TIMETABLE, NOW, say),
    ):
        with suppress(ScheduleError):
            assert read() is not None


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_times_that_a_refusal_gives_as_examples_can_be_typed(language: str) -> None:
    say = load_phrases(language)
    shown = say(TIME_EXAMPLES)
    *first, last = shown[shown.index("09:00") :].split(", ")
    for separator in (" oder ", " u ", " ou "):
        if separator in last:
            first += last.split(separator)
    assert len(first) == 4
    for example in first:
        parse_time(example, say)


@pytest.mark.parametrize(
    ("language", "typed"), [("de", "acht"), ("es-419", "las ocho"), ("fr", "huit"), ("en", "eight")]
)
def test_an_hour_in_words_alone_is_not_guessed(language: str, typed: str) -> None:
    with pytest.raises(ScheduleError, match="could be morning or evening; write 08:00 or 20:00"):
        parse_time(typed, load_phrases(language))


@pytest.mark.parametrize("language", ["en", *TRANSLATED])
def test_every_hour_has_its_words(language: str) -> None:
    words = load_typed_words(language)
    assert set(words.hours.values()) == set(range(24))
    assert {(each.minute, each.names_next_hour) for each in words.quarters} >= {(15, False)}
