"""The commands `linernotes facts …`, for authors of packs."""

from __future__ import annotations

import re
import sys
from dataclasses import asdict, fields
from difflib import get_close_matches
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.answering.formatting import date_in_words
from bot.cli.lazy_group import LazyCommand, LazyGroup
from bot.cli.printing import print_json, print_lines, write_new_file
from bot.cli.progress import show_count
from bot.errors import Fault, LinerNotesError, PackError, UntoldFaults
from bot.localization.phrases import ENGLISH
from bot.packs.audit import advise_on_statements, audit
from bot.packs.discovery import find_pack_files, shipped_folder
from bot.packs.draft_file import render_draft
from bot.packs.drafting import draft_pack
from bot.packs.entries import (
    collect_display_names,
    entry_to_dict,
    find_entries,
    format_paragraphs,
    iter_entries,
)
from bot.packs.files import read_text
from bot.packs.loader import load_pack, load_packs
from bot.packs.models import Edition, ReleaseDate, Song
from bot.packs.quote_advice import advise
from bot.packs.sidecar import LANGUAGES, translation_path

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bot.packs.audit import AuditAdvice, AuditFault
    from bot.packs.drafting import Draft
    from bot.packs.entries import PackEntry
    from bot.packs.models import Pack

_AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON value.")
_PATH = click.Path(path_type=Path)
_NAMING_FIELDS = frozenset({"subject", "about", "speaker", "artist", "performers"})
_WIDEST_LABEL = 12
MAX_SINGLE_PARAGRAPH = 150
"""Words of a text without blank lines that is rather a text that lost them."""


@click.group(
    cls=LazyGroup,
    lazy_commands={
        "eval": LazyCommand(
            "bot.cli.evaluate.evaluate",
            "Ask the questions in each FILE, and count what comes back.",
        ),
        "find": LazyCommand(
            "bot.cli.lint.find",
            "List the entries that use all of the WORDS, at most 25, the best first.",
        ),
        "gaps": LazyCommand(
            "bot.cli.facts_gaps.gaps",
            "Show the questions that fans of all servers asked in vain.",
        ),
        "lint": LazyCommand(
            "bot.cli.lint.lint",
            "Advise on the packs in files or folders PATH; without PATH, on those of the bot.",
        ),
        "questionnaire": LazyCommand(
            "bot.cli.facts_questionnaire.questionnaire",
            "Ask other people how they would ask for the facts of PACK.",
        ),
        "workbench": LazyCommand(
            "bot.cli.demo.workbench",
            "Work on the pack in the file or folder PACK, in the browser.",
        ),
    },
)
def facts() -> None:
    """Write fact packs, check them, and look into them."""


@facts.command()
@click.argument("path", type=_PATH)
@click.option(
    "--source", type=_PATH, help="Draft it from this text: an article or interview (UTF-8)."
)
@click.option(
    "--language",
    type=click.Choice(LANGUAGES),
    help="Start a translation of the pack PATH instead, beside it.",
)
def new(path: Path, *, source: Path | None, language: str | None) -> None:
    """Start a pack in a new file PATH, as facts/my-pack.yaml.

    With --source the pack is a draft: names, quotes, dates and numbers of the text are in it, to
    confirm and to write about.
    """
    if language:
        # Imported only now: other commands translate nothing.
        from bot.packs.translation import begin_translation  # noqa: PLC0415

        begun = translation_path(path, language)
        write_new_file(begun, begin_translation(load_pack(path), language))
        click.echo(f"{begun} is begun. Fill it in, then: linernotes facts check {path}")
        return
    if path.is_dir():
        raise LinerNotesError(f"{path} is a folder; name a new file, as {path / 'my-pack.yaml'}")
    path = path if path.suffix == ".yaml" else path.with_name(f"{path.name}.yaml")
    if not re.fullmatch(r"(?=.{1,40}$)[a-z0-9]+(-[a-z0-9]+)*", path.stem):
        rule = "use a to z, 0 to 9 and single hyphens, 40 characters at most"
        raise click.UsageError(f"'{path.stem}' cannot be the name of a pack; {rule}.")
    # Editors that know YAML then complete and check a pack by the schema that lies beside it.
    has_schema = path.with_name("pack.schema.json").exists()
    modeline = "# yaml-language-server: $schema=pack.schema.json\n" if has_schema else ""
    if source:
        draft = _draft(path.stem, source)
        write_new_file(path, modeline + render_draft(draft))
        _print_lines(_describe_draft(draft, path))
    else:
        starter = (files("bot.packs") / "starter.yaml").read_text(encoding="utf-8")
        write_new_file(path, modeline + starter.replace("PACK-ID", path.stem))
        click.echo(f"{path} is begun. Fill it in, then: linernotes facts check {path}")


