"""The author's workbench as JSON for the page."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.answering.results import Found, Unknown, Unsure
from bot.answering.topics import TOPICS, name_types
from bot.errors import Fault, LinerNotesError
from bot.sandbox.errors import PageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.evaluation.workbench import PackView, Place, Trial, Workbench
    from bot.sandbox.page_server.workbench import Belonging

Json = dict[str, Any]

CONFLICT = 409
MAX_SHOWN = 6
"""How many candidates the page shows."""


class PageWorkbench:
    """A workbench whose results and errors are a page's."""

    def __init__(self, workbench: Workbench) -> None:
        self._workbench = workbench

    async def look(self) -> Json:
        """Return the packs with their entries, faults and advice."""
        from bot.evaluation.workbench import refuse_writing  # noqa: PLC0415

        view = await self._workbench.look()
        return {
            "is_checked": view.is_checked,
            "is_current": view.is_current,
            "failure": view.failure,
            "files": {str(path): path.name for path in view.files},
            "packs": [
                _pack_json(pack) | {"refusal": refuse_writing(pack.path)} for pack in view.packs
            ],
            "faults": list(map(_fault_json, view.faults)),
            "advice": list(map(_fault_json, view.advice)),
        }

    async def ask(self, question: str, pack: str | None) -> Json:
        """Try a question in all packs, or in one."""
        with _for_a_page():
            return _trial_json(await self._workbench.ask(question, pack))

    async def read_excerpt(self, file: str, line: int) -> Json:
        """Return the lines around a line of one of the packs' files."""
        with _for_a_page():
            first, lines = await self._workbench.read_excerpt(Path(file), line)
        return {"file": file, "line": line, "first": first, "lines": list(lines)}

    async def propose(self, belonging: Belonging) -> Json:
        """Return the line that makes a question belong somewhere."""
        with _for_a_page():
            proposal = await self._workbench.propose(
                belonging.question, belonging.pack, belonging.fact, belonging.near
            )
        return {
            "text": proposal.text,
            "where": proposal.where,
            "place": _place_json(proposal.target),
            "sidecar": {"path": str(proposal.sidecar), "name": proposal.sidecar.name},
            "refusal": proposal.refusal,
            "objection": proposal.objection,
        }

    async def write(self, belonging: Belonging) -> Json:
        """Write a question into its pack's sidecar."""
        with _for_a_page(CONFLICT):
            path = await self._workbench.write(
                belonging.question, belonging.pack, belonging.fact, belonging.near
            )
        return {"path": str(path), "name": path.name}


@contextmanager
def _for_a_page(status: int = 400) -> Iterator[None]:
    """Turn an expected error into one that a page shows."""
    try:
        yield
    except LinerNotesError as error:
        raise PageError(str(error), status=status) from error


def _pack_json(view: PackView) -> Json:
    return {
        "id": view.pack.id,
        "title": view.pack.title,
        "file": str(view.path),
        "subjects": [
            {
                "id": subject.id,
                "name": subject.name,
                "entries": [
                    {
                        "kind": entry.kind,
                        "id": entry.id,
                        "text": entry.text,
                        "withdrawn": entry.withdrawn,
                        "place": _place_json(entry.place),
                        "asked": [
                            {"text": way.text, "place": _place_json(way.place)}
                            for way in entry.asked
                        ],
                    }
                    for entry in subject.entries
                ],
            }
            for subject in view.subjects
        ],
    }


def _place_json(place: Place) -> Json:
    return {"file": str(place.path), "line": place.line}


def _fault_json(fault: Fault) -> Json:
    place = {"file": str(fault.path), "line": fault.line}
    return {"place": place, "what": fault.what, "remedy": fault.remedy}


def _trial_json(trial: Trial) -> Json:
    account = trial.account
    query = account.query
    match account.answer:
        case Found(answer):
            outcome, text = "found", answer.fact.statement
        case Unsure():
            outcome, text = "unsure", "I’m not sure which of these you mean."
        case Unknown(near=near):
            outcome = "unknown"
            text = f"The notes don’t say that about {near}." if near else "The notes don’t say."
    return {
        "outcome": outcome,
        "text": text,
        "reasons": list(account.reasons()),
        "understood": {
            "kinds": name_types(query.question_types),
            "names": [
                {"text": each.text, "stands_for": sorted(each.names)} for each in query.mentions
            ],
            "words": [{"text": each.text, "weight": each.weight} for each in query.terms],
            "asks_for": [TOPICS[name] for name in sorted(query.attributes)],
        },
        "candidates": [
            {
                "pack": tried.candidate.pack,
                "fact": tried.candidate.fact,
                "statement": tried.statement,
                "confidence": tried.candidate.confidence,
                "nearest": tried.nearest,
                "similarity": nearest.similarity if (nearest := tried.candidate.nearest) else 0.0,
                "remarks": list(tried.candidate.remarks()),
                "place": _place_json(tried.place) if tried.place else None,
            }
            for tried in trial.candidates[:MAX_SHOWN]
        ],
    }
