"""Advise on quotes that may mislead where they stand alone.

Advice is about cut words and unclear persons. It is never a fault, for only a reader can tell
whether a cut misleads. So it shows the words of the source that a quote leaves out, and
`without_source` takes them away where the source may not be shown.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import TYPE_CHECKING

from bot.packs.audit import AuditAdvice
from bot.packs.clauses import has_verb, word_set
from bot.packs.entries import format_paragraphs
from bot.packs.models import EntityKind
from bot.packs.prose import ELLIPSIS, fold_words, plain_text, tokenize
from bot.packs.source_text import split_paragraphs
from bot.packs.speech import BRACKETED, Span, Speech

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from bot.packs.models import Entity, Pack, Quote

MAX_PLACES = 100
"""Places of the same words in one source that are compared; the rest is repetition."""
MAX_SHOWN_WORDS = 12
"""Words of the source that are shown at a cut: those next to it."""


def advise(pack: Pack, source_text: str) -> tuple[AuditAdvice, ...]:
    """Return advice on every served quote that its source has."""
    source = split_paragraphs(source_text)
    return tuple(
        advice for quote in pack.quotes for advice in _advise_on_quote(pack, quote, source)
    )


def _advise_on_quote(pack: Pack, quote: Quote, source: tuple[str, ...]) -> Iterator[AuditAdvice]:
    if quote.withdrawn is not None or quote.paragraphs[-1] > len(source):
        return
    speech = Speech.from_paragraphs([source[paragraph - 1] for paragraph in quote.paragraphs])
    ways = islice(speech.find(quote.words), MAX_PLACES)
    placed = [_Placed(quote, speech, found) for found in ways]
    if not placed:  # a fault, which the audit tells
        return
    # Words that stand there twice are taken from where they were cut least.
    best = min(placed, key=lambda each: bool(each.before) + bool(each.after))
    yield from best.advise_on_cuts()
    yield from best.advise_on_verb()
    yield from best.advise_on_people(pack.entities)


# Each at a cut: the words are in lower case and without the editor's brackets.
_HEDGE = (
    r"(?:i (?:do not |don't |really |just |would |'d )?(?:think|guess|believe|suppose|imagine|hope|"
    r"assume|reckon|say)|i feel like|i(?:'d| would) say|(?:i'm |i am )?(?:pretty|fairly|quite|not) "
    r"(?:sure|certain)|sort of|kind of|kinda|sorta|maybe|perhaps|probably|possibly|hopefully|"
    r"apparently|supposedly|more or less|almost|nearly|somewhat|a little(?: bit)?|a bit|sometimes|"
    r"usually|mostly|(?:it |that )?(?:seems?|looks?|feels?)(?: like)?|might)"
)
_TAIL = r"(?:or so|or something|or whatever|as far as i know|if i remember|you could say)"
_DENIAL = (
    r"(?:not|never|no longer|hardly|barely|scarcely|without|cannot|neither|nor|"
    r"(?:do|does|did|ca|could|wo|would|is|are|was|were|has|have|had|should)n't)"
)
_ROUGHLY = (
    r"(?:about|around|roughly|approximately|like|at least|at most|up to|over|under|almost|nearly|"
    r"only|(?:less|more|fewer) than)"
)
_NUMBER = (
    r"(?:\d|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|"
    r"fifty|half|a (?:hundred|thousand|million|dozen|couple))\b"
)
_CONDITION = r"(?:if|unless|as long as|until|once|while|except|provided)"
_COMPARISON = (
    r"(?:(?:(?:more|less|\w+er) )?than|as (?:much|many|long|well|good|far|soon|often|hard|big)\b|"
    r"just (?:as|like)|compared)"
)
_BEFORE = (
    ("a hedge", re.compile(rf"\b{_HEDGE}(?P<between>(?: [\w'-]+){{0,6}})\W*$")),
    ("a denial", re.compile(rf"\b{_DENIAL}(?P<between>(?: [\w'-]+){{0,1}})\W*$")),
    ("a condition", re.compile(rf"^(?:(?:and|but|so|well),? )?(?:only )?{_CONDITION}\b")),
)
_AFTER = (
    ("a hedge", re.compile(rf"^\W*(?:{_HEDGE}|{_TAIL})\b")),
    ("a condition", re.compile(rf"^\W*(?:only |even |just |at least |but )?{_CONDITION}\b")),
    ("a comparison", re.compile(rf"^\W*(?:even |only |not )?{_COMPARISON}")),
)
_JOINING = re.compile(r"(?:\band|\bor|\bnor|&|\bplus|(?:along|together) with|as well as)\W*$")
_JOINED = re.compile(r"^\W*(?:and|or|nor|&|plus|with|along with|together with|as well as)\b")
_STAGE_DIRECTION = re.compile(r"(?i)\[(?:laugh|smil|grin|sigh|paus|chuckl|nod|shrug)\w*\]")
_LAST_CLAUSE = re.compile(r"[^,;:.!?]*$")


@dataclass(frozen=True, slots=True)
class _Placed:
    """A quote with the positions of its pieces in speech."""

    quote: Quote
    speech: Speech
    pieces: tuple[Span, ...]

    @property
    def before(self) -> str:
        """The part of the sentence before the quote."""
        return _spoken_part(self.speech.before(self.pieces[0].start))

    @property
    def after(self) -> str:
        """The part of the sentence after the quote."""
        return _spoken_part(self.speech.after(self.pieces[-1].end))

    def text(self, piece: Span) -> str:
        """Return the source's text where a piece stands."""
        return self.speech.text[piece.start : piece.end]

    def say(self, what: str, remedy: str, left_out: str = "") -> AuditAdvice:
        """Return advice on this quote."""
        return AuditAdvice(f"quote '{self.quote.id}'", what, remedy, left_out)

    def find_brackets(self) -> Iterator[str]:
        """Yield the editor's brackets that the quote leaves out."""
        text, first, last = self.speech.text, self.pieces[0], self.pieces[-1]
        for bracket in BRACKETED.finditer(text):
            start, end = bracket.span()
            is_within = first.start <= start and end <= last.end
            is_before = end <= first.start and not text[end : first.start].strip()
            is_after = last.end <= start and not text[last.end : start].strip()
            if is_within or is_before or is_after:
                yield bracket[0]

    def advise_on_cuts(self) -> Iterator[AuditAdvice]:
        """Yield advice on every cut: before, inside and after the quote."""
        words, first = self.quote.words, self.pieces[0]
        if self.before:
            lost = _lost_before(self.before, self.text(first))
            is_shown = words.startswith(ELLIPSIS)
            yield from self.advise_on_cut(
                "begins", lost, _last_words(self.before), is_shown=is_shown
            )
        for piece, following in pairwise(self.pieces):
            left = _spoken_part(self.speech.after(piece.end, until=following.start))
            right = _spoken_part(self.speech.before(following.start, since=piece.end))
            is_inside = self.speech.after(piece.end) != left
            lost = [
                *_lost_after(left),
                *_lost_before(right, self.text(following)),
                *_lost_between(left, self.text(piece), is_inside=is_inside),
            ]
            shown = left if left == right else f"{left} {ELLIPSIS} {right}"
            yield from self.advise_on_cut("cuts", list(dict.fromkeys(lost)), shown, is_shown=True)
        if self.after:
            is_shown = words.endswith(ELLIPSIS)
            lost = _lost_after(self.after)
            yield from self.advise_on_cut("ends", lost, _first_words(self.after), is_shown=is_shown)

    def advise_on_cut(
        self, verb: str, lost: list[str], left_out: str, *, is_shown: bool
    ) -> Iterator[AuditAdvice]:
        if is_shown and not lost:
            return
        what = f"{verb} inside a sentence of {format_paragraphs(self.quote.paragraphs)}"
        what += "" if is_shown else f" without {ELLIPSIS}"
        what += f" and leaves out {' and '.join(lost)}" if lost else ""
        remedy = "quote it too" if lost else f"quote all of it, or write {ELLIPSIS} where it is cut"
        yield self.say(what, remedy, left_out)

    def advise_on_verb(self) -> Iterator[AuditAdvice]:
        """Yield advice if a quote for the daily post is no clause.

        Whole sentences are let be: who speaks in fragments is quoted in fragments.
        """
        is_whole = not (self.before or self.after or len(self.pieces) > 1)
        if is_whole or not self.quote.daily or has_verb(plain_text(self.quote.words)):
            return
        parts = (_last_words(self.before), ELLIPSIS, _first_words(self.after))
        left_out = " ".join(part for part in parts if part)
        remedy = "quote a whole clause, state it as a fact, or mark the quote 'daily: false'"
        yield self.say("has no verb with its subject", remedy, left_out)

    def advise_on_people(self, entities: Collection[Entity]) -> Iterator[AuditAdvice]:
        """Yield advice if it is unclear whom the quote speaks of."""
        quote, before = self.quote, self.before
        shown = fold_words(f"{quote.words} {quote.context}")
        others = [entity for entity in entities if entity.id != quote.speaker]
        # Where the verb lost its subject, that is spoken of all the same: "[He's been] singing".
        is_clause = has_verb(plain_text(quote.words))
        spoken = fold_words(quote.words if is_clause else f"{before} {quote.words}")
        remedy = "name who is meant in the context"
        for pronouns, is_named in ((_ONE, _names_one), (_SEVERAL, _names_several)):
            pronoun = next((word for word in spoken if word.partition("'")[0] in pronouns), None)
            if pronoun is not None and not is_named(shown, others):
                what = f"speaks of '{pronoun}', and neither words nor context say who that is"
                yield self.say(what, remedy)
                return
        for bracket in self.find_brackets():
            if _is_unnamed(bracket, shown, entities):
                what = "leaves out a name in brackets, and neither words nor context give it"
                yield self.say(what, remedy, bracket)
                return


