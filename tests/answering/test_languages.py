"""Languages beside English: what they share with it, and how questions in them are answered."""

from __future__ import annotations

import os
from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING

import pytest

from bot.answering.knowledge_base import KnowledgeBase
from bot.answering.lexicon import language_folder, load_lexicon
from bot.answering.pack_set import PackSet, find_translated_indexes
from bot.answering.packs_in_language import PacksInLanguage
from bot.answering.query import find_attributes, parse_clauses
from bot.answering.results import Found
from bot.answering.small_talk import SmallTalk, recognize_small_talk
from bot.answering.text import Spelling, split_clauses
from bot.packs.discovery import shipped_folder
from bot.packs.sidecar import LANGUAGES
from tests.support.packs import HIDE, LANTERN, REAL

if TYPE_CHECKING:
    from pathlib import Path

    from bot.answering.lexicon import Phrasebook

SCOPE = frozenset({REAL})


def names_of(book: Phrasebook) -> set[str]:
    return {
        name
        for by_length in book.values()
        for _, phrases in by_length
        for names in phrases.values()
        for name in names
    }


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("book", ["concepts", "attributes", "question_types"])
def test_every_language_has_the_concepts_of_english(language: str, book: str) -> None:
    assert names_of(getattr(load_lexicon(language), book)) == names_of(
        getattr(load_lexicon("en"), book)
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_its_words_are_written_as_questions_are_read(language: str) -> None:
    lexicon = load_lexicon(language)
    accented = {word for word in lexicon.words | lexicon.stop_words if not word.isascii()}
    assert accented == set()
    assert language_folder(language).joinpath("out_of_domain.yaml").is_file()


@pytest.mark.parametrize(
    ("language", "typed", "meant"),
    [
        ("es", "k dia sale", "que dia sale"),
        ("es", "xq pararon", "por que pararon"),
        ("pt-BR", "vc sabe qdo sai", "voce sabe quando sai"),
        ("pt-BR", "pq pararam", "por que pararam"),
    ],
)
def test_chat_spellings_are_written_out(language: str, typed: str, meant: str) -> None:
    (clause,) = split_clauses(typed, load_lexicon(language))
    assert " ".join(clause.words) == meant


@pytest.mark.parametrize(
    ("language", "typed", "asked"),
    [
        ("es", "hola, alguien sabe si siguen juntos?", "siguen juntos"),
        ("es", "me puedes decir cuando sale", "cuando sale"),
        ("pt-BR", "gente alguem sabe se eles continuam juntos", "eles continuam juntos"),
        ("pt-BR", "queria saber quando sai por favor", "quando sai"),
    ],
)
def test_the_frame_of_a_request_is_cut_off(language: str, typed: str, asked: str) -> None:
    lexicon = load_lexicon(language)
    query = parse_clauses(split_clauses(typed, lexicon), lexicon, Spelling({}, {}), {})
    assert " ".join(query.template).endswith(asked)
    assert "sabe" not in query.template


@pytest.mark.parametrize(
    ("language", "typed"),
    [
        ("es", "kendall no sabia nada"),
        ("es", "en que serie salia el rubio"),
        ("es", "bajo que nombre lo encuentro"),
        ("es", "tio que toca dustin"),
        ("es", "donde lo dan en mi ciudad"),
        ("pt-BR", "de onde e que conhecem ele"),
        ("pt-BR", "eles sao musicos reais"),
        ("pt-BR", "hoje tem episodio"),
        ("pt-BR", "qual o nome da musica"),
        ("pt-BR", "onde baixo o disco"),
    ],
)
def test_words_of_two_meanings_ask_for_nothing_that_is_seldom_told(
    language: str, typed: str
) -> None:
    lexicon = load_lexicon(language)
    query = parse_clauses(split_clauses(typed, lexicon), lexicon, Spelling({}, {}), {})
    assert query.attributes == frozenset()


@pytest.mark.parametrize(
    ("typed", "begins"),
    [
        (
            "Mi prima cumple años en junio y le quiero regalar el disco, ¿qué día sale?",
            "que dia sale",
        ),
        ("Y el disco ese que tiene Kendall, ¿cómo se llama?", "y el disco ese"),
        (
            "Mi hija quiere saber cuántos años tiene Kendall y si es soltero, ¿me lo pueden decir?",
            "mi hija quiere saber",
        ),
    ],
)
def test_what_stands_before_an_inverted_question_mark_is_background_if_it_is_long(
    typed: str, begins: str
) -> None:
    clauses = split_clauses(typed, load_lexicon("es"))
    (asked,) = (" ".join(clause.words) for clause in clauses if clause.is_question)
    assert asked.startswith(begins)


@pytest.mark.parametrize(
    ("form", "first"),
    [
        *(("abiertos", "abierto"), ("abuelita", "abuela"), ("lugares", "lugar")),
        *(("esperando", "esperar"), ("competian", "competir"), ("regrabarlas", "regrabar")),
    ],
)
def test_a_form_leads_to_the_word_in_the_list(form: str, first: str) -> None:
    assert first in load_lexicon("es").grammar.list_first_forms(form)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("tiene muchos frentes abiertos", "abiertos"),  # and not "asientos", a matter of tickets
        ("desde cuando llevan currando en el album", "currando"),
        ("cuantas cancones trae", "canciones"),
    ],
)
async def test_a_form_that_the_list_of_words_lacks_is_no_slip(
    real_knowledge: KnowledgeBase, typed: str, meant: str
) -> None:
    explained = await real_knowledge.in_locale("es-419").explain(typed, SCOPE)
    assert meant in explained.query.asking_template


