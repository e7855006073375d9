"""The packs that tests ask, and a way to make a little one of a test's own.

For tests of packs, stores and answers, which compile them; what only shows answers is given
`tests/support/knowledge.py`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import PackError
from bot.index.cache import KeyedHash
from bot.packs.loader import load_pack
from bot.packs.models import (
    DatePrecision,
    Entity,
    EntityKind,
    Fact,
    Pack,
    Quote,
    Release,
    ReleaseDate,
    Song,
    Source,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

REPOSITORY = Path(__file__).parents[2]
REAL_FILE = REPOSITORY / "facts" / "big-time-rush-2013.yaml"
LANTERN_FILE = REPOSITORY / "tests" / "packs" / "lantern-weir.yaml"
HIDE = KeyedHash(b"the same in every test")
REAL = "big-time-rush-2013"
LANTERN = "lantern-weir"

SOURCE = Source(
    title="a talk with Mira Vale",
    author="Jo Quill",
    publishers=("The Lighthouse Review", "Tide"),
    year=2020,
    year_from="the masthead",
    kind="interview",
    rights="© 2020 Jo Quill",
    paragraphs=9,
)

WITHDRAWN = "the speaker asked for it"


STARTER = (REPOSITORY / "bot" / "packs" / "starter.yaml").read_text(encoding="utf-8")
"""The smallest pack with an entry of each kind, as `linernotes facts new` writes it."""


def write_starter(folder: Path, name: str = "starter") -> Path:
    """Write the starter as the file of a pack, which compiles in a tenth of a real one's time."""
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}.yaml"
    path.write_text(STARTER.replace("PACK-ID", name), encoding="utf-8")
    return path


def little_pack(
    name: str = "mira-vale",
    *,
    facts: Iterable[Fact] | None = None,
    quotes: Iterable[Quote] | None = None,
    releases: Iterable[Release] | None = None,
) -> Pack:
    """Return a pack about a singer who does not exist, with one entry of each kind."""
    return Pack(
        id=name,
        title="Mira Vale, 2020",
        source=SOURCE,
        entities=(
            Entity("mira-vale", EntityKind.PERSON, "Mira Vale", ("Mira", "Vale")),
            Entity("ona", EntityKind.PERSON, "Ona"),
        ),
        facts=(little_fact(),) if facts is None else tuple(facts),
        quotes=(little_quote(),) if quotes is None else tuple(quotes),
        releases=(little_release(),) if releases is None else tuple(releases),
    )


def little_fact(  # noqa: PLR0913  # a test says only what it is about
    name: str = "sister",
    *,
    subject: str = "ona",
    statement: str = "Ona is Mira's sister and no friend of the piano.",
    questions: tuple[str, ...] = ("Who is Ona?", "Does Mira have a sister?"),
    quotes: tuple[str, ...] = (),
    related: tuple[str, ...] = (),
    withdrawn: str | None = None,
) -> Fact:
    """Return a fact of the little pack."""
    return Fact(
        id=name,
        subject=subject,
        about=("mira-vale",),
        statement=statement,
        questions=questions,
        paragraphs=(2,),
        as_of=2020,
        quotes=quotes,
        related=related,
        withdrawn=withdrawn,
    )


def little_quote(
    name: str = "best-part",
    *,
    words: str = "Nobody sleeps … the best part of it",
    themes: tuple[str, ...] = ("touring", "sleep"),
    withdrawn: str | None = None,
) -> Quote:
    """Return a quote of the little pack."""
    return Quote(
        id=name,
        speaker="mira-vale",
        words=words,
        context="On the nights before the band leaves.",
        themes=themes,
        paragraphs=(3,),
        withdrawn=withdrawn,
    )


def little_release(name: str = "tidewater", *, withdrawn: str | None = None) -> Release:
    """Return a release of the little pack."""
    return Release(
        id=name,
        title="Tidewater",
        artist="mira-vale",
        kind="album",
        date=ReleaseDate("2020-05", DatePrecision.MONTH, "the year is the masthead's"),
        status="announced",
        as_of=2020,
        paragraphs=(2,),
        aliases=("Tide Water",),
        songs=(Song("low-water", "Low Water", ("mira-vale",), ("LoWa",)),),
        withdrawn=withdrawn,
    )


def loads_or_is_refused(path: Path) -> None:
    """Assert that a pack loads, or is refused in sentences that say where and what to do."""
    lines = len(path.read_bytes().decode("utf-8", "replace").splitlines()) + 1
    try:
        load_pack(path)
    except PackError as error:
        faults = error.faults
    else:
        return
    assert faults
    for fault in faults:
        assert fault.path == path
        assert fault.line is None or 1 <= fault.line <= lines
        assert fault.what
        assert fault.remedy
        assert len(str(fault).splitlines()) == 1
