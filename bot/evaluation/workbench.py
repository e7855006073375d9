"""An author's workbench: packs by subject, faults, and questions to try.

Packs are read and judged in a process of their own, so that the bot beside it goes on answering.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from threading import Event
from typing import TYPE_CHECKING, Any, Self

from bot.answering.child_process import run_in_child
from bot.answering.pack_set import stamp_file
from bot.errors import Fault, LinerNotesError, PackError, StoreError
from bot.evaluation.checking import advise_packs, check_places, locate_advice, locate_audit
from bot.evaluation.questionnaire import find_answered, find_objection, list_expected
from bot.packs.audit import advise_on_statements, audit
from bot.packs.discovery import find_pack_files, is_installed
from bot.packs.entries import collect_display_names
from bot.packs.files import read_text
from bot.packs.loader import Purpose, load_pack, locate_values
from bot.packs.prose import normalize_question
from bot.packs.quote_advice import advise as advise_on_quotes
from bot.packs.sidecar import sidecar_path, with_sidecars
from bot.packs.sidecar_editing import (
    add_questions,
    add_test,
    find_obstacle,
    format_question,
    format_test,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Sequence
    from pathlib import Path

    from bot.answering.explanation import Account, Candidate
    from bot.answering.knowledge_base import KnowledgeBase
    from bot.answering.pack_set import Fingerprint, PackSet
    from bot.packs.models import Fact, Pack

INSPECTED_WITHIN_S = 300.0
"""Seconds that reading and judging packs may take. Usually it takes a few."""
EXCERPT_LINES = 7
"""Lines of a file that are shown above and below the one that is meant."""


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a file."""

    path: Path
    line: int


@dataclass(frozen=True, slots=True)
class PlacedText:
    """A text of a pack, and where it stands."""

    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class Entry:
    """A fact, quote or release with its ways of asking."""

    kind: str
    id: str
    text: str
    place: Place
    asked: tuple[PlacedText, ...]
    """A fact's ways of asking, or a quote's themes."""
    withdrawn: str | None


@dataclass(frozen=True, slots=True)
class Subject:
    """Somebody or something that a pack tells of, with its entries."""

    id: str
    name: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class PackView:
    """A pack as its author sees it."""

    path: Path
    pack: Pack
    subjects: tuple[Subject, ...]


@dataclass(frozen=True, slots=True)
class Inspection:
    """Packs as they are read, with the faults found in them."""

    packs: tuple[PackView, ...]
    """Those that validate."""
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class View:
    """Everything that the workbench shows at one moment."""

    files: tuple[Path, ...]
    packs: tuple[PackView, ...]
    """Of a pack with faults, the last sound state."""
    faults: tuple[Fault, ...]
    advice: tuple[Fault, ...]
    is_checked: bool
    """Whether the faults are those of the files as they are now."""
    is_current: bool
    """Whether the advice is, too."""
    failure: str = ""
    """Why the packs could not be looked at, or nothing."""


@dataclass(frozen=True, slots=True)
class TriedCandidate:
    """A candidate beside the words of its pack."""

    candidate: Candidate
    statement: str
    nearest: str
    """The way of asking, or the statement, that is most similar to the question."""
    place: Place | None


