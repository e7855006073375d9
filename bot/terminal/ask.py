"""`linernotes ask`, `quote`, `release` and `topics`: the notes in a terminal."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import asdict
from pathlib import Path
from random import Random, SystemRandom
from typing import TYPE_CHECKING, Any, NoReturn

import click

from bot.answering.answers import Found, Unknown, Unsure
from bot.answering.wording import citation, quoted, release_lines
from bot.terminal.evaluation import answer_row, quote_row
from bot.terminal.explaining import explained

if TYPE_CHECKING:
    from bot.answering.answers import Answer, CitedQuote, CitedRelease, Topic
    from bot.answering.notes import Notes, Scope

OpenNotes = Callable[[tuple[Path, ...]], AbstractAsyncContextManager["Notes"]]
"""Open the notes of the packs in some places; none given means those that the settings name."""

MOST_OFFERED = 5
"""How many names are offered in place of one that is not known."""

_packs = click.option(
    "--packs",
    "places",
    type=click.Path(path_type=Path, exists=True),
    multiple=True,
    help="A pack file or folder to answer from, instead of those in the settings.",
)
_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON value.")
_jsonl = click.option(
    "--jsonl",
    is_flag=True,
    help="Read JSON objects from standard input, one a line; write as many.",
)


def commands(open_notes: OpenNotes) -> list[click.Command]:
    """Return the commands, given the way in which notes are opened."""
    return [
        _ask_command(open_notes),
        _quote_command(open_notes),
        _release_command(open_notes),
        _topics_command(open_notes),
    ]


def _ask_command(open_notes: OpenNotes) -> click.Command:
    @click.command("ask")
    @click.argument("question", nargs=-1)
    @click.option("--explain", is_flag=True, help="Show what was weighed, and why.")
    @_json
    @_jsonl
    @_packs
    def ask(question: tuple[str, ...], places: tuple[Path, ...], **how: bool) -> None:
        """Answer QUESTION from the notes."""
        words = " ".join(question).strip()
        _only_one(how)
        if how["jsonl"] and words:
            raise click.UsageError("With --jsonl the questions come from standard input alone.")
        if not (how["jsonl"] or words):
            raise click.UsageError('Give a question, as: linernotes ask "When is it out?"')

        async def run(notes: Notes, scope: Scope) -> int:
            if how["jsonl"]:
                return await _each_line("question", lambda row: answer_row(notes, scope, row))
            if how["as_json"]:
                _print_json(await answer_row(notes, scope, {"id": None, "question": words}))
                return 0
            if how["explain"]:
                click.echo(f"{explained(await notes.explain(words, scope))}\n")
            click.echo("\n".join(_answer_lines(await notes.answer(words, scope))))
            return 0

        _with_notes(open_notes, places, run)

    return ask


def _quote_command(open_notes: OpenNotes) -> click.Command:
    @click.command("quote")
    @click.option("--about", metavar="THEME", help="What the quote should be about.")
    @click.option("--by", metavar="SPEAKER", help="Who spoke it.")
    @click.option("--seed", type=int, help="Choose by this number instead of by chance.")
    @_json
    @_jsonl
    @_packs
    def quote(  # noqa: PLR0913  # click gives each option a parameter
        about: str | None,
        by: str | None,
        seed: int | None,
        places: tuple[Path, ...],
        *,
        as_json: bool,
        jsonl: bool,
    ) -> None:
        """Print a quote: the best for a theme, or one by chance."""
        _only_one({"as_json": as_json, "jsonl": jsonl})
        if jsonl and (about or by):
            raise click.UsageError("With --jsonl the requests come from standard input alone.")
        chance = SystemRandom() if seed is None else Random(seed)  # noqa: S311  # no secret

        async def run(notes: Notes, scope: Scope) -> int:
            if jsonl:
                return await _each_line("request", lambda row: quote_row(notes, scope, row))
            cited = await notes.quote(scope, chance, about=about, by=by)
            if as_json:
                _print_json(None if cited is None else _quote_json(cited))
            elif cited is None:
                click.echo(await _no_quote(notes, scope, by))
            else:
                click.echo(f"{quoted(cited)}\n{cited.quote.context}\n{citation(cited.source)}")
            return 0

        _with_notes(open_notes, places, run)

    return quote


def _release_command(open_notes: OpenNotes) -> click.Command:
    @click.command("release")
    @click.argument("title", nargs=-1)
    @_json
    @_packs
    def release(title: tuple[str, ...], places: tuple[Path, ...], *, as_json: bool) -> None:
        """Print what is known of a release, by its TITLE or a song's; without one, of each."""
        wanted = " ".join(title).strip()

        async def run(notes: Notes, scope: Scope) -> int:
            found: Iterable[CitedRelease] = await notes.releases(scope)
            if wanted:
                one = await notes.release(wanted, scope)
                found = () if one is None else (one,)
            if as_json:
                _print_json([_release_json(cited) for cited in found])
            elif not found:
                said = "The notes know no release or song by that title."
                click.echo(_offering(said, notes.complete_title(wanted, scope)))
            else:
                click.echo("\n\n".join("\n".join(release_lines(cited)) for cited in found))
            return 0

        _with_notes(open_notes, places, run)

    return release


