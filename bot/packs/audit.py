"""Audit a pack against the text that it was made from.

Quotes must be faithful and few, and everything else must be in our own words. A report holds only
positions and the pack's own ids, so it can be shown where the source may not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from rapidfuzz import fuzz

from bot.packs.entries import format_paragraphs
from bot.packs.proper_names import find_labelled, find_unknown_names
from bot.packs.prose import ELLIPSIS, count_words, plain_text, tokenize
from bot.packs.source_text import SourceText
from bot.packs.speech import Speech, split_pieces
from bot.packs.statements import (
    find_doubtful_counts,
    find_mistranslated,
    find_unborne,
    find_undated,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from bot.packs.models import Fact, Pack, Quote, Release

Steps = tuple[str | int, ...]
"""The way to a value by keys and positions."""

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
    words: str = field(default="", repr=False)
    """The source's words that it is about, for the author alone: they are not ours to publish."""
    steps: Steps = ()
    """The way to it in the pack: ("quotes", 3); nothing for a fault of the source."""

    def __str__(self) -> str:
        """Return the fault as one line, without the source's words."""
        return f"{self.where}: {self.what}; {self.remedy}"

    def what_with_source(self) -> str:
        """Return the problem with the source's words."""
        return f"{self.what} (“{self.words}”)" if self.words else self.what

    def without_source(self) -> AuditFault:
        """Return the fault without the source's words."""
        return replace(self, words="")


@dataclass(frozen=True, slots=True)
class AuditAdvice:
    """One remark on a quote or statement, for its author."""

    where: str
    what: str
    remedy: str
    left_out: str = ""
    """The source's words that a quote leaves out there."""
    words: str = ""
    """The source's words that a statement differs from."""

    def __str__(self) -> str:
        """Return the advice as one line."""
        return f"{self.where}: {self.what_with_source()}; {self.remedy}"

    def what_with_source(self) -> str:
        """Return the remark with the source's words."""
        if self.left_out:
            return f"{self.what} (left out: “{self.left_out}”)"
        return f"{self.what} (“{self.words}”)" if self.words else self.what

    def without_source(self) -> AuditAdvice:
        """Return the advice without the source's words."""
        return replace(self, left_out="", words="")


def audit(
    pack: Pack,
    source_text: str,
    report: Callable[[int, int], None] = lambda _done, _total: None,
) -> tuple[AuditFault, ...]:
    """Return every disagreement between a pack and its source.

    A withdrawn quote must be faithful as well, but takes nothing of the budget. `report` is called
    with the number of checks that are done, and of all.
    """
    text = SourceText.read(source_text)
    audit = _Audit(pack, text.paragraphs, text.speakers)
    checks = (
        audit.check_paragraphs,
        audit.check_quotes,
        audit.check_speakers,
        audit.check_quota,
        audit.check_own_words,
        audit.check_statements,
        audit.check_translations,
        audit.check_names,
    )
    faults: list[AuditFault] = []
    for done, check in enumerate(checks, start=1):
        faults += check()
        report(done, len(checks))
    return tuple(faults)


