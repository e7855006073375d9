"""A pack's translation: its texts in another language, beside it.

`my-pack.es.yaml` belongs to `my-pack.yaml`. Each entry keeps a digest of what was translated, so
that an original which changed since is told.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bot.errors import Fault, PackError
from bot.packs.files import read_text
from bot.packs.models import Edition, Fact, Quote, Release
from bot.packs.prose import normalize_question
from bot.packs.references import find_most_similar
from bot.packs.sidecar import (
    LANGUAGES,
    SECTIONS,
    UNTIL_THEN,
    list_translations,
    nearest_language,
    pack_path,
    read_sidecar,
    sidecar_path,
    translation_language,
    translation_path,
)
from bot.packs.yaml_source import parse_yaml

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from pydantic import BaseModel

    from bot.packs.models import Entity, Pack
    from bot.packs.schema import (
        FactTranslationSchema,
        NameTranslationSchema,
        QuoteTranslationSchema,
        ReleaseTranslationSchema,
        SidecarSchema,
        TranslatedSchema,
        TranslationSchema,
    )
    from bot.packs.sidecar import Sidecar
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
        f'title: ""  # {pack.title}',
        "source:",
        *(
            f'  {key}: ""  # {getattr(source, key)}'
            for key in ("title", "year_from", "kind", "rights")
            if getattr(source, key)  # a source may be without a year
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


def read_translations(pack_file: Path, pack: Pack) -> tuple[tuple[Pack, ...], tuple[Fault, ...]]:
    """Read the sound parts of translations, and all their faults.

    What is missing, outdated or faulty in a translation is there in the pack's own language, and
    is among its `untranslated` entries. A file that cannot be read is left out whole, and so is one
    in which nothing is translated.
    """
    translated: list[Pack] = []
    faults: list[Fault] = []
    for path in list_translations(pack_file):
        language = translation_language(path)
        if language not in LANGUAGES:
            what = f"no questions are understood in '{language}'"
            near = nearest_language(language)
            meant = translation_path(pack_file, near) if near else None
            # Some file systems take "my-pack.pt-br.yaml" for "my-pack.pt-BR.yaml".
            is_free = meant is not None and (not meant.exists() or meant.samefile(path))
            remedy = f"call it {meant.name}" if meant and is_free else "remove the file"
            remedy += f"; known languages are {', '.join(LANGUAGES)}"
            faults.append(Fault(path, None, what, remedy))
            continue
        try:
            source = parse_yaml(read_text(path), path, begins_with="title")
        except PackError as error:
            faults += error.faults
            continue
        sound, outdated, found = _read_sound_entries(source, path, pack)
        faults += found
        if sound.facts or sound.quotes or sound.releases:
            told = _translate(pack, sound, language, outdated)
            whole, unfit = _add_sidecar(told, path)
            faults += unfit
            translated.append(whole)
    return tuple(translated), tuple(sorted(faults, key=lambda fault: (fault.path, fault.line or 0)))


def _read_sound_entries(
    source: YamlSource, path: Path, pack: Pack
) -> tuple[TranslationSchema, TranslationSchema, list[Fault]]:
    """Return the sound and the outdated entries of a translation, and all its faults."""
    # Imported here: pydantic is large, and most packs have no translation.
    from bot.packs.schema import TranslationSchema  # noqa: PLC0415
    from bot.packs.validation import validate_schema  # noqa: PLC0415

    schema = validate_schema(TranslationSchema, source, path)
    faults = list(source.faults)
    unsound: set[tuple[str, str]] = set()
    if source.faults or isinstance(schema, tuple):
        faults += schema if isinstance(schema, tuple) else ()
        schema, unsound = _validate_entries(source, pack)
    left_out = set(unsound)
    for section, key, fault in _check(schema, pack, source, path):
        if (section, key) not in unsound:
            faults.append(fault)
            left_out.add((section, key))
    # Of these the text is outdated, but not how people ask for it.
    outdated = left_out - unsound
    return (
        _choose_entries(schema, lambda entry: entry not in left_out),
        _choose_entries(schema, lambda entry: entry in outdated),
        faults,
    )


def _choose_entries(
    schema: TranslationSchema, is_wanted: Callable[[tuple[str, str]], bool]
) -> TranslationSchema:
    chosen = {
        section: {
            key: own for key, own in getattr(schema, section).items() if is_wanted((section, key))
        }
        for section in _NOUNS
    }
    return schema.model_copy(update=chosen)


def _validate_entries(
    source: YamlSource, pack: Pack
) -> tuple[TranslationSchema, set[tuple[str, str]]]:
    """Return the valid entries of a translation, and the others' places."""
    from bot.packs import schema  # noqa: PLC0415  # pydantic is large
    from bot.packs.validation import is_valid  # noqa: PLC0415

    kinds: dict[str, type[BaseModel]] = {
        "names": schema.NameTranslationSchema,
        "facts": schema.FactTranslationSchema,
        "quotes": schema.QuoteTranslationSchema,
        "releases": schema.ReleaseTranslationSchema,
    }
    content, unsound = source.content, _find_misread_entries(source)
    sound: dict[str, Any] = {}
    for section, kind in kinds.items():
        listed = content.get(section)
        if not isinstance(listed, dict):
            # Said once of the whole section, and not of each of its entries again.
            if section in content or section == "facts":
                unsound |= {(section, each.id) for each in getattr(pack, section, ())}
            listed = {}
        unsound |= {(section, key) for key, own in listed.items() if not is_valid(kind, own)}
        sound[section] = {
            key: kind.model_validate(own)
            for key, own in listed.items()
            if (section, key) not in unsound
        }
    title, own = content.get("title"), content.get("source")
    original = {
        key: getattr(pack.source, key) for key in schema.SourceTranslationSchema.model_fields
    }
    given = {
        key: text
        for key, text in (own if isinstance(own, dict) else {}).items()
        if is_valid(schema.SourceTranslationSchema, original | {key: text})
    }
    sound["title"] = title if is_valid(schema.Name, title) else pack.title
    sound["source"] = schema.SourceTranslationSchema.model_construct(**original | given)
    return schema.TranslationSchema.model_construct(**sound), unsound


