"""The names of a draft, with their ids."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.packs.imprint import is_imprint
from bot.packs.models import Entity, EntityKind, Pack, Quote, Source
from bot.packs.name_finding import NAMELESS, is_headline
from bot.packs.proper_names import find_labelled, find_unknown_names
from bot.packs.prose import tokenize
from bot.packs.source_text import ASKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bot.packs.imprint import SourceGuess
    from bot.packs.name_finding import FoundName
    from bot.packs.source_text import SourceText

MAX_ID = 40
MAX_NAME = 100

_SENTENCE_END = re.compile(
    r"(?<![A-Z])(?<!Mr)(?<!Ms)(?<!Mrs)(?<!Dr)[.!?\u2026]+[\"')\]]*\s+(?=[\"'(\[]*[A-Z0-9])"
)


@dataclass(frozen=True, slots=True)
class NamedThing:
    """A name with the id that it has in the draft."""

    id: str
    found: FoundName
    aliases: tuple[str, ...]


def add_speakers(source: SourceText, names: tuple[FoundName, ...]) -> tuple[FoundName, ...]:
    """Make people of those whose name is the label of a turn."""
    people = tuple(
        Entity(str(place), EntityKind.PERSON, name.name, name.aliases)
        for place, name in enumerate(names)
        if name.kind in {EntityKind.PERSON, ""}
    )
    speaking = {
        int(found.id) for label in set(source.speakers) if (found := find_labelled(people, label))
    }
    # "THE SOGGY ENVELOPE:" is the paper that asks.
    return tuple(
        replace(name, kind=EntityKind.OUTLET if name.name.startswith("The ") else EntityKind.PERSON)
        if place in speaking
        else name
        for place, name in enumerate(names)
    )


def correct_kind(name: FoundName, guess: SourceGuess) -> FoundName:
    """Return a name with the kind of the author or publisher."""
    if name.name == guess.author:
        return replace(name, kind=EntityKind.PERSON)
    if name.name.removeprefix("The ") == guess.publisher.removeprefix("The "):
        return replace(name, kind=EntityKind.OUTLET, pronouns=())
    return name


def give_ids(names: Iterable[FoundName]) -> tuple[NamedThing, ...]:
    """Return names with ids, people with both of their names as aliases."""
    names = tuple(names)
    counts = Counter(half for name in names for half in set(name.name.split()))
    taken: set[str] = set()
    things = []
    for name in names:
        aliases = list(name.aliases)
        halves = name.name.split()
        if name.kind == EntityKind.PERSON and len(halves) == 2:  # noqa: PLR2004
            aliases += [half for half in halves if counts[half] == 1 and half not in aliases]
        things.append(NamedThing(new_id(name.name, taken), name, tuple(aliases)))
    return tuple(things)


def new_id(text: str, taken: set[str]) -> str:
    """Take an id for a text that is not taken yet."""
    # Decomposed, "é" is an "e" and its accent.
    ascii_text = "".join(unicodedata.normalize("NFKD", c)[0] for c in text.casefold())
    stem = re.sub(r"[^a-z0-9]+", "-", ascii_text.replace("'", "")).strip("-") or "name"
    stem = stem[: MAX_ID - 3].strip("-")
    found, number = stem, 2
    while found in taken:
        found, number = f"{stem}-{number}", number + 1
    taken.add(found)
    return found


def guess_main(entities: Sequence[NamedThing], source: SourceText) -> NamedThing | None:
    """Return the person or band that the text seems to be about."""
    asking = find_interviewers(source)
    turns = Counter(label for label in source.speakers if label and label not in asking)
    people = {t.id: t for t in entities if t.found.kind == EntityKind.PERSON}
    answering = find_labelled(
        [Entity(t.id, EntityKind.PERSON, t.found.name, t.aliases) for t in people.values()],
        max(turns, key=lambda label: turns[label], default=""),
    )
    able = [t for t in entities if t.found.kind in {EntityKind.PERSON, EntityKind.BAND}]
    bands = find_opening_bands(entities, source)
    if answering and (len(turns) == 1 or not bands):
        return people[answering.id]
    # Of a band that is interviewed, each member says a part; the opening names the band.
    return bands[0] if bands else max(able, key=lambda t: len(t.found.mentions), default=None)


def find_opening_bands(
    entities: Sequence[NamedThing], source: SourceText
) -> tuple[NamedThing, ...]:
    """Return the bands of a text's first sentence and headline."""
    able = [thing for thing in entities if thing.found.kind == EntityKind.BAND]
    told = ((n, p) for n, p in enumerate(source.paragraphs, start=1) if not is_imprint(p))
    number, opening = next(told, (1, ""))
    _, end = next(sentence_spans(opening))
    headings = [text for text in source.paragraphs[: number - 1] if is_headline(text)]
    in_heading = (t for t in able if any(t.found.name in heading for heading in headings))
    return (*find_mentioned(able, number, 0, end), *in_heading)