def _spoken_part(text: str) -> str:
    """Return a text of the source, or nothing if nobody spoke it."""
    return text if re.search(r"\w", _STAGE_DIRECTION.sub("", text)) else ""


def _folded(text: str) -> str:
    return " ".join(BRACKETED.sub(" ", text).casefold().split())


def _lost_before(left_out: str, kept: str) -> list[str]:
    """Return the parts lost by a cut before the kept words."""
    folded, lost = _folded(left_out), []
    if _is_joint_subject(left_out, kept):
        lost.append("part of the subject")
    for name, pattern in _BEFORE:
        found = pattern.search(folded)
        if found and _governs(found.groupdict().get("between") or ""):
            lost.append(name)
    if re.match(_NUMBER, kept.casefold()) and re.search(rf"\b{_ROUGHLY}$", folded):
        lost.append("a hedge")
    return list(dict.fromkeys(lost))


def _governs(between: str) -> bool:
    """Return whether a hedge reaches over the words between."""
    words = between.split()
    return not {"and", "but", "or", "so"} & set(words) and not has_verb(" ".join(words[:-1]))


def _lost_after(left_out: str) -> list[str]:
    folded = _folded(left_out)
    return [name for name, pattern in _AFTER if pattern.search(folded)]


def _lost_between(left_out: str, kept: str, *, is_inside: bool) -> list[str]:
    """Return the part of the subject that a cut inside takes.

    As in "My brothers … love it".
    """
    is_joined = is_inside and _JOINED.match(_folded(left_out)) and not has_verb(left_out)
    clause = _LAST_CLAUSE.search(kept)
    is_subject = clause is not None and not has_verb(clause[0])
    return ["part of the subject"] if is_joined and is_subject else []


