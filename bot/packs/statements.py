"""Hold the figures, dates and names of statements against their paragraphs."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import chain, islice, takewhile
from typing import TYPE_CHECKING

from rapidfuzz import fuzz, process

from bot.packs.entries import format_paragraphs
from bot.packs.models import DatePrecision, EntityKind
from bot.packs.proper_names import continues_name, find_unknown_names, opens_sentence
from bot.packs.prose import plain_text, tokenize
from bot.packs.written_figures import (
    FIGURE,
    FULL_DATE,
    MONTHS,
    NUMBER,
    find_figure_dates,
    find_months,
    find_numbers,
    find_translated_numbers,
    has_figure_date,
    has_month,
    has_yearless_day,
    read_days,
    read_figure_days,
    read_implied,
    read_numbers,
    read_translated,
    to_number,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.packs.models import Fact, Pack, Release
    from bot.packs.written_figures import WrittenNumber

MIN_SHARED = 3
"""So many telling words of a statement in another paragraph show that it is the one meant."""
MIN_NAME_SIMILARITY = 80
"""From this similarity on, of 100, a capitalised word is a name with a slip in it."""
STEM = 5
"""Letters by which words are compared."""
LONGEST_RECKONED = 60
"""Years that "ago", "later" or somebody's age may lead to."""

_CORRECT = "correct it or the paragraph, or write it in 'note' and say where it is from"
_YEAR = re.compile(r"(?:19|20)\d\d")
# "Two years ago", "the year after", "when she was nine": a year is reckoned from another. A boat
# that is named after somebody, and whatever comes after a tour, tell of none.
_SEASON = r"(?:springs?|summers?|autumns?|falls?|winters?|christmas(?:es)?)"
_YEARS_APART = re.compile(
    r"\b(?:years?|decades?|"
    rf"(?:after|before|since) (?:the \w+ of )?{_YEAR.pattern}|"
    rf"{_SEASON} (?:ago|later|earlier|before|after)|"
    rf"(?:now|today|turn(?:s|ed|ing)?|aged?|age of|at|when \w+ (?:was|were)),? {NUMBER}|"
    rf"{NUMBER},? (?:now|today)|"
    rf"(?:last|this|next|that|following|previous) (?:{_SEASON}|{'|'.join(MONTHS)}))\b",
    re.IGNORECASE,
)
# "Last month", "three weeks later": a month may be.
_MONTHS_APART = re.compile(
    r"\b(?:yesterday|today|tonight|tomorrow|(?:months?|weeks?|days?|fortnight) "
    r"(?:ago|later|earlier|before|after|since|from)|(?:last|this|next|that|the following|"
    r"the previous|the same|a|another) (?:month|week|weekend))\b",
    re.IGNORECASE,
)
# "Brazilian" is no slip of Brazil.
_DERIVED = re.compile(r"(?:'?s|n|an|ian|ese|ish|i|ic|er)")
# Behind a number: "ten of her new songs", "ten-song", "third album".
_COUNTED = re.compile(
    r"-(?P<joined>[a-z]{3,})|"
    r"(?: of (?:the|those|these|its|her|his|their|our|my)\b)?(?P<words>(?: [a-z][a-z-]*){1,3})",
    re.IGNORECASE,
)
# No thing that is counted, and nothing of one stands behind them.
_SMALL_WORD = re.compile(
    r"she|he|they|it|we|i|you|there|here|the|a|an|her|him|them|my|our|your|these|those|"
    r"and|or|but|nor|of|in|on|at|by|to|from|for|with|as|than|that|which|who|while|when|"
    r"if|so|is|are|was|were|be|been|has|had|have|does|did|do|will|would|can|could|may|"
    r"might|this|his|its|us|not|no|up|out|off|more|less|most|plus|other|others|each|"
    r"apiece|about|over|under|before|after|later|ago|since|until|between|behind|always|"
    r"perhaps|thus",
    re.IGNORECASE,
)
# "A new song" and "a new town" count different things.
_DESCRIBING = re.compile(
    r"new|old|big|small|full|short|long|great|good|best|last|first|final|live|only|main|"
    r"major|early|late|own|proper|official|whole|entire|different|more|original",
    re.IGNORECASE,
)
# A unit counts no other thing: two crowns bear no "two years".
_TIME = frozenset(
    {"second", "minute", "hour", "day", "night", "week", "weekend", "fortnight", "month"}
    | {"season", "summer", "winter", "year", "decade", "century"}
)
# "He is twenty", "when she was nine", "turned thirty", "at seven": names are left out of it.
_AGED = re.compile(
    r"(?:\b(?:aged|at the age of|turn(?:s|ed|ing)|when (?:\w+ )?(?:was|is)|s?he (?:is|was)|s?he's)"
    r"|^ +(?:is|was)|  (?:is|was))(?: only| just| about| nearly| almost| over)? $",
    re.IGNORECASE,
)
_PLURAL = re.compile(
    r"people|men|women|children|feet|percent|cent|[a-z-]{2,}(?<![su])s",
    re.IGNORECASE,
)
# "Nearly forty" is less than that, "more than forty" is more, and "about forty" is either.
_APPROXIMATELY = re.compile(
    r"\b(?:(?P<less>nearly|almost|under|not quite|not yet|fewer than|less than|at most|up to|"
    r"no more than|close to)|(?P<more>over|above|more than|at least|no fewer than|no less than|"
    r"upwards of)|"
    r"about|around|roughly|some|approximately|perhaps|circa)(?: the| a)? ?$",
    re.IGNORECASE,
)
_OTHER = re.compile(r"\b(?:other|remaining) $", re.IGNORECASE)
_MORE = re.compile(r"(?: [a-z]+)?? (?:more|fewer|less|others)\b", re.IGNORECASE)
_YEARS_OLD = re.compile(r"[ -]years?[ -]old\b", re.IGNORECASE)
LONGEST_BEFORE = 40
"""Letters before a number that may tell what it is."""
MAX_ROUNDING = 0.15
"""By how much of itself "nearly four hundred" may miss the number that the source has."""
LEAST_DOUBTED = 3
"""The least number in words that is doubted where the source says nothing of it."""
LARGEST_COUNTED = 20
"""The largest number in words that an author may have counted."""
_LISTED = re.compile(r"(?:[^,;.:!?]{1,50}, ){1,20}[^,;.:!?]{0,50}?\b(?:and|or) [^,;.:!?]+")