def _find_misread_entries(source: YamlSource) -> set[tuple[str, str]]:
    """Return the places of entries whose YAML has faults."""
    starts = sorted(
        (source.line_at((section, key)), section, key)
        for section in _NOUNS
        if isinstance(listed := source.content.get(section), dict)
        for key in listed
    )
    before = (
        [start for start in starts if start[0] <= (fault.line or 0)] for fault in source.faults
    )
    return {(section, key) for found in before if found for _, section, key in found[-1:]}


def _check(
    schema: TranslationSchema, pack: Pack, source: YamlSource, path: Path
) -> Iterator[tuple[str, str, Fault]]:
    """Yield unknown ids, entries without translation, and originals that have changed.

    Each comes with the section and the id of its entry.
    """
    if pack.source.year_from and not schema.source.year_from:
        line = source.line_at(("source",))
        what = "'year_from' is missing"
        yield "source", "year_from", Fault(path, line, what, f"translate it; {UNTIL_THEN}")
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
                yield section, key, Fault(path, source.line_at((section, key)), what, remedy)
    for section, originals in entries.items():
        for original in originals.values():
            if original.withdrawn is None:
                own = getattr(schema, section).get(original.id)
                steps = (section, original.id, "original") if own else (section,)
                for what, remedy in _compare(f"{_NOUNS[section]} '{original.id}'", original, own):
                    yield section, original.id, Fault(path, source.line_at(steps), what, remedy)


def _compare(
    where: str, original: Fact | Quote | Release, own: TranslatedSchema | None
) -> Iterator[tuple[str, str]]:
    """Yield faults of one entry's translation, each with its remedy."""
    if own is None:
        yield f"{where} is not translated", f"translate it; {UNTIL_THEN}"
        return
    if own.original != (digest := digest_of(original)):
        what = f"{where}: the original has changed since it was translated"
        yield what, f"correct the translation, then write 'original: {digest}'"
    if isinstance(original, Release):
        given = getattr(own, "editions", ())
        if given and len(given) != len(original.editions):
            what = f"{where} has {len(given)} editions, and the original {len(original.editions)}"
            yield what, "translate each, in the original's order"


def _translate(
    pack: Pack, schema: TranslationSchema, language: str, outdated: TranslationSchema
) -> Pack:
    return replace(
        pack,
        language=language,
        title=schema.title,
        source=replace(
            pack.source,
            title=schema.source.title,
            kind=schema.source.kind,
            year_from=schema.source.year_from or pack.source.year_from,
            rights=schema.source.rights,
        ),
        entities=tuple(
            _translate_entity(entity, schema.names.get(entity.id)) for entity in pack.entities
        ),
        facts=tuple(
            _translate_fact(fact, schema.facts.get(fact.id))
            for fact in pack.facts
            if fact.id in schema.facts or fact.withdrawn is None
        ),
        quotes=tuple(
            _translate_quote(quote, schema.quotes.get(quote.id))
            for quote in pack.quotes
            if quote.id in schema.quotes or quote.withdrawn is None
        ),
        releases=tuple(
            _translate_release(release, schema.releases.get(release.id), schema.names)
            for release in pack.releases
            if release.id in schema.releases or release.withdrawn is None
        ),
        tests=(),
        untranslated=frozenset(
            (_NOUNS[section], original.id)
            for section in ("facts", "quotes", "releases")
            for original in getattr(pack, section)
            if original.withdrawn is None and original.id not in getattr(schema, section)
        ),
        outdated_facts=tuple(
            _translate_fact(fact, outdated.facts[fact.id])
            for fact in pack.facts
            if fact.id in outdated.facts
        ),
        outdated_quotes=tuple(
            _translate_quote(quote, outdated.quotes[quote.id])
            for quote in pack.quotes
            if quote.id in outdated.quotes
        ),
    )


