"""Questions asked in vain, grouped, and as a file for an author."""

from __future__ import annotations

import re
import textwrap
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from snowballstemmer import stemmer

from bot.answering.text import fold
from bot.packs.entries import collect_display_names
from bot.packs.prose import normalize_question

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.answering.knowledge_base import KnowledgeBase
    from bot.answering.results import NearestFact
    from bot.index.scope import Scope
    from bot.packs.models import Pack

MAX_LOOKED_THROUGH = 3_000
"""Of more different questions, only those asked most often are looked through."""
_SMALL_WORDS = frozenset(
    (
        *("a", "an", "are", "be", "been", "did", "do", "does", "had", "has", "have", "is", "it"),
        *("please", "so", "that", "the", "their", "them", "they", "this", "was", "were"),
    )
)
"""Words that change with the way of asking, and not with what is asked for."""
_HAVING = frozenset({"had", "has", "have"})
_PARTICIPLE = re.compile(r"been|\w{2,}(?:ed|en)")
_YES_OR_NO = {
    **dict.fromkeys(("am", "are", "is", "was", "were"), "be?"),
    **dict.fromkeys(("did", "do", "does"), "do?"),
    **dict.fromkeys(_HAVING, "have?"),
}
"""The kind of a question that begins with one of these."""
_OPENING = re.compile(
    r"(?:(?:(?:can|could|would|will) (?:you|anyone|anybody|somebody|someone) )?(?:please )?"
    r"(?:tell|remind) (?:me|us)|(?:do|does) (?:you|anyone|anybody|somebody|someone) know|"
    r"i (?:wonder|want to know)) "
)

_HEAD = """\
WHAT FANS ASKED IN VAIN

This is about “{title}”.

Below stand questions that got no answer, each under the answer of the notes that comes nearest.
Please go through them:
- Where the answer above a question does answer it, write - in place of the ? before it.
- Where another answer does, move the question there, and write - before it.
- Where none does, and none will, write x in place of the ?: what is like it is then not answered
  with the answer above it.
- Else leave it: it wants a new fact. Lines that begin with ? are not read.
Leave the lines that begin with ## as they are. Then read the file back:
  linernotes facts questionnaire {pack} --read {file}
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, or a remark, and how often it was written."""

    words: str
    times: int


@dataclass(frozen=True, slots=True)
class Objection:
    """A remark about a fact, perhaps without words."""

    pack: str
    fact: str
    words: str
    times: int


@dataclass(frozen=True, slots=True)
class GapGroup:
    """Questions that ask the same and have the same nearest fact."""

    questions: tuple[Asked, ...]
    nearest: NearestFact | None

    @property
    def times(self) -> int:
        """How often they were asked in all."""
        return sum(each.times for each in self.questions)

    @property
    def is_answered(self) -> bool:
        """Whether they would be answered by now."""
        return self.nearest is not None and self.nearest.is_answer

    def is_near(self, pack: str, fact: str) -> bool:
        """Return whether that fact comes nearest."""
        nearest = self.nearest
        return nearest is not None and (nearest.fact.pack, nearest.fact.fact) == (pack, fact)


def add_up(asked: Iterable[Asked]) -> tuple[Asked, ...]:
    """Add up questions of the same words, the commonest first."""
    times: Counter[str] = Counter()
    shown: dict[str, str] = {}
    for each in asked:
        key = normalize_question(each.words)
        shown.setdefault(key, each.words)
        times[key] += each.times
    return tuple(Asked(shown[key], count) for key, count in times.most_common())


async def find_gaps(
    knowledge: KnowledgeBase, scope: Scope, asked: Iterable[Asked]
) -> tuple[GapGroup, ...]:
    """Find the nearest fact of each question, and group the like.

    The commonest group comes first.
    """
    stem = stemmer("english").stemWord
    groups: dict[object, list[Asked]] = {}
    nearest_of: dict[object, NearestFact | None] = {}
    for each in add_up(asked)[:MAX_LOOKED_THROUGH]:
        # Each for itself: of two that are put alike, one may be answered and the other not.
        nearest = await knowledge.find_nearest(each.words, scope)
        near = nearest and (nearest.fact.pack, nearest.fact.fact, nearest.is_answer)
        alike = (tuple(map(stem, _find_core(each.words))), near)
        groups.setdefault(alike, []).append(each)
        nearest_of[alike] = nearest
    found = [GapGroup(tuple(group), nearest_of[alike]) for alike, group in groups.items()]
    return tuple(sorted(found, key=lambda group: -group.times))


def _find_core(question: str) -> list[str]:
    """Return a question's words without those of mere phrasing."""
    folded = normalize_question(fold(question))
    words = (_OPENING.sub("", folded, count=1) or folded).split()
    core = [
        word
        for at, word in enumerate(words)
        # Beside a participle it is a tense, and else what is asked for: "which song has it".
        if word not in _SMALL_WORDS
        or (word in _HAVING and not any(map(_PARTICIPLE.fullmatch, words[at + 1 :])))
    ]
    core = ["have" if word in _HAVING else word for word in core]
    # "Is it a song?" and "does it have a song?" are no "that song".
    kind = [_YES_OR_NO[words[0]]] if core and words[0] in _YES_OR_NO else []
    return [*kind, *core] or words


def write_gap_questionnaire(
    pack: Pack,
    groups: Sequence[GapGroup],
    remarks: Sequence[tuple[str, Sequence[str]]],
    *,
    pack_file: str,
    file: str,
) -> str:
    """Return questions asked in vain as a questionnaire for a pack's author.

    Args:
        pack: The pack; only questions nearest to one of its facts stand under a fact.
        groups: The questions.
        remarks: What else is to be told, as headings with their lines.
        pack_file: The pack's file, to be named.
        file: The questionnaire's file, to be named.
    """
    parts = [_HEAD.format(title=pack.title, pack=pack_file, file=file)]
    far = [group for group in groups if group.nearest is None]
    asked = [f"  {each.words} ({each.times})" for group in far for each in group.questions]
    listed = [("No answer comes near these; they may want a new fact:", asked), *remarks]
    parts += ["\n".join((heading, *lines)) for heading, lines in listed if lines]
    names = collect_display_names(pack)
    for fact in pack.facts:
        near = [group for group in groups if group.is_near(pack.id, fact.id)]
        if near and fact.withdrawn is None:
            lines = [f"## {fact.id} (about {names[fact.subject]})"]
            lines += textwrap.wrap(fact.statement, 96, initial_indent="> ", subsequent_indent="> ")
            lines += (f"? {each.words}" for group in near for each in group.questions)
            parts.append("\n".join(lines))
    return "\n\n".join(parts) + "\n"
