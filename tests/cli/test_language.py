"""The terminal replies in the language asked for, or else the system's."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from bot.packs.discovery import shipped_folder

if TYPE_CHECKING:
    from tests.cli.conftest import Run

ASKED = ("ask", "who is the president of France?")


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "The notes don’t say"),
        ("es", "Las notas no"),
        ("pt-BR", "As notas não dizem"),
        ("de_AT", "Das sagen die Notizen"),
        ("fr", "Les notes ne"),
    ],
)
def test_a_reply_is_in_the_language_asked_for(run: Run, language: str, said: str) -> None:
    assert said in run(*ASKED, "--language", language, LC_ALL="de_DE.UTF-8").output


def test_without_one_it_is_the_systems(run: Run) -> None:
    assert "As notas não dizem" in run(*ASKED, LC_ALL="", LANG="pt_BR.UTF-8").output
    assert "The notes don’t say" in run(*ASKED, LC_ALL="", LANG="ja_JP.UTF-8").output


def test_quotes_and_releases_are_told_in_it_too(run: Run) -> None:
    assert "Las notas no conocen" in run("quote", "--by", "nobody", "--language", "es").output
    assert "Lançamento: " in run("release", "--language", "pt-BR").output


def test_facts_and_quotes_come_in_it_where_their_pack_is_translated(run: Run) -> None:
    packs = ("--packs", str(shipped_folder()))
    said = run("ask", "q inspiro a kendall para heffron drive", "--language", "es", *packs).output
    assert "una gran inspiración para Heffron Drive" in said
    assert "En nuestra traducción: «The Postal Service es una gran inspiración»" in said
    assert "¿Quién es Kendall Schmidt?" in run("ask", "hola", "--language", "es", *packs).output
    assert "Na nossa tradução: “" in run("quote", "--language", "pt-BR", *packs).output
    assert "álbum de Big Time Rush" in run("release", "--language", "es", *packs).output


def test_a_language_that_there_is_not_is_refused_with_those_that_there_are(run: Run) -> None:
    refused = run(*ASKED, "--language", "tlh")
    assert refused.exit_code == 2
    assert "'tlh' is none of en, es-ES, es-419, pt-BR, de, fr." in refused.output


def test_data_for_programs_stays_as_it_is(run: Run) -> None:
    plain = run("quote", "--seed", "1", "--json").output
    assert run("quote", "--seed", "1", "--json", "--language", "de").output == plain


NOT_TRANSLATED = {
    "de": ("Das ist hier nicht übersetzt", "Diese Notizen sind hier nicht übersetzt"),
    "fr": ("Ceci n’est pas traduit ici", "Ces notes ne sont pas traduites ici"),
}


@pytest.mark.parametrize("language", NOT_TRANSLATED)
def test_a_pack_in_another_language_is_said_to_be_in_it_once(run: Run, language: str) -> None:
    one, several = NOT_TRANSLATED[language]
    for words, said in (
        (("ask", "kendall"), one),
        (("ask", "hello"), several),
        (("quote", "--seed", "1"), one),
        (("release",), one),
        (("topics",), several),
    ):
        output = run(*words, "--language", language).output
        assert output.count(said) == 1, words
        assert output.count(one) + output.count(several) == 1, words
    assert one not in run("ask", "kendall", "--language", "en").output


def test_an_explanation_is_in_one_language(run: Run) -> None:
    output = run("ask", "--explain", "xyzzy", "--language", "de").output
    assert "The notes don’t say." in output


def test_json_is_in_the_language_of_the_fact(run: Run) -> None:
    packs = ("--packs", str(shipped_folder()))
    output = run("ask", "--json", "¿Cuándo sale el nuevo disco?", *packs, LC_ALL="de").output
    assert "Datos de 2013. Brittany Frederick, entrevista" in json.loads(output)["text"]
