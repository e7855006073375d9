"""Check the ids, references, citations and questions of a pack and its sidecar.

The checks read plain values, not models, and pass over values of the wrong shape. So one misspelt
key hides no other fault.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rapidfuzz import fuzz, process

from bot.errors import Fault
from bot.packs.prose import normalize_question
from bot.packs.sidecar import SECTIONS
from bot.packs.yaml_source import format_value

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from bot.packs.sidecar import Sidecar
    from bot.packs.yaml_source import Value, YamlSource

Steps = tuple[str | int, ...]
"""The way to a value: ("facts", 3, "questions", 0)."""

MIN_SIMILARITY = 60
"""How similar an id must be to be suggested for a wrong one, of 100."""
MAX_SUGGESTIONS = 100
"""Suggestions in one pack. With thousands of wrong ids, typing is not what is wrong."""
_NOUNS = {"facts": "fact", "quotes": "quote", "releases": "release", "songs": "song"}
ENTRY_NOUNS = {
    "entities": "entity",
    "releases": "release",
    "songs": "song",
    "editions": "edition",
    "facts": "fact",
    "quotes": "quote",
    "tests": "test",
}
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_NO_FACT = frozenset({"none", "nothing", "nil", "no", "n/a", "-"})
_CITING_SECTIONS = ("facts", "quotes", "releases")


@dataclass(frozen=True, slots=True)
class _Text:
    """A text of a pack or sidecar, and its place."""

    value: str
    steps: Steps
    is_added: bool = False
    """Whether the sidecar has it."""


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

    def cited_paragraphs(self) -> Iterator[tuple[str, int, Steps]]:
        """Yield each paragraph that it cites, with its key and place."""
        for key in ("paragraph", "paragraphs"):
            value, steps = self.fields.get(key), (*self.steps, key)
            if isinstance(value, int):
                yield key, value, steps
            elif isinstance(value, tuple):
                for position, item in enumerate(value):
                    if isinstance(item, int):
                        yield key, item, (*steps, position)


def check_references(
    source: YamlSource, path: Path, sidecar: Sidecar | None = None
) -> tuple[Fault, ...]:
    """Return every fault in how the entries of one pack hang together."""
    check = _ReferenceCheck(source, path, sidecar)
    check.check_pack_id()
    check.check_ids()
    check.check_links()
    check.check_citations()
    check.check_dates()
    check.check_year()
    check.check_sidecar()
    check.check_questions()
    return tuple(check.faults)


def name_entries(content: object, steps: Steps) -> Iterator[str]:
    """Yield the name of each entry around a value: "edition 2"."""
    noun = ""
    for step in steps:
        match content:
            case dict() if isinstance(step, str) and step in content:
                if noun:  # in a translation, entries stand under their ids
                    yield f"{noun} {format_value(step)}"
                noun, content = ENTRY_NOUNS.get(step, "") if not noun else "", content[step]
            case tuple() if isinstance(step, int) and step < len(content):
                content = content[step]
                name = content.get("id") or content.get("name") if isinstance(content, dict) else ""
                if noun:
                    is_named = isinstance(name, str) and name
                    yield f"{noun} {format_value(name) if is_named else step + 1}"
                noun = ""
            case _:
                return


class _ReferenceCheck:
    """The checks of one pack, and the faults that they found."""

    def __init__(self, source: YamlSource, path: Path, sidecar: Sidecar | None) -> None:
        self.faults: list[Fault] = []
        self._sidecar = sidecar
        self._source = source
        self._content = source.content
        self._path = path

    def report(self, steps: Steps, what: str, remedy: str) -> None:
        """Note a fault at a place."""
        self.faults.append(Fault(self._path, self._source.line_at(steps), what, remedy))

    def check_pack_id(self) -> None:
        """Check that the pack is called like its file."""
        pack, stem = self._content.get("pack"), self._path.stem
        if isinstance(pack, str) and pack != stem:
            what = f"the pack is called {format_value(pack)}, its file {format_value(stem)}"
            is_id = bool(_ID.fullmatch(pack)) and not _ID.fullmatch(stem)
            remedy = f"rename the file to {pack}.yaml" if is_id else "rename one of them"
            self.report(("pack",), what, remedy)

    def check_ids(self) -> None:
        """Check that no two entries share an id."""
        namespaces = (
            ("entities, releases and songs share their ids", ("entities", "releases", "songs")),
            ("facts need ids of their own", ("facts",)),
            ("quotes need ids of their own", ("quotes",)),
        )
        for rule, sections in namespaces:
            first: dict[str, _Text] = {}
            for section in sections:
                for entry in self.entries(section):
                    for found in entry.texts("id"):
                        if found.value in first:
                            line = self._source.line_at(first[found.value].steps)
                            what = f"the id {format_value(found.value)} stands twice"
                            what = f"{what}, first on line {line} ({rule})"
                            self.report(found.steps, what, "rename one")
                        first.setdefault(found.value, found)

    def check_links(self) -> None:
        """Check that every reference leads to an entry."""
        names = self.ids("entities")
        people = frozenset(
            entry.id
            for entry in self.entries("entities")
            if "person" in [kind.value for kind in entry.texts("kind")]
        )
        subjects = names | self.ids("releases") | self.ids("songs")
        facts, quotes = self.ids("facts"), self.ids("quotes")
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
            for entry in self.entries(section):
                for link in entry.texts(key):
                    if link.value not in known:
                        dangling += 1
                        told = self.explain_link(key, link.value, noun, known, dangling)
                        self.report(link.steps, f"{entry.prefix}{told[0]}", told[1])
        main = self._content.get("main")
        if isinstance(main, str) and main not in names:
            self.report(("main",), *self.explain_link("main", main, "entity", names))
        for fact in self.entries("facts"):
            for link in fact.texts("related"):
                if fact.id and link.value == fact.id:
                    self.report(link.steps, f"{fact.label} is related to itself", "remove it")

    def explain_link(
        self, key: str, name: str, noun: str, known: frozenset[str], dangling: int = 0
    ) -> tuple[str, str]:
        """Return why a reference leads nowhere, and the remedy."""
        what = f"'{key}' names {format_value(name)}, and no {noun} has that id"
        if dangling > MAX_SUGGESTIONS:
            return what, "add it, or remove this"
        if key == "fact" and name.casefold() in _NO_FACT:
            return what, "write null for a question without an answer"
        if (named := self.ids_by_name().get(name.casefold())) in known:
            what = f"'{key}' says {format_value(name)}, which is a name and no id"
            return what, f"write its id, '{named}'"
        if other := self.find_noun(name):
            wanted = noun.removeprefix("entity of kind ")
            what = f"'{key}' names {format_value(name)}, which is {_add_article(other)}"
            return what, f"name {_add_article(wanted)}"
        near = find_most_similar(name, known)
        return what, f"did you mean '{near}'?" if near else "add it, or remove this"

    def ids_by_name(self) -> dict[str, str]:
        """Return the id of each name, title and alias in lower case."""
        return {
            text.value.casefold(): entry.id
            for section, name in (("entities", "name"), ("releases", "title"), ("songs", "title"))
            for entry in self.entries(section)
            for key in ("aliases", name)
            for text in entry.texts(key)
            if _ID.fullmatch(entry.id)
        }

    def find_noun(self, name: str) -> str:
        """Return the noun of the entry that has an id, or nothing."""
        for section, noun in ENTRY_NOUNS.items():
            for entry in self.entries(section):
                if entry.id == name:
                    return next((kind.value for kind in entry.texts("kind")), noun)
        return ""

    def check_citations(self) -> None:
        """Check that every entry cites paragraphs, and that the source has them."""
        source = self._content.get("source")
        last = source.get("paragraphs") if isinstance(source, dict) else None
        for entry in (entry for section in _CITING_SECTIONS for entry in self.entries(section)):
            keys = [key for key in ("paragraph", "paragraphs") if key in entry.fields]
            if not keys:
                what = f"{entry.prefix}'paragraph' is missing"
                remedy = "add it, or 'paragraphs: [4, 5]' where several bear it"
                self.report(entry.steps, what, remedy)
            elif len(keys) > 1:
                what = f"{entry.prefix}both 'paragraph' and 'paragraphs' are given"
                self.report((*entry.steps, "paragraphs"), what, "keep one of them")
            for key, paragraph, steps in entry.cited_paragraphs():
                if isinstance(last, int) and paragraph > last:
                    what = f"{entry.label} cites paragraph {paragraph}, the source has {last}"
                    self.report(steps, what, f"correct '{key}'")

    def check_dates(self) -> None:
        """Check that every release with a date has its note."""
        for release in self.entries("releases"):
            if "date" in release.fields and "date_note" not in release.fields:
                what = f"{release.prefix}'date_note' is missing"
                remedy = (
                    "add it: what of the date the source does not say itself; '' if it says all"
                )
                self.report(release.steps, what, remedy)

    def check_year(self) -> None:
        """Check that a source's year says how it is known."""
        source = self._content.get("source")
        if isinstance(source, dict) and source.get("year") and not source.get("year_from"):
            what = "a year is given, and 'year_from' is empty"
            self.report(("source", "year"), what, "add it: how the year is known, as a phrase")

    def check_sidecar(self) -> None:
        """Check that all ids of the sidecar are those of the pack."""
        if self._sidecar is None:
            return
        facts = self.ids("facts")
        for position, test in enumerate(self._sidecar.list_tests()):
            wanted = test.get("fact") if isinstance(test, dict) else None
            if isinstance(wanted, str) and wanted not in facts:
                what, remedy = self.explain_link("fact", wanted, "fact", facts)
                line = self._sidecar.source.line_at(("tests", position, "fact"))
                self.faults.append(
                    Fault(self._sidecar.path, line, f"test {position + 1}: {what}", remedy)
                )
        for key, section in SECTIONS.items():
            known, noun = self.ids(section), _NOUNS[section]
            listed = self._sidecar.source.content.get(key)
            for name in listed if isinstance(listed, dict) else ():
                if name in known:
                    continue
                near = find_most_similar(name, known)
                what = f"'{key}' names {format_value(name)}, and no {noun} of the pack has that id"
                remedy = f"did you mean '{near}'?" if near else "remove it, or add it to the pack"
                other = self.find_noun(name)
                if other in {"fact", "quote"}:
                    what = f"'{key}' names {format_value(name)}, which is a {other}"
                    remedy = f"put it below '{'themes' if other == 'quote' else 'questions'}:'"
                line = self._sidecar.source.line_at((key, name))
                self.faults.append(Fault(self._sidecar.path, line, what, remedy))

    def check_questions(self) -> None:
        """Check that no question stands twice."""
        first: dict[str, tuple[_Text, _Entry]] = {}
        for fact in self.entries("facts"):
            if "withdrawn" in fact.fields:  # the fact that took its place may ask the same
                continue
            questions = (
                text
                for section in ("questions", "unanswered")
                for text in (*fact.texts(section), *self.added_questions(section, fact.id))
            )
            for question in questions:
                key = normalize_question(question.value)
                path, line = self.place_of(question)
                if not key:
                    what = f"{fact.prefix}a question has no words"
                    self.faults.append(Fault(path, line, what, "ask something"))
                elif key in first:
                    earlier, other = first[key]
                    file, before = self.place_of(earlier)
                    whose = "in this fact" if other.steps == fact.steps else f"of {other.label}"
                    where = f"line {before}" if file == path else f"line {before} of {file.name}"
                    what = f"the question {format_value(question.value)} stands on {where} too"
                    what = f"{fact.prefix}{what}, {whose}"
                    self.faults.append(Fault(path, line, what, "keep it where it belongs"))
                else:
                    first[key] = question, fact

    def added_questions(self, section: str, fact: str) -> Iterator[_Text]:
        """Yield the questions that a section of the sidecar adds to a fact."""
        listed = self._sidecar.source.content.get(section) if self._sidecar else None
        added = listed.get(fact) if isinstance(listed, dict) else None
        for position, item in enumerate(added if isinstance(added, tuple) else ()):
            if isinstance(item, str):
                yield _Text(item, (section, fact, position), is_added=True)

    def place_of(self, text: _Text) -> tuple[Path, int]:
        """Return the file and line of a text."""
        if text.is_added and self._sidecar is not None:
            return self._sidecar.path, self._sidecar.source.line_at(text.steps)
        return self._path, self._source.line_at(text.steps)

    def entries(self, section: str) -> Iterator[_Entry]:
        """Yield the entries of a section, or the songs of all releases."""
        # Songs are a list in each release; the other sections are lists of the pack itself.
        owners: list[tuple[Mapping[str, Value], Steps]] = [(self._content, ())]
        if section == "songs":
            owners = [(release.fields, release.steps) for release in self.entries("releases")]
        for fields, steps in owners:
            items = fields.get(section)
            if isinstance(items, tuple):
                for position, item in enumerate(items):
                    if isinstance(item, dict):
                        yield _Entry(section, item, (*steps, section, position))

    def ids(self, section: str) -> frozenset[str]:
        """Return all ids in a section."""
        return frozenset(
            text.value for entry in self.entries(section) for text in entry.texts("id")
        )


def _add_article(noun: str) -> str:
    return f"an {noun}" if noun[:1] in "aeio" else f"a {noun}"


def find_most_similar(name: str, known: frozenset[str]) -> str | None:
    """Return the id most similar to a wrong one, if any is."""
    near = process.extractOne(name, sorted(known), scorer=fuzz.ratio, score_cutoff=MIN_SIMILARITY)
    return near[0] if near else None
