# ruff: noqa: RUF001  # letters of other scripts are the point here
"""The language of a question: one that packs have, or another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.answering.detection import load_common_words
from bot.answering.results import Found, Unknown
from bot.answering.text import fold
from tests.support.packs import LANTERN, REAL

if TYPE_CHECKING:
    from bot.answering.knowledge_base import KnowledgeBase

SCOPE = frozenset({REAL})
LOCALES = ("en-US", "es-419", "pt-BR", "de", "ja")


async def tell(knowledge: KnowledgeBase, question: str, locale: str) -> str:
    return (await knowledge.answer(question, SCOPE, locale)).asked_in


@pytest.mark.parametrize(
    ("language", "question"),
    [
        ("de", "Wann kommt das neue Album raus?"),
        ("de", "wer ist kendall schmidt"),
        ("de", "hat kendall eine freundin"),
        ("fr", "C'est quand la sortie de l'album ?"),
        ("fr", "quand sort le nouvel album de big time rush"),
        ("fr", "qui joue de la guitare dans heffron drive"),
        ("fr", "quel âge a kendall ?"),
        ("it", "quando esce il nuovo album"),
        ("nl", "wanneer komt het nieuwe album uit"),
        ("es", "cuaaaando sale el album???"),
        ("es", "kien es kendall smith"),
        ("es", "q seuna heffron driv"),
        ("es", "24/seven canciones"),
        ("es", "what dia sale el disco"),
        ("pt-BR", "vcs sabem qdo sai"),
        ("pt-BR", "qunado sai o albun novo"),
        ("pt-BR", "which song o logan fez pro álbum novo?"),
        ("en", "heffron drive inspiration"),
        ("en", "kendall hectic schedule"),
        ("en", "wich band insipred hefron drive"),
        ("en", "die hard fans question"),
        ("en", "what does dia de los muertos mean"),
    ],
)
async def test_a_question_is_in_its_language_whatever_the_asker_reads(
    real_knowledge: KnowledgeBase, language: str, question: str
) -> None:
    told = {locale: await tell(real_knowledge, question, locale) for locale in LOCALES}
    # Of other languages the bot knows no word, so such a reader may have asked in one.
    readers_own = {"ja": "ja"}
    assert told == dict.fromkeys(LOCALES, language) | readers_own


@pytest.mark.parametrize("question", ["Kendall?", "album", "tvbrittanyf", "24/Seven!!"])
async def test_what_all_languages_say_is_asked_in_the_askers(
    real_knowledge: KnowledgeBase, question: str
) -> None:
    told = [await tell(real_knowledge, question, locale) for locale in LOCALES]
    assert told == ["en", "es", "pt-BR", "de", "ja"]


async def test_an_answer_to_a_german_question_comes_in_the_packs_own_language(
    real_knowledge: KnowledgeBase,
) -> None:
    answer = await real_knowledge.answer("gib mir das twitter von kendall bitte", SCOPE, "es-419")

    shown = answer.answer if isinstance(answer, Found) else answer.suggestions[0]
    assert (answer.asked_in, shown.language) == ("de", "en")


async def test_a_language_is_told_of_packs_that_nobody_translated(
    lantern_knowledge: KnowledgeBase,
) -> None:
    scope = frozenset({LANTERN})
    for question, language in (
        ("¿cuándo sale el disco nuevo?", "es"),
        ("quando sai o disco novo", "pt-BR"),
        ("wann kommt das album", "de"),
        ("when was the album out in a van", "en"),
    ):
        assert (await lantern_knowledge.answer(question, scope)).asked_in == language


def test_common_words_are_written_as_questions_are_read() -> None:
    for common in load_common_words().values():
        assert [word for word in common if fold(word) != word] == []


@pytest.mark.parametrize(
    ("question", "is_understood"),
    [
        ("wie wird das wetter morgen", False),
        ("quel temps fait-il demain", False),
        ("qué tiempo hará mañana", True),
        ("will it rain tomorrow", True),
        ("xyzzy", True),
        ("متى يصدر الألبوم الجديد؟", False),
        ("Πότε βγαίνει ο νέος δίσκος;", False),
        ("Когда выходит новый альбом?", False),
        ("מתי יוצא האלבום החדש?", False),
        ("新しいアルバムはいつ出ますか？", False),
        ("새 앨범은 언제 나와요?", False),
        ("新专辑什么时候发行？", False),
        ("อัลบั้มใหม่ออกเมื่อไหร่", False),
        ("नया एल्बम कब आ रहा है?", False),
        ("Кто такой Kendall Schmidt?", False),
        ("Kendall Schmidtは誰ですか", False),
        ("what does ελευθερία mean", True),
        ("comida favorita de Кендалл", True),
        ("ᴡʜᴀᴛ ɪs xʏᴢᴢʏ", True),
    ],
)
async def test_what_gets_no_answer_says_whether_its_language_is_understood(
    real_knowledge: KnowledgeBase, question: str, *, is_understood: bool
) -> None:
    for locale in LOCALES:
        answer = await real_knowledge.answer(question, SCOPE, locale)
        assert isinstance(answer, Unknown)
        assert answer.ask_in == (() if is_understood else ("en", "es", "pt-BR"))


@pytest.mark.parametrize(
    ("question", "fact"),
    [
        ("who is Кendall?", "kendall-role"),
        ("𝓴𝓮𝓷𝓭𝓪𝓵𝓵 𝓼𝓬𝓱𝓶𝓲𝓭𝓽", "kendall-role"),
        ("when does the album come out Ж", "album-release-date"),
    ],
)
async def test_a_letter_of_another_script_keeps_nothing_from_being_answered(
    real_knowledge: KnowledgeBase, question: str, fact: str
) -> None:
    answer = await real_knowledge.answer(question, SCOPE, "en-US")
    assert isinstance(answer, Found)
    assert answer.answer.fact.id == fact


async def test_only_the_languages_of_packs_in_scope_are_named(
    real_knowledge: KnowledgeBase,
) -> None:
    assert real_knowledge.list_languages(SCOPE) == ("en", "es", "pt-BR")
    assert real_knowledge.list_languages(frozenset()) == ("en",)


async def test_a_spelling_that_two_languages_share_is_the_askers(
    real_knowledge: KnowledgeBase,
) -> None:
    for question in ("heffron drive o q", "o q é heffron drive"):
        assert await tell(real_knowledge, question, "pt-BR") == "pt-BR"
    assert await tell(real_knowledge, "q es heffron drive", "es-419") == "es"
