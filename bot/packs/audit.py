"""Audit a pack against the text that it was made from.

Quotes must be faithful and few, and everything else must be in our own words. A report holds only
positions and the pack's own ids, so it can be shown where the source may not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.packs.entries import format_paragraphs
from bot.packs.proper_names import find_labelled, find_unknown_names
from bot.packs.prose import ELLIPSIS, count_words, plain_text, tokenize
from bot.packs.source_text import SourceText
from bot.packs.speech import Speech

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bot.packs.models import Fact, Pack, Quote, Release

MAX_QUOTES = 20
MAX_QUOTED_SHARE = 0.2
"""Of the source's words, for all quotes together."""
MAX_SHARED_WORDS = 7
"""Words in a row that our own text may share with the source by chance."""


@dataclass(frozen=True, slots=True)
class AuditFault:
    """One disagreement between a pack and its source."""

    where: str
    what: str
    remedy: str

    def __str__(self) -> str:
        """Return the fault as one line."""
        return f"{self.where}: {self.what}; {self.remedy}"


def audit(pack: Pack, source_text: str) -> tuple[AuditFault, ...]:
    """Return every disagreement between a pack and its source.

    A withdrawn quote must be faithful as well, but takes nothing of the budget.
    """
    text = SourceText.read(source_text)
    audit = _Audit(pack, text.paragraphs, text.speakers)
    return (
        *audit.check_paragraphs(),
        *audit.check_quotes(),
        *audit.check_speakers(),
        *audit.check_quota(),
        *audit.check_own_words(),
        *audit.check_names(),
    )


@dataclass(frozen=True, slots=True)
class _Audit:
    """A pack beside the paragraphs of its source."""

    pack: Pack
    source: tuple[str, ...]
    speakers: tuple[str, ...]
    """The label of each paragraph's speaker, or nothing."""

    def check_paragraphs(self) -> Iterator[AuditFault]:
        """Yield wrong paragraph numbers."""
        last = len(self.source)
        if self.pack.source.paragraphs != last:
            what = f"says {self.pack.source.paragraphs} paragraphs, the text has {last}"
            yield AuditFault("source", what, "correct 'paragraphs'; blank lines set them apart")
        pack = self.pack
        kinds: tuple[tuple[str, tuple[Fact | Quote | Release, ...]], ...] = (
            ("fact", pack.facts),
            ("quote", pack.quotes),
            ("release", pack.releases),
        )
        for noun, entries in kinds:
            for entry in entries:
                for paragraph in entry.paragraphs:
                    if not 1 <= paragraph <= last:
                        what = f"cites paragraph {paragraph}, the text has {last}"
                        yield AuditFault(f"{noun} '{entry.id}'", what, _correction(entry))

    def check_quotes(self) -> Iterator[AuditFault]:
        """Yield quotes that are not spoken as they are cited."""
        speeches = [Speech.from_paragraphs([paragraph]) for paragraph in self.source]
        texts = [Speech.from_text(re.sub(r"[\[\]]", "", paragraph)) for paragraph in self.source]
        for quote in self.pack.quotes:
            words = quote.words
            spoken = [i for i, speech in enumerate(speeches, start=1) if speech.contains(words)]
            if not all(1 <= paragraph <= len(self.source) for paragraph in quote.paragraphs):
                continue  # told already
            where, cited = f"quote '{quote.id}'", format_paragraphs(quote.paragraphs)
            alone = [paragraph for paragraph in quote.paragraphs if paragraph in spoken]
            if alone and len(quote.paragraphs) > 1:
                what = f"is spoken in paragraph {alone[0]} alone"
                yield AuditFault(where, what, f"write 'paragraph: {alone[0]}'")
            elif alone or self.speech_in(quote.paragraphs).contains(words):
                continue
            elif spoken:
                what = (
                    f"is spoken in paragraph {spoken[0]}, not in {cited.removeprefix('paragraph ')}"
                )
                yield AuditFault(where, what, _correction(quote))
            elif any(text.contains(words) for text in texts):
                what = "stands in the source, but outside quotation marks or over its brackets"
                yield AuditFault(where, what, f"quote spoken words, with {ELLIPSIS} for brackets")
            else:
                what = f"is not, word for word, what is spoken in {cited}"
                yield AuditFault(where, what, f"copy the words, with {ELLIPSIS} where they are cut")

    def check_speakers(self) -> Iterator[AuditFault]:
        """Yield quotes whose paragraph is labelled as somebody else's."""
        for quote in self.pack.quotes:
            for paragraph in quote.paragraphs:
                label = self.speakers[paragraph - 1] if paragraph <= len(self.speakers) else ""
                spoken_by = find_labelled(self.pack.entities, label)
                if spoken_by and spoken_by.id != quote.speaker:
                    what = f"paragraph {paragraph} is spoken by '{spoken_by.id}'"
                    what = f"{what}, not by '{quote.speaker}'"
                    yield AuditFault(f"quote '{quote.id}'", what, "correct 'speaker'")

    def speech_in(self, paragraphs: Iterable[int]) -> Speech:
        """Return the speech in some paragraphs."""
        return Speech.from_paragraphs([self.source[number - 1] for number in paragraphs])

    def check_quota(self) -> Iterator[AuditFault]:
        """Yield too many quotes, and too many words in them."""
        served = [quote for quote in self.pack.quotes if quote.withdrawn is None]
        if len(served) > MAX_QUOTES:
            what = f"{len(served)} are too many, at most {MAX_QUOTES} from one source"
            yield AuditFault("quotes", what, "keep those that people ask for")
        quoted = sum(count_words(quote.words) for quote in served)
        words = sum(map(count_words, self.source))
        if quoted > words * MAX_QUOTED_SHARE:
            most = int(words * MAX_QUOTED_SHARE)
            what = f"{quoted} words of the source's {words} are quoted, at most {most}"
            yield AuditFault("quotes", what, "shorten or withdraw some")

    def check_own_words(self) -> Iterator[AuditFault]:
        """Yield texts of ours that share a run of words with the source."""
        size = MAX_SHARED_WORDS + 1
        runs: dict[tuple[str, ...], int] = {}
        for number, paragraph in enumerate(self.source, start=1):
            for run in _word_runs(_fold_words(paragraph), size):
                runs.setdefault(run, number)
        for where, text in _own_texts(self.pack):
            shared = [
                (i, run) for i, run in enumerate(_word_runs(_fold_words(text), size)) if run in runs
            ]
            if shared:
                first, run = shared[0]
                what = (
                    f"{size} words or more in a row, from the text's word {first + 1}, "
                    f"are those of paragraph {runs[run]}"
                )
                yield AuditFault(where, what, "say it in your own words")

    def check_names(self) -> Iterator[AuditFault]:
        """Yield names in the source that the pack does not know."""
        for number, paragraph in enumerate(self.source, start=1):
            for first, count in find_unknown_names(self.pack, paragraph):
                size = "a capitalised word" if count == 1 else f"a run of {count} capitalised words"
                what = f"{size}, from word {first}, is no name that the pack knows"
                remedy = (
                    "give it to an entity or release as name or alias, or list it in 'not_names'"
                )
                yield AuditFault(f"paragraph {number}", what, remedy)