@pytest.mark.parametrize("language", LANGUAGES)
def test_borrowed_words_mean_what_they_do_in_english(language: str) -> None:
    lexicon = load_lexicon(language)
    query = parse_clauses(split_clauses("song", lexicon), lexicon, Spelling({}, {}), {})
    assert {concept for term in query.terms for concept in term.concepts} == {"song"}
    assert {"song", "season"} <= lexicon.borrowed
    assert lexicon.borrowed.isdisjoint(lexicon.words)


async def test_borrowed_words_do_not_make_an_english_question_another(
    real_knowledge: KnowledgeBase,
) -> None:
    answer = await real_knowledge.in_locale("pt-BR").answer("james maslow song", SCOPE)
    assert answer.asked_in == "en"


def test_portuguese_plurals_share_a_stem_without_their_accents() -> None:
    stem = load_lexicon("pt-BR").stem
    assert stem("cancoes") == stem("cancao")


@pytest.mark.parametrize(
    "greeting",
    [
        *("hola", "buenas", "oi", "bom dia", "obrigada", "gracias", "kkkkk"),
        *("hallo", "Danke schön!", "Salut, ça va ?", "merci"),
    ],
)
def test_small_talk_is_recognized_in_any_language(greeting: str) -> None:
    assert recognize_small_talk(greeting) in {SmallTalk.GREETING, SmallTalk.THANKS}


@pytest.mark.parametrize(
    ("question", "locale", "fact", "language"),
    [
        ("¿Cuándo sale el nuevo disco?", None, "album-release-date", "es"),
        ("k dia sale el album d btr", None, "album-release-date", "es"),
        ("vc sabe qdo sai o disco novo do btr", None, "album-release-date", "pt-BR"),
        ("quem é o guitarrista que toca com os meninos", "en-US", "dustin-role", "pt-BR"),
        ("que opina kendall de los fans", None, "fans", "es"),
        ("cuantas canciones trae el deluxe", "pt-BR", "album-editions", "es"),
        ("When does the new album come out?", "es-ES", "album-release-date", "en"),
        ("Kendall?", "es-419", "kendall-role", "es"),
        ("Kendall?", "pt-BR", "kendall-role", "pt-BR"),
    ],
)
async def test_a_question_is_answered_in_its_language_or_else_in_the_askers(
    real_knowledge: KnowledgeBase, question: str, locale: str | None, fact: str, language: str
) -> None:
    answer = await real_knowledge.answer(question, SCOPE, locale)

    assert isinstance(answer, Found)
    assert (answer.answer.fact.id, answer.answer.language, answer.asked_in) == (
        fact,
        language,
        language,
    )


@pytest.mark.parametrize("question", ["Kendall?", "Wann kommt das Album raus", "xyzzy album"])
async def test_a_question_in_a_language_that_no_pack_has_is_asked_in_the_askers(
    real_knowledge: KnowledgeBase, question: str
) -> None:
    answer = await real_knowledge.in_locale("de").answer(question, SCOPE)

    assert answer.asked_in == "de"
    told = [answer.answer] if isinstance(answer, Found) else answer.suggestions
    assert "de" not in {each.language for each in told}


async def test_the_nearest_fact_is_told_in_the_language_of_the_question(
    real_knowledge: KnowledgeBase,
) -> None:
    near = await real_knowledge.find_nearest("cuando sale el disco nuevo", SCOPE)
    assert near is not None
    assert (near.fact.language, near.fact.fact) == ("es", "album-release-date")


@pytest.mark.parametrize(
    ("question", "locale"),
    [("cuantos años tiene kendall", "es-419"), ("qnts anos o kendall tem", "pt-BR")],
)
async def test_how_old_somebody_was_is_no_answer_to_how_old_somebody_is(
    real_knowledge: KnowledgeBase, question: str, locale: str
) -> None:
    assert not isinstance(await real_knowledge.answer(question, SCOPE, locale), Found)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("does @ have a wife", "does @ have a husband", "is @ divorced")),
        ("es", ("tiene @ esposa", "tiene @ marido", "esta @ divorciada")),
        ("pt-BR", ("o @ tem esposa", "a @ tem esposo", "a @ esta divorciada")),
    ],
)
def test_a_spouse_of_either_sex_is_a_private_matter(language: str, words: tuple[str, ...]) -> None:
    lexicon = load_lexicon(language)

    for question in words:
        assert find_attributes(question.split(), lexicon) == {"love-life"}


