"""Make bot/answering/languages/en/thesaurus.txt anew from the WordNet 3.0 database.

    python scripts/make_thesaurus.py /usr/share/wordnet

The database is in Debian's package wordnet-base. Run it from a virtual environment of the project:
words are stemmed as questions are, and rare words are left out by the frequencies that packs are
compiled with.
"""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bot.answering.language import load_frequencies
from bot.answering.lexicon import load_lexicon, stem

if TYPE_CHECKING:
    from collections.abc import Iterator

OUTPUT = Path(__file__).parents[1] / "bot" / "answering" / "languages" / "en" / "thesaurus.txt"
FILES = {"n": "noun", "v": "verb", "a": "adj", "r": "adv"}
PARTS_OF_SPEECH = {"1": "n", "2": "v", "3": "a", "4": "r", "5": "a"}
MIN_ZIPF = 3.0
"""Words that are rarer in packs get no related words."""
MIN_RELATED_ZIPF, MIN_BROADER_ZIPF, MIN_NARROWER_ZIPF = 2.2, 2.8, 3.2
DERIVED, SYNONYM, BROADER, NARROWER, CATEGORY = 7, 6, 4, 3, 3
"""How much related words weigh, in tenths of the word itself."""
LESS_USUAL = 0.75
"""What remains of a weight where the word's sense is not its usual one."""
MAX_RELATED = 16
MAX_SENSES = 4
MAX_NARROWER = 20
"""A sense with more kinds than this is too general for any of them to be meant."""
MIN_SENSE_SHARE = 0.2
"""A sense that makes up less of a word's uses than this is not meant."""
CATEGORIES = frozenset(
    {
        *(
            "animal",
            "bird",
            "vehicle",
            "food",
            "drink",
            "beverage",
            "color",
            "instrument",
            "relative",
        ),
        *(
            "building",
            "shop",
            "store",
            "town",
            "city",
            "country",
            "state",
            "tool",
            "clothing",
            "clothes",
        ),
        *("plant", "disease", "illness", "award", "prize", "school", "worker", "machine", "fruit"),
        *(
            "vegetable",
            "language",
            "sport",
            "game",
            "furniture",
            "money",
            "musician",
            "artist",
            "body",
        ),
        *(
            "writing",
            "book",
            "ship",
            "boat",
            "sound",
            "weather",
            "feeling",
            "emotion",
            "child",
            "parent",
        ),
        *(
            "container",
            "document",
            "jewelry",
            "weapon",
            "flower",
            "tree",
            "fabric",
            "liquid",
            "meal",
        ),
    }
)
"""Broader terms that people ask by, however far up they are."""
TOO_BROAD = frozenset(
    {
        *("entity", "object", "whole", "artifact", "thing", "matter"),
        *("substance", "act", "event", "state", "attribute", "relation"),
        *("cause", "group", "instrumentality", "organism", "person", "change"),
        *("move", "make", "unit", "part", "cognition", "communication"),
        *("content", "activity", "being", "individual", "somebody", "someone"),
        *("mortal", "soul", "take", "deed", "message", "property"),
        *("quality", "condition", "concept", "idea"),
    }
)


@dataclass(frozen=True, slots=True)
class Synset:
    """A sense, with the words for it and pointers to other senses."""

    words: tuple[str, ...]
    pointers: tuple[tuple[str, str, int, int], ...]
    """Symbol, target, and the numbers of the two words that it joins, 0 for all."""


class WordNet:
    """The senses of words, in WordNet's own files."""

    def __init__(self, folder: Path) -> None:
        self.synsets = dict(_read_synsets(folder))
        self.senses: defaultdict[str, dict[str, list[str]]] = defaultdict(dict)
        for part, name in FILES.items():
            for line in _read_lines(folder / f"index.{name}"):
                fields = line.split()
                count = int(fields[2])
                self.senses[fields[0]][part] = [part + offset for offset in fields[-count:]]
        self.counts: dict[tuple[str, str, int], int] = {}
        for line in _read_lines(folder / "cntlist.rev"):
            key, number, count_text = line.split()
            lemma, _, rest = key.partition("%")
            self.counts[lemma, PARTS_OF_SPEECH[rest[0]], int(number)] = int(count_text)

    def usual_senses(self, lemma: str) -> Iterator[tuple[str, float]]:
        """Yield a word's senses, each with how usual it is."""
        senses = [
            (sense, self.counts.get((lemma, part, number), 0), number == 1)
            for part, found in self.senses[lemma].items()
            for number, sense in enumerate(found[:MAX_SENSES], start=1)
        ]
        total = sum(count for _, count, _ in senses)
        for sense, count, is_first in senses:
            share = count / total if total else 1.0
            if share >= MIN_SENSE_SHARE or (is_first and count):
                yield sense, 1.0 if share >= 1 / 2 else LESS_USUAL

    def broader(self, sense: str) -> list[str]:
        """Return the senses of which a sense is a kind."""
        return [target for symbol, target, *_ in self.synsets[sense].pointers if symbol == "@"]