@dataclass(frozen=True, slots=True)
class Unborne:
    """A part of an entry that its paragraphs do not bear."""

    what: str
    remedy: str
    words: str = ""
    """The source's words that it is about."""


def find_unborne(pack: Pack, fact: Fact, source: Sequence[str]) -> Iterator[Unborne]:
    """Yield a statement's figures, months and names that its paragraphs lack."""
    cited = [source[number - 1] for number in fact.paragraphs]
    where = format_paragraphs(fact.paragraphs)
    statement = plain_text(fact.statement)
    unnamed = _without_names(pack, statement)
    for what in _find_other_figures(pack, fact, source, unnamed):
        yield Unborne(what, _CORRECT)
    if not any(map(_MONTHS_APART.search, cited)):
        for what in _find_other_dates(unnamed, (*cited, fact.note), where):
            yield Unborne(what, _CORRECT)
    for told in _Counts.of(pack, fact, cited).find_unborne():
        if told.is_fault:
            yield Unborne(told.describe(where), _CORRECT, told.other_words)
    for name in _find_doubtful_names(pack, statement):
        if not any(name in paragraph for paragraph in source):
            yield Unborne(f"the name '{name}' stands nowhere in the source", "correct it")
    if better := _find_better_paragraph(fact, source):
        yield Unborne(
            f"no telling word of it stands in {where}, and several do in paragraph {better}",
            "correct the paragraph",
        )


