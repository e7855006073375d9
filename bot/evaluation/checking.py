"""Check pack files: validity, slips, tests, advice and source."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.answering.language import load_frequencies
from bot.answering.lexicon import load_lexicon
from bot.errors import Fault, PackError, UntoldFaults, limit_faults
from bot.evaluation.lint import Linter, Remark, check_packs
from bot.evaluation.slips import find_slips
from bot.evaluation.sufficiency import judge_sufficiency
from bot.packs.discovery import find_hidden_packs, find_pack_files, find_stray_sidecars
from bot.packs.draft_file import find_marks
from bot.packs.files import read_text
from bot.packs.loader import load_packs, locate_values
from bot.packs.prose import plain_text
from bot.packs.sidecar import translation_language, with_sidecars

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from bot.packs.audit import AuditAdvice, AuditFault
    from bot.packs.models import Pack


@dataclass(frozen=True, slots=True)
class Checked:
    """Packs with their faults, as `facts check` tells them."""

    packs: tuple[Pack, ...]
    """All packs, or none where one of them does not validate."""
    faults: tuple[Fault, ...]
    """Sorted by file and line; guesses of drafts are among them."""
    guesses: tuple[Fault, ...]


def check_places(places: tuple[Path, ...]) -> Checked:
    """Check packs, and ask sound ones their own tests.

    Raises:
        StoreError: The packs cannot be compiled to a temporary folder.
    """
    packs: tuple[Pack, ...] = ()
    faults = (*find_stray_sidecars(places), *find_hidden_packs(places))
    try:
        files = require_pack_files(places)
        english = (path for path in with_sidecars(files) if not translation_language(path))
        faults += limit_faults(find_slips(english, load_frequencies()))
        packs = load_packs(files)
        faults += limit_faults(locate_remarks(asyncio.run(check_packs(packs)), files))
    except PackError as error:
        faults += error.faults
    guesses: tuple[Fault, ...] = ()
    with suppress(PackError):  # it is told already that a file cannot be read
        guesses = tuple(mark for file in find_pack_files(places) for mark in find_marks(file))
    return Checked(packs, _sort_by_place((*faults, *guesses)), guesses)


def require_pack_files(places: tuple[Path, ...]) -> tuple[Path, ...]:
    """Return the pack files of some places.

    Raises:
        PackError: There are none, or a place cannot be read.
    """
    files = find_pack_files(places)
    if not files:
        what, remedy = "there are no packs here", "name a pack, or a folder with .yaml files"
        raise PackError(Fault(place, None, what, remedy) for place in places)
    return files


def advise_packs(packs: Iterable[Pack], files: Sequence[Path]) -> tuple[Fault, ...]:
    """Return the advice and verdicts of `facts lint` on some packs."""
    lexicon, english = load_lexicon(), load_frequencies()
    remarks: list[Remark] = []
    for pack in packs:
        remarks += Linter(pack, lexicon, english).remarks()
        judged = judge_sufficiency(pack)
        if judged.weak:
            remarks.append(Remark(pack.id, ("facts",), *judged.sentences()))
    return locate_remarks(remarks, files)


def locate_remarks(remarks: Iterable[Remark], files: Sequence[Path]) -> tuple[Fault, ...]:
    """Return remarks as faults, by file, in their order."""
    told: defaultdict[str, list[Remark]] = defaultdict(list)
    for remark in remarks:
        told[remark.pack].append(remark)
    faults: list[Fault] = []
    for path in files:
        about = told[path.stem]  # a pack bears its file's name
        places = locate_values(path, [remark.steps for remark in about]) if about else ()
        faults += [
            Fault(*place, remark.what, remark.remedy)
            for place, remark in zip(places, about, strict=True)
        ]
    return tuple(faults)


def locate_audit(faults: Sequence[Fault | AuditFault], path: Path, source: Path) -> Iterator[Fault]:
    """Yield an audit's faults with file, line and source's words."""
    places = [fault.steps for fault in faults if not isinstance(fault, Fault)]
    located = iter(locate_values(path, places) if places else ())
    for fault in faults:
        if isinstance(fault, Fault):
            yield fault
            continue
        file, line = next(located)
        what = f"{fault.where}: {fault.what_with_source()}"
        if fault.steps:
            yield Fault(file, line, what, fault.remedy)
        elif fault.where.startswith("paragraph"):
            lines = enumerate(map(plain_text, read_text(source).splitlines()), start=1)
            at = next((number for number, text in lines if fault.words in text), None)
            yield Fault(source, at, what, fault.remedy)
        else:
            yield Fault(path, None, what, fault.remedy)


def locate_advice(advice: Sequence[AuditAdvice], pack: Pack, path: Path) -> Iterator[Fault]:
    """Yield an audit's advice with file, line and source's words."""
    steps: dict[str, tuple[str | int, ...]] = {
        f"quote '{quote.id}'": ("quotes", at) for at, quote in enumerate(pack.quotes)
    }
    for at, fact in enumerate(pack.facts):
        steps[f"fact '{fact.id}': statement"] = ("facts", at, "statement")
    places = locate_values(path, [steps[each.where] for each in advice]) if advice else ()
    for each, (file, line) in zip(advice, places, strict=True):
        yield Fault(file, line, f"{each.where}: {each.what_with_source()}", each.remedy)


def _sort_by_place(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """Sort faults by line, and leave the files in their order."""
    listed = list(dict.fromkeys(faults))
    order = {path: at for at, path in enumerate(dict.fromkeys(fault.path for fault in listed))}
    # The count of further faults comes behind those that are told.
    return tuple(
        sorted(
            listed,
            key=lambda fault: (
                order[fault.path],
                isinstance(fault, UntoldFaults),
                fault.line or 0,
            ),
        )
    )
