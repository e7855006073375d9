"""Every sentence of the code stands in every catalogue, with the same places."""

from __future__ import annotations

import importlib.util
import re
from typing import TYPE_CHECKING, Any

import pytest
from babel.messages.pofile import read_po

from bot.answering.formatting import SMALL_TALK
from bot.localization.catalogues import catalogue_file, catalogue_names, load_translations
from bot.localization.languages import TRANSLATED, load_phrases
from tests.support.packs import REPOSITORY

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import ModuleType

    from babel.messages.catalog import Catalog

WHOLE = ("es", "pt_BR", "de", "fr")
PLACE = re.compile(r"\{[^{}]*\}")
COMMAND = re.compile(r"/([a-z]+)(?: ([a-z]+))?")
ANY_COMMAND = re.compile(r"(?<![\w<>/.])/([\w-]+)(?: ([\w-]+))?")


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    path = REPOSITORY / "scripts" / "catalogues.py"
    spec = importlib.util.spec_from_file_location("catalogues_tool", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def template(tool: ModuleType) -> Catalog:
    found: Catalog = tool.collect()
    return found


def read(name: str) -> Catalog:
    with catalogue_file(name).open("rb") as file:
        return read_po(file, locale=name)


def keys(catalogue: Catalog) -> set[tuple[Any, str | None]]:
    return {(message.id, message.context) for message in catalogue if message.id}


def texts(string: Any) -> list[str]:
    return list(string) if isinstance(string, list | tuple) else [string or ""]


def pairs(name: str) -> Iterator[tuple[str, str]]:
    """Yield each sentence with its translation; of a plural, form by form."""
    for message in read(name):
        if message.id:
            yield from zip(texts(message.id), texts(message.string), strict=True)


@pytest.mark.parametrize("name", WHOLE)
def test_a_catalogue_has_every_sentence_of_the_code_and_no_other(
    name: str, template: Catalog
) -> None:
    assert keys(read(name)) ^ keys(template) == set()


@pytest.mark.parametrize("name", WHOLE)
def test_every_sentence_is_translated(name: str) -> None:
    lacking = [each for each in read(name) if each.fuzzy or not all(texts(each.string))]

    # What is fuzzy is left out of what is compiled.
    assert [each.id for each in lacking if each.id] == []


@pytest.mark.parametrize("name", WHOLE)
def test_every_sentence_that_is_translated_is_compiled(name: str) -> None:
    compiled = load_translations(name.replace("_", "-"))

    for message in read(name):
        if message.id and not isinstance(message.id, str) and not message.context:
            one, many = message.id
            said = compiled.ngettext(one, many, 1), compiled.ngettext(one, many, 5)
            assert set(said) <= set(texts(message.string))


@pytest.mark.parametrize("tag", TRANSLATED)
def test_every_reply_to_small_talk_is_translated(tag: str) -> None:
    say = load_phrases(tag)
    replies = SMALL_TALK.values()
    assert [each for each in replies if say(each, names="Ona") == each.format(names="Ona")] == []


@pytest.mark.parametrize("name", [*WHOLE, "es_419"])
def test_a_translation_has_the_places_of_its_sentence(name: str) -> None:
    for source, translated in pairs(name):
        assert set(PLACE.findall(translated)) == set(PLACE.findall(source)), translated


@pytest.mark.parametrize("name", [*WHOLE, "es_419"])
def test_a_translation_has_the_markdown_of_its_sentence(name: str) -> None:
    for source, translated in pairs(name):
        for mark in ("**", "`", "\n", "-# ", "###", "[", "](", "<#", "<@"):
            assert translated.count(mark) == source.count(mark), (mark, translated)


@pytest.mark.parametrize("name", WHOLE)
def test_a_translation_names_commands_as_discord_shows_them_in_that_language(name: str) -> None:
    catalogue = read(name)

    def named(word: str) -> str:
        found = catalogue.get(word, "command")
        return str(found.string) if found else word

    for message in catalogue:
        for source, translated in zip(texts(message.id), texts(message.string), strict=False):
            if message.context or not message.id:
                continue
            wanted = set()
            for first, second in COMMAND.findall(source):
                if (found := catalogue.get(first, "command")) is None:
                    continue
                inner = catalogue.get(second, "command") if second else None
                wanted.add(f"/{found.string}{f' {inner.string}' if inner else ''}")
            assert all(command in translated for command in wanted), (wanted, translated)


def test_no_line_of_french_begins_with_a_mark_or_ends_with_an_opening_one() -> None:
    broken = re.compile(r" [;:!?»]|« ")
    assert [translated for _, translated in pairs("fr") if broken.search(translated)] == []


def test_a_variant_holds_only_what_differs() -> None:
    spain = read("es")
    for message in read("es_419"):
        if message.id:
            known = spain.get(message.id, message.context)
            assert known is not None, message.id
            assert known.string != message.string


def test_a_language_without_a_catalogue_of_its_own_asks_the_nearest() -> None:
    assert catalogue_names("es-419") == ("es_419", "es")
    assert load_phrases("es-MX").term("command", "quote") == "cita"


@pytest.mark.parametrize("tag", TRANSLATED)
def test_every_language_loads(tag: str) -> None:
    phrases = load_phrases(tag)
    assert phrases.tag == tag
    assert phrases("Which one.") not in {"", "Which one."}
    assert phrases("") == ""


def test_a_sentence_that_no_catalogue_knows_stays_english() -> None:
    assert load_phrases("de")("There are {number} owls.", number=3) == "There are 3 owls."


@pytest.fixture
def german(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return where the German catalogue is read from: a file that is not there yet."""

    def fake(_package: str) -> Path:
        return tmp_path

    monkeypatch.setattr("bot.localization.catalogues.resources.files", fake)
    file = tmp_path / "localization" / "catalogues" / "de.po"
    file.parent.mkdir(parents=True)
    return file


def test_a_catalogue_is_compiled_again_once_it_was_edited(tmp_path: Path, german: Path) -> None:
    header = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
    for said in ("Hallo", "Servus"):
        german.write_text(f'{header}msgid "Hello"\nmsgstr "{said}"\n', encoding="utf-8")
        assert load_translations("de").gettext("Hello") == said
        assert len(list((tmp_path / "compiled").iterdir())) == 1


def test_a_folder_that_cannot_be_written_is_no_reason_not_to_translate(
    tmp_path: Path, german: Path
) -> None:
    german.write_text('msgid "Hello"\nmsgstr "Hallo"\n', encoding="utf-8")
    (tmp_path / "compiled").write_text("in the way", encoding="utf-8")
    assert load_translations("de").gettext("Hello") == "Hallo"
