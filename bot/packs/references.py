"""Check the ids, references, citations and questions of a pack.

The checks read plain values, not models, and pass over values of the wrong shape. So one misspelt
key hides no other fault.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rapidfuzz import fuzz, process

from bot.errors import Fault
from bot.packs.prose import normalize_question
from bot.packs.yaml_source import format_value

if TYPE_CHECKING:
    from pathlib import Path

    from bot.packs.yaml_source import Value, YamlSource

Steps = tuple[str | int, ...]
"""The way to a value: ("facts", 3, "questions", 0)."""
Report = Callable[[Steps, str, str], None]
"""Notes a fault: its place, what is wrong, and the remedy."""

MIN_SIMILARITY = 60
"""How similar an id must be to be suggested for a wrong one, of 100."""
MAX_SUGGESTIONS = 100
"""Suggestions in one pack. With thousands of wrong ids, typing is not what is wrong."""
_NOUNS = {"facts": "fact", "quotes": "quote", "releases": "release", "songs": "song"}
_CITING_SECTIONS = ("facts", "quotes", "releases")


@dataclass(frozen=True, slots=True)
class _Text:
    """A text in a pack and the way to it."""

    value: str
    steps: Steps


@dataclass(frozen=True, slots=True)
class _Entry:
    """An entry of a pack and the way to it."""

    section: str
    fields: Mapping[str, Value]
    steps: Steps

    @property
    def id(self) -> str:
        """Its id, or nothing if it has none."""
        return next((text.value for text in self.texts("id")), "")

    @property
    def label(self) -> str:
        """Its name in a message: "fact 'sister'"."""
        return f"{_NOUNS.get(self.section, 'test')} {format_value(self.id)}" if self.id else ""

    @property
    def prefix(self) -> str:
        """Its name before a message about a part of it."""
        return f"{self.label}: " if self.label else ""

    def texts(self, key: str) -> Iterator[_Text]:
        """Yield the text under a key, or each text in its list."""
        value, steps = self.fields.get(key), (*self.steps, key)
        if isinstance(value, str):
            yield _Text(value, steps)
        elif isinstance(value, tuple):
            for position, item in enumerate(value):
                if isinstance(item, str):
                    yield _Text(item, (*steps, position))


def check_references(source: YamlSource, path: Path) -> tuple[Fault, ...]:
    """Return every fault in how the entries of one pack hang together."""
    faults: list[Fault] = []

    def report(steps: Steps, what: str, remedy: str) -> None:
        faults.append(Fault(path, source.line_at(steps), what, remedy))

    content = source.content
    _check_pack_id(content, path, report)
    _check_ids(content, source, report)
    _check_links(content, report)
    _check_citations(content, report)
    _check_questions(content, source, report)
    return tuple(faults)


def _check_pack_id(content: Mapping[str, Value], path: Path, report: Report) -> None:
    pack = content.get("pack")
    if isinstance(pack, str) and pack != path.stem:
        what = f"the pack is called {format_value(pack)}, its file {format_value(path.stem)}"
        report(("pack",), what, "rename one of them")


def _check_ids(content: Mapping[str, Value], source: YamlSource, report: Report) -> None:
    namespaces = (
        ("entities, releases and songs share their ids", ("entities", "releases", "songs")),
        ("facts need ids of their own", ("facts",)),
        ("quotes need ids of their own", ("quotes",)),
    )
    for rule, sections in namespaces:
        first: dict[str, _Text] = {}
        for section in sections:
            for entry in _entries(content, section):
                for found in entry.texts("id"):
                    if found.value in first:
                        line = source.line_at(first[found.value].steps)
                        what = f"the id {format_value(found.value)} stands twice"
                        report(found.steps, f"{what}, first on line {line} ({rule})", "rename one")
                    first.setdefault(found.value, found)


def _check_links(content: Mapping[str, Value], report: Report) -> None:
    names = frozenset(_ids(content, "entities"))
    people = frozenset(
        entry.id
        for entry in _entries(content, "entities")
        if "person" in [kind.value for kind in entry.texts("kind")]
    )
    subjects = names.union(_ids(content, "releases"), _ids(content, "songs"))
    facts, quotes = frozenset(_ids(content, "facts")), frozenset(_ids(content, "quotes"))
    links = (
        ("facts", "subject", "entity, release or song", subjects),
        ("facts", "about", "entity, release or song", subjects),
        ("facts", "quotes", "quote", quotes),
        ("facts", "related", "fact", facts),
        ("quotes", "speaker", "entity of kind person", people),
        ("quotes", "about", "entity, release or song", subjects),
        ("releases", "artist", "entity", names),
        ("songs", "performers", "entity", names),
        ("tests", "fact", "fact", facts),
    )
    dangling = 0
    for section, key, noun, known in links:
        for entry in _entries(content, section):
            for link in entry.texts(key):
                if link.value in known:
                    continue
                dangling += 1
                near = _most_similar(link.value, known) if dangling <= MAX_SUGGESTIONS else None
                what = f"'{key}' names {format_value(link.value)}, and no {noun} has that id"
                remedy = f"did you mean '{near}'?" if near else "add it, or remove this"
                report(link.steps, f"{entry.prefix}{what}", remedy)
    for fact in _entries(content, "facts"):
        for link in fact.texts("related"):
            if fact.id and link.value == fact.id:
                report(link.steps, f"{fact.label} is related to itself", "remove it")


def _check_citations(content: Mapping[str, Value], report: Report) -> None:
    source = content.get("source")
    last = source.get("paragraphs") if isinstance(source, dict) else None
    for section in _CITING_SECTIONS:
        for entry in _entries(content, section):
            keys = [key for key in ("paragraph", "paragraphs") if key in entry.fields]
            if not keys:
                what = f"{entry.prefix}'paragraph' is missing"
                remedy = "add it, or 'paragraphs: [4, 5]' where several bear it"
                report(entry.steps, what, remedy)
            elif len(keys) > 1:
                what = f"{entry.prefix}both 'paragraph' and 'paragraphs' are given"
                report((*entry.steps, "paragraphs"), what, "keep one of them")
            if not isinstance(last, int):
                continue
            for key, paragraph, steps in _cited_paragraphs(entry):
                if paragraph > last:
                    what = f"{entry.label} cites paragraph {paragraph}, the source has {last}"
                    report(steps, what, f"correct '{key}'")


def _cited_paragraphs(entry: _Entry) -> Iterator[tuple[str, int, Steps]]:
    """Yield each number under 'paragraph' or 'paragraphs', with its key and place."""
    for key in ("paragraph", "paragraphs"):
        value, steps = entry.fields.get(key), (*entry.steps, key)
        if isinstance(value, int):
            yield key, value, steps
        elif isinstance(value, tuple):
            for position, item in enumerate(value):
                if isinstance(item, int):
                    yield key, item, (*steps, position)


def _check_questions(content: Mapping[str, Value], source: YamlSource, report: Report) -> None:
    first: dict[str, tuple[Steps, _Entry]] = {}
    for fact in _entries(content, "facts"):
        if "withdrawn" in fact.fields:  # the fact that took its place may ask the same
            continue
        for question in fact.texts("questions"):
            key = normalize_question(question.value)
            if not key:
                report(question.steps, f"{fact.prefix}a question has no words", "ask something")
            elif key in first:
                steps, other = first[key]
                line = source.line_at(steps)
                where = "in this fact" if other.steps == fact.steps else f"of {other.label}"
                what = f"the question {format_value(question.value)} stands on line {line} too"
                remedy = "keep it where it belongs"
                report(question.steps, f"{fact.prefix}{what}, {where}", remedy)
            else:
                first[key] = question.steps, fact


def _entries(content: Mapping[str, Value], section: str) -> Iterator[_Entry]:
    """Yield the entries of a section, or the songs of all releases."""
    if section == "songs":
        owners = [(release.fields, release.steps) for release in _entries(content, "releases")]
    else:
        owners = [(content, ())]
    for fields, steps in owners:
        items = fields.get(section)
        if isinstance(items, tuple):
            for position, item in enumerate(items):
                if isinstance(item, dict):
                    yield _Entry(section, item, (*steps, section, position))


def _ids(content: Mapping[str, Value], section: str) -> Iterator[str]:
    for entry in _entries(content, section):
        yield from (text.value for text in entry.texts("id"))


def _most_similar(name: str, known: frozenset[str]) -> str | None:
    near = process.extractOne(name, sorted(known), scorer=fuzz.ratio, score_cutoff=MIN_SIMILARITY)
    return near[0] if near else None