def _find_other_figures(
    pack: Pack, fact: Fact, source: Sequence[str], statement: str
) -> Iterator[str]:
    """Yield the figures of a statement that its paragraphs neither have nor lead to."""
    cited = [source[number - 1] for number in fact.paragraphs]
    where = format_paragraphs(fact.paragraphs)
    known = {*_known_years(pack, fact), *read_numbers(fact.note)}
    known |= set(chain.from_iterable(map(read_numbers, cited)))
    reckoned = _reckon_years(pack, fact, source)
    rounded = {
        count.number.start for count in _read_counts(statement) if any(map(count.may_mean, known))
    }
    dates = _find_borne_dates(statement, (*cited, fact.note), known | reckoned)
    for found in FIGURE.finditer(statement):
        if found.start() in dates:
            continue
        figure, number = found[0], to_number(found[0])
        is_year = bool(_YEAR.fullmatch(figure))
        if number in known or (number in reckoned if is_year else found.start() in rounded):
            continue
        others = (at for at, text in enumerate(source, start=1) if number in read_numbers(text))
        elsewhere = next(others, None)
        yield (
            f"the figure {figure} does not stand in {where}"
            if elsewhere is None
            else f"the figure {figure} stands in paragraph {elsewhere}, and not in {where}"
        )


def _known_years(pack: Pack, fact: Fact) -> frozenset[float]:
    return frozenset(float(year) for year in (fact.as_of, pack.source.year) if year)


def _reckon_years(pack: Pack, fact: Fact, source: Sequence[str]) -> set[float]:
    """Return the years that a fact's paragraphs may lead to from the years that they know.

    They are as many years away as a number there says, or one: "two years ago", "the year after".
    The year may stand in the paragraph before, and a source that knows its own may speak from it.
    A day without any year may be of the one before or after that.
    """
    cited = [source[number - 1] for number in fact.paragraphs]
    years = set(_known_years(pack, fact))
    if not any(map(_YEARS_APART.search, cited)):
        is_yearless = any(map(has_yearless_day, cited))
        return {year + sign for year in years for sign in (-1, 1) if is_yearless}
    before = [source[number - 2] for number in fact.paragraphs if number > 1]
    years |= {float(year) for text in (*cited, *before) for year in _YEAR.findall(text)}
    apart = {1.0} | {
        length
        for text in cited
        for number in read_numbers(text)
        for length in (number, 10 * number)
        if length <= LONGEST_RECKONED
    }
    return {year + sign * length for year in years for length in apart for sign in (-1, 1)}


def find_mistranslated(original: Fact, translated: Fact, language: str) -> Iterator[Unborne]:
    """Yield a translated statement's numbers that the original lacks."""
    known = read_numbers(original.statement) | read_numbers(original.note)
    figures = [*FIGURE.findall(original.statement), *(f"{number:.10g}" for number in known)]
    digits = {float(re.sub(r"\D", "", figure)) for figure in figures}
    digits |= read_translated(original.statement)
    statement = plain_text(translated.statement)
    dates = _find_borne_dates(statement, (original.statement, original.note), digits)
    for number in find_translated_numbers(statement, language):
        is_borne = number.value in digits or number.start in dates
        if not is_borne:
            words = statement[number.start : number.end]
            yield Unborne(f"the number {words} is not in the original statement", "correct it")


def _find_borne_dates(statement: str, texts: Sequence[str], years: set[float]) -> set[int]:
    """Return the places of a statement's dates in figures that some text has."""
    return {
        place
        for date in find_figure_dates(statement)
        if (date.year is None or date.year in years)
        and any(has_figure_date(text, date) for text in texts)
        for place in range(date.start, date.end)
    }


def find_undated(release: Release, source: Sequence[str]) -> Iterator[Unborne]:
    """Yield a release's date if its paragraphs lack month or day."""
    if release.date.precision not in {DatePrecision.DAY, DatePrecision.MONTH}:
        return
    texts = [source[number - 1] for number in release.paragraphs] + [release.date.note]
    _, month, *day = map(int, release.date.text.split("-"))
    in_figures = set(chain.from_iterable(map(read_figure_days, texts)))
    is_month_told = any(has_month(text, MONTHS[month - 1]) for text in texts)
    is_day_told = not day or any(day[0] in read_numbers(text) for text in texts)
    if not (is_month_told and is_day_told) and not (day and (month, day[0]) in in_figures):
        yield Unborne(
            f"the date {release.date.text} does not stand in "
            f"{format_paragraphs(release.paragraphs)}",
            "correct it or the paragraph, or say in 'date_note' where it is from",
        )


