"""The commands `linernotes ask`, `quote`, `release` and `topics`."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from random import Random, SystemRandom
from typing import TYPE_CHECKING

import click

from bot.answering.coverage import describe_coverage
from bot.answering.formatting import NONE_HELD, citation, release_lines
from bot.answering.results import Found, Unknown, Unsure
from bot.answering.small_talk import recognize_small_talk
from bot.cli.command import Command
from bot.cli.jsonl import answer_row, quote_row, reply_to_lines
from bot.cli.printing import print_json, print_lines
from bot.cli.rendering import (
    account_lines,
    answer_lines,
    language_lines,
    quote_json,
    quote_lines,
    release_json,
    small_talk_lines,
    topic_json,
    topic_lines,
)
from bot.localization.languages import (
    TRANSLATED,
    find_environment_locale,
    find_language,
    load_phrases,
)
from bot.localization.messages import sentence
from bot.localization.phrases import ENGLISH, ENGLISH_TAG

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence

    from bot.answering.knowledge_base import KnowledgeBase, Scope
    from bot.answering.results import CitedRelease
    from bot.cli.program import Program
    from bot.index.scope import EntryKind
    from bot.localization.phrases import Phrases

NOT_FOUND = 3
"""The exit status where the notes have no answer, quote or release that was asked for."""
NOT_SURE = 4
"""The exit status where a question may mean one thing or another."""
_STATUSES = (
    f"Exit status: 0 if the notes say, {NOT_FOUND} if they do not{{}}; 1 for what went wrong, 2 "
    "for wrong usage. With --json or --jsonl the output says whether they do, and not the status."
)
_ASKED = _STATUSES.format(f", {NOT_SURE} if it is not sure what is meant")
_LOOKED_UP = _STATUSES.format("")
NO_PACKS = sentence("No pack answers here; name one with --packs, or in LINERNOTES_PACKS.")

MAX_OFFERED = 5
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


def _choose_phrases(
    _context: click.Context, _option: click.Parameter, language: str | None
) -> Phrases:
    """Load the language asked for, or else the system's."""
    if language is None:
        return load_phrases(find_environment_locale(os.environ))
    if find_language(language) == ENGLISH_TAG and not language.casefold().startswith(ENGLISH_TAG):
        raise click.BadParameter(f"'{language}' is none of en, {', '.join(TRANSLATED)}.")
    return load_phrases(language)


_language = click.option(
    "--language",
    "say",
    metavar="LANGUAGE",
    callback=_choose_phrases,
    help=f"The language of replies: en, {', '.join(TRANSLATED)}; the system's if left out. Facts "
    "come in it where their pack is translated. JSON has no language but that of the question, or "
    "else of the pack.",
)


@click.command("ask", cls=Command, epilog=_ASKED)
@click.argument("question", nargs=-1)
@click.option("--explain", is_flag=True, help="Show what was weighed, and why; in English.")
@_json
@_jsonl
@_language
@_packs
@click.pass_obj
def ask(
    program: Program,
    /,
    question: tuple[str, ...],
    places: tuple[Path, ...],
    say: Phrases,
    **how: bool,
) -> None:
    """Answer QUESTION from the notes."""
    words = " ".join(question).strip()
    _refuse_both(how)
    if how["jsonl"] and words:
        raise click.UsageError("With --jsonl the questions come from standard input alone.")
    if not (how["jsonl"] or words):
        raise click.UsageError('Give a question, as: linernotes ask "When is it out?"')

    async def run(knowledge: KnowledgeBase, scope: Scope) -> int:
        if how["jsonl"]:
            return await reply_to_lines("question", lambda row: answer_row(knowledge, scope, row))
        if how["as_json"]:
            print_json(await answer_row(knowledge, scope, {"id": None, "question": words}))
            return 0
        reader = knowledge.in_locale(say.tag)
        # An account is for authors; in two languages it would be read in neither.
        spoken = ENGLISH if how["explain"] else say
        if how["explain"]:
            lines = account_lines(await reader.account_for(words, scope))
            print_lines([*lines, ""])
        return await _print_answer(spoken, reader, scope, words, program.now().year)

    _with_knowledge(program, places, run)


async def _print_answer(
    say: Phrases, knowledge: KnowledgeBase, scope: Scope, question: str, year: int
) -> int:
    """Print the answer, and return its exit status."""
    if nothing := _explain_absence(knowledge, scope, "fact"):
        return _print_absence(say(nothing))
    # As /ask does: a title alone asks nothing, and who types it wants to know what it is.
    if (cited := await knowledge.find_bare_title(question, scope)) is not None:
        print_lines(["\n".join(release_lines(say, cited)), *language_lines(say, cited.language)])
        return 0
    answer = await knowledge.answer(question, scope)
    # Only where nothing at all comes near: a fact may be asked for as politely as one says hello.
    if answer == Unknown() and (said := recognize_small_talk(question)):
        print_lines(small_talk_lines(say, said, describe_coverage(knowledge, scope)))
        return NOT_FOUND
    print_lines(answer_lines(say, answer, year))
    match answer:
        case Found():
            return 0
        case Unsure():
            return NOT_SURE
        case Unknown():
            return NOT_FOUND


