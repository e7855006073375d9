"""Whether a pack's entries fit together: ids, what points at them, paragraphs and questions.

It reads the tree and not the models, and passes over whatever has the wrong shape, so that one
misspelt key hides no other fault.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from rapidfuzz import fuzz, process

from bot.errors import Fault
from bot.packs.prose import normalize_question
from bot.packs.yaml_source import Leaf, Series, Table, format_value

if TYPE_CHECKING:
    from pathlib import Path

Say = Callable[[int, str, str], None]
"""Note a fault: line, what, remedy."""

_ALIKE = 60  # of 100
_MOST_GUESSES = 100  # at what a dangling id means: with thousands, it is not typing that is wrong


def check_references(tree: Table, path: Path) -> tuple[Fault, ...]:
    """Return every fault in how the entries of one pack hang together."""
    faults: list[Fault] = []

    def say(line: int, what: str, remedy: str) -> None:
        faults.append(Fault(path, line, what, remedy))

    _check_pack_id(tree, path, say)
    _check_ids(tree, say)
    _check_links(tree, say)
    _check_citations(tree, say)
    _check_paragraphs(tree, say)
    _check_questions(tree, say)
    return tuple(faults)


def _check_pack_id(tree: Table, path: Path, say: Say) -> None:
    for pack in _texts(tree, "pack"):
        if pack.value != path.stem:
            what = (
                f"the pack is called {format_value(pack.value)}, its file {format_value(path.stem)}"
            )
            say(pack.line, what, "rename one of them")


def _check_ids(tree: Table, say: Say) -> None:
    spaces = (
        ("entities, releases and songs share their ids", _subjects(tree)),
        ("facts need ids of their own", _named(tree, "facts")),
        ("quotes need ids of their own", _named(tree, "quotes")),
    )
    for rule, entries in spaces:
        first: dict[str, int] = {}
        for name, line in entries:
            if name in first:
                what = f"the id {format_value(name)} stands twice, first on line {first[name]}"
                say(line, f"{what} ({rule})", "rename one")
            first.setdefault(name, line)


def _check_links(tree: Table, say: Say) -> None:
    for count, (entry, key, noun, link, known) in enumerate(_dangling(tree)):
        what = f"{entry}'{key}' names {format_value(link.value)}, and no {noun} has that id"
        near = _nearest(link.value, known) if count < _MOST_GUESSES else None
        say(link.line, what, f"did you mean '{near}'?" if near else "add it, or remove this")
    for fact in _entries(tree, "facts"):
        for link in _texts(fact, "related"):
            if link.value in _own_id(fact):
                owner = _owner("facts", fact).removesuffix(": ")
                say(link.line, f"{owner} is related to itself", "remove it")


def _dangling(tree: Table) -> Iterator[tuple[str, str, str, _Text, frozenset[str]]]:
    """Yield each reference to nothing: its owner, key, what it should name, and all of those."""
    names = frozenset(_ids(tree, "entities"))
    people = frozenset(_ids(tree, "entities", kind="person"))
    subjects = frozenset(name for name, _ in _subjects(tree))
    facts, quotes = frozenset(_ids(tree, "facts")), frozenset(_ids(tree, "quotes"))
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
    for section, key, noun, known in links:
        for entry in _songs(tree) if section == "songs" else _entries(tree, section):
            for link in _texts(entry, key):
                if link.value not in known:
                    yield _owner(section, entry), key, noun, link, known


def _check_citations(tree: Table, say: Say) -> None:
    for section in ("facts", "quotes", "releases"):
        for entry in _entries(tree, section):
            owner, keys = _owner(section, entry), entry.key_lines
            if "paragraph" in keys and "paragraphs" in keys:
                what = f"{owner}both 'paragraph' and 'paragraphs' are given"
                say(keys["paragraphs"], what, "keep one of them")
            elif "paragraph" not in keys and "paragraphs" not in keys:
                what = f"{owner}'paragraph' is missing"
                say(entry.line, what, "add it, or 'paragraphs: [4, 5]' where several bear it")


def _check_paragraphs(tree: Table, say: Say) -> None:
    source = tree.entries.get("source")
    last = source.entries.get("paragraphs") if isinstance(source, Table) else None
    if not (isinstance(last, Leaf) and isinstance(last.value, int)):
        return
    for section in ("facts", "quotes", "releases"):
        for entry in _entries(tree, section):
            for key, paragraph, line in _cited(entry):
                if paragraph > last.value:
                    owner = _owner(section, entry).removesuffix(": ")
                    what = f"{owner} cites paragraph {paragraph}, the source has {last.value}"
                    say(line, what, f"correct '{key}'")


def _cited(entry: Table) -> Iterator[tuple[str, int, int]]:
    """Yield each paragraph that an entry cites: the key it stands under, its number, its line."""
    for key in ("paragraph", "paragraphs"):
        node = entry.entries.get(key)
        for leaf in node.items if isinstance(node, Series) else (node,):
            if isinstance(leaf, Leaf) and isinstance(leaf.value, int):
                yield key, leaf.value, leaf.line


def _check_questions(tree: Table, say: Say) -> None:
    first: dict[str, tuple[int, str]] = {}
    for fact in _entries(tree, "facts"):
        if "withdrawn" in fact.entries:  # what took its place may ask the same
            continue
        owner = _owner("facts", fact)
        for question in _texts(fact, "questions"):
            key = normalize_question(question.value)
            if not key:
                say(question.line, f"{owner}a question has no words", "ask something")
            elif key in first:
                line, other = first[key]
                where = "in this fact" if owner == other else f"of {other.removesuffix(': ')}"
                what = (
                    f"{owner}the question {format_value(question.value)} stands on line {line} too"
                )
                say(question.line, f"{what}, {where}", "keep it where it belongs")
            else:
                first[key] = question.line, owner


class _Text:
    """A text of the tree and its line."""

    __slots__ = ("line", "value")

    def __init__(self, value: str, line: int) -> None:
        self.value = value
        self.line = line


def _entries(tree: Table, section: str) -> Iterator[Table]:
    series = tree.entries.get(section)
    if isinstance(series, Series):
        yield from (item for item in series.items if isinstance(item, Table))


def _songs(tree: Table) -> Iterator[Table]:
    for release in _entries(tree, "releases"):
        yield from _entries(release, "songs")


def _texts(entry: Table, key: str) -> Iterator[_Text]:
    """Yield the text under a key, or the texts of the list under it."""
    node = entry.entries.get(key)
    for leaf in node.items if isinstance(node, Series) else (node,):
        if isinstance(leaf, Leaf) and isinstance(leaf.value, str):
            yield _Text(leaf.value, leaf.line)


def _own_id(entry: Table) -> tuple[str, ...]:
    return tuple(text.value for text in _texts(entry, "id"))


def _named(tree: Table, section: str) -> Iterator[tuple[str, int]]:
    for entry in _songs(tree) if section == "songs" else _entries(tree, section):
        yield from ((text.value, text.line) for text in _texts(entry, "id"))


def _subjects(tree: Table) -> Iterator[tuple[str, int]]:
    for section in ("entities", "releases", "songs"):
        yield from _named(tree, section)


def _ids(tree: Table, section: str, kind: str | None = None) -> Iterator[str]:
    for entry in _entries(tree, section):
        if kind is None or kind in (text.value for text in _texts(entry, "kind")):
            yield from _own_id(entry)


_NOUNS = {"facts": "fact", "quotes": "quote", "releases": "release", "songs": "song"}


def _owner(section: str, entry: Table) -> str:
    name = next(iter(_own_id(entry)), "")
    return f"{_NOUNS.get(section, 'test')} {format_value(name)}: " if name else ""


def _nearest(name: str, known: frozenset[str]) -> str | None:
    near = process.extractOne(name, sorted(known), scorer=fuzz.ratio, score_cutoff=_ALIKE)
    return near[0] if near else None