def _find_better_paragraph(fact: Fact, source: Sequence[str]) -> int | None:
    """Return a paragraph that shares more telling words with a statement."""
    stems = [_telling_stems(paragraph) for paragraph in source]
    uses = Counter(chain.from_iterable(stems))
    told = {stem for stem in _telling_stems(fact.statement) if 3 * uses[stem] <= len(source)}
    shared = [len(told & each) for each in stems]
    if not shared or any(shared[number - 1] for number in fact.paragraphs):
        return None
    best = max(range(len(source)), key=shared.__getitem__)
    return best + 1 if shared[best] >= MIN_SHARED else None


def _telling_stems(text: str) -> set[str]:
    words = re.findall(r"\w+", plain_text(text))
    return {
        word.casefold()[:STEM] for word in words if len(word) >= STEM or word != word.casefold()
    }


def _without_names(pack: Pack, text: str) -> str:
    """Return a text without the names in it: "24/Seven" is no figure."""
    names = [name for entity in pack.entities for name in (entity.name, *entity.aliases)]
    for release in pack.releases:
        names += (release.title, *release.aliases)
        names += (name for song in release.songs for name in (song.title, *song.aliases))
    for name in sorted(map(plain_text, names), key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", " ", text)
    return re.sub(r"@\w+", " ", text)


def _is_near_name(pack: Pack, word: str) -> bool:
    """Return whether a word is nearly one of the pack's names."""
    own = {part for entity in pack.entities for part in entity.name.split()}
    own |= {part for release in pack.releases for part in release.title.split()}
    if any(word.startswith(name) and _DERIVED.fullmatch(word, len(name)) for name in own):
        return False
    return word not in own and bool(
        process.extractOne(word, own, scorer=fuzz.ratio, score_cutoff=MIN_NAME_SIMILARITY)
    )


def _is_row_of_names(pack: Pack, words: Sequence[str], *, opens: bool) -> bool:
    """Return whether words are several names of the pack, one beside the other.

    "In Brazil Bentancur" opens a sentence, and "Scot Hamish Orde" is one. Of two people, the first
    name of the one and the last of the other make a third.
    """
    kinds = {
        tuple(name.split()): entity.kind
        for entity in pack.entities
        for name in (entity.name, *entity.aliases)
    }
    kinds |= {tuple(name.split()): EntityKind.THING for name in pack.not_names}
    kinds |= {
        tuple(name.split()): EntityKind.THING
        for release in pack.releases
        for name in (release.title, *release.aliases)
    }

    def fits(start: int, before: EntityKind | None) -> bool:
        if start == len(words):
            return True
        return any(
            fits(end, kinds[piece])
            for end in range(start + 1, len(words) + 1)
            if (piece := tuple(words[start:end])) in kinds
            and not (before is kinds[piece] is EntityKind.PERSON)
        )

    return fits(0, None) or (opens and len(words) > 1 and fits(1, None))


def _find_doubtful_names(pack: Pack, statement: str) -> Iterator[str]:
    """Yield the unknown names of a statement, and near misses."""
    words = tokenize(statement)
    unknown = dict(find_unknown_names(pack, statement))
    for first, count in unknown.items():
        name = statement[words[first - 1].start : words[first + count - 2].end]
        opens = opens_sentence(statement, words, first - 1)
        is_new = not _is_row_of_names(pack, name.split(), opens=opens)
        if is_new if count > 1 else _is_near_name(pack, name):
            yield name
    # "Reuben Okonjo" opens a sentence: a capital proves nothing there, so only a likeness tells.
    for at, word in enumerate(words[:-1]):
        leads_name = words[at + 1].is_capitalised and continues_name(statement, words, at + 1)
        if at + 1 not in unknown and leads_name and opens_sentence(statement, words, at):
            name = statement[word.start : word.end]
            if word.is_capitalised and _is_near_name(pack, name):
                yield name


def _find_other_dates(text: str, sources: Sequence[str], where: str) -> Iterator[str]:
    """Yield months that no source has, and mixed-up dates."""
    for named in find_months(text):
        if not any(has_month(source, named) for source in sources):
            yield f"the month {named} does not stand in {where}"
    written = set(chain.from_iterable(map(read_days, sources)))
    figures = set(chain.from_iterable(map(read_numbers, sources)))
    for month, day in sorted(read_days(text) - written):
        alike = sorted(other for other in written if other[0] == month or other[1] == day)
        is_month_told = any(has_month(source, MONTHS[month - 1]) for source in sources)
        # A day of which they say nothing may be the author's own; one whose month and figure stand
        # apart from each other was put together by mistake.
        if alike and is_month_told and day in figures:
            mixed, right = (f"{MONTHS[m - 1]} {d}" for m, d in ((month, day), alike[0]))
            yield f"the date {mixed} does not stand in {where}, where {right} does"


def find_doubtful_counts(pack: Pack, fact: Fact, source: Sequence[str]) -> Iterator[Unborne]:
    """Yield numbers in words that the paragraphs may bear.

    A count or sum of the author's own passes where a list or two numbers of theirs yield it.
    """
    cited = [source[number - 1] for number in fact.paragraphs]
    for told in _Counts.of(pack, fact, cited).find_unborne():
        if told.is_doubtful:
            what = told.describe(format_paragraphs(fact.paragraphs))
            yield Unborne(what, "count again, or say in 'note' where it is from", told.other_words)


@dataclass(frozen=True, slots=True)
class _Count:
    """A number with the words behind it."""

    number: WrittenNumber
    nouns: tuple[str, ...]
    """Whatever it may count, in the singular."""
    words: str
    may_be_less: bool
    """Whether it stands behind "nearly" or "about", and means a number below it."""
    may_be_more: bool
    """Whether it stands behind "over" or "about", and means a number above it."""
    is_remainder: bool
    """Whether it is "the other six" or "five more"."""
    is_day: bool
    """Whether it stands in a date."""
    is_age: bool
    """Whether it is somebody's age, as "nine" is in "when she was nine"."""

    def fits(self, other: _Count) -> bool:
        """Return whether a source's number may count the same, however it is called."""
        mine, theirs = set(self.nouns), set(other.nouns)
        if self.is_age:
            return not other.is_day and (not theirs or "year" in theirs)
        return not (mine and theirs and mine <= _TIME) or bool(theirs & _TIME)

    def is_of(self, other: _Count) -> bool:
        """Return whether two numbers count, or order, the same things."""
        return self.number.is_ordinal == other.number.is_ordinal and bool(
            set(self.nouns) & set(other.nouns)
        )

    def is_at_odds_with(self, other: _Count) -> bool:
        """Return whether a source's number of the same things is another.

        "Two songs" of ten may be a part, of at most half, that the author counted.
        """
        mine, theirs = self.number.value, other.number.value
        return self.is_of(other) and (self.number.is_ordinal or (theirs > 1 and mine > theirs / 2))

    def leads_to(self, value: float, other: _Count) -> bool:
        """Return whether it and another number have a sum or difference.

        Nobody adds seven years to two crowns.
        """
        mine, theirs = self.number.value, other.number.value
        is_alike = not self.nouns or not other.nouns or self.is_of(other)
        return mine != theirs and is_alike and value in {mine + theirs, abs(mine - theirs)}

    def may_mean(self, number: float) -> bool:
        """Return whether it may be a number of the source, rounded."""
        is_open = self.may_be_less if number < self.number.value else self.may_be_more
        return is_open and abs(self.number.value - number) <= MAX_ROUNDING * number


@dataclass(frozen=True, slots=True)
class _Untold:
    """A number in words that the cited paragraphs lack."""

    number: WrittenNumber
    words: str
    others: tuple[_Count, ...]
    """Other numbers of the same things in the paragraphs."""
    is_one_told: bool
    """Whether the paragraphs speak of a single one."""
    is_derived: bool
    """Whether it may be a sum or difference, or the length of a list."""

    @property
    def other_words(self) -> str:
        """The source's words with another number."""
        return self.others[0].words if self.others else ""

    @property
    def is_fault(self) -> bool:
        """Whether it cannot well be the author's own count."""
        return not self.is_derived and (bool(self.others) or self.number.value > LARGEST_COUNTED)

    @property
    def is_doubtful(self) -> bool:
        """Whether only the author can tell whether it is right."""
        if self.is_derived:
            return bool(self.others) or self.is_one_told
        is_large = self.number.value >= LEAST_DOUBTED
        return not self.is_fault and (is_large or self.is_one_told)

    def describe(self, where: str) -> str:
        """Return the problem, with no more of the source than its number."""
        what = f"'{self.words}' does not stand in {where}"
        if not self.others:
            return f"{what}, where one alone is told of" if self.is_one_told else what
        other = f"{self.others[0].number.value:,g}"
        is_told = f"number {other} is" if self.number.is_ordinal else f"{other} are"
        return f"{what}, where {is_told} told of"


@dataclass(frozen=True, slots=True)
class _Counts:
    """The counts of a statement beside those of its paragraphs."""

    told: tuple[_Count, ...]
    written: tuple[_Count, ...]
    known: frozenset[float]
    """Whatever a number may be without counting anything: years, and numbers in a note."""
    years: frozenset[float]
    singles: frozenset[str]
    """The nouns of which they speak once, as of "a crown"."""
    listed: frozenset[int]
    """The lengths of the paragraphs' lists."""

    @classmethod
    def of(cls, pack: Pack, fact: Fact, cited: Sequence[str]) -> _Counts:
        years = set(_known_years(pack, fact))
        years |= {float(year) for text in cited for year in _YEAR.findall(text)}
        known = {*years, *read_numbers(fact.note)}
        known |= set(chain.from_iterable(map(read_implied, cited)))
        told = tuple(_read_counts(_without_names(pack, plain_text(fact.statement))))
        nouns = set(chain.from_iterable(count.nouns for count in told))
        return cls(
            told,
            tuple(chain.from_iterable(_read_counts(plain_text(text)) for text in cited)),
            frozenset(known),
            frozenset(years),
            frozenset(noun for noun in nouns if _is_single(noun, " ".join(cited))),
            frozenset(chain.from_iterable(map(_list_lengths, cited))),
        )

    def find_unborne(self) -> Iterator[_Untold]:
        """Yield the numbers in words that the paragraphs do not have."""
        right = {noun for told in self.told if self.bears(told) for noun in told.nouns}
        for told in self.told:
            is_in_doubt = told.number.is_in_words and told.number.value > 1
            if is_in_doubt and not self.bears(told) and not right & set(told.nouns):
                others = tuple(other for other in self.written if told.is_at_odds_with(other))
                is_one_told = not self.singles.isdisjoint(told.nouns)
                yield _Untold(told.number, told.words, others, is_one_told, self.is_derived(told))

    def bears(self, told: _Count) -> bool:
        """Return whether a number of the statement stands in the paragraphs."""
        value = told.number.value
        if any(map(told.is_at_odds_with, self.written)):
            # "Three times" bears no "third album" where a second one is told of.
            is_ordinal = told.number.is_ordinal
            known = {
                each.number.value
                for each in self.written
                if each.number.is_ordinal == is_ordinal or not each.nouns
            }
            meant = {each.number.value for each in self.written if told.is_of(each)}
            return value in known or any(map(told.may_mean, meant))
        fitting = self.known | {each.number.value for each in self.written if told.fits(each)}
        return value in fitting or any(map(told.may_mean, fitting))

    def is_derived(self, told: _Count) -> bool:
        """Return whether a number may be a sum or counted."""
        value = told.number.value
        if told.number.is_ordinal:  # the follow-up of a first record is the second
            return value == 2 and 1 in {each.number.value for each in self.written}  # noqa: PLR2004
        counts = [
            each
            for each in (*self.told, *self.written)
            if not each.number.is_ordinal and each.number.value not in {0, 1, value}
        ]
        bare = [each for each in counts if not each.nouns and each.number.is_in_words]
        if told.is_age:
            alike = [each for each in counts if told.fits(each)]
        else:  # "nine songs, and an edition with twelve": without a noun it may count any of them
            alike = [each for each in counts if told.is_of(each) or not told.nouns]
        # Nobody's birthday need have been by then.
        lengths = {value, value + 1} if told.is_age else {value}
        return (
            (value in self.listed and not alike)
            or (told.is_remainder and any(value < each.number.value for each in alike or bare))
            or any(one.leads_to(value, other) for one in alike or bare for other in (*alike, *bare))
            or (
                (not told.nouns or "year" in told.nouns)
                and any(abs(one - other) in lengths for one in self.years for other in self.years)
            )
        )


def _read_counts(text: str) -> Iterator[_Count]:
    """Yield each number of a plain text with its nouns."""
    days = {place for found in FULL_DATE.finditer(text) for place in range(*found.span())}
    for number in find_numbers(text):
        shown, nouns = text[number.start : number.end], list[str]()
        if shown.casefold() in {"twice", "thrice"}:
            nouns = ["time"]
        elif shown.casefold() in {"a", "an"}:
            continue
        elif behind := _COUNTED.match(text, number.end):
            nouns = _list_nouns(behind, is_ordinal=number.is_ordinal)
            end = _end_of_nouns(text, behind, nouns)
            shown = text[number.start : end]
        near = (max(0, number.start - LONGEST_BEFORE), number.start)
        rounded = _APPROXIMATELY.search(text, *near)
        yield _Count(
            number,
            tuple(map(_singular, nouns)),
            shown,
            may_be_less=rounded is not None and not rounded["more"],
            may_be_more=rounded is not None and not rounded["less"],
            is_remainder=bool(_OTHER.search(text, *near) or _MORE.match(text, number.end)),
            is_age=(not nouns or bool(_YEARS_OLD.match(text, number.end)))
            and bool(_AGED.search(text, *near)),
            is_day=number.start in days,
        )


def _list_nouns(behind: re.Match[str], *, is_ordinal: bool) -> list[str]:
    """Return the words behind a number that may be its noun."""
    if behind["joined"]:
        return [behind["joined"]]
    words = behind["words"].split()
    words = list(takewhile(lambda word: not _SMALL_WORD.fullmatch(word), words))
    if is_ordinal:
        return [word for word in words if not _DESCRIBING.fullmatch(word)]
    return list(islice(filter(_PLURAL.fullmatch, words), 1))


def _end_of_nouns(text: str, behind: re.Match[str], nouns: Sequence[str]) -> int:
    """Return the end of a number's nouns in a text."""
    ends = (text.find(noun, behind.start()) + len(noun) for noun in nouns)
    return max(ends, default=behind.start())


def _singular(noun: str) -> str:
    noun = noun.casefold()
    return re.sub(r"ie$", "y", noun[:-1]) if noun.endswith("s") else noun


def _is_single(noun: str, text: str) -> bool:
    """Return whether a text speaks of a thing once, as of "a full year"."""
    said = re.findall(rf"\b(an? (?:[a-z]+ )?|)({re.escape(noun)}s?)\b", text, re.IGNORECASE)
    return len(said) == 1 and bool(said[0][0]) and said[0][1].casefold() == noun


def _list_lengths(text: str) -> set[int]:
    """Return the possible lengths of the lists in a text."""
    commas = (found[0].count(", ") for found in _LISTED.finditer(plain_text(text)))
    # Nobody tells where in a sentence a list begins, and whether a comma stands before its "and".
    return {length for count in commas for length in range(2, count + 3)}
