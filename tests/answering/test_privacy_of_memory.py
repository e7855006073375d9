"""What somebody typed is nowhere in the process once they are answered."""

from __future__ import annotations

import os
import subprocess
import sys
from random import Random
from typing import TYPE_CHECKING

import pytest

from bot.answering.lexicon import StemCache, load_lexicon, stem
from bot.index.cache import BatchCache, KeyedHash
from tests.support.heap import WIPING, can_search_memory, typed_texts_left, typed_word
from tests.support.packs import HIDE, REPOSITORY

if TYPE_CHECKING:
    from pathlib import Path

    from bot.answering.knowledge_base import KnowledgeBase

ENGLISH = ("soreconihr", "ogalepihcra")
"""Words of English alone, in no pack nor the lexicon: backwards, or they would be here."""


def english(number: int) -> str:
    return "".join(reversed(ENGLISH[number]))


@pytest.mark.long
async def test_what_was_asked_is_nowhere_in_the_heap_afterwards(
    knowledge_of_both: KnowledgeBase,
) -> None:
    both, everywhere = knowledge_of_both, knowledge_of_both.packs
    before = typed_texts_left(ENGLISH)  # of other tests, and of libraries by chance

    for question in (
        f"When does Kendall play {typed_word(1)} with {typed_word(2)}s, or {english(0)}?",
        f"{typed_word(3)} {typed_word(4).upper()}'s {english(1)}ing?! {typed_word(5)}é",
        f"When does the new album come out, {typed_word(6)}?",
        f"{typed_word(7)}\ud800",
    ):
        for _ in range(2):  # as new, and as remembered
            await both.answer(question, everywhere)
        await both.explain(question, everywhere)
        del question
    for about, by in ((typed_word(8), None), ("fans " + typed_word(9), "Kendall"), (None, "x")):
        await both.choose_quote(everywhere, Random(1), about=about, by=by)
        await both.choose_quote(everywhere, Random(1), by=typed_word(10))
        del about, by
    await both.search_release(f"24/Seven {typed_word(11)} {english(0)}", everywhere)
    await both.search_release(typed_word(12), everywhere)
    for complete in (
        both.complete_question,
        both.complete_title,
        both.complete_speaker,
        both.complete_theme,
    ):
        complete(f"when {typed_word(13)}", everywhere)
    await both.search_text([typed_word(14), english(1)], everywhere)

    assert typed_texts_left(ENGLISH, before) == {}


@pytest.mark.skipif(not can_search_memory, reason="memory is searched as Linux and glibc show it")
def test_what_was_asked_is_in_no_library_s_memory_either(store_of_both: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.memory_process", store_of_both],
        cwd=REPOSITORY,
        env=os.environ | WIPING,
        check=True,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.stdout == ""


async def test_what_was_asked_is_answered_from_memory_all_the_same(
    knowledge_of_both: KnowledgeBase,
) -> None:
    both, asked = knowledge_of_both, "When does the new album come out?"

    assert await both.answer(asked, both.packs) is await both.answer(asked, both.packs)


def test_a_hash_is_the_same_until_the_next_start() -> None:
    assert HIDE("typed") == HIDE("typed")
    assert HIDE("typed") != HIDE("typed ")
    assert HIDE("typed") != KeyedHash(b"another start")("typed")


def test_only_public_words_stand_for_themselves() -> None:
    hide = HIDE.except_for({"public"})

    assert hide("public") == "public"
    assert hide("typed") == HIDE("typed")


def test_a_cache_keeps_the_hash_and_gives_the_value() -> None:
    recent = BatchCache(8, lambda keys: dict.fromkeys(keys, 1), HIDE)

    assert recent.get_many(["typed"]) == {"typed": 1}
    assert recent.get_many(["typed"]) == {"typed": 1}
    assert list(recent._values) == [HIDE("typed")]


@pytest.mark.parametrize(
    "word", ["", "s", "skies", "dying", "generously", "relational", "zqé", "😀"]
)
def test_a_remembered_stem_is_the_stem(word: str) -> None:
    stems = StemCache(HIDE)

    assert [stems(word), stems(word)] == [stem(word)] * 2


def test_every_word_of_the_lexicon_has_its_stem_whether_remembered_or_not() -> None:
    lexicon, stems = load_lexicon(), StemCache(HIDE)

    assert all(stems(word) == lexicon.stem(word) for word in lexicon.words)