@dataclass(frozen=True, slots=True)
class Trial:
    """A question that was tried."""

    account: Account
    candidates: tuple[TriedCandidate, ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A line that makes a question belong to a fact, or none."""

    text: str
    """What to paste, indented as it must be."""
    where: str
    """The sentence that says where to paste it."""
    target: Place
    sidecar: Path
    refusal: str
    """Why it cannot be written into the sidecar, or nothing."""
    objection: str
    """Why it should not be written anywhere, or nothing."""


class Workbench:
    """An author's view of the packs of one process.

    Args:
        pack_set: The packs; no other file is ever read or written but their sidecars.
        knowledge: Returns the knowledge base in force.
        source: The text that the only pack was made from, to audit it against.
        changed: Called whenever `look` has something new to show.
        run: Runs the inspection away from the event loop.
    """

    def __init__(
        self,
        pack_set: PackSet,
        knowledge: Callable[[], KnowledgeBase],
        source: Path | None = None,
        *,
        changed: Callable[[], None] = lambda: None,
        run: Callable[..., Awaitable[Any]] | None = None,
    ) -> None:
        self._pack_set = pack_set
        self._knowledge = knowledge
        self._source = source
        self._changed = changed
        self._run = run or _run_aside
        self._sound: dict[Path, PackView] = {}
        self._faults: tuple[Fault, ...] = ()
        self._advice: dict[Path, tuple[Fault, ...]] = {}
        self._advised: dict[Path, Fingerprint] = {}
        """The state of each pack's files that the advice is about."""
        self._is_checked = False
        self._failure = ""
        self._looked_at: Fingerprint | None = None
        self._looking: asyncio.Task[None] | None = None
        self._writing = asyncio.Lock()

    async def __aenter__(self) -> Self:
        """Enter as itself."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop looking at the packs."""
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.wait({self._looking})

    def files(self) -> tuple[Path, ...]:
        """Return the files that may be looked into: packs, sidecars, the source."""
        own = tuple(with_sidecars(self._find_packs()))
        return own if self._source is None else (*own, self._source)

    def _find_packs(self) -> tuple[Path, ...]:
        try:
            return find_pack_files(self._pack_set.places)
        except PackError:
            return tuple(self._sound)

    async def look(self) -> View:
        """Return the packs as known, and look at later changes."""
        now = await self._take_fingerprint()
        if now != self._looked_at:
            if self._looking is not None:
                self._looking.cancel()  # of a file that has changed since, nobody wants to know
            self._looked_at, self._is_checked = now, False
            self._looking = asyncio.create_task(self._look(), name="inspecting packs")
        files = self.files()
        return View(
            files,
            tuple(self._sound[path] for path in files if path in self._sound),
            self._faults,
            tuple(fault for path in files for fault in self._advice.get(path, ())),
            self._is_checked,
            self._looking is None,
            self._failure,
        )

    async def ask(self, question: str, pack: str | None = None) -> Trial:
        """Try a question in all packs in force, or in one."""
        knowledge = self._knowledge()
        scope = knowledge.packs if pack is None else frozenset({pack}) & knowledge.packs
        account = await knowledge.account_for(question, scope)
        return Trial(account, tuple(map(self._describe_candidate, account.candidates)))

    async def read_excerpt(self, path: Path, line: int) -> tuple[int, tuple[str, ...]]:
        """Return the lines around a line, and the first one's number.

        Raises:
            PackError: The file is none of the packs', or cannot be read.
        """
        if path not in self.files():
            raise PackError([Fault(path, None, "belongs to no pack here", "open another file")])
        lines = (await asyncio.to_thread(read_text, path)).splitlines()
        first = max(0, min(line, len(lines)) - 1 - EXCERPT_LINES)
        return first + 1, tuple(lines[first : line + EXCERPT_LINES])

    async def propose(
        self, question: str, pack: str, fact: str | None, near: str | None = None
    ) -> Proposal:
        """Return the line that makes a question belong somewhere.

        `near` is the fact that must not be taken for the answer of a question that has none.

        Raises:
            LinerNotesError: There is no such pack or fact.
        """
        question = " ".join(question.split())
        path, read, wanted = await self._read(pack, fact or near)
        place, text, where = await asyncio.to_thread(
            _find_spot, question, path, read, wanted, is_answered=fact is not None
        )
        objection = _object(read, question, fact)
        refusal = refuse_writing(path)
        return Proposal(text, where, place, sidecar_path(path), refusal, objection)

    async def write(
        self, question: str, pack: str, fact: str | None, near: str | None = None
    ) -> Path:
        """Write a question into its pack's sidecar, and return the sidecar.

        `near` is that of `propose`.

        Raises:
            LinerNotesError: It may not be written there, or cannot be.
        """
        async with self._writing:
            question = " ".join(question.split())
            path, read, wanted = await self._read(pack, fact or near)
            refusal = refuse_writing(path) or _object(read, question, fact)
            if refusal:
                raise LinerNotesError(refusal)
            if wanted is None:
                return await asyncio.to_thread(add_test, path, question, None)
            own = {wanted.id: [question]}
            added, unanswered = (own, {}) if fact else ({}, own)
            return await asyncio.to_thread(add_questions, path, added, unanswered)

    async def _read(self, pack_id: str, fact: str | None) -> tuple[Path, Pack, Fact | None]:
        """Read a pack anew, and return it with the fact named.

        What was looked at last may be seconds old, and lack a question written since.
        """
        # A pack bears its file's name.
        path = next((each for each in self._find_packs() if each.stem == pack_id), None)
        if path is None:
            raise LinerNotesError(f"There is no pack called “{pack_id}” here.")
        try:
            pack = await asyncio.to_thread(load_pack, path, Purpose.SERVING)
        except PackError as error:
            told = f"The pack “{pack_id}” has faults, which come first: {error}"
            raise LinerNotesError(told) from error
        if fact is None:
            return path, pack, None
        wanted = next((each for each in pack.facts if each.id == fact), None)
        if wanted is None or wanted.withdrawn is not None:
            raise LinerNotesError(f"The pack “{pack_id}” has no fact called “{fact}” in force.")
        return path, pack, wanted

    def _describe_candidate(self, candidate: Candidate) -> TriedCandidate:
        view = next((v for v in self._sound.values() if v.pack.id == candidate.pack), None)
        facts = view.pack.facts if view else ()
        fact = next((each for each in facts if each.id == candidate.fact), None)
        if view is None or fact is None:
            nearest = candidate.nearest.template if candidate.nearest else ""
            return TriedCandidate(candidate, "", nearest, None)
        # The index numbers a fact's phrasings so: its ways of asking, then its statement.
        texts = (*fact.questions, fact.statement)
        number = candidate.nearest.number if candidate.nearest else len(texts)
        entries = (entry for subject in view.subjects for entry in subject.entries)
        entry = next(each for each in entries if each.kind == "fact" and each.id == fact.id)
        nearest = texts[number] if number < len(texts) else ""
        return TriedCandidate(candidate, fact.statement, nearest, entry.place)

    async def _take_fingerprint(self) -> Fingerprint:
        return await asyncio.to_thread(_take_fingerprint, self._pack_set, self._source)

    async def _look(self) -> None:
        """Inspect the packs, then advise on those that changed."""
        try:
            found: Inspection = await self._run(inspect, self._pack_set.places, self._source)
            self._faults, self._failure, self._is_checked = found.faults, "", True
            self._sound |= {view.path: view for view in found.packs}
            self._changed()
            for view in found.packs:
                await self._advise(view)
        except LinerNotesError as error:
            self._failure = str(error)
        finally:
            if self._looking is asyncio.current_task():
                self._looking = None
        self._changed()

    async def _advise(self, view: PackView) -> None:
        files = [view.path, sidecar_path(view.path), *([self._source] if self._source else ())]
        now = await asyncio.to_thread(lambda: frozenset(map(stamp_file, files)))
        if self._advised.get(view.path) != now:
            advice = await self._run(give_advice, view.path, view.pack, self._source)
            self._advice[view.path], self._advised[view.path] = advice, now
            self._changed()


def inspect(places: tuple[Path, ...], source: Path | None) -> Inspection:
    """Read and check packs, and audit them against a source."""
    checked = check_places(places)
    views: list[PackView] = []
    faults = list(checked.faults)
    try:
        files: Sequence[Path] = find_pack_files(places)
    except PackError:
        return Inspection((), checked.faults)
    by_id = {pack.id: pack for pack in checked.packs}
    for path in files:
        try:
            # A faulty translation is told too, and hides nothing of its pack.
            pack = by_id.get(path.stem) or load_pack(path, Purpose.SERVING)
        except PackError:
            continue  # told already
        views.append(PackView(path, pack, tuple(_list_subjects(path, pack))))
        if source is not None:
            try:
                faults += locate_audit(audit(pack, read_text(source)), path, source)
            except PackError as error:
                faults += error.faults
    return Inspection(tuple(views), tuple(faults))


def give_advice(path: Path, pack: Pack, source: Path | None) -> tuple[Fault, ...]:
    """Return the advice of `facts lint` and `facts audit`."""
    advice = advise_packs([pack], [path])
    if source is None:
        return advice
    text = read_text(source)
    found = (*advise_on_statements(pack, text), *advise_on_quotes(pack, text))
    return advice + tuple(locate_advice(found, pack, path))


def refuse_writing(pack_file: Path) -> str:
    """Return why a pack's sidecar is not written, or nothing."""
    if is_installed(pack_file):
        return (
            f"{pack_file.name} came with the bot and is replaced when the bot is: copy it into a "
            "folder of your own to change it."
        )
    if obstacle := find_obstacle(pack_file):
        return f"{obstacle.path.name} {obstacle.what}: {obstacle.remedy}."
    return ""


def _object(pack: Pack, question: str, fact: str | None) -> str:
    """Return why a question should not be written, or nothing."""
    asked = {
        normalize_question(each): other.id
        for other in pack.facts
        if other.withdrawn is None
        for each in other.questions
    }
    expected = list_expected(pack)
    why = (
        find_answered(question, asked, expected)
        if fact is None
        else find_objection(fact, question, asked, expected)
    )
    return f"It cannot be written there: {why}." if why else ""


def _find_spot(
    question: str, pack_file: Path, pack: Pack, wanted: Fact | None, *, is_answered: bool
) -> tuple[Place, str, str]:
    """Return the place for a question, the text, and a sentence."""
    if wanted is None:
        place, target, named = _locate(pack_file, ("tests",))
        test = format_test(question, None)
        if target.rstrip() == "tests:":
            return place, f"  {test}", f"Paste it below {named}."
        where = "Paste it at the end of the pack, or only its last line if there are tests."
        return place, f"tests:\n  {test}", where
    steps = ("facts", pack.facts.index(wanted))
    key = "questions" if is_answered else "unanswered"
    whose = "ways of asking for" if is_answered else "questions that nothing answers, of"
    # The first of the pack's own list, whatever the sidecar adds behind it.
    place, target, named = _locate(pack_file, (*steps, key, 0))
    if place.path != pack_file or not getattr(wanted, key):
        place, target, named = _locate(pack_file, (*steps, "id"))
        indent = " " * (len(target) - len(target.lstrip(" -")))
        return (
            place,
            f"{indent}{key}:\n{indent}  {format_question(question)}",
            f"Paste it among the lines of “{wanted.id}”, whose id stands on {named}.",
        )
    if target.lstrip().startswith("- ") and f"{key}:" not in target:
        indent = target[: len(target) - len(target.lstrip())]
        return (
            place,
            f"{indent}{format_question(question)}",
            f"Paste it below {named}, among the {whose} “{wanted.id}”.",
        )
    return (
        place,
        f", {format_question(question, is_in_brackets=True)}",
        f"Put it behind the last entry between the brackets that begin on {named}.",
    )


def _locate(pack_file: Path, steps: tuple[str | int, ...]) -> tuple[Place, str, str]:
    """Return the place of a value, its line and its name."""
    ((path, line),) = locate_values(pack_file, [steps])
    target = read_text(path).splitlines()[line - 1]
    return Place(path, line), target, f"line {line} of {path.name}"


def _list_subjects(path: Path, pack: Pack) -> Iterator[Subject]:
    """Yield everybody and everything that has entries, with their lines."""
    entries: dict[str, list[tuple[Entry, int]]] = {}
    wanted: list[tuple[str | int, ...]] = []

    def add(subject: str, entry: Entry) -> None:
        entries.setdefault(subject, []).append((entry, len(wanted)))

    nowhere = Place(path, 1)

    def unplaced(texts: tuple[str, ...]) -> tuple[PlacedText, ...]:
        return tuple(PlacedText(text, nowhere) for text in texts)

    for at, fact in enumerate(pack.facts):
        asked = unplaced(fact.questions)
        add(fact.subject, Entry("fact", fact.id, fact.statement, nowhere, asked, fact.withdrawn))
        steps = ("facts", at)
        wanted += [steps, *((*steps, "questions", number) for number in range(len(asked)))]
    for at, quote in enumerate(pack.quotes):
        asked = unplaced(quote.themes)
        add(quote.speaker, Entry("quote", quote.id, quote.words, nowhere, asked, quote.withdrawn))
        steps = ("quotes", at)
        wanted += [steps, *((*steps, "themes", number) for number in range(len(asked)))]
    for at, release in enumerate(pack.releases):
        entry = Entry("release", release.id, release.title, nowhere, (), release.withdrawn)
        add(release.artist, entry)
        wanted += [("releases", at)]
    places = [Place(*place) for place in locate_values(path, wanted)]
    names = collect_display_names(pack)
    for subject, listed in entries.items():
        yield Subject(
            subject,
            names[subject],
            tuple(
                replace(
                    entry,
                    place=places[first],
                    asked=tuple(
                        replace(each, place=places[first + 1 + number])
                        for number, each in enumerate(entry.asked)
                    ),
                )
                for entry, first in listed
            ),
        )


def _take_fingerprint(pack_set: PackSet, source: Path | None) -> Fingerprint:
    own = pack_set.take_fingerprint()
    return own if source is None else own | {stamp_file(source)}


async def _run_aside(work: Callable[..., Any], *arguments: object) -> Any:
    """Run work in a process of its own, ended with this task."""
    unwanted = Event()
    try:
        return await asyncio.to_thread(
            run_in_child,
            work,
            *arguments,
            name="inspector",
            within=INSPECTED_WITHIN_S,
            unwanted=unwanted,
        )
    except (TimeoutError, ChildProcessError) as error:
        raise StoreError(
            "The packs could not be looked at: the process that reads them took too long, could "
            "not start, or was killed. Give it more memory or name fewer packs, then edit one."
        ) from error
    finally:
        unwanted.set()
