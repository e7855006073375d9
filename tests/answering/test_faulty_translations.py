"""Translations that are unfinished, outdated or broken, while their pack is served."""

from __future__ import annotations

import logging
from contextlib import AsyncExitStack, asynccontextmanager
from random import Random
from typing import TYPE_CHECKING, cast

import pytest
from structlog.testing import capture_logs

from bot.answering.knowledge_base import KnowledgeBase
from bot.answering.pack_reloader import PackReloader
from bot.answering.pack_set import PackSet
from bot.answering.results import FaultyTranslation, Found, Unknown, Unsure
from bot.cli.program import Program
from bot.cli.run import _open_all
from bot.config import Config
from bot.packs.loader import Purpose, load_pack
from bot.packs.translation import begin_translation, digest_of
from tests.support.packs import HIDE, write_starter
from tests.support.waiting import until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from bot.observability.monitoring import Monitoring

SECOND_FACT = """\
  - id: producer
    subject: somebody-known
    statement: Rick Example produces the record.
    questions:
      - Who produces the record?
      - producer Rick Example
    paragraph: 1
    as_of: 2020

quotes:
"""
SPANISH = """\
title: Estas notas
source: {{title: una entrevista, year_from: la portada, kind: entrevista, rights: sus derechos}}
facts:
  record-date:
    original: {date}
    statement: El disco sale en mayo de 2020.
    questions: [¿Cuándo sale el disco?, cuándo sale A Record]
{more}
quotes:
  record-is-done:
    original: {quote}
    translation: El disco por fin está terminado.
    context: Al final de una larga grabación.
    themes: [final]
releases:
  a-record: {{original: {release}, kind: disco, status: anunciado}}
"""
PRODUCER = """\
  producer:
    original: {producer}
    statement: Rick Example produce el disco.
    questions: [¿Quién produce el disco?]
"""


@pytest.fixture
def pack_file(tmp_path: Path) -> Path:
    path = write_starter(tmp_path / "packs")
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("quotes:\n", SECOND_FACT, 1), encoding="utf-8")
    return path


def translate(pack_file: Path, more: str = PRODUCER) -> Path:
    pack = load_pack(pack_file)
    more = more.format(producer=digest_of(pack.facts[1]))
    text = SPANISH.format(
        date=digest_of(pack.facts[0]),
        quote=digest_of(pack.quotes[0]),
        release=digest_of(pack.releases[0]),
        more=more,
    )
    path = pack_file.with_name("starter.es.yaml")
    path.write_text(text, encoding="utf-8")
    return path


def pack_set_of(pack_file: Path) -> PackSet:
    return PackSet((pack_file.parent,), pack_file.parent.parent / "facts", is_configured=True)


async def open_index(pack_file: Path) -> KnowledgeBase:
    index = pack_set_of(pack_file).ensure_index(in_child=False)
    return await KnowledgeBase.open(index, HIDE)


async def statement(knowledge: KnowledgeBase, question: str, locale: str = "es") -> str:
    answer = await knowledge.answer(question, knowledge.packs, locale)
    assert isinstance(answer, Found), answer
    return answer.answer.fact.statement


async def test_a_fact_that_is_not_translated_is_answered_in_the_language_of_its_pack(
    pack_file: Path,
) -> None:
    translate(pack_file, more="")

    async with await open_index(pack_file) as knowledge:
        assert (
            await statement(knowledge, "¿Cuándo sale el disco?") == "El disco sale en mayo de 2020."
        )
        answer = await knowledge.answer("¿Quién es Rick Example?", knowledge.packs, "es")
        assert isinstance(answer, Found)
        assert answer.answer.fact.statement == "Rick Example produces the record."
        assert (answer.answer.language, answer.asked_in) == ("en", "es")
        # What is translated is never offered in the other language beside it.
        near = await knowledge.answer("quien es el producer del record", knowledge.packs, "es")
        assert isinstance(near, Unsure)
        assert [each.fact for each in near.suggestions] == ["producer"]
        assert knowledge.list_faulty_translations("starter") == (FaultyTranslation("es", 1),)
        (fault,) = knowledge.translation_faults(knowledge.packs)
        assert str(fault).startswith("starter.es.yaml:3: fact 'producer' is not translated")