def explain_leftovers(
    source: SourceText, things: Sequence[NamedThing]
) -> tuple[tuple[str, ...], tuple[NamedThing, ...]]:
    """Return the words that name nothing, and the things with further aliases.

    Whatever else has capitals would be a fault of the audit.
    """
    known = tuple(
        Entity(thing.id, EntityKind.PERSON, thing.found.name, thing.aliases) for thing in things
    )
    pack = bare_pack(known)
    runs = list(_unknown_runs(pack, source))
    words = (word for run in runs for word in run.split())
    not_names = dict.fromkeys(word for word in words if word.casefold() in NAMELESS)
    more: dict[str, dict[str, None]] = {}
    for run in _unknown_runs(replace(pack, not_names=tuple(not_names)), source):
        owner = next((thing for thing in things if _is_within(run, thing.found.name)), None)
        if owner:
            more.setdefault(owner.id, {})[run] = None
        else:
            not_names[run] = None
    widened = tuple(
        replace(thing, aliases=tuple(dict.fromkeys((*thing.aliases, *more.get(thing.id, ())))))
        for thing in things
    )
    return tuple(not_names), widened


def _unknown_runs(pack: Pack, source: SourceText) -> Iterator[str]:
    """Yield the capitalised words that would be a fault of the audit."""
    for paragraph in source.paragraphs:
        words = tokenize(paragraph)
        for first, count in find_unknown_names(pack, paragraph):
            run = words[first - 1 : first - 1 + count]
            text = paragraph[run[0].start : run[-1].end].removesuffix("'s")
            yield " ".join(text.split())[:MAX_NAME]


def _is_within(text: str, name: str) -> bool:
    part, whole = ([token.folded for token in tokenize(each)] for each in (text, name))
    part = part[1:] if part[:1] == ["the"] and len(part) > 1 else part
    return any(whole[i : i + len(part)] == part for i in range(len(whole)))


def bare_pack(entities: tuple[Entity, ...], quotes: tuple[Quote, ...] = ()) -> Pack:
    """Return a pack of nothing but names and quotes, for auditing."""
    source = Source("", "", (), 0, "", "", "", 0)
    return Pack("", "", source, entities, (), quotes, ())


def find_interviewers(source: SourceText) -> frozenset[str]:
    """Return the labels most of whose turns are questions."""
    turns = Counter(label for label in source.speakers if label)
    asked = Counter(
        label
        for label, paragraph in zip(source.speakers, source.paragraphs, strict=True)
        if label and "?" in paragraph
    )
    return frozenset(
        label for label in turns if label in {"Q", ASKING} or asked[label] > turns[label] / 2
    )


def sentence_spans(paragraph: str) -> Iterator[tuple[int, int]]:
    """Yield the start and end of each sentence of a paragraph."""
    start = 0
    for stop in _SENTENCE_END.finditer(paragraph):
        yield start, stop.end()
        start = stop.end()
    yield start, len(paragraph)


def find_mentioned(
    things: Sequence[NamedThing], paragraph: int, start: int, end: int
) -> list[NamedThing]:
    """Return the things named between two places of a paragraph, in order."""
    found = {
        mention.start: thing
        for thing in things
        for mention in thing.found.mentions
        if mention.paragraph == paragraph and start <= mention.start < end
    }
    return list({found[place].id: found[place] for place in sorted(found)}.values())
