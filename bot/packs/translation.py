"""A pack's translation: its texts in another language, beside it.

`my-pack.es.yaml` belongs to `my-pack.yaml`. Each entry keeps a digest of what was translated, so
that an original which changed since is told.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.errors import Fault, PackError
from bot.packs.files import read_text
from bot.packs.models import Edition, Fact, Quote, Release
from bot.packs.references import find_most_similar
from bot.packs.sidecar import LANGUAGES, list_translations, translation_language
from bot.packs.yaml_source import parse_yaml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from bot.packs.models import Entity, Pack
    from bot.packs.schema import (
        NameTranslationSchema,
        QuoteTranslationSchema,
        ReleaseTranslationSchema,
        TranslatedSchema,
        TranslationSchema,
    )
    from bot.packs.yaml_source import YamlSource

DIGEST_LENGTH = 8
_LETTERS = str.maketrans("0123456789abcdef", "abcdefghijklmnop")
_NOUNS = {"names": "name", "facts": "fact", "quotes": "quote", "releases": "release"}


def take_digest(*texts: str) -> str:
    """Return eight letters that change with any of some texts.

    Letters alone: YAML would read eight digits as a number.
    """
    digest = hashlib.sha256("\n".join(texts).encode()).hexdigest()
    return digest[:DIGEST_LENGTH].translate(_LETTERS)


def digest_of(entry: Fact | Quote | Release) -> str:
    """Return the digest of an entry's texts that a translation translates."""
    match entry:
        case Fact():
            return take_digest(entry.statement, entry.note)
        case Quote():
            return take_digest(entry.words, entry.context)
        case Release():
            editions = (text for each in entry.editions for text in (each.name, each.note))
            notes = (song.note for song in entry.songs)
            own = (entry.kind, entry.date.note, entry.status, *entry.available)
            return take_digest(*own, *editions, *notes)


def begin_translation(pack: Pack, language: str) -> str:
    """Return a translation to fill in, each original above its place."""
    source = pack.source
    lines = [
        f"# {pack.id}.yaml in the language {language}.",
        "# Write the translation in the empty quotation marks; the original stands behind each.",
        'title: ""',
        "source:",
        *(
            f'  {key}: ""  # {getattr(source, key)}'
            for key in ("title", "year_from", "kind", "rights")
        ),
        "",
        "# Names that differ from the pack's, and phrases that mean one without its name.",
        "names:",
    ]
    for entity in pack.entities:
        if entity.described_as:
            lines += [
                f"  {entity.id}:",
                f"    described_as: []  # {', '.join(entity.described_as)}",
            ]
    served = [release for release in pack.releases if release.withdrawn is None]
    lines += ["", "releases:" if served else "releases: {}"]
    for release in served:
        lines += [f"  {release.id}:", f"    original: {digest_of(release)}"]
        lines += [f'    kind: ""  # {release.kind}', f'    status: ""  # {release.status}']
        lines += [f'    date_note: ""  # {release.date.note}'] if release.date.note else []
    lines += ["", "facts:"]
    for fact in pack.facts:
        if fact.withdrawn is None:
            lines += [f"  # {fact.statement}", f"  {fact.id}:", f"    original: {digest_of(fact)}"]
            lines += ['    statement: ""']
            lines += [f'    note: ""  # {fact.note}'] if fact.note else []
            lines += ["    questions:", f'      - ""  # {fact.questions[0]}']
    quotes = [quote for quote in pack.quotes if quote.withdrawn is None]
    lines += ["", "quotes:" if quotes else "quotes: {}"]
    for quote in quotes:
        lines += [f"  {quote.id}:", f"    original: {digest_of(quote)}"]
        lines += [f'    translation: ""  # {quote.words}', f'    context: ""  # {quote.context}']
        lines += [f"    themes: []  # {', '.join(quote.themes)}"]
    return "\n".join(lines) + "\n"


def load_translations(pack_file: Path, pack: Pack) -> tuple[Pack, ...]:
    """Return the pack in each language that it has a translation for.

    Raises:
        PackError: Some translation has faults. The error holds the faults of all.
    """
    # Imported here: pydantic is large, and most packs have no translation.
    from bot.packs.schema import TranslationSchema  # noqa: PLC0415
    from bot.packs.validation import validate_schema  # noqa: PLC0415

    translated: list[Pack] = []
    faults: list[Fault] = []
    for path in list_translations(pack_file):
        language = translation_language(path)
        if language not in LANGUAGES:
            what = f"no questions are understood in '{language}'"
            remedy = f"remove the file; known languages are {', '.join(LANGUAGES)}"
            faults.append(Fault(path, None, what, remedy))
            continue
        try:
            source = parse_yaml(read_text(path), path, begins_with="title")
        except PackError as error:
            faults += error.faults
            continue
        schema = validate_schema(TranslationSchema, source, path)
        faults += source.faults
        if isinstance(schema, tuple):
            faults += schema
            continue
        found = list(_check(schema, pack, source, path))
        faults += found
        if not found:
            translated.append(_translate(pack, schema, language))
    if faults:
        raise PackError(sorted(faults, key=lambda fault: (fault.path, fault.line or 0)))
    return tuple(translated)