def _correction(entry: Fact | Quote | Release) -> str:
    return f"correct '{'paragraphs' if len(entry.paragraphs) > 1 else 'paragraph'}'"


def _fold_words(text: str) -> tuple[str, ...]:
    return tuple(token.text.casefold() for token in tokenize(plain_text(text)))


def _word_runs(words: tuple[str, ...], size: int) -> Iterator[tuple[str, ...]]:
    return (words[i : i + size] for i in range(len(words) - size + 1))


def _own_texts(pack: Pack) -> Iterator[tuple[str, str]]:
    """Yield every text of the pack but its quotations, with its place."""
    yield "title", pack.title
    source = pack.source
    for key in ("title", "author", "year_from", "kind", "rights"):
        yield f"source '{key}'", getattr(source, key)
    yield from _number_texts("source", publishers=source.publishers)
    for entity in pack.entities:
        yield f"entity '{entity.id}': name", entity.name
        yield from _number_texts(
            f"entity '{entity.id}'", aliases=entity.aliases, described_as=entity.described_as
        )
    for fact in pack.facts:
        yield f"fact '{fact.id}': statement", fact.statement
        yield f"fact '{fact.id}': note", fact.note
        yield f"fact '{fact.id}': withdrawn", fact.withdrawn or ""
        yield from _number_texts(f"fact '{fact.id}'", questions=fact.questions)
    for quote in pack.quotes:
        yield f"quote '{quote.id}': context", quote.context
        yield f"quote '{quote.id}': withdrawn", quote.withdrawn or ""
        yield from _number_texts(f"quote '{quote.id}'", themes=quote.themes)
    for release in pack.releases:
        yield from _release_texts(release)
    yield from _number_texts("pack", not_names=pack.not_names)
    yield from _number_texts("pack", tests=tuple(trial.question for trial in pack.tests))


def _release_texts(release: Release) -> Iterator[tuple[str, str]]:
    where = f"release '{release.id}'"
    yield f"{where}: title", release.title
    yield f"{where}: kind", release.kind
    yield f"{where}: date_note", release.date.note
    yield f"{where}: status", release.status
    yield f"{where}: withdrawn", release.withdrawn or ""
    yield from _number_texts(
        where,
        aliases=release.aliases,
        described_as=release.described_as,
        available=release.available,
        editions=tuple(f"{edition.name}: {edition.note}" for edition in release.editions),
    )
    for song in release.songs:
        yield from _number_texts(
            f"song '{song.id}'", aliases=song.aliases, texts=(song.title, song.note)
        )


def _number_texts(where: str, **lists: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for key, texts in lists.items():
        for number, text in enumerate(texts, start=1):
            yield f"{where}: {key} {number}", text