async def test_what_changed_since_it_was_translated_is_asked_for_as_before(
    pack_file: Path,
) -> None:
    path = translate(pack_file)
    more = path.with_name("starter.es.questions.yaml")
    more.write_text(
        "questions: {producer: [a cargo de qué productor está]}\n"
        "themes: {record-is-done: [la llegada]}\n",
        encoding="utf-8",
    )
    text = pack_file.read_text(encoding="utf-8")
    text = text.replace("Rick Example produces the record.", "Rick Example produces it all.")
    text = text.replace("On the end of a long recording.", "On the end of a recording.")
    pack_file.write_text(text, encoding="utf-8")

    async with await open_index(pack_file) as knowledge:
        for question in ("¿Quién produce el disco?", "a cargo de qué productor está"):
            answer = await knowledge.answer(question, knowledge.packs, "es")
            assert isinstance(answer, Found), question
            assert answer.answer.fact.statement == "Rick Example produces it all."
            assert (answer.answer.language, answer.asked_in) == ("en", "es")
        told = knowledge.in_locale("es-ES")
        for theme in ("final", "la llegada"):
            quote = await told.choose_quote(told.packs, Random(1), about=theme)
            assert quote is not None, theme
            assert quote.language == "en"
        assert knowledge.list_faulty_translations("starter") == (FaultyTranslation("es", 2),)


async def test_what_is_not_translated_is_listed_beside_what_is(pack_file: Path) -> None:
    path = translate(pack_file, more="")
    path.write_text(path.read_text(encoding="utf-8").split("quotes:")[0], encoding="utf-8")

    async with await open_index(pack_file) as knowledge:
        told = knowledge.in_locale("es-ES")
        languages = {
            each.question: each.language
            for topic in told.list_topics(told.packs)
            for each in topic.questions
        }
        assert languages == {"¿Cuándo sale el disco?": "es", "Who produces the record?": "en"}
        fact = await told.find_fact("starter", "producer")
        quote = await told.find_quote("starter", "record-is-done")
        (release,) = await told.list_releases(told.packs)
        assert fact is not None
        assert quote is not None
        assert [each.language for each in (fact, quote, release)] == ["en", "en", "en"]


@pytest.mark.parametrize(
    ("spoil", "lacks"),
    [
        (lambda text: text, 0),
        (lambda text: text.replace("El disco sale", 'a "b" c: El disco sale'), 1),
        (lambda text: text.replace("statement: El", "statment: El"), 1),
        (lambda text: text.replace("    original: ", "    original: aaaaaaaa # ", 1), 1),
        (lambda text: text.replace("record-date:", "record-dat:"), 1),
        (lambda text: text.replace("¿Cuándo sale el disco?, cuándo sale A Record", ""), 1),
        (lambda _: "facts: }", None),
        (lambda _: "facts: 7", None),
    ],
)
async def test_an_english_question_is_answered_as_before(
    pack_file: Path, spoil: object, lacks: int | None
) -> None:
    assert callable(spoil)
    path = translate(pack_file)
    path.write_text(spoil(path.read_text(encoding="utf-8")), encoding="utf-8")

    async with await open_index(pack_file) as knowledge:
        for locale in ("en-US", "es"):
            answered = await statement(knowledge, "When does A Record come out?", locale)
            assert answered == "A Record comes out in May 2020."
        faulty = knowledge.list_faulty_translations("starter")
        assert faulty == (() if lacks == 0 else (FaultyTranslation("es", lacks),))
        assert knowledge.languages == (("en",) if lacks is None else ("en", "es"))


