"""What only the lexicon and the matcher can find wrong with a pack that is otherwise sound."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from bot.answering import lexicon as lexicons
from bot.evaluation.pack_tests import find_failing_tests

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bot.answering.lexicon import Lexicon
    from bot.packs.models import Pack


@dataclass(frozen=True, slots=True)
class Remark:
    """Something about an entry of a pack that its author should know."""

    pack: str
    steps: tuple[str | int, ...]
    """Where it stands in the pack's tree: ("facts", 3, "covers", 0)."""
    what: str
    remedy: str


async def check_packs(packs: Sequence[Pack]) -> list[Remark]:
    """Return every attribute that the lexicon does not know, and every test that fails.

    Raises:
        StoreError: where the packs cannot be compiled to a temporary folder.
    """
    found = list(unknown_attributes(packs, lexicons.load()))
    tested = [pack for pack in packs if pack.tests]
    remedy = "reword the fact's sample questions, or correct the test"
    if tested:
        found += [
            Remark(pack.id, ("tests", place), what, remedy)
            for pack, place, what in await find_failing_tests(tested)
        ]
    return found


def unknown_attributes(packs: Iterable[Pack], lexicon: Lexicon) -> Iterator[Remark]:
    """Yield a remark for every name under `covers:` that no lexicon entry bears."""
    known = attribute_names(lexicon)
    for pack in packs:
        for place, fact in enumerate(pack.facts):
            for at, name in enumerate(fact.covers):
                if name not in known:
                    near = get_close_matches(name, sorted(known), n=1)
                    remedy = f"did you mean '{near[0]}'?" if near else "remove it"
                    what = f"fact '{fact.id}': the lexicon has no attribute '{name}' to cover"
                    yield Remark(pack.id, ("facts", place, "covers", at), what, remedy)


def attribute_names(lexicon: Lexicon) -> frozenset[str]:
    """Return the names of the seldom-answered attributes."""
    listed = (phrases for book in lexicon.attributes.values() for _, phrases in book)
    return frozenset(name for phrases in listed for names in phrases.values() for name in names)