async def _no_quote(notes: Notes, scope: Scope, by: str | None) -> str:
    """Say what is missing: the speaker, or only a quote that fits."""
    if by is None or await notes.quote_ids(scope, by):
        return "The notes hold no such quote."
    # Whom nobody resembles is answered with all who speak: they are few.
    names = notes.complete_speaker(by, scope) or notes.complete_speaker("", scope)
    return _offering(f"The notes know no speaker called “{by}”.", names)


def _offering(said: str, names: Sequence[str]) -> str:
    """Add the nearest names, if there are any, to what was said."""
    if not names:
        return said
    return "\n".join([said, "They do know:", *(f"  {name}" for name in names[:MOST_OFFERED])])


def _topics_command(open_notes: OpenNotes) -> click.Command:
    @click.command("topics")
    @_json
    @_packs
    def topics(places: tuple[Path, ...], *, as_json: bool) -> None:
        """List what the notes can answer, by subject."""

        async def run(notes: Notes, scope: Scope) -> int:
            found = notes.topics(scope)
            if as_json:
                _print_json([_topic_json(topic) for topic in found])
            else:
                click.echo("\n".join(_topic_lines(found)))
            return 0

        _with_notes(open_notes, places, run)

    return topics


def _only_one(how: Mapping[str, bool]) -> None:
    """Refuse ways of printing that cannot be had at once."""
    chosen = [f"--{name.removeprefix('as_')}" for name, is_given in how.items() if is_given]
    if len(chosen) > 1:
        raise click.UsageError(f"{' and '.join(sorted(chosen))} cannot be had together.")


def _with_notes(
    open_notes: OpenNotes,
    places: tuple[Path, ...],
    run: Callable[[Notes, Scope], Awaitable[int]],
) -> None:
    async def opened() -> int:
        async with open_notes(places) as notes:
            return await run(notes, notes.packs)

    status = asyncio.run(opened())
    if status:
        raise SystemExit(status)


async def _each_line(
    wanted: str, reply: Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]
) -> int:
    """Answer each line of standard input; return 1 where any of them was malformed, else 0."""
    status = 0
    for number, line in enumerate(sys.stdin.buffer, start=1):
        row, fault = _object_in(line, wanted)
        if fault is not None:
            status = 1
            click.echo(json.dumps({"line": number, "error": fault}))
        elif row is not None:
            # In ASCII: an id may hold what no encoding can write, such as half a surrogate pair.
            click.echo(json.dumps(await reply(row)))
    return status


def _object_in(line: bytes, wanted: str) -> tuple[dict[str, Any] | None, str | None]:
    """Return the object on a line, or what is wrong with it; neither for an empty line."""
    if not line.strip():
        return None, None
    try:
        row = json.loads(line.decode("utf-8-sig"), parse_constant=_no_number)
    except (ValueError, RecursionError):
        return None, "this line is not JSON in UTF-8"
    if not isinstance(row, dict) or not isinstance(row.get(wanted), str) or "id" not in row:
        return None, f"this line is not an object with 'id' and a text '{wanted}'"
    if not isinstance(row["id"], str | int):
        return None, "the 'id' on this line is neither a text nor a whole number"
    return row, None


def _no_number(name: str) -> NoReturn:
    """Refuse NaN and Infinity, which Python reads and no other JSON reader does."""
    raise ValueError(f"{name} is no number in JSON")


def _answer_lines(answer: Answer) -> Iterator[str]:
    match answer:
        case Found():
            yield answer.answer.fact.statement
            if answer.answer.quote is not None:
                yield click.style(quoted(answer.answer.quote), italic=True)
            fact = answer.answer.fact
            yield click.style(citation(answer.answer.source, fact.as_of), dim=True)
        case Unsure():
            yield "I’m not sure which of these you mean:"
            yield from (f"  {suggestion.question}" for suggestion in answer.suggestions)
        case Unknown():
            near = f" that about {answer.near}" if answer.near else ""
            yield f"The notes don’t say{near}."
            if answer.suggestions:
                yield "They do say:"
            yield from (f"  {suggestion.question}" for suggestion in answer.suggestions)


def _topic_lines(topics: Iterable[Topic]) -> Iterator[str]:
    for topic in topics:
        yield click.style(topic.name, bold=True)
        yield from (f"  {item.question}" for item in topic.questions)


def _topic_json(topic: Topic) -> dict[str, Any]:
    questions = [{"fact": item.fact, "question": item.question} for item in topic.questions]
    return {"pack": topic.pack, "subject": topic.name, "questions": questions}


def _release_json(cited: CitedRelease) -> dict[str, Any]:
    return {"pack": cited.pack, "artist": cited.artist, **asdict(cited.release)}


def _quote_json(cited: CitedQuote) -> dict[str, Any]:
    return {
        "pack": cited.pack,
        "quote": cited.quote.id,
        "text": cited.quote.words,
        "speaker": cited.speaker,
        "context": cited.quote.context,
        "citation": citation(cited.source),
    }


def _print_json(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))