async def test_a_translation_that_is_only_begun_changes_no_answer(pack_file: Path) -> None:
    path = pack_file.with_name("starter.es.yaml")
    path.write_text(begin_translation(load_pack(pack_file), "es"), encoding="utf-8")

    async with await open_index(pack_file) as knowledge:
        assert await statement(knowledge, "When does A Record come out?") == (
            "A Record comes out in May 2020."
        )
        answer = await knowledge.answer("cuándo sale el disco", knowledge.packs, "es")
        assert isinstance(answer, Unknown)
        assert answer.ask_in == ("en",)
        assert knowledge.list_faulty_translations("starter") == (FaultyTranslation("es", None),)


def test_an_index_without_a_translation_that_can_be_read_is_found_again(pack_file: Path) -> None:
    pack_file.with_name("starter.es.yaml").write_text("facts: }", encoding="utf-8")
    index = pack_set_of(pack_file).ensure_index(in_child=False)
    written = index.stat().st_ino

    assert pack_set_of(pack_file).ensure_index(in_child=False).stat().st_ino == written


def test_the_files_of_faults_are_named_in_full_and_a_few_of_each_told(pack_file: Path) -> None:
    path = pack_file.with_name("starter.es.yaml")
    path.write_text(begin_translation(load_pack(pack_file), "es"), encoding="utf-8")
    faults = load_pack(pack_file, Purpose.SERVING).translation_faults

    first, *_, last = pack_set_of(pack_file).describe_left_out(faults).splitlines()

    assert first == f"{path}:3: 'title' is empty; say something"
    assert last.startswith(f"{path}: and ")


async def test_a_translation_that_breaks_while_it_is_served_costs_its_own_part_alone(
    pack_file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = translate(pack_file)
    opened: list[KnowledgeBase] = []

    async def use(knowledge: KnowledgeBase) -> None:
        opened.append(knowledge)

    async with PackReloader(pack_set_of(pack_file), use, hide=HIDE, interval=0.02) as reloader:
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("statement: El", "statement: '' # "), encoding="utf-8")
        with caplog.at_level(logging.WARNING):
            reloader.request_reload()
            await until(lambda: bool(opened) and bool(caplog.records))
        assert await statement(opened[-1], "When does A Record come out?") == (
            "A Record comes out in May 2020."
        )
        assert await statement(opened[-1], "¿Quién produce el disco?") == (
            "Rick Example produce el disco."
        )
        assert f"{path}:" in caplog.text
        assert "fact 'record-date': 'statement' is empty" in caplog.text


async def test_a_broken_sidecar_of_a_translation_costs_its_own_ways_of_asking_alone(
    pack_file: Path,
) -> None:
    translate(pack_file)
    sidecar = pack_file.with_name("starter.es.questions.yaml")
    sidecar.write_text("questions: }", encoding="utf-8")

    async with await open_index(pack_file) as knowledge:
        assert await statement(knowledge, "¿Quién produce el disco?") == (
            "Rick Example produce el disco."
        )
        (fault,) = knowledge.translation_faults(knowledge.packs)
        assert str(fault).startswith("starter.es.questions.yaml:1: this is not YAML")
        assert knowledge.list_faulty_translations("starter") == (FaultyTranslation("es", 0),)


async def test_a_start_logs_what_is_left_out_of_translations(pack_file: Path) -> None:
    path = translate(pack_file, more="")
    folder = pack_file.parent

    @asynccontextmanager
    async def open_knowledge(*_: object, **__: object) -> AsyncIterator[KnowledgeBase]:
        async with await open_index(pack_file) as knowledge:
            yield knowledge

    config = Config.from_env(
        {"LINERNOTES_DATA_DIR": str(folder.parent), "LINERNOTES_PACKS": str(folder)}
    )
    async with AsyncExitStack() as stack:
        with capture_logs() as logged:
            program = Program(open_knowledge=open_knowledge)
            await _open_all(stack, program, config, cast("Monitoring", None))
    (warning,) = [each for each in logged if each["log_level"] == "warning"]
    assert warning["reason"].startswith(
        f"{path}:3: fact 'producer' is not translated; translate it"
    )