@click.command("quote", cls=Command, epilog=_LOOKED_UP)
@click.argument("theme", nargs=-1)
@click.option("--about", metavar="THEME", help="The same as THEME.")
@click.option("--by", metavar="SPEAKER", help="Who spoke it.")
@click.option("--seed", type=int, help="Choose by this number instead of by chance.")
@_json
@_jsonl
@_language
@_packs
@click.pass_obj
def quote(  # noqa: PLR0913, PLR0917  # click gives each option a parameter
    program: Program,
    /,
    theme: tuple[str, ...],
    about: str | None,
    by: str | None,
    seed: int | None,
    places: tuple[Path, ...],
    *,
    say: Phrases,
    as_json: bool,
    jsonl: bool,
) -> None:
    """Print a quote: the best for a THEME, or one by chance."""
    _refuse_both({"as_json": as_json, "jsonl": jsonl})
    words = " ".join(theme).strip()
    if words and about:
        raise click.UsageError("Give the theme once: as THEME or with --about.")
    about = words or about
    if jsonl and (about or by):
        raise click.UsageError("With --jsonl the requests come from standard input alone.")
    chance = SystemRandom() if seed is None else Random(seed)  # noqa: S311  # no secret

    async def run(knowledge: KnowledgeBase, scope: Scope) -> int:
        if jsonl:
            return await reply_to_lines("request", lambda row: quote_row(knowledge, scope, row))
        reader = knowledge if as_json else knowledge.in_locale(say.tag)
        cited = await reader.choose_quote(scope, chance, about=about, by=by)
        if as_json:
            print_json(None if cited is None else quote_json(cited))
        elif cited is None:
            return _print_absence(await _explain_no_quote(say, reader, scope, by))
        else:
            foreign = language_lines(say, cited.language)
            print_lines([*quote_lines(say, cited), *foreign, citation(say, cited.source)])
        return 0

    _with_knowledge(program, places, run)


@click.command("release", cls=Command, epilog=_LOOKED_UP)
@click.argument("title", nargs=-1)
@_json
@_language
@_packs
@click.pass_obj
def release(
    program: Program,
    /,
    title: tuple[str, ...],
    places: tuple[Path, ...],
    *,
    say: Phrases,
    as_json: bool,
) -> None:
    """Print what is known of a release, by its TITLE or a song's; without one, of each."""
    wanted = " ".join(title).strip()

    async def run(knowledge: KnowledgeBase, scope: Scope) -> int:
        reader = knowledge if as_json else knowledge.in_locale(say.tag)
        found: Iterable[CitedRelease] = await reader.list_releases(scope)
        if wanted:
            one = await reader.search_release(wanted, scope)
            found = () if one is None else (one,)
        if as_json:
            print_json([release_json(cited) for cited in found])
        elif not found:
            return _print_absence(_explain_no_release(say, knowledge, scope, wanted))
        else:
            foreign = language_lines(say, *(cited.language for cited in found))
            told = "\n\n".join("\n".join(release_lines(say, cited)) for cited in found)
            print_lines([told, *foreign])
        return 0

    _with_knowledge(program, places, run)


def _print_absence(sentence: str) -> int:
    """Print why there is nothing, and return the exit status of that."""
    print_lines([sentence])
    return NOT_FOUND


def _explain_absence(knowledge: KnowledgeBase, scope: Scope, kind: EntryKind) -> str | None:
    """Return the sentence why there can be nothing of a kind, or None."""
    if not scope:
        return NO_PACKS
    return None if knowledge.has_entries(kind, scope) else NONE_HELD[kind]


async def _explain_no_quote(
    say: Phrases, knowledge: KnowledgeBase, scope: Scope, by: str | None
) -> str:
    """Explain why no quote was found: none at all, speaker, or theme."""
    if nothing := _explain_absence(knowledge, scope, "quote"):
        return say(nothing)
    if by is None or await knowledge.list_quote_ids(scope, by):
        return say("The notes hold no such quote.")
    # Whom nobody resembles is answered with all who speak: they are few.
    names = knowledge.complete_speaker(by, scope) or knowledge.complete_speaker("", scope)
    return _offer_names(say, say("The notes know no speaker called “{name}”.", name=by), names)


def _explain_no_release(say: Phrases, knowledge: KnowledgeBase, scope: Scope, wanted: str) -> str:
    """Explain why no release was found: none at all, or title."""
    if nothing := _explain_absence(knowledge, scope, "release"):
        return say(nothing)
    said = say("The notes know no release or song by that title.")
    return _offer_names(say, said, knowledge.complete_title(wanted, scope))


def _offer_names(say: Phrases, said: str, names: Sequence[str]) -> str:
    """Add the nearest names, if any, to a sentence."""
    if not names:
        return said
    return "\n".join([said, say("They do know:"), *(f"  {name}" for name in names[:MAX_OFFERED])])


@click.command("topics", cls=Command, epilog=_LOOKED_UP)
@_json
@_language
@_packs
@click.pass_obj
def topics(program: Program, /, places: tuple[Path, ...], *, say: Phrases, as_json: bool) -> None:
    """List what the notes can answer, by subject."""

    async def run(knowledge: KnowledgeBase, scope: Scope) -> int:
        reader = knowledge if as_json else knowledge.in_locale(say.tag)
        found = reader.list_topics(scope)
        if as_json:
            print_json([topic_json(topic) for topic in found])
        elif nothing := _explain_absence(knowledge, scope, "fact"):
            return _print_absence(say(nothing))
        else:
            print_lines(topic_lines(say, found))
        return 0

    _with_knowledge(program, places, run)


def _refuse_both(how: Mapping[str, bool]) -> None:
    """Refuse options that exclude each other."""
    chosen = [f"--{name.removeprefix('as_')}" for name, is_given in how.items() if is_given]
    if len(chosen) > 1:
        raise click.UsageError(f"{' and '.join(sorted(chosen))} cannot be had together.")


def _with_knowledge(
    program: Program,
    places: tuple[Path, ...],
    run: Callable[[KnowledgeBase, Scope], Awaitable[int]],
) -> None:
    async def opened() -> int:
        async with program.open_here(places) as knowledge:
            return await run(knowledge, knowledge.packs)

    status = asyncio.run(opened())
    if status:
        raise SystemExit(status)
