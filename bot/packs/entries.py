"""Look up the entries of packs by id, and describe them."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bot.packs.models import Entity, Fact, Pack, Quote, Release, Song


@dataclass(frozen=True, slots=True)
class PackEntry:
    """One entry with its pack."""

    pack: Pack
    noun: str
    """Its kind: "fact", "quote", "release", "song" or "entity"."""
    entry: Fact | Quote | Release | Song | Entity

    @property
    def paragraphs(self) -> tuple[int, ...]:
        """The paragraphs of the source that it cites, if it cites any."""
        return getattr(self.entry, "paragraphs", ())


def iter_entries(pack: Pack) -> Iterator[PackEntry]:
    """Yield all entries of a pack that have an id."""
    songs = (song for release in pack.releases for song in release.songs)
    yield from (PackEntry(pack, "fact", fact) for fact in pack.facts)
    yield from (PackEntry(pack, "quote", quote) for quote in pack.quotes)
    yield from (PackEntry(pack, "release", release) for release in pack.releases)
    yield from (PackEntry(pack, "song", song) for song in songs)
    yield from (PackEntry(pack, "entity", entity) for entity in pack.entities)


def find_entries(packs: Iterable[Pack], name: str) -> tuple[PackEntry, ...]:
    """Return the entries with an id.

    There may be several: a fact and a quote may share an id, and so may two packs.
    """
    return tuple(found for pack in packs for found in iter_entries(pack) if found.entry.id == name)


def format_paragraphs(paragraphs: Sequence[int]) -> str:
    """Return a citation of paragraphs: "paragraph 4", "paragraphs 4, 5 and 9"."""
    *others, last = map(str, paragraphs)
    return f"paragraphs {', '.join(others)} and {last}" if others else f"paragraph {last}"


def entry_to_dict(entry: Fact | Quote | Release | Song | Entity) -> dict[str, Any]:
    """Return an entry as plain data, for programs."""
    data = asdict(entry)
    if "paragraphs" in data:
        data["paragraph"] = data["paragraphs"][0]  # programs read this before there were several
    return data


def collect_display_names(pack: Pack) -> dict[str, str]:
    """Return the name of each entity, release and song, by id."""
    names = {entity.id: entity.name for entity in pack.entities}
    for release in pack.releases:
        names[release.id] = release.title
        names |= {song.id: song.title for song in release.songs}
    return names
