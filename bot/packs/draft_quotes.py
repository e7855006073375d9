"""Choose the sentences of a source that could be quoted."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.packs.clauses import has_verb
from bot.packs.draft_names import bare_pack, find_interviewers, find_mentioned, new_id
from bot.packs.models import Entity, EntityKind, Quote
from bot.packs.proper_names import find_labelled
from bot.packs.prose import ELLIPSIS, count_words, tokenize
from bot.packs.quote_advice import advise
from bot.packs.source_text import SourceText
from bot.packs.speech import Speech

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bot.packs.draft_names import NamedThing

MAX_DRAFTED_QUOTES = 12
DRAFTED_SHARE = 0.6
"""Of the words that may be quoted; the rest is for what the author finds."""
MIN_QUOTE_WORDS, MAX_QUOTE_WORDS, MAX_QUOTE = 5, 16, 200
BEST_QUOTE_WORDS = 11
LONGEST_PARAGRAPH = 1_000_000

_SAID = (
    r"(?:said|says|told|tells|explained|explains|added|adds|laughed|laughs|recalled|recalls|"
    r"remembers|remembered|insists|insisted|jokes|joked|admits|admitted|asked|asks|continued|"
    r"continues|replied|replies|answered|answers|smiled|smiles|grins|shrugs|noted|notes|thinks)"
)
_WHO = r"(?P<who>he|she|they|[A-Z][\w'-]*(?: [A-Z][\w'-]*){0,2})"
_SAID_AFTER = re.compile(
    rf'^"?,? ?(?:{_WHO} (?:\w+ly )?{_SAID}\b|{_SAID} {_WHO.replace("who", "whom")})'
)
_SAID_BEFORE = re.compile(rf"\b{_WHO} (?:\w+ly )?{_SAID}\b[^.\"]{{0,30}}[,:] ?$")


@dataclass(frozen=True, slots=True)
class QuoteStub:
    """A quote that lacks its context and its themes."""

    quote: Quote
    is_speaker_told: bool


def draft_quotes(
    source_text: str,
    entities: Iterable[NamedThing],
    main: NamedThing | None,
    quotable_words: int,
) -> tuple[QuoteStub, ...]:
    """Return the best quotes within a part of the budget, in order."""
    people = tuple(thing for thing in entities if thing.found.kind == EntityKind.PERSON)
    known = tuple(Entity(t.id, EntityKind.PERSON, t.found.name, t.aliases) for t in people)
    candidates = list(_find_candidates(SourceText.read(source_text), people, known, main))
    pack = bare_pack(known, tuple(stub.quote for stub in candidates))
    remarks = Counter(remark.where for remark in advise(pack, source_text))
    best = sorted(
        candidates,
        key=lambda stub: (
            remarks[f"quote '{stub.quote.id}'"],
            ELLIPSIS in stub.quote.words,
            abs(count_words(stub.quote.words) - BEST_QUOTE_WORDS),
        ),
    )
    chosen: list[QuoteStub] = []
    room = int(quotable_words * DRAFTED_SHARE)
    for stub in best:
        size = count_words(stub.quote.words)
        if len(chosen) < MAX_DRAFTED_QUOTES and size <= room:
            chosen.append(stub)
            room -= size
    return tuple(sorted(chosen, key=candidates.index))


def _find_candidates(
    source: SourceText,
    people: Sequence[NamedThing],
    known: Sequence[Entity],
    main: NamedThing | None,
) -> Iterator[QuoteStub]:
    """Yield each sentence fit to be quoted, with its likely speaker."""
    cast = _Cast(people, main)
    asking = find_interviewers(source)
    taken: set[str] = set()
    speaker: str | None = None
    is_told = False
    for number, paragraph in enumerate(source.paragraphs, start=1):
        label = source.speakers[number - 1]
        is_turn = bool(label) or paragraph[:1] + paragraph[-1:] == '""' == re.sub(
            '[^"]', "", paragraph
        )
        if label in asking or (is_turn and not label and paragraph.endswith('?"')):
            continue
        if label:
            found = find_labelled(known, label)
            speaker, is_told = (found.id if found else None), bool(found)
        elif not paragraph.startswith('"'):
            speaker = None
        for spans in Speech.from_paragraphs([paragraph]).sentences:
            place = spans[0].start, spans[-1].end
            told = None if is_turn else cast.find_speaker(paragraph, place, number)
            speaker, is_told = told or (speaker, is_told)
            words = _fit_words([paragraph[span.start : span.end] for span in spans])
            if words:
                who = speaker or (main.id if main in people and main else "")
                opening = " ".join(token.text for token in tokenize(words)[:4])
                quote = Quote(new_id(opening, taken), who, words, "-", ("-",), (number,))
                yield QuoteStub(quote, is_speaker_told=bool(speaker) and is_told)


@dataclass(frozen=True, slots=True)
class _Cast:
    """The people whom a source may quote."""

    people: Sequence[NamedThing]
    main: NamedThing | None

    def find_speaker(
        self, paragraph: str, place: tuple[int, int], number: int
    ) -> tuple[str | None, bool] | None:
        """Return the speaker that the narrator names, and whether by name."""
        start, end = place
        before = paragraph[max(0, start - 80) : start].rstrip('"')
        found = _SAID_AFTER.match(paragraph[end : end + 80]) or None
        who = (found["who"] or found["whom"]) if found else None
        if who is None and (earlier := _SAID_BEFORE.search(before)):
            who = earlier["who"]
        if who is None:
            return None
        if who in {"he", "she", "they"}:
            return self.resolve_pronoun(who, number, start), False
        folded = who.removesuffix("'s").casefold()
        for person in self.people:
            names = {name.casefold() for name in (person.found.name, *person.aliases)}
            if folded in names or any(folded.startswith(f"{name} ") for name in names):
                return person.id, True
        return None

    def resolve_pronoun(self, pronoun: str, paragraph: int, start: int) -> str | None:
        """Return the person that a pronoun most likely means."""
        main = self.main
        known = [p for p in self.people if pronoun in p.found.pronouns]
        able = known + [p for p in self.people if not p.found.pronouns]
        for group in (known, able):
            named = [p.id for p in find_mentioned(group, paragraph, 0, start)]
            if main and main in group and (main.id in named or not named):
                return main.id
            if named:
                return named[-1]
        before = find_mentioned(able, paragraph - 1, 0, LONGEST_PARAGRAPH)
        return before[-1].id if before else None


def _fit_words(parts: Sequence[str]) -> str:
    """Return a sentence as a quote's words, perhaps cut, or nothing."""
    whole = f" {ELLIPSIS} ".join(part.strip(' ,"') for part in parts).removesuffix(".")
    stops = reversed(list(re.finditer(r"[,;:]| [\u2013\u2014-] ", parts[0])))
    beginnings = (f"{parts[0][: stop.start()].strip()} {ELLIPSIS}" for stop in stops)
    return next((words for words in (whole, *beginnings) if _is_quotable(words)), "")


def _is_quotable(words: str) -> bool:
    return (
        MIN_QUOTE_WORDS <= count_words(words) <= MAX_QUOTE_WORDS
        and len(words) <= MAX_QUOTE
        and not set('"[]') & set(words)
        and not words.endswith("?")
        and has_verb(words)
    )