@facts.command()
@click.argument("paths", type=_PATH, nargs=-1, metavar="[PATH]...")
@_AS_JSON
def check(paths: tuple[Path, ...], *, as_json: bool) -> None:
    """Check the packs in files or folders PATH; without PATH, those that come with the bot.

    Lists what a draft leaves to confirm and to write. Sound packs are asked their own tests too.
    """
    # Imported only now: other commands neither know English nor rank anything.
    from bot.evaluation.checking import check_places  # noqa: PLC0415

    checked = check_places(paths or (shipped_folder(),))
    packs, faults, guesses = checked.packs, checked.faults, checked.guesses
    if as_json:
        print_json({"packs": list(map(_count_entries, packs)), "faults": list(map(asdict, faults))})
    else:
        _print_lines(faults)
        _print_lines(map(_summary_line, packs))
        if guesses:
            left = sum(each.count if isinstance(each, UntoldFaults) else 1 for each in faults)
            click.echo(f"Left to do: {left}. Guesses to confirm among them: {len(guesses)}.")
    if faults:
        raise SystemExit(1)


@facts.command()
@click.argument("name", metavar="ID")
@click.option(
    "--packs", "places", type=_PATH, multiple=True, help="A pack file or folder to look in."
)
@_AS_JSON
def show(name: str, places: tuple[Path, ...], *, as_json: bool) -> None:
    """Print the fact, quote, release, song or entity called ID, with where it comes from."""
    packs = load_packs(find_pack_files(places or (shipped_folder(),)))
    found = find_entries(packs, name)
    if not found:
        known = {each.entry.id for pack in packs for each in iter_entries(pack)}
        near = " or ".join(get_close_matches(name, sorted(known)))
        remedy = f"did you mean {near}?" if near else "'linernotes topics' lists what is known"
        raise LinerNotesError(f"No pack has an entry called '{name}'; {remedy}")
    if as_json:
        print_json(
            [
                {
                    "pack": each.pack.id,
                    "noun": each.noun,
                    "entry": entry_to_dict(each.entry),
                    "source": asdict(each.pack.source),
                }
                for each in found
            ]
        )
    else:
        print_lines(["\n\n".join(map(describe_entry, found))], hang=_WIDEST_LABEL + 4)


@facts.command(name="audit")
@click.argument("path", type=_PATH, metavar="PACK")
@click.option(
    "--source", type=_PATH, required=True, help="The text that the pack was made from (UTF-8)."
)
@click.option("--strict", "is_strict", is_flag=True, help="Fail if there is any advice.")
@click.option(
    "--show-source/--quiet-source",
    "is_source_shown",
    default=None,
    help="Show the source's words that quotes leave out, or not: by default in a terminal only.",
)
@_AS_JSON
def audit_pack(
    path: Path, source: Path, *, is_strict: bool, is_source_shown: bool | None, as_json: bool
) -> None:
    """Hold the pack in the file PACK against its source's text.

    Faults are told by file, line and paragraph, with the words of the source that they are about;
    where these are not shown, by the pack's own ids and positions alone. Advice tells which quotes
    may mislead where they stand alone, and shows what they leave out.
    """
    # Imported only now: with it comes what ranks questions.
    from bot.evaluation.checking import locate_advice, locate_audit  # noqa: PLC0415

    # A log may be public, and the source is not ours to publish.
    is_source_shown = sys.stdout.isatty() if is_source_shown is None else is_source_shown
    pack: Pack | None = None
    faults: tuple[Fault | AuditFault, ...]
    advice: tuple[AuditAdvice, ...] = ()
    try:
        pack = load_pack(path)
        text = read_text(source)
        with show_count("Holding the pack against its source") as report:
            faults = audit(pack, text, report)
            advice = (*advise_on_statements(pack, text), *advise(pack, text))
    except PackError as error:
        faults = error.faults
    if not is_source_shown:
        advice = tuple(each.without_source() for each in advice)
        faults = tuple(
            fault if isinstance(fault, Fault) else fault.without_source() for fault in faults
        )
    if as_json:
        found = {"faults": list(map(asdict, faults)), "advice": list(map(asdict, advice))}
        print_json({"pack": pack.id if pack else None, **found})
    else:
        _print_lines(locate_audit(faults, path, source) if is_source_shown else faults)
        told = locate_advice(advice, pack, path) if is_source_shown and pack else advice
        _print_lines(f"advice: {each}" for each in told)
        if pack and not faults:
            click.echo(f"{_summary_line(pack)}; faithful to the source")
    if faults or (advice and is_strict):
        raise SystemExit(1)