def _check(
    schema: TranslationSchema, pack: Pack, source: YamlSource, path: Path
) -> Iterator[Fault]:
    """Yield unknown ids, entries without translation, and originals that have changed."""
    songs = {song.id for release in pack.releases for song in release.songs}
    entries: dict[str, Mapping[str, Fact | Quote | Release]] = {
        "facts": {fact.id: fact for fact in pack.facts},
        "quotes": {quote.id: quote for quote in pack.quotes},
        "releases": {release.id: release for release in pack.releases},
    }
    named = {entity.id for entity in pack.entities} | entries["releases"].keys() | songs
    for section, ids in {"names": named, **entries}.items():
        for key in getattr(schema, section):
            if key not in ids:
                near = find_most_similar(key, frozenset(ids))
                what = f"no {_NOUNS[section]} of the pack has the id '{key}'"
                remedy = f"did you mean '{near}'?" if near else "correct it, or remove the entry"
                yield Fault(path, source.line_at((section, key)), what, remedy)
    for section, originals in entries.items():
        for original in originals.values():
            if original.withdrawn is None:
                own = getattr(schema, section).get(original.id)
                steps = (section, original.id, "original") if own else (section,)
                for what, remedy in _compare(f"{_NOUNS[section]} '{original.id}'", original, own):
                    yield Fault(path, source.line_at(steps), what, remedy)


def _compare(
    where: str, original: Fact | Quote | Release, own: TranslatedSchema | None
) -> Iterator[tuple[str, str]]:
    """Yield faults of one entry's translation, each with its remedy."""
    if own is None:
        yield f"{where} is not translated", "translate it, or withdraw the original"
        return
    if own.original != (digest := digest_of(original)):
        what = f"{where}: the original has changed since it was translated"
        yield what, f"correct the translation, then write 'original: {digest}'"
    if isinstance(original, Release):
        given = getattr(own, "editions", ())
        if given and len(given) != len(original.editions):
            what = f"{where} has {len(given)} editions, and the original {len(original.editions)}"
            yield what, "translate each, in the original's order"


def _translate(pack: Pack, schema: TranslationSchema, language: str) -> Pack:
    return replace(
        pack,
        language=language,
        title=schema.title,
        source=replace(
            pack.source,
            title=schema.source.title,
            kind=schema.source.kind,
            year_from=schema.source.year_from,
            rights=schema.source.rights,
        ),
        entities=tuple(
            _translate_entity(entity, schema.names.get(entity.id)) for entity in pack.entities
        ),
        facts=tuple(
            replace(
                fact,
                statement=schema.facts[fact.id].statement,
                note=schema.facts[fact.id].note,
                questions=schema.facts[fact.id].questions,
            )
            for fact in pack.facts
            if fact.id in schema.facts
        ),
        quotes=tuple(
            _translate_quote(quote, schema.quotes[quote.id])
            for quote in pack.quotes
            if quote.id in schema.quotes
        ),
        releases=tuple(
            _translate_release(release, schema.releases[release.id], schema.names)
            for release in pack.releases
            if release.id in schema.releases
        ),
        tests=(),
    )


def _translate_entity(entity: Entity, own: NameTranslationSchema | None) -> Entity:
    if own is None:
        return replace(entity, described_as=())
    return replace(
        entity,
        name=own.name or entity.name,
        # The original name is said in any language.
        aliases=tuple(dict.fromkeys((entity.name, *entity.aliases, *own.aliases))),
        described_as=own.described_as,
    )


def _translate_quote(quote: Quote, own: QuoteTranslationSchema) -> Quote:
    return replace(quote, translation=own.translation, context=own.context, themes=own.themes)


def _translate_release(
    release: Release, own: ReleaseTranslationSchema, names: dict[str, NameTranslationSchema]
) -> Release:
    named = names.get(release.id)
    editions = [
        Edition(each.name, original.tracks, each.note)
        for original, each in zip(release.editions, own.editions, strict=False)
    ]
    return replace(
        release,
        kind=own.kind,
        status=own.status,
        date=replace(release.date, note=own.date_note),
        aliases=(*release.aliases, *(named.aliases if named else ())),
        described_as=named.described_as if named else (),
        editions=tuple(editions) or release.editions,
        available=own.available or release.available,
        songs=tuple(
            replace(
                song,
                aliases=(*song.aliases, *(names[song.id].aliases if song.id in names else ())),
                note=own.songs.get(song.id, ""),
            )
            for song in release.songs
        ),
    )