@pytest.mark.parametrize(
    ("question", "locale"),
    [
        ("can i pre-order the new beyonce album", "en-US"),
        ("where can i hear the first songs demi lovato ever made", "en-US"),
        ("Ed Sheeran ha hecho una gira por Europa?", "es-ES"),
        ("Já marcaram quando chega às lojas o próximo disco da Demi Lovato?", "pt-BR"),
    ],
)
async def test_a_well_known_name_is_nobodys_slip_for_a_word_of_the_pack(
    real_knowledge: KnowledgeBase, question: str, locale: str
) -> None:
    assert not isinstance(await real_knowledge.answer(question, SCOPE, locale), Found)


def test_what_is_not_served_is_not_compiled(tmp_path: Path) -> None:
    files = (shipped_folder(),)
    none = PackSet(files, tmp_path / "none", is_configured=True, languages=())
    some = PackSet(files, tmp_path / "some", is_configured=True, languages=("es",))

    assert find_translated_indexes(none.ensure_index()) == []
    (spanish,) = find_translated_indexes(index := some.ensure_index())
    assert spanish.name == f"{index.stem}.es.sqlite"
    os.utime(spanish, (0, 0))  # a while ago
    assert find_translated_indexes(replace(some, languages=()).ensure_index()) == []


LOADED_AT_NEED = {"lexicon", "engine", "catalog", "questions"}


async def test_a_language_in_which_nobody_asks_is_not_loaded(real_store: Path) -> None:
    async with await KnowledgeBase.open(real_store, HIDE) as knowledge:
        await knowledge.answer("When does the new album come out?", SCOPE)
        loaded = {
            code: LOADED_AT_NEED & vars(told).keys()
            for code, told in knowledge._translations.items()
        }
        assert loaded == {"es": set(), "pt-BR": set()}

        await knowledge.answer("¿Cuándo sale el nuevo disco?", SCOPE)
        spanish, portuguese = knowledge._translations.values()
        assert "lexicon" in vars(spanish)
        assert "lexicon" not in vars(portuguese)


def test_a_language_is_told_by_the_same_words_as_its_lexicon_has(real_store: Path) -> None:
    for path in find_translated_indexes(real_store):
        told = PacksInLanguage.open_translation(path, HIDE)
        cues, lexicon = told.cues, told.lexicon
        told.index.close()
        assert (cues.language, cues.spellings, cues.stop_words) == (
            lexicon.language,
            lexicon.spellings,
            lexicon.stop_words,
        )


async def test_a_pack_without_the_language_answers_in_its_own(
    knowledge_of_both: KnowledgeBase,
) -> None:
    told = knowledge_of_both.in_locale("es-MX")
    scope = frozenset({REAL, LANTERN})

    topics = {topic.pack: topic.name for topic in told.list_topics(scope)}
    assert topics.keys() == scope
    assert "entrevista" in told.source(REAL).title
    assert told.source(LANTERN) == knowledge_of_both.source(LANTERN)


async def test_what_is_read_by_its_id_is_told_in_the_readers_language(
    real_knowledge: KnowledgeBase,
) -> None:
    spanish = real_knowledge.in_locale("es-419")
    cited, quote = (
        await spanish.find_fact(REAL, "fans"),
        await spanish.find_quote(REAL, "best-fans"),
    )

    assert cited is not None
    assert cited.fact.statement.endswith("los mejores fans del mundo.")
    assert quote is not None
    assert quote.quote.words == "We have the best fans in the world."
    assert quote.quote.translation == "Tenemos los mejores fans del mundo."
    titles = spanish.pack_titles(REAL)
    assert {spanish.pack_title(REAL), real_knowledge.pack_title(REAL)} < titles
    assert len(titles) == len(LANGUAGES) + 1


async def test_a_quote_is_found_by_a_theme_in_the_askers_language(
    real_knowledge: KnowledgeBase,
) -> None:
    chosen = await real_knowledge.choose_quote(
        SCOPE, Random(1), about="una frase sobre los premios"
    )
    assert chosen is not None
    assert chosen.quote.id == "nominated"


@pytest.mark.parametrize(
    ("locale", "theme"),
    [("en-US", "touring"), ("es-ES", "giras"), ("es-419", "gira"), ("pt-BR", "turnês")],
)
async def test_the_theme_that_quote_gives_as_an_example_finds_one(
    real_knowledge: KnowledgeBase, locale: str, theme: str
) -> None:
    chosen = await real_knowledge.in_locale(locale).choose_quote(SCOPE, Random(1), about=theme)
    assert chosen is not None
    assert chosen.quote.id in {"see-us-live", "our-job"}