def _read_lines(path: Path) -> Iterator[str]:
    for line in path.read_text(encoding="latin-1").splitlines():
        if not line.startswith("  "):  # the licence
            yield line


def _read_synsets(folder: Path) -> Iterator[tuple[str, Synset]]:
    for part, name in FILES.items():
        for line in _read_lines(folder / f"data.{name}"):
            fields = line.partition("|")[0].split()
            count = int(fields[3], 16)
            words = [re.sub(r"\(.*\)", "", word).lower() for word in fields[4 : 4 + 2 * count : 2]]
            start = 5 + 2 * count
            pointers = [
                (symbol, kind.replace("s", "a") + offset, int(joined[:2], 16), int(joined, 0))
                for symbol, offset, kind, joined in zip(
                    *(
                        fields[start + at : start + 4 * int(fields[start - 1]) : 4]
                        for at in range(4)
                    ),
                    strict=True,
                )
            ]
            yield part + fields[0], Synset(tuple(words), tuple(pointers))


class Thesaurus:
    """Collects the related words of each stem."""

    def __init__(self, net: WordNet) -> None:
        self._net = net
        self._zipf = load_frequencies()
        self._stop_words = load_lexicon().stop_words
        self.related: defaultdict[str, dict[str, int]] = defaultdict(dict)
        for lemma in net.senses:
            # "bats" is an adjective to WordNet, and to everybody else the plural of "bat".
            is_plural = lemma.endswith("s") and lemma[:-1] in net.senses
            if self._is_usual(lemma, MIN_ZIPF) and not is_plural:
                for sense, share in net.usual_senses(lemma):
                    self._add_sense(lemma, sense, share)

    def lines(self) -> Iterator[str]:
        """Yield a line a stem: the stem, and its related stems by weight."""
        for head, related in sorted(self.related.items()):
            by_weight: defaultdict[int, list[str]] = defaultdict(list)
            for other, weight in sorted(related.items(), key=lambda p: (-p[1], p[0]))[:MAX_RELATED]:
                by_weight[weight].append(other)
            yield " ".join(
                [head, *(f"{weight} {' '.join(words)}" for weight, words in by_weight.items())]
            )

    def _is_usual(self, word: str, min_zipf: float) -> bool:
        return (
            word.isalpha()
            and len(word) > 2  # noqa: PLR2004
            and word not in self._stop_words
            and self._zipf.get(word, 0.0) >= min_zipf
        )

    def _add(self, lemma: str, other: str, weight: float, min_zipf: float) -> None:
        head, related = stem(lemma), stem(other)
        if head != related and other not in TOO_BROAD and self._is_usual(other, min_zipf):
            known = self.related[head].get(related, 0)
            self.related[head][related] = max(known, round(weight))

    def _add_sense(self, lemma: str, sense: str, share: float) -> None:
        synset = self._net.synsets[sense]
        for word in synset.words:
            self._add(lemma, word, SYNONYM * share, MIN_RELATED_ZIPF)
        kinds = [pointer for pointer in synset.pointers if pointer[0] == "~"]
        for symbol, target, source, joined in synset.pointers:
            others = self._net.synsets[target].words
            if symbol in {"+", "\\"} and joined and synset.words[source - 1] == lemma:
                self._add(lemma, others[joined - 1], DERIVED * share, MIN_RELATED_ZIPF)
            elif symbol in {"@", "&"}:
                for word in others:
                    self._add(lemma, word, BROADER * share, MIN_BROADER_ZIPF)
            elif symbol == "~" and sense[0] == "n" and len(kinds) <= MAX_NARROWER:
                for word in others:
                    self._add(lemma, word, NARROWER * share, MIN_NARROWER_ZIPF)
        above = self._net.broader(sense) if sense[0] == "n" else []
        while above:
            broader = above.pop()
            for word in CATEGORIES.intersection(self._net.synsets[broader].words):
                self._add(lemma, word, CATEGORY * share, MIN_BROADER_ZIPF)
            above += self._net.broader(broader)


def main(folder: Path) -> None:
    """Write the thesaurus, below the file's head with the licence."""
    written = OUTPUT.read_text(encoding="utf-8").splitlines()
    head = [line for line in written if line.startswith("#")]
    lines = [*head, *Thesaurus(WordNet(folder)).lines()]
    OUTPUT.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
