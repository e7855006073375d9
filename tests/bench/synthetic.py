"""Made-up packs in any number, for measuring: the same for the same seed.

Words follow Zipf's law, as those of any language do: a few hundred stand in most sentences, most
of them hardly anywhere. Every fact mixes such invented words with words of the shared lexicon, so
that ideas and kinds of question are recognised as in a real pack. Names are shared between packs
as first names are between people.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from random import Random
from typing import TYPE_CHECKING

from bot.answering.lexicon import load_lexicon
from bot.packs.models import Entity, EntityKind, Fact, Pack, Source

if TYPE_CHECKING:
    from collections.abc import Iterator

FACTS_A_PACK = 100
ENTITIES_A_PACK = 10
PHRASINGS = 3
WORDS = 20_000
FIRST_NAMES = 1_500
LAST_NAMES = 8_000

_SOURCE = Source(
    title="a made-up interview",
    author="Nobody",
    publishers=("Nowhere",),
    year=2000,
    year_from="nowhere",
    kind="interview",
    rights="none",
    paragraphs=FACTS_A_PACK,
)
_STARTS = (*"bcdfghjklmnprstvwz", "br", "ch", "dr", "fl", "gr", "kl", "pr", "qu", "sk", "st", "tr")
_MIDDLES = (*"aeiou", "ai", "ea", "io", "ou")
_ENDS = ("", *"lnrstkmx", "nd", "rt")
_OPENERS = ("when did", "where is", "who was", "why does", "how many", "what is", "is it true that")


@dataclass(frozen=True, slots=True)
class Query:
    """A question that one made-up fact would answer, in words that none of its phrasings has."""

    pack: str
    fact: str
    """The fact, by the id of its pack and its own."""
    subject: str
    word: str
    """One of the fact's invented words."""
    with_subject: str
    without_subject: str


class Maker:
    """Makes packs and questions on them."""

    def __init__(self, seed: int = 1) -> None:
        """Take a seed: the same one makes the same packs."""
        chance = Random(seed)
        words = _invented(chance, WORDS + FIRST_NAMES + LAST_NAMES)
        self._words = words[:WORDS]
        self._first_names = words[WORDS : WORDS + FIRST_NAMES]
        self._last_names = words[WORDS + FIRST_NAMES :]
        self._cumulated = list(accumulate(1 / (rank + 10) for rank in range(WORDS)))
        concepts = load_lexicon().concepts.values()
        known = {phrase for book in concepts for _, phrases in book for phrase in phrases}
        self._known = sorted(phrase[0] for phrase in known if len(phrase) == 1)
        self._seed = seed

    def packs(self, facts: int) -> Iterator[Pack]:
        """Yield packs of about a hundred facts each, `facts` in all."""
        for number in range(0, facts, FACTS_A_PACK):
            yield self.pack(number // FACTS_A_PACK, min(FACTS_A_PACK, facts - number))

    def pack(self, number: int, facts: int = FACTS_A_PACK) -> Pack:
        """Return one pack, whatever others are made."""
        chance = Random(f"{self._seed} pack {number}")
        entities = [self._entity(chance, at) for at in range(ENTITIES_A_PACK)]
        return Pack(
            id=f"made-up-{number}",
            title=f"Made up, no. {number}",
            source=_SOURCE,
            entities=tuple(entities),
            facts=tuple(self._fact(chance, at, chance.choice(entities)) for at in range(facts)),
            quotes=(),
            releases=(),
        )

    def query(self, chance: Random, facts: int) -> Query:
        """Return a question on one of the first `facts` facts."""
        number = chance.randrange(facts)
        pack = self.pack(number // FACTS_A_PACK)
        fact = pack.facts[number % FACTS_A_PACK]
        subject = next(entity for entity in pack.entities if entity.id == fact.subject).name
        words = fact.statement.removesuffix(".").split()[2:]
        asked = chance.sample(words, 3)
        opener = chance.choice(_OPENERS)
        return Query(
            pack=pack.id,
            fact=fact.id,
            subject=subject,
            word=next(word for word in words if word in set(self._words)),
            with_subject=f"{opener} {subject} {' '.join(asked)}?",
            without_subject=f"{opener} it {' '.join(asked)}?",
        )

    def _entity(self, chance: Random, number: int) -> Entity:
        first, last = chance.choice(self._first_names), chance.choice(self._last_names)
        return Entity(
            id=f"{first}-{last}-{number}",
            kind=EntityKind.PERSON,
            name=f"{first.title()} {last.title()}",
            aliases=(first.title(),),
        )

    def _fact(self, chance: Random, number: int, subject: Entity) -> Fact:
        content = chance.choices(self._words, cum_weights=self._cumulated, k=6)
        content += chance.sample(self._known, 3)
        name = subject.name
        return Fact(
            id=f"fact-{number}",
            subject=subject.id,
            about=(),
            statement=f"{name} {' '.join(content)}.",
            questions=tuple(self._question(chance, name, content) for _ in range(PHRASINGS)),
            paragraphs=(1,),
            as_of=2000,
        )

    def _question(self, chance: Random, name: str, content: list[str]) -> str:
        words = [*chance.sample(content, 4), chance.choice(self._known)]
        chance.shuffle(words)
        asked = chance.choice((name, name.partition(" ")[0], "it"))
        return f"{chance.choice(_OPENERS)} {asked} {' '.join(words)}?"


def _invented(chance: Random, count: int) -> list[str]:
    words: dict[str, None] = {}
    while len(words) < count:
        syllables = chance.choice((2, 2, 3))
        words["".join(_syllable(chance) for _ in range(syllables))] = None
    return list(words)


def _syllable(chance: Random) -> str:
    return "".join(map(chance.choice, (_STARTS, _MIDDLES, _ENDS)))