def _add_sidecar(translated: Pack, path: Path) -> tuple[Pack, tuple[Fault, ...]]:
    """Add the sound parts of a translation's sidecar, and return its faults."""
    # Imported here: pydantic is large, and most packs have no translation.
    from bot.packs.schema import SidecarSchema  # noqa: PLC0415
    from bot.packs.validation import validate_schema  # noqa: PLC0415

    try:
        sidecar = read_sidecar(path)
    except PackError as error:
        return translated, tuple(error.faults)
    if sidecar is None:
        return translated, ()
    added = validate_schema(SidecarSchema, sidecar.source, sidecar.path)
    if isinstance(added, tuple):
        return translated, sidecar.source.faults + added
    facts, old_facts = (
        tuple(
            replace(
                fact,
                questions=fact.questions + added.questions.get(fact.id, ()),
                unanswered=added.unanswered.get(fact.id, ()),
            )
            for fact in listed
        )
        for listed in (translated.facts, translated.outdated_facts)
    )
    quotes, old_quotes = (
        tuple(
            replace(quote, themes=quote.themes + added.themes.get(quote.id, ())) for quote in listed
        )
        for listed in (translated.quotes, translated.outdated_quotes)
    )
    whole = replace(
        translated,
        facts=facts,
        outdated_facts=old_facts,
        quotes=quotes,
        outdated_quotes=old_quotes,
    )
    return whole, (*sidecar.source.faults, *_check_sidecar(sidecar, added, translated))


def _check_sidecar(sidecar: Sidecar, added: SidecarSchema, translated: Pack) -> Iterator[Fault]:
    """Yield the unknown ids, doubled questions and tests of a translation's sidecar."""
    line_at = sidecar.source.line_at
    if added.tests:
        what = "a translation has no tests of its own"
        remedy = f"move them to {sidecar_path(pack_path(sidecar.path)).name}"
        yield Fault(sidecar.path, line_at(("tests",)), what, remedy)
    ids = {
        "facts": frozenset(fact.id for fact in translated.facts),
        "quotes": frozenset(quote.id for quote in translated.quotes),
    }
    for key, section in SECTIONS.items():
        known = ids[section]
        for name in getattr(added, key):
            if name not in known:
                near = find_most_similar(name, known)
                what = f"'{key}' names '{name}', and no translated {_NOUNS[section]} has that id"
                remedy = f"did you mean '{near}'?" if near else "remove it, or translate that one"
                yield Fault(sidecar.path, line_at((key, name)), what, remedy)
    asked = {
        normalize_question(text): fact.id for fact in translated.facts for text in fact.questions
    }
    listed = (
        ((key, fact, position), text)
        for key in ("questions", "unanswered")
        for fact, questions in getattr(added, key).items()
        for position, text in enumerate(questions)
    )
    for steps, text in listed:
        fact, words = steps[1], normalize_question(text)
        if words in asked or not words:
            what = f"fact '{fact}': the question '{text}' "
            what += f"stands under '{asked[words]}' already" if words else "has no words"
            yield Fault(sidecar.path, line_at(steps), what, "keep it where it belongs")
        asked.setdefault(words, fact)


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


def _translate_fact(fact: Fact, own: FactTranslationSchema | None) -> Fact:
    if own is None:
        return fact
    return replace(
        fact, statement=own.statement, note=own.note, questions=own.questions, unanswered=()
    )


def _translate_quote(quote: Quote, own: QuoteTranslationSchema | None) -> Quote:
    if own is None:
        return quote
    return replace(quote, translation=own.translation, context=own.context, themes=own.themes)


def _translate_release(
    release: Release,
    own: ReleaseTranslationSchema | None,
    names: dict[str, NameTranslationSchema],
) -> Release:
    named = names.get(release.id)
    if own is None:
        # A phrase in the pack's own language means nothing in this one.
        return replace(release, described_as=named.described_as if named else ())
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