def _is_joint_subject(left_out: str, kept: str) -> bool:
    """Return whether "Ona and" is left out before "I did"."""
    if not _JOINING.search(left_out.casefold()) or not has_verb(kept):
        return False
    if not has_verb(left_out):
        return bool(_folded(_JOINING.sub("", left_out)) or BRACKETED.search(left_out))
    clause = _LAST_CLAUSE.search(left_out)
    others = "" if clause is None else _JOINING.sub("", clause[0])
    return bool(others.strip()) and not has_verb(others)


def _last_words(text: str) -> str:
    words = text.split()
    return " ".join(([ELLIPSIS] if len(words) > MAX_SHOWN_WORDS else []) + words[-MAX_SHOWN_WORDS:])


def _first_words(text: str) -> str:
    words = text.lstrip(" ,;:").split()
    return " ".join(words[:MAX_SHOWN_WORDS] + ([ELLIPSIS] if len(words) > MAX_SHOWN_WORDS else []))


_ONE = word_set("he him his himself she her hers herself")
_SEVERAL = word_set("they them their theirs themselves")
# Who can be meant by "he" or "she" without a name: "On her sister."
_ROLES = word_set(
    "brother sister mother mom mum father dad parent son daughter uncle aunt cousin grandmother "
    "grandfather grandma grandpa wife husband girlfriend boyfriend friend guy girl boy man woman "
    "kid child fan manager producer director writer author editor teacher coach boss owner doctor "
    "singer drummer guitarist bassist pianist dancer actor actress star host engineer designer "
    "nobody somebody someone everybody everyone anybody anyone person"
)
_GROUPS = word_set(
    "people everybody everyone anybody anyone somebody someone nobody choir band crowd family "
    "audience team group crew label cast children men women person each"
)
_SHORTEST_PLURAL = 4


def _names_one(shown: tuple[str, ...], others: Iterable[Entity]) -> bool:
    people = (entity for entity in others if entity.kind is EntityKind.PERSON)
    return bool(_ROLES & set(shown)) or any(_is_called(entity, shown) for entity in people)


def _names_several(shown: tuple[str, ...], others: Iterable[Entity]) -> bool:
    return (
        bool(_GROUPS & set(shown))
        or any(word.endswith("s") and len(word) > _SHORTEST_PLURAL for word in shown)
        or any(_is_called(entity, shown) for entity in others)
    )


def _is_called(entity: Entity, shown: tuple[str, ...]) -> bool:
    return any(
        shown[at : at + len(name)] == name
        for name in _folded_names(entity)
        for at in range(len(shown) - len(name) + 1)
    )


def _folded_names(entity: Entity) -> Iterator[tuple[str, ...]]:
    yield from map(fold_words, (entity.name, *entity.aliases, *entity.described_as))


def _is_unnamed(bracket: str, shown: tuple[str, ...], entities: Iterable[Entity]) -> bool:
    """Return whether a bracket has a name that the quote lacks."""
    named = tuple(
        token.folded for token in tokenize(bracket) if token.is_capitalised and token.text != "I"
    )
    meant = [
        entity
        for entity in entities
        if named and any(set(named) <= set(name) for name in _folded_names(entity))
    ]
    return bool(meant) and not (
        set(named) & set(shown) or any(_is_called(entity, shown) for entity in meant)
    )