@facts.command()
@click.option(
    "--sidecar", "is_for_sidecar", is_flag=True, help="That of a sidecar: NAME.questions.yaml."
)
@click.option(
    "--translation", "is_for_translation", is_flag=True, help="That of a translation: NAME.es.yaml."
)
def schema(*, is_for_sidecar: bool, is_for_translation: bool) -> None:
    """Print the JSON schema of a pack, for editors: facts/pack.schema.json."""
    # Imported only now: it brings in pydantic, which other commands need not wait for.
    from bot.packs.schema import (  # noqa: PLC0415
        build_json_schema,
        build_sidecar_json_schema,
        build_translation_json_schema,
    )

    if is_for_translation:
        click.echo(build_translation_json_schema(), nl=False)
        return
    if is_for_sidecar:
        click.echo(build_sidecar_json_schema(), nl=False)
        return
    from bot.answering.lexicon import load_lexicon  # noqa: PLC0415
    from bot.evaluation.lint import attribute_names  # noqa: PLC0415

    click.echo(build_json_schema(attribute_names(load_lexicon())), nl=False)


def _draft(name: str, source: Path) -> Draft:
    # Imported only now: no other command of this group needs the list of English words.
    from bot.answering.language import load_frequencies  # noqa: PLC0415

    text = read_text(source)
    if not text.strip():
        what, remedy = "there is no text in this file", "save the article in it"
        raise PackError([Fault(source, None, what, remedy)])
    return draft_pack(name, text, load_frequencies())


def _describe_draft(draft: Draft, path: Path) -> Iterator[str]:
    yield (
        f"{path} is drafted from a text of {draft.source_words} words in "
        f"{draft.source.paragraphs} paragraphs."
    )
    yield f"  Names to confirm: {len(draft.entities)}"
    yield f"  Records and songs to confirm: {len(draft.releases) + len(draft.songs)}"
    yield f"  Facts to write, or to delete: {len(draft.facts)}"
    yield f"  Quotes to choose from: {len(draft.quotes)}"
    yield f"  Words in them: {draft.quoted_words} of {draft.quotable_words} that may be quoted"
    if draft.source.paragraphs == 1 and draft.source_words > MAX_SINGLE_PARAGRAPH:
        yield "The text is one paragraph. Put a blank line between paragraphs, and draft it anew."
    if draft.has_unmarked_questions:
        yield (
            "These seem to be questions and answers that lost their marks. Write each question as "
            "**Why now?**, and draft it anew: then the answers can be quoted."
        )
    yield f"Go through it from the top; this lists what is left: linernotes facts check {path}"


def _count_entries(pack: Pack) -> dict[str, object]:
    return {
        "pack": pack.id,
        "facts": len(pack.facts),
        "questions": sum(len(fact.questions) for fact in pack.facts),
        "quotes": len(pack.quotes),
        "releases": len(pack.releases),
        "entities": len(pack.entities),
        "tests": len(pack.tests),
    }


def _summary_line(pack: Pack) -> str:
    counts = _count_entries(pack).items()
    return f"{pack.id}: {', '.join(f'{noun} {count}' for noun, count in counts if noun != 'pack')}"


def _print_lines(lines: Iterable[object]) -> None:
    for line in lines:
        click.echo(str(line))


def describe_entry(found: PackEntry) -> str:
    """Return an entry with its provenance, one line for each field."""
    lines = [f"{found.noun} {found.entry.id} (pack {found.pack.id})"]
    names = collect_display_names(found.pack)
    for field in fields(found.entry):
        value = getattr(found.entry, field.name)
        if field.name == "id" or value in (None, "", (), True):
            continue
        label = field.name.replace("_", " ")
        if field.name == "paragraphs":
            label, _, value = format_paragraphs(value).partition(" ")
        for text in _field_texts(value, names if field.name in _NAMING_FIELDS else {}):
            lines.append(f"  {label:<{_WIDEST_LABEL}}  {text}")
            label = ""
    source = found.pack.source
    where = f", {format_paragraphs(found.paragraphs)}" if found.paragraphs else ""
    by = f", by {source.author}" if source.author else ""
    at = f" ({', '.join(source.publishers)})" if source.publishers else ""
    year = f", {source.year} (from {source.year_from})" if source.year else ""
    lines.append(f"  {'source':<{_WIDEST_LABEL}}  {source.title}{by}{at}{year}{where}")
    if source.url:
        lines.append(f"  {'url':<{_WIDEST_LABEL}}  {source.url}")
    lines.append(f"  {'rights':<{_WIDEST_LABEL}}  {source.rights}")
    return "\n".join(lines)


def _field_texts(value: object, names: dict[str, str]) -> Iterator[str]:
    match value:
        case tuple():
            for item in value:
                yield from _field_texts(item, names)
        case ReleaseDate():
            shown = value.text or date_in_words(ENGLISH, value)
            yield f"{shown} ({value.note})" if value.note else shown
        case Edition():
            count = f", {value.tracks} tracks" if value.tracks else ""
            yield ": ".join(filter(None, (f"{value.name}{count}", value.note)))
        case Song():
            performers = ", ".join(value.performers)
            song = f"{value.title} ({value.id}), by {performers}"
            yield ": ".join(filter(None, (song, value.note)))
        case False:
            yield "never drawn for the daily post"
        case str() if value in names:
            yield f"{names[value]} ({value})"
        case _:
            yield str(value)
