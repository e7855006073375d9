"""A pack held against its source text: quoted faithfully and sparingly, and otherwise in our words.

What it reports are positions and the pack's own ids, never a word of the source: a report can be
shown where the source may not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.packs.entries import format_paragraphs
from bot.packs.proper_names import find_unknown_names
from bot.packs.prose import ELLIPSIS, count_words, plain_text, tokenize
from bot.packs.speech import Speech

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.packs.models import Fact, Pack, Quote, Release

MOST_QUOTES = 20
LARGEST_SHARE = 0.2
"""Of the source's words, all quotes together."""
LONGEST_SHARED_RUN = 7
"""Words in a row that a text of ours may share with the source by chance."""


@dataclass(frozen=True, slots=True)
class AuditFault:
    """One place where the pack and its source disagree."""

    where: str
    what: str
    remedy: str

    def __str__(self) -> str:
        """Say it on one line."""
        return f"{self.where}: {self.what}; {self.remedy}"


def split_paragraphs(source_text: str) -> tuple[str, ...]:
    """Return the source's blocks of text, set apart by blank lines, as plain text."""
    blocks = (plain_text(block) for block in re.split(r"\n\s*\n", source_text))
    return tuple(block for block in blocks if block)


def audit(pack: Pack, source_text: str) -> tuple[AuditFault, ...]:
    """Return every disagreement between a pack and the text it was made from.

    A withdrawn quote is held to the same words, but takes nothing of the budget.
    """
    source = split_paragraphs(source_text)
    return (
        *_wrong_paragraphs(pack, source),
        *_wrong_quotes(pack, source),
        *_overspent(pack, source),
        *_borrowed(pack, source),
        *_strangers(pack, source),
    )


def _wrong_paragraphs(pack: Pack, source: tuple[str, ...]) -> Iterator[AuditFault]:
    last = len(source)
    if pack.source.paragraphs != last:
        what = f"says {pack.source.paragraphs} paragraphs, the text has {last}"
        yield AuditFault("source", what, "correct 'paragraphs'; blank lines set them apart")
    for noun, entries in _cited(pack):
        for entry in entries:
            for paragraph in entry.paragraphs:
                if not 1 <= paragraph <= last:
                    what = f"cites paragraph {paragraph}, the text has {last}"
                    yield AuditFault(f"{noun} '{entry.id}'", what, _correct(entry))


def _cited(pack: Pack) -> tuple[tuple[str, tuple[Fact | Quote | Release, ...]], ...]:
    return ("fact", pack.facts), ("quote", pack.quotes), ("release", pack.releases)


def _correct(entry: Fact | Quote | Release) -> str:
    return f"correct '{'paragraphs' if len(entry.paragraphs) > 1 else 'paragraph'}'"


def _wrong_quotes(pack: Pack, source: tuple[str, ...]) -> Iterator[AuditFault]:
    speeches = [Speech.of([paragraph]) for paragraph in source]
    texts = [Speech.whole(re.sub(r"[\[\]]", "", paragraph)) for paragraph in source]
    for quote in pack.quotes:
        spoken = [i for i, speech in enumerate(speeches, start=1) if speech.holds(quote.words)]
        if not all(1 <= paragraph <= len(source) for paragraph in quote.paragraphs):
            continue  # told already
        where, cited = f"quote '{quote.id}'", format_paragraphs(quote.paragraphs)
        alone = [paragraph for paragraph in quote.paragraphs if paragraph in spoken]
        if alone and len(quote.paragraphs) > 1:
            what = f"is spoken in paragraph {alone[0]} alone"
            yield AuditFault(where, what, f"write 'paragraph: {alone[0]}'")
        elif alone or Speech.of([source[at - 1] for at in quote.paragraphs]).holds(quote.words):
            continue
        elif spoken:
            what = f"is spoken in paragraph {spoken[0]}, not in {cited.removeprefix('paragraph ')}"
            yield AuditFault(where, what, _correct(quote))
        elif any(text.holds(quote.words) for text in texts):
            what = "stands in the source, but outside quotation marks or over its brackets"
            yield AuditFault(where, what, f"quote spoken words, with {ELLIPSIS} for brackets")
        else:
            what = f"is not, word for word, what is spoken in {cited}"
            yield AuditFault(where, what, f"copy the words, with {ELLIPSIS} where they are cut")


