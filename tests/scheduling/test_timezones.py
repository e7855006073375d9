"""What a time zone may be called."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import ScheduleError
from bot.localization.phrases import ENGLISH
from bot.scheduling.timezones import (
    ODD_OFFSETS,
    format_offset,
    format_zone,
    load_zone,
    parse_zone,
    suggest_zones,
    zone_names,
)

SUMMER = datetime(2026, 7, 1, tzinfo=UTC)
WINTER = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("Europe/London", "Europe/London"),
        ("europe/london", "Europe/London"),
        ("America/New York", "America/New_York"),
        ("new york", "America/New_York"),
        ("São Paulo", "America/Sao_Paulo"),
        ("  Tokyo ", "Asia/Tokyo"),
        ("Wichita", "America/Chicago"),
        ("UTC", "UTC"),
        ("z", "UTC"),
        ("EST", "America/New_York"),
        ("pt", "America/Los_Angeles"),
        ("CEST", "Europe/Berlin"),
        ("UTC+2", "Etc/GMT-2"),
        ("gmt -05:00", "Etc/GMT+5"),
        ("+0", "UTC"),
        ("UTC+5:30", "Asia/Kolkata"),
        ("+0545", "Asia/Kathmandu"),
        ("-09:30", "Pacific/Marquesas"),
        ("Kyiv", "Europe/Kyiv"),
        ("GMT-5", "Etc/GMT+5"),
        ("gmt+1", "Etc/GMT-1"),
        ("GMT-0", "UTC"),
        ("GMT+14", "Etc/GMT-14"),
        ("Etc/GMT-5", "Etc/GMT-5"),  # the full name alone has its reversed sign
        ("UTC\N{MINUS SIGN}5", "Etc/GMT+5"),
        ("GMT \N{EN DASH}3", "Etc/GMT+3"),
        ("Etc/GMT\N{NON-BREAKING HYPHEN}5", "Etc/GMT-5"),
        ("\N{EM DASH}09:30", "Pacific/Marquesas"),
        ("UK", "Europe/London"),
        ("germany", "Europe/Berlin"),
        ("Britain", "Europe/London"),
        ("South Korea", "Asia/Seoul"),
        ("Trinidad and Tobago", "America/Port_of_Spain"),
        ("Denmark", "Europe/Copenhagen"),
    ],
)
def test_a_zone_is_understood_as_people_name_it(typed: str, zone: str) -> None:
    assert parse_zone(typed) == zone


@pytest.mark.parametrize(
    ("country", "zones"),
    [
        ("USA", ["America/New_York", "America/Chicago", "America/Phoenix", "Pacific/Honolulu"]),
        ("Australia", ["Australia/Sydney", "Australia/Perth"]),
        ("brazil", ["America/Sao_Paulo", "America/Noronha"]),
        ("Spain", ["Europe/Madrid", "Atlantic/Canary"]),
        ("Samoa", ["Pacific/Apia", "Pacific/Pago_Pago"]),
        ("Georgia", ["Asia/Tbilisi", "America/New_York"]),  # the country, or the state
    ],
)
def test_a_country_of_several_zones_is_a_choice_and_no_guess(
    country: str, zones: list[str]
) -> None:
    with pytest.raises(ScheduleError, match=f"'{country}' has several time zones") as refusal:
        parse_zone(country)
    assert all(zone in str(refusal.value) for zone in zones)
    assert "Antarctica" not in str(refusal.value)
    assert set(zones) <= {choice.name for choice in suggest_zones(ENGLISH, country, SUMMER)}


@pytest.mark.parametrize("typed", ["GMT-13", "gmt-14", "GMT+15"])
def test_an_offset_that_only_the_reversed_sign_has_is_refused(typed: str) -> None:
    with pytest.raises(ScheduleError, match="No time zone is at"):
        parse_zone(typed)


def test_the_zone_of_no_place_is_neither_understood_nor_offered() -> None:
    with pytest.raises(ScheduleError):
        parse_zone("Factory")
    assert "Factory" not in {choice.name for choice in suggest_zones(ENGLISH, "factory", SUMMER)}
    # A schedule that was set with it goes on.
    assert format_offset(SUMMER.astimezone(load_zone("Factory"))) == "UTC"


def test_names_that_only_resemble_the_text_are_offered_for_want_of_better_ones() -> None:
    assert [choice.name for choice in suggest_zones(ENGLISH, "berl", SUMMER)] == ["Europe/Berlin"]
    assert [choice.name for choice in suggest_zones(ENGLISH, "germ", SUMMER)] == ["Europe/Berlin"]
    assert suggest_zones(ENGLISH, "lundon", SUMMER)[0].name == "Europe/London"


@pytest.mark.parametrize("typed", ["gmt-", "GMT-1", "utc \N{MINUS SIGN}2"])
def test_no_offset_of_the_other_sign_is_offered(typed: str) -> None:
    labels = [choice.label for choice in suggest_zones(ENGLISH, typed, SUMMER)]
    assert labels
    assert not [label for label in labels if label.startswith("UTC+")]


@pytest.mark.parametrize("name", sorted(zone_names()))
def test_every_iana_name_has_rules_and_reads_back(name: str) -> None:
    assert SUMMER.astimezone(load_zone(name)).utcoffset() is not None
    zone = load_zone(parse_zone(name))
    if name not in {"EST", "MST", "HST", "CET", "EET", "WET", "GMT"}:
        assert SUMMER.astimezone(zone).utcoffset() == SUMMER.astimezone(load_zone(name)).utcoffset()


def test_an_unknown_zone_names_the_three_nearest() -> None:
    with pytest.raises(ScheduleError) as refusal:
        parse_zone("Europ/Lundon")
    assert "'Europ/Lundon' is not a time zone" in str(refusal.value)
    assert "Europe/London" in str(refusal.value)
    assert str(refusal.value).count("/") - "Europ/Lundon".count("/") == 3


@pytest.mark.parametrize("name", ["../../etc/passwd", "Europe", "", "UTC+99", "Europe/London/x"])
def test_no_typed_name_reaches_the_file_system(name: str) -> None:
    with pytest.raises(ScheduleError):
        load_zone(name)


@pytest.mark.parametrize("typed", ["UTC+99", "UTC+10:30", "-13", "+5:31"])
def test_an_offset_that_no_zone_keeps_is_refused_without_naming_wrong_ones(typed: str) -> None:
    with pytest.raises(ScheduleError, match="name a city in it") as refusal:
        parse_zone(typed)
    assert "Etc/" not in str(refusal.value)


@pytest.mark.parametrize("offset", ODD_OFFSETS)
def test_an_offset_with_minutes_is_a_zone_that_keeps_it_all_year(offset: str) -> None:
    zone = load_zone(parse_zone(f"UTC{offset}"))
    hours, minutes = offset[1:].split(":")
    wanted = f"UTC{offset[0]}{int(hours):02}:{minutes}"
    assert {format_offset(moment.astimezone(zone)) for moment in (SUMMER, WINTER)} == {wanted}


@pytest.mark.parametrize("typed", ["UTC+2", "UTC-11", "UTC+14"])
def test_a_fixed_offset_is_shown_with_the_sign_that_was_typed(typed: str) -> None:
    assert format_zone(parse_zone(typed)) == typed
    assert suggest_zones(ENGLISH, typed, SUMMER)[0].label.startswith(f"{typed} (")


def test_choices_show_the_offset_of_now() -> None:
    assert suggest_zones(ENGLISH, "london", SUMMER)[0].label == "Europe/London (UTC+01:00 now)"
    assert suggest_zones(ENGLISH, "new yo", SUMMER)[0].name == "America/New_York"
    assert suggest_zones(ENGLISH, "kathmandu", SUMMER)[0].label == "Asia/Kathmandu (UTC+05:45 now)"


def test_nothing_typed_yet_offers_the_zones_people_ask_for() -> None:
    choices = suggest_zones(ENGLISH, "", SUMMER)
    assert len(choices) == 25
    assert choices[0].name == "UTC"


@given(st.text(max_size=60))
def test_choices_never_fail_and_fit_the_list(typed: str) -> None:
    choices = suggest_zones(ENGLISH, typed, SUMMER)
    assert len(choices) <= 25
    assert len({choice.name for choice in choices}) == len(choices)
    assert all(len(choice.label) <= 100 for choice in choices)


def test_an_offset_is_said_with_its_sign() -> None:
    assert format_offset(SUMMER) == "UTC"
    assert format_offset(SUMMER.astimezone(load_zone("America/St_Johns"))) == "UTC-02:30"


def test_a_country_in_a_long_text_is_quoted_shortly() -> None:
    with pytest.raises(ScheduleError) as refusal:
        parse_zone("spain" + "\N{COMBINING ACUTE ACCENT}" * 500)
    assert len(str(refusal.value)) < 200


def test_the_nearest_offsets_are_shown_as_people_write_them() -> None:
    with pytest.raises(ScheduleError, match=r"UTC[+-]5") as refusal:
        parse_zone("UTC5")
    assert "Etc/" not in str(refusal.value)


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("(GMT-05:00)", "Etc/GMT+5"),
        ("GMT-5h", "Etc/GMT+5"),
        ("U.K.", "Europe/London"),
        ("Deutschland", "Europe/Berlin"),
        ("Kosovo", "Europe/Belgrade"),
    ],
)
def test_a_zone_is_understood_as_forms_and_neighbours_write_it(typed: str, zone: str) -> None:
    assert parse_zone(typed) == zone
    assert suggest_zones(ENGLISH, typed, SUMMER)[0].name == zone


def test_a_short_text_finds_no_zone_in_the_middle_of_a_word() -> None:
    names = [choice.name for choice in suggest_zones(ENGLISH, "UK", SUMMER)]
    assert names[0] == "Europe/London"
    assert "Canada/Yukon" not in names


@pytest.mark.parametrize(
    ("country", "first"),
    [
        ("Canada", "name one of America/Toronto, America/Vancouver, "),
        ("Australia", "name one of Australia/Sydney, Australia/Brisbane, "),
        ("U.S.", "name one of America/New_York, "),
    ],
)
def test_a_country_names_the_zones_of_most_people_first(country: str, first: str) -> None:
    with pytest.raises(ScheduleError, match=first):
        parse_zone(country)