def advise_on_statements(pack: Pack, source_text: str) -> tuple[AuditAdvice, ...]:
    """Return advice on counts that may be the author's own."""
    source = SourceText.read(source_text).paragraphs
    return tuple(
        AuditAdvice(f"fact '{fact.id}': statement", doubt.what, doubt.remedy, words=doubt.words)
        for fact in pack.facts
        if fact.withdrawn is None and all(1 <= number <= len(source) for number in fact.paragraphs)
        for doubt in find_doubtful_counts(pack, fact, source)
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
            for place, entry in enumerate(entries):
                for paragraph in entry.paragraphs:
                    if not 1 <= paragraph <= last:
                        what = f"cites paragraph {paragraph}, the text has {last}"
                        yield AuditFault(
                            f"{noun} '{entry.id}'",
                            what,
                            _correction(entry),
                            steps=(f"{noun}s", place),
                        )

    def check_quotes(self) -> Iterator[AuditFault]:
        """Yield quotes that are not spoken as they are cited."""
        speeches = [Speech.from_paragraphs([paragraph]) for paragraph in self.source]
        texts = [Speech.from_text(re.sub(r"[\[\]]", "", paragraph)) for paragraph in self.source]
        for place, quote in enumerate(self.pack.quotes):
            words, steps = quote.words, ("quotes", place)
            spoken = [i for i, speech in enumerate(speeches, start=1) if speech.contains(words)]
            if not all(1 <= paragraph <= len(self.source) for paragraph in quote.paragraphs):
                continue  # told already
            where, cited = f"quote '{quote.id}'", format_paragraphs(quote.paragraphs)
            alone = [paragraph for paragraph in quote.paragraphs if paragraph in spoken]
            if alone and len(quote.paragraphs) > 1:
                what = f"is spoken in paragraph {alone[0]} alone"
                yield AuditFault(where, what, f"write 'paragraph: {alone[0]}'", steps=steps)
            elif alone or self.speech_in(quote.paragraphs).contains(words):
                continue
            elif spoken:
                what = (
                    f"is spoken in paragraph {spoken[0]}, not in {cited.removeprefix('paragraph ')}"
                )
                yield AuditFault(where, what, _correction(quote), steps=steps)
            elif any(text.contains(words) for text in texts):
                what = "stands in the source, but outside quotation marks or over its brackets"
                remedy = f"quote spoken words, with {ELLIPSIS} for brackets"
                yield AuditFault(where, what, remedy, steps=steps)
            else:
                what = f"is not, word for word, what is spoken in {cited}"
                remedy = f"copy the words, with {ELLIPSIS} where they are cut"
                near = self.find_nearest(quote)
                yield AuditFault(where, what, remedy, words=near, steps=steps)

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

    def find_nearest(self, quote: Quote) -> str:
        """Return the source's words where a quote differs from them."""
        cited = " ".join(self.source[number - 1] for number in quote.paragraphs)
        speech = self.speech_in(quote.paragraphs)
        for piece in split_pieces(plain_text(quote.words)):
            if not speech.contains(piece):
                found = fuzz.partial_ratio_alignment(piece, cited)
                if found is not None:
                    begin = cited.rfind(" ", 0, found.dest_start + 1) + 1
                    end = cited.find(" ", found.dest_end)
                    return cited[begin : end if end >= 0 else None].strip('",')
        return ""

    def check_statements(self) -> Iterator[AuditFault]:
        """Yield figures, dates and names that the cited paragraphs do not bear."""
        last = len(self.source)
        for place, fact in enumerate(self.pack.facts):
            if fact.withdrawn is None and all(1 <= number <= last for number in fact.paragraphs):
                for unborne in find_unborne(self.pack, fact, self.source):
                    yield AuditFault(
                        f"fact '{fact.id}': statement",
                        unborne.what,
                        unborne.remedy,
                        words=unborne.words,
                        steps=("facts", place, "statement"),
                    )
        for place, release in enumerate(self.pack.releases):
            if all(1 <= number <= last for number in release.paragraphs):
                for unborne in find_undated(release, self.source):
                    yield AuditFault(
                        f"release '{release.id}'",
                        unborne.what,
                        unborne.remedy,
                        steps=("releases", place, "date"),
                    )

    def check_translations(self) -> Iterator[AuditFault]:
        """Yield numbers of translated statements that are not in the original."""
        originals = {fact.id: fact for fact in self.pack.facts if fact.withdrawn is None}
        for translation in self.pack.translations:
            for fact in translation.facts:
                if original := originals.get(fact.id):
                    where = f"{translation.language}: fact '{fact.id}': statement"
                    for unborne in find_mistranslated(original, fact, translation.language):
                        yield AuditFault(where, unborne.what, unborne.remedy)

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
        """Yield our texts that share a run of words with the source."""
        size = MAX_SHARED_WORDS + 1
        runs: dict[tuple[str, ...], int] = {}
        for number, paragraph in enumerate(self.source, start=1):
            for run in _word_runs(paragraph, size):
                runs.setdefault(run, number)
        own = (*_own_texts(self.pack), *_translated_texts(self.pack))
        for where, text, steps in own:
            shared = [(i, run) for i, run in enumerate(_word_runs(text, size)) if run in runs]
            if shared:
                first, run = shared[0]
                what = (
                    f"{size} words or more in a row, from the text's word {first + 1}, "
                    f"are those of paragraph {runs[run]}"
                )
                remedy = "say it in your own words"
                yield AuditFault(where, what, remedy, words=" ".join(run), steps=steps)

    def check_names(self) -> Iterator[AuditFault]:
        """Yield names in the source that the pack does not know."""
        for number, paragraph in enumerate(self.source, start=1):
            for first, count in find_unknown_names(self.pack, paragraph):
                size = "a capitalised word" if count == 1 else f"a run of {count} capitalised words"
                what = f"{size}, from word {first}, is no name that the pack knows"
                remedy = (
                    "give it to an entity or release as name or alias, or list it in 'not_names'"
                )
                tokens = tokenize(paragraph)[first - 1 : first - 1 + count]
                words = paragraph[tokens[0].start : tokens[-1].end]
                yield AuditFault(f"paragraph {number}", what, remedy, words=words)


def _correction(entry: Fact | Quote | Release) -> str:
    return f"correct '{'paragraphs' if len(entry.paragraphs) > 1 else 'paragraph'}'"


def _word_runs(text: str, size: int) -> Iterator[tuple[str, ...]]:
    words = tuple(token.text.casefold() for token in tokenize(plain_text(text)))
    return (words[i : i + size] for i in range(len(words) - size + 1))


OwnText = tuple[str, str, Steps]
"""The place of a text in words, the text, and the way to it."""


def _own_texts(pack: Pack) -> Iterator[OwnText]:
    """Yield every text of the pack but its quotations, with its place."""
    yield "title", pack.title, ("title",)
    source = pack.source
    # Not its title: a source is cited by it as it stands.
    for key in ("author", "year_from", "kind", "rights"):
        yield f"source '{key}'", getattr(source, key), ("source", key)
    yield from _number_texts("source", ("source",), publishers=source.publishers)
    for place, entity in enumerate(pack.entities):
        steps: Steps = ("entities", place)
        where = f"entity '{entity.id}'"
        yield f"{where}: name", entity.name, (*steps, "name")
        yield from _number_texts(
            where, steps, aliases=entity.aliases, described_as=entity.described_as
        )
    for place, fact in enumerate(pack.facts):
        steps, where = ("facts", place), f"fact '{fact.id}'"
        yield f"{where}: statement", fact.statement, (*steps, "statement")
        yield f"{where}: note", fact.note, (*steps, "note")
        yield f"{where}: withdrawn", fact.withdrawn or "", (*steps, "withdrawn")
        yield from _number_texts(where, steps, questions=fact.questions)
    for place, quote in enumerate(pack.quotes):
        steps, where = ("quotes", place), f"quote '{quote.id}'"
        yield f"{where}: context", quote.context, (*steps, "context")
        yield f"{where}: withdrawn", quote.withdrawn or "", (*steps, "withdrawn")
        yield from _number_texts(where, steps, themes=quote.themes)
    for place, release in enumerate(pack.releases):
        steps, where = ("releases", place), f"release '{release.id}'"
        yield f"{where}: title", release.title, (*steps, "title")
        yield f"{where}: kind", release.kind, (*steps, "kind")
        yield f"{where}: date_note", release.date.note, (*steps, "date_note")
        yield f"{where}: status", release.status, (*steps, "status")
        yield f"{where}: withdrawn", release.withdrawn or "", (*steps, "withdrawn")
        yield from _number_texts(
            where,
            steps,
            aliases=release.aliases,
            described_as=release.described_as,
            available=release.available,
            editions=tuple(f"{edition.name}: {edition.note}" for edition in release.editions),
        )
        for at, song in enumerate(release.songs):
            yield from _number_texts(
                f"song '{song.id}'",
                (*steps, "songs", at),
                aliases=song.aliases,
                texts=(song.title, song.note),
            )
    yield from _number_texts("pack", (), not_names=pack.not_names)
    yield from _number_texts("pack", (), tests=tuple(trial.question for trial in pack.tests))


def _translated_texts(pack: Pack) -> Iterator[OwnText]:
    """Yield every text of the pack's translations, those of quotations too."""
    for translation in pack.translations:
        for where, text, _ in _own_texts(translation):
            yield f"{translation.language}: {where}", text, ()
        for quote in translation.quotes:
            yield f"{translation.language}: quote '{quote.id}': translation", quote.translation, ()


def _number_texts(where: str, steps: Steps, **lists: tuple[str, ...]) -> Iterator[OwnText]:
    for key, texts in lists.items():
        for at, text in enumerate(texts):
            yield f"{where}: {key} {at + 1}", text, (*steps, key, at)