def _overspent(pack: Pack, source: tuple[str, ...]) -> Iterator[AuditFault]:
    served = [quote for quote in pack.quotes if quote.withdrawn is None]
    if len(served) > MOST_QUOTES:
        what = f"{len(served)} are too many, at most {MOST_QUOTES} from one source"
        yield AuditFault("quotes", what, "keep those that people ask for")
    quoted = sum(count_words(quote.words) for quote in served)
    words = sum(map(count_words, source))
    if quoted > words * LARGEST_SHARE:
        most = int(words * LARGEST_SHARE)
        what = f"{quoted} words of the source's {words} are quoted, at most {most}"
        yield AuditFault("quotes", what, "shorten or withdraw some")


def _borrowed(pack: Pack, source: tuple[str, ...]) -> Iterator[AuditFault]:
    size = LONGEST_SHARED_RUN + 1
    runs: dict[tuple[str, ...], int] = {}
    for number, paragraph in enumerate(source, start=1):
        for run in _runs(_folded(paragraph), size):
            runs.setdefault(run, number)
    for where, text in _our_texts(pack):
        shared = [(i, run) for i, run in enumerate(_runs(_folded(text), size)) if run in runs]
        if shared:
            first, run = shared[0]
            what = (
                f"{size} words or more in a row, from the text's word {first + 1}, "
                f"are those of paragraph {runs[run]}"
            )
            yield AuditFault(where, what, "say it in your own words")


def _folded(text: str) -> tuple[str, ...]:
    return tuple(token.text.casefold() for token in tokenize(plain_text(text)))


def _runs(words: tuple[str, ...], size: int) -> Iterator[tuple[str, ...]]:
    return (words[i : i + size] for i in range(len(words) - size + 1))


def _our_texts(pack: Pack) -> Iterator[tuple[str, str]]:
    """Yield every text of the pack that is not a quotation, with what it is."""
    yield "title", pack.title
    source = pack.source
    for key in ("title", "author", "year_from", "kind", "rights"):
        yield f"source '{key}'", getattr(source, key)
    yield from _listed("source", publishers=source.publishers)
    for entity in pack.entities:
        yield f"entity '{entity.id}': name", entity.name
        yield from _listed(
            f"entity '{entity.id}'", aliases=entity.aliases, described_as=entity.described_as
        )
    for fact in pack.facts:
        yield f"fact '{fact.id}': statement", fact.statement
        yield f"fact '{fact.id}': note", fact.note
        yield f"fact '{fact.id}': withdrawn", fact.withdrawn or ""
        yield from _listed(f"fact '{fact.id}'", questions=fact.questions)
    for quote in pack.quotes:
        yield f"quote '{quote.id}': context", quote.context
        yield f"quote '{quote.id}': withdrawn", quote.withdrawn or ""
        yield from _listed(f"quote '{quote.id}'", themes=quote.themes)
    for release in pack.releases:
        yield from _texts_of_release(release)
    yield from _listed("pack", not_names=pack.not_names)
    yield from _listed("pack", tests=tuple(trial.question for trial in pack.tests))


def _texts_of_release(release: Release) -> Iterator[tuple[str, str]]:
    where = f"release '{release.id}'"
    yield f"{where}: title", release.title
    yield f"{where}: kind", release.kind
    yield f"{where}: date_note", release.date.note
    yield f"{where}: status", release.status
    yield f"{where}: withdrawn", release.withdrawn or ""
    yield from _listed(
        where,
        aliases=release.aliases,
        described_as=release.described_as,
        available=release.available,
        editions=tuple(f"{edition.name}: {edition.note}" for edition in release.editions),
    )
    for song in release.songs:
        yield from _listed(f"song '{song.id}'", aliases=song.aliases, texts=(song.title, song.note))


def _listed(where: str, **lists: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for key, texts in lists.items():
        for number, text in enumerate(texts, start=1):
            yield f"{where}: {key} {number}", text


def _strangers(pack: Pack, source: tuple[str, ...]) -> Iterator[AuditFault]:
    for number, paragraph in enumerate(source, start=1):
        for first, count in find_unknown_names(pack, paragraph):
            size = "a capitalised word" if count == 1 else f"a run of {count} capitalised words"
            what = f"{size}, from word {first}, is no name that the pack knows"
            remedy = "give it to an entity or release as name or alias, or list it in 'not_names'"
            yield AuditFault(f"paragraph {number}", what, remedy)
