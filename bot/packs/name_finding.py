"""Find the names in a source, and guess their kinds.

The rules are over capitals, frequency and the words beside a name. They are guesses for an author
to confirm, so they would rather find too much: a wrong name is deleted in a moment, and one that
was overlooked is not missed.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from bot.packs.clauses import word_set
from bot.packs.models import EntityKind, Pronoun
from bot.packs.place_names import PLACES
from bot.packs.proper_names import continues_name, opens_sentence
from bot.packs.prose import tokenize

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bot.packs.prose import Token
    from bot.packs.source_text import SourceText

Words = tuple[str, ...]

EVERYDAY = 4.0
"""Zipf frequency from which a word is an everyday one: "light" has 5.2, "patience" 3.9."""
KNOWN = 3.3
"""Zipf frequency below which a capitalised word is taken for a name wherever it stands."""
MIN_VOTES = 1.5
"""How much must speak for a kind: less than a single clear sign."""
MIN_PRONOUNS = 2
_CLEAR_SHARE = 0.75
"""Share of its pronouns that a person's must have to be guessed."""
_LONGEST_ACRONYM = 5
_LONGEST_HEADLINE = 15
_LONGEST_TITLE = 60
_LONGEST_SHOUTED = 4
"""Words in capitals that may still be a name; more are a heading."""
_HEADLINE_SHARE = 0.6

# A run does not begin with one of these where it opens a sentence.
_FUNCTION_WORDS = word_set(
    "a an the this that these those my your his her its our their some any no every each all both "
    "one two three of in on at by for from with without about into over under after before during "
    "between like as than and or but if so because while when where why how what who which whose "
    "then there here now not only even just also still yet once since until till though although "
    "meanwhile instead perhaps maybe well yes no oh is are was were has have had do does did will "
    "would can could shall should may might must let i you he she it we they me him us them "
    "according nobody everybody everyone someone somebody nothing everything something four five "
    "six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen "
    "nineteen twenty thirty forty fifty sixty seventy eighty ninety hundreds thousands"
)
_FORMATS = word_set("interview transcript exclusive profile q&a")
_LINKS = word_set("of the de van von der den la le du del di da")
_SMALL_IN_TITLES = word_set("a an and at by for from in my on or to with your")
_MONTHS = word_set(
    "january february march april may june july august september october november december jan "
    "feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thurs fri sat monday "
    "tuesday wednesday thursday friday saturday sunday mondays tuesdays wednesdays thursdays "
    "fridays saturdays sundays christmas easter halloween"
)
_LANGUAGES = word_set(
    "english american british scottish welsh irish cornish european french german italian spanish "
    "portuguese dutch flemish belgian swiss austrian danish swedish norwegian finnish icelandic "
    "polish czech slovak hungarian romanian bulgarian greek turkish russian ukrainian serbian "
    "croatian bosnian albanian estonian latvian lithuanian arabic hebrew persian iranian iraqi "
    "syrian egyptian moroccan african nigerian ghanaian kenyan asian chinese japanese korean "
    "vietnamese thai indian hindi pakistani bengali indonesian filipino australian canadian "
    "mexican brazilian argentinian chilean colombian cuban jamaican latin christian catholic "
    "jewish muslim buddhist argentine argentinean uruguayan paraguayan peruvian venezuelan "
    "bolivian ecuadorian slovenian slovene catalan basque maltese israeli lebanese georgian "
    "armenian ethiopian senegalese malian tunisian algerian malaysian taiwanese nepali"
)
_SHORT_FORMS = word_set(
    "tv cd cds ep eps lp lps dvd dvds dj djs fm am pm ok usa us uk eu ai id diy pr mc vip hd pc "
    "app mr mrs ms dr bst gmt utc cet est edt pst pdt ceo faq q a rip bbq"
)
NAMELESS = _MONTHS | _LANGUAGES | _SHORT_FORMS
"""Words that are capitalised wherever they stand, and name nothing that a pack speaks of."""

_SPEECH_VERBS = (
    r"(?:said|says|say|told|tells|explained|explains|added|adds|laughed|laughs|recalled|recalls|"
    r"remembers|remembered|insists|insisted|joked|jokes|admits|admitted|asked|asks|continued|"
    r"continues|replied|replies|answered|answers|wrote|writes|smiled|smiles|grins|shrugs|noted|"
    r"notes|thinks|thought|agreed|agrees)"
)
_PEOPLE = (
    r"(?:singer|songwriter|drummer|guitarist|bassist|fiddler|violinist|cellist|pianist|keyboardist|"
    r"producer|engineer|actor|actress|co-star|costar|sister|brother|mother|father|mum|mom|dad|aunt|"
    r"uncle|cousin|grandmother|grandfather|wife|husband|partner|son|daughter|niece|nephew|friend|manager|"
    r"frontman|frontwoman|bandmate|director|author|writer|presenter|photographer|rapper|dancer|"
    r"comedian|poet|teacher|neighbour|neighbor|colleague|colleagues|host|founder|clockmaker|artist)"
)
_ALBUM = r"(?:album|record|ep|lp|debut|cassette|mixtape|single|compilation|soundtrack)"
_SONG = r"(?:song|songs|track|tracks|tune|ballad|anthem|number)"
_ORDINAL = r"(?:first|second|third|fourth|fifth|new|next|last|latest|debut)"
_BAND = (
    r"(?:band|group|duo|trio|quartet|quintet|outfit|ensemble|choir|orchestra|"
    r"(?:two|three|four|five|six)-piece)"
)
_NAMED = r"(?:,? (?:is |are |was )?(?:called|titled|named|entitled)|,|:)?"

_BETWEEN_LISTED = re.compile(r"['\"]?,? (?:(?:and|or|then|to) )?(?:then )?['\"]?")
_TITLE_OPENING = re.compile(r"(?:\b(?:called|titled|named|entitled) ['\"]?|(?:^|\s)['\"])$")

_TALKING_TO = re.compile(r"\b(?:talk(?:ed|s|ing)?|spoke|speak(?:s|ing)?|spoken) (?:to|with) $")
SONG, RELEASE = "song", "release"
# What stands before a name, after it, or in it; how much that tells; and what of.
_BEFORE = (
    (re.compile(rf"\b{_PEOPLE},? $"), 3, EntityKind.PERSON),
    (re.compile(rf"\b{_SPEECH_VERBS} $"), 2, EntityKind.PERSON),
    (re.compile(r"\b(?:teamed(?: up)?|worked|works|plays|played) with $"), 2, EntityKind.PERSON),
    (re.compile(r"\bproject\b[^.,;]{0,40} called $"), 5, EntityKind.BAND),
    (re.compile(r"\blisten(?:ed|ing|s)? to $"), 2, EntityKind.BAND),
    (
        re.compile(
            r"\b(?:game|book|novel|boat|ship|ferry|dog|cat|horse|van)"
            r"(?: is)?(?: called| named)?,? $"
        ),
        4,
        EntityKind.THING,
    ),
    (re.compile(r"\brelease (?:was|is),? $"), 4, RELEASE),
    (re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Dr|Sir|Dame)\.? $"), 4, EntityKind.PERSON),
    (
        re.compile(rf"\b{_BAND}(?: called| named)?,? $"),
        4,
        EntityKind.BAND,
    ),
    (re.compile(r"\b(?:town|city|village|island|river|country|capital) of $"), 4, EntityKind.PLACE),
    (re.compile(r"\b(?:in|near|around|outside|across|through) $"), 2, EntityKind.PLACE),
    (re.compile(r"\b(?:from|to|at) $"), 1, EntityKind.PLACE),
    (
        re.compile(
            r"\b(?:starts?|started|starting|beginning|ends?|ended|ending|plays?|played|playing|shows?|"
            r"gigs?|concerts?|recorded|held) at $|"
            r"\b(?:moved?|moves|moving|went|goes|travel\w*|flew|drove|back) to $"
        ),
        3,
        EntityKind.PLACE,
    ),
    (
        re.compile(r"\b(?:coast|edge|outskirts|north|south|east|west|middle) of $"),
        4,
        EntityKind.PLACE,
    ),
    (re.compile(r"\bon $"), 2, EntityKind.OUTLET),
    (
        re.compile(r"\b(?:station|magazine|paper|website|label|channel|shop|site) $"),
        4,
        EntityKind.OUTLET,
    ),
    (
        re.compile(r"\b(?:won|win|nominated for|winner of|awarded)(?: the| an?)? $"),
        4,
        EntityKind.AWARD,
    ),
    (
        re.compile(r"\b(?:show|series|sitcom|programme|film|movie|podcast)(?: called)?,? $"),
        3,
        EntityKind.SHOW,
    ),
    (re.compile(rf"\b{_ALBUM}s?{_NAMED} ['\"]?$", re.IGNORECASE), 5, RELEASE),
    (re.compile(rf"\b{_ORDINAL} one,? ['\"]?$"), 4, RELEASE),
    (re.compile(rf"\b{_SONG}{_NAMED} ['\"]?$", re.IGNORECASE), 5, SONG),
    (re.compile(r"\b(?:one|some) of them called ['\"]?$"), 5, SONG),
)
_AFTER = (
    (re.compile(rf"^ {_SPEECH_VERBS}\b"), 3, EntityKind.PERSON),
    (
        re.compile(r"^ (?:sings|sang|plays|played|drummed|wrote|cut|has|had|was|is) "),
        1,
        EntityKind.PERSON,
    ),
    (
        re.compile(rf"^, (?:an?|the|his|her|their|\w+'s) (?:[\w-]+ ){{0,2}}{_PEOPLE}\b"),
        4,
        EntityKind.PERSON,
    ),
    (re.compile(r"^, where\b"), 2, EntityKind.PLACE),
    (re.compile(rf"^, (?:an?|the) (?:[\w-]+ ){{0,3}}{_BAND}\b"), 6, EntityKind.BAND),
    (
        re.compile(
            rf"^ (?:[a-z][\w-]* ){{0,4}}their (?:[\w-]+ ){{0,2}}(?:{_ALBUM}|tour|concert)\b"
        ),
        3,
        EntityKind.BAND,
    ),
    (re.compile(r"^ (?:formed|reformed|split|disbanded|reunited)\b"), 5, EntityKind.BAND),
    (re.compile(r"^ (?:nomination|nominee|winner|award|prize)\b"), 4, EntityKind.AWARD),
    (re.compile(rf"^'s (?:\w+ )?{_PEOPLE}\b"), 3, EntityKind.PERSON),
    (re.compile(r"^, who\b"), 2, EntityKind.PERSON),
    (re.compile(r"^, which (?:\w+ )?(?:sings|sang|plays|played)\b"), 4, SONG),
    (re.compile(r"^ (?:are|were|have) "), 2, EntityKind.BAND),
    (re.compile(r"^ (?:met|caught up with|spoke (?:to|with)) "), 2, EntityKind.OUTLET),
    (re.compile(r"^,? (?:arrives|comes out|came out|is out|is due|was released)\b"), 4, RELEASE),
    (
        re.compile(r"^, (?:released|which (?:comes|came) out|out (?:on|in)|due (?:on|in))\b"),
        4,
        RELEASE,
    ),
    (
        re.compile(
            r"^['\"]?,? (?:comes|came|is) out (?:on|in|this|next)\b|^['\"]?,? is due (?:on|in)\b"
        ),
        4,
        RELEASE,
    ),
    (
        re.compile(
            r"^['\"]?,? (?:comes|came|is) out\b[^.]*\. "
            r"(?:It|The [a-z]+) has [a-z\d-]+ (?:songs|tracks)\b"
        ),
        8,
        RELEASE,
    ),
    (re.compile(r"^ (?:airs|aired|premieres|premiered)\b"), 4, EntityKind.SHOW),
    (re.compile(rf"^, (?:the|their|his|her|an?) (?:[\w-]+ ){{0,2}}{_ALBUM}\b"), 5, RELEASE),
    (re.compile(rf"^, (?:the|their|his|her|an?) (?:[\w-]+ ){{0,2}}{_SONG}\b"), 4, SONG),
)
_INSIDE: tuple[tuple[frozenset[str], EntityKind], ...] = (
    (
        word_set(
            "fm radio magazine times news press records tv channel shop store gazette herald "
            "review journal weekly recordings music twitter instagram youtube spotify amazon "
            "itunes bandcamp nickelodeon bbc netflix facebook tiktok soundcloud disney mtv "
            "reverbnation patreon tumblr myspace discord reddit nbc abc cbs hbo npr"
        ),
        EntityKind.OUTLET,
    ),
    (
        word_set(
            "cape mount fort river lake street road hall museum park bridge harbour harbor port "
            "bay city island university church theatre theater arena stadium studio studios "
            "school station london paris berlin york america europe california england scotland "
            "wales ireland japan teatro sala estadio plaza library hospital hotel cathedral castle"
        ),
        EntityKind.PLACE,
    ),
    (word_set("award awards prize medal grammy grammys trophy"), EntityKind.AWARD),
    (
        word_set("band trio quartet choir orchestra ensemble singers brothers sisters boys girls"),
        EntityKind.BAND,
    ),
    (word_set("show podcast"), EntityKind.SHOW),
)
_GENERIC = frozenset(word for words, _ in _INSIDE for word in words)
_PRONOUNS = {
    **dict.fromkeys(("he", "him", "his", "himself"), Pronoun.HE),
    **dict.fromkeys(("she", "her", "hers", "herself"), Pronoun.SHE),
}


@dataclass(frozen=True, slots=True)
class Mention:
    """One place where a name stands."""

    paragraph: int
    """Counted from 1."""
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class FoundName:
    """A name of the source with its likely kind."""

    name: str
    aliases: tuple[str, ...]
    kind: EntityKind | str
    """An entity's kind, `RELEASE`, `SONG`, or nothing where the text does not tell."""
    mentions: tuple[Mention, ...]
    pronouns: tuple[Pronoun, ...] = ()

    @property
    def paragraphs(self) -> tuple[int, ...]:
        """The paragraphs that it stands in, in order."""
        return tuple(sorted({mention.paragraph for mention in self.mentions}))


@dataclass(slots=True)
class _Group:
    """The spellings that are taken for one name, with their places."""

    words: Words
    spellings: Counter[str] = field(default_factory=Counter)
    mentions: list[Mention] = field(default_factory=list)
    is_title: bool = False
    """Whether it is mostly in quotation marks, as a song is: no short form of a name."""
    attested: int = 0
    """Its mentions within a sentence, where nothing but a name has capitals."""

    def is_short_form_of(self, whole: Words) -> bool:
        """Return whether it is part of a name, or its initials."""
        short = self.words
        if (len(short) >= len(whole) and len(short) > 1) or self.is_title:
            return False
        if len(short) > 1:
            return any(whole[i : i + len(short)] == short for i in range(len(whole)))
        (word,) = short
        initials = "".join(part[0] for part in whole if part not in _LINKS)
        is_acronym = 1 < len(word) <= _LONGEST_ACRONYM and word == initials
        # The first word of "Oskelby School" or of "Oskelby Canal Museum" is a town.
        is_half = len(whole) == 2 and word in whole and whole[-1] not in _GENERIC  # noqa: PLR2004
        return len(whole) > 1 and (is_half or is_acronym or word == "".join(whole))

    def looks_like_a_person(self, zipf_frequencies: Mapping[str, float]) -> float:
        """Return how much the words alone speak for a person."""
        is_short = len(self.words) <= 3  # noqa: PLR2004  # two names and one between them
        is_acronym = all(s.isupper() or s.startswith("The ") or "&" in s for s in self.spellings)
        frequencies = (zipf_frequencies.get(word, 0.0) for word in self.words)
        if not is_short or is_acronym or any(frequency >= EVERYDAY for frequency in frequencies):
            return 0.0
        # Two rare words are mostly a person; one, as "Heronmother", may be anything.
        return MIN_VOTES if len(self.words) > 1 else MIN_VOTES / 2


def find_names(source: SourceText, zipf_frequencies: Mapping[str, float]) -> tuple[FoundName, ...]:
    """Return the names in a source, those that are mentioned most first."""
    groups = _collect_names(source.paragraphs, zipf_frequencies)
    merged = _merge_groups(groups)
    found = [
        FoundName(
            name=main.spellings.most_common(1)[0][0],
            aliases=_aliases_of(main, others),
            kind=_guess_kind(source, main, others, zipf_frequencies),
            mentions=tuple(
                sorted(
                    (m for group in (main, *others) for m in group.mentions),
                    key=lambda mention: (mention.paragraph, mention.start),
                )
            ),
        )
        for main, others in merged
        if not _is_plural_of_name(main, groups, zipf_frequencies)
    ]
    found = _guess_pronouns(source.paragraphs, _spread_over_lists(source.paragraphs, found))
    return tuple(sorted(found, key=lambda name: -len(name.mentions)))


def _is_plural_of_name(
    group: _Group, groups: Mapping[Words, _Group], zipf_frequencies: Mapping[str, float]
) -> bool:
    """Return whether a word is a family: "the Vales" beside Ona Vale."""
    names = {word for words in groups if len(words) > 1 for word in words}
    (word, *others) = group.words
    is_rare = zipf_frequencies.get(word[:-1], 0.0) < KNOWN
    return not others and word.endswith("s") and word[:-1] in names and is_rare


def is_headline(paragraph: str) -> bool:
    """Return whether a paragraph is a headline, with capitals throughout."""
    words = tokenize(paragraph)
    are_capitals = sum(word.is_capitalised for word in words) >= _HEADLINE_SHARE * len(words)
    is_line = len(words) <= _LONGEST_HEADLINE and not re.search(r"[.!?:;\"']$", paragraph)
    return is_line and are_capitals


def _collect_names(
    paragraphs: Sequence[str], zipf_frequencies: Mapping[str, float]
) -> dict[Words, _Group]:
    read = [_Paragraph.read(number, text) for number, text in enumerate(paragraphs, start=1)]
    in_lower_case = {w.text for each in read for w in each.words if not w.is_capitalised}
    runs = [run for each in read for run in each.runs()]
    attested = {run.folded for run in runs if not run.opens}
    groups: dict[Words, _Group] = {}
    for run in runs:
        trimmed = run.trim(attested, in_lower_case, zipf_frequencies)
        parts = trimmed.split_at_links(attested) if trimmed else ()
        for part in filter(None, map(_Run.without_format, parts)):
            group = groups.setdefault(part.folded, _Group(part.folded))
            group.spellings[part.text] += 1
            group.mentions.append(part.mention)
            group.attested += not part.opens
    for group in groups.values():
        quoted = sum(_is_quoted(paragraphs[each.paragraph - 1], each) for each in group.mentions)
        group.is_title = 2 * quoted > len(group.mentions)
    return groups


def _is_quoted(text: str, mention: Mention) -> bool:
    """Return whether a name stands in quotation marks of its own."""
    return bool(re.search(r"(?:^|[\s\"])['\"]$", text[: mention.start][-2:])) and bool(
        re.match(r"[,.]?['\"]", text[mention.end :][:2])
    )


@dataclass(frozen=True, slots=True)
class _Paragraph:
    """A paragraph with its words."""

    number: int
    text: str
    words: tuple[Token, ...]

    @classmethod
    def read(cls, number: int, text: str) -> _Paragraph:
        # The editor's brackets belong to no name: "James [Maslow]".
        plain = "" if is_headline(text) else re.sub(r"[\[\]]", " ", text)
        return cls(number, plain, tokenize(plain))

    def runs(self) -> Iterator[_Run]:
        """Yield runs of capitalised words, with small words between them."""
        start: int | None = None
        end = 0
        for i, word in enumerate(self.words):
            is_part = word.is_capitalised and not re.fullmatch(r"I('\w+)?", word.text)
            if start is not None and not self.continues_run(start, i):
                yield _Run(self, start, end)
                start = None
            # "Kelp FM" is a name, "Their EP" is none.
            is_joined = start is not None and self.words[start].folded not in _FUNCTION_WORDS
            is_joined = is_joined and end == i and word.folded in _SHORT_FORMS
            is_nameless = word.folded in NAMELESS or (len(word.text) == 1 and start is None)
            if is_part and is_nameless and not is_joined:
                if start is not None:
                    yield _Run(self, start, end)
                start = None
            elif is_part:
                start = self.first_of_name(i) if start is None else start
                end = i + 1
            elif (
                start is not None
                and (word.text not in _LINKS or i - end > 0)
                and not self.is_quoted_title(start, i)
            ):
                yield _Run(self, start, end)
                start = None
        if start is not None:
            yield _Run(self, start, end)

    def continues_run(self, start: int, i: int) -> bool:
        """Return whether a word goes on with a run."""
        before = self.words[i - 1]
        if self.is_quoted_title(start, i):
            return True
        # A song called Ona's Piano is one name; Ona's Piano Trio may be two.
        is_title = bool(_TITLE_OPENING.search(self.text, 0, self.words[start].start))
        # Nor does "Nobody's" have a capital within a sentence for any other reason.
        is_title |= self.words[start].folded in _FUNCTION_WORDS and not opens_sentence(
            self.text, self.words, start
        )
        is_owner = before.text.endswith("'s") and not is_title
        is_beside = not self.text[before.end : self.words[i].start].strip() and not is_owner
        return is_beside or continues_name(self.text, self.words, i)

    def is_quoted_title(self, start: int, i: int) -> bool:
        """Return whether two words stand in the same quoted title."""
        first, word = self.words[start], self.words[i]
        opening = self.text[first.start - 1 : first.start]
        closing = self.text.find(opening, word.end, word.end + _LONGEST_TITLE)
        if opening not in {'"', "'"} or closing < 0:
            return False
        if re.search(rf"{opening}(?!\w)", self.text[first.start : word.start]):
            return False  # the one title ended, and another began
        inside = tokenize(self.text[first.start : closing])
        small = _LINKS | _SMALL_IN_TITLES
        return inside[-1].is_capitalised and all(
            word.is_capitalised or word.text in small for word in inside
        )

    def first_of_name(self, i: int) -> int:
        """Return the start of a name, before its digits: "24/Seven"."""
        while (
            i > 0
            and self.words[i - 1].text.isdigit()
            and re.fullmatch(r"[-/.&+@]", self.text[self.words[i - 1].end : self.words[i].start])
        ):
            i -= 1
        return i


@dataclass(frozen=True, slots=True)
class _Run:
    """Capitalised words in a row, as positions of tokens."""

    paragraph: _Paragraph
    start: int
    end: int

    @property
    def words(self) -> tuple[Token, ...]:
        """The words themselves."""
        return self.paragraph.words[self.start : self.end]

    @property
    def folded(self) -> Words:
        """The words without case, and without an article before them."""
        folded = tuple(word.folded for word in self.words)
        return folded[1:] if len(folded) > 1 and folded[0] == "the" else folded

    @property
    def text(self) -> str:
        """The words as they stand."""
        text = self.paragraph.text[self.words[0].start : self.words[-1].end]
        return " ".join(text.removesuffix("'s").split())

    @property
    def mention(self) -> Mention:
        """The place of the words."""
        first, last = self.words[0], self.words[-1]
        end = last.end - len("'s") if last.text.endswith("'s") else last.end
        return Mention(self.paragraph.number, first.start, end)

    @property
    def opens(self) -> bool:
        """Whether it opens a sentence, where every word has a capital."""
        return opens_sentence(self.paragraph.text, self.paragraph.words, self.start)

    def part(self, start: int, end: int) -> _Run:
        """Return a part of the run."""
        return _Run(self.paragraph, start, end)

    def trim(
        self, attested: set[Words], in_lower_case: set[str], zipf_frequencies: Mapping[str, float]
    ) -> _Run | None:
        """Return the run without words that only open a sentence, or None."""
        if len(self.folded) == 1 and self.folded[0] in _FUNCTION_WORDS:
            return None
        if not self.opens or self.folded in attested:
            return self
        first = self.words[0].folded
        frequency = zipf_frequencies.get(first, 0.0)
        rest = self.part(self.start + 1, self.end) if self.end - self.start > 1 else None
        while rest and not rest.words[0].is_capitalised:
            rest = rest.part(rest.start + 1, rest.end)  # "As the Night Dredger"
        if first in _FUNCTION_WORDS:
            return rest
        if rest is None:
            is_word = first in in_lower_case or frequency >= KNOWN
            return None if is_word else self
        is_word = first in in_lower_case or frequency >= EVERYDAY
        return rest if is_word and rest.folded in attested else self

    def without_format(self) -> _Run | None:
        """Return the run without the kind of text that a heading names with it, or None."""
        start, end = self.start, self.end
        words = self.paragraph.words
        if words[start].folded in _FORMATS:
            start += 1
            while start < end and words[start].folded in {"of", "with"}:
                start += 1
        while end > start and words[end - 1].folded in _FORMATS:
            end -= 1
        is_shouted = end - start > _LONGEST_SHOUTED and all(
            w.text.isupper() for w in words[start:end]
        )
        return None if is_shouted or start >= end else self.part(start, end)

    def split_at_links(self, attested: set[Words]) -> Iterator[_Run]:
        """Yield the names in one that a small word links."""
        for i in range(self.start + 1, self.end - 1):
            before, after = self.part(self.start, i), self.part(i + 1, self.end)
            is_link = not self.paragraph.words[i].is_capitalised
            if is_link and before.folded in attested and after.folded in attested:
                yield before
                yield from after.split_at_links(attested)
                return
        yield self


def _merge_groups(groups: dict[Words, _Group]) -> list[tuple[_Group, list[_Group]]]:
    """Return each full name with its short forms."""
    by_size = sorted(groups.values(), key=lambda g: (-len(g.words), -len(g.mentions)))
    merged: dict[Words, tuple[_Group, list[_Group]]] = {}
    for group in by_size:
        longer = [
            whole
            for whole, _ in merged.values()
            if not whole.is_title and group.is_short_form_of(whole.words)
        ]
        if longer:
            # Of two people of one name, the one who is spoken of most is called by it alone.
            whole = max(longer, key=lambda each: len(each.mentions))
            merged[whole.words][1].append(group)
        else:
            merged[group.words] = (group, [])
    return list(merged.values())


def _aliases_of(main: _Group, others: Sequence[_Group]) -> tuple[str, ...]:
    spelt = [*main.spellings, *(spelling for other in others for spelling in other.spellings)]
    name = main.spellings.most_common(1)[0][0]
    if name.startswith("The "):
        spelt.append(name.removeprefix("The "))
    return tuple(dict.fromkeys(each for each in spelt if each != name))


def _guess_kind(
    source: SourceText,
    main: _Group,
    others: Sequence[_Group],
    zipf_frequencies: Mapping[str, float],
) -> EntityKind | str:
    votes: defaultdict[EntityKind | str, float] = defaultdict(float)
    for mention in (m for group in (main, *others) for m in group.mentions):
        text = source.paragraphs[mention.paragraph - 1]
        before, after = text[max(0, mention.start - 60) : mention.start], text[mention.end :][:60]
        # "She talked to The Soggy Envelope": people have no article.
        is_paper = text.startswith("The ", mention.start) and bool(_TALKING_TO.search(before))
        # "The Barbican" and "a Nissan Micra" are nobody, unless the paper has it as a full name.
        votes[EntityKind.PERSON] -= 3 * bool(re.search(r"\b(?:[Tt]he|an?) $", before))
        before = re.sub(r"\b[Tt]he $", "", before)
        for pattern, weight, kind in _BEFORE:
            votes[kind] += weight * bool(pattern.search(before))
        for pattern, weight, kind in _AFTER:
            votes[kind] += weight * bool(pattern.search(after))
        votes[EntityKind.OUTLET] += 4 * is_paper
        votes[SONG] += 7 * _is_quoted(text, mention)
    for words, kind in _INSIDE:
        votes[kind] += 6 * bool(words & set(main.words))
    votes[EntityKind.PLACE] += 6 * (main.words in PLACES)
    votes[EntityKind.PERSON] += main.looks_like_a_person(zipf_frequencies)
    best = max(votes, key=lambda kind: votes[kind])
    return best if votes[best] >= MIN_VOTES else ""


def _spread_over_lists(paragraphs: Sequence[str], found: list[FoundName]) -> list[FoundName]:
    """Give names of no kind that of their neighbours in a list: "Salto, Concordia and Sines"."""
    places = sorted(
        (mention.paragraph, mention.start, mention.end, at)
        for at, name in enumerate(found)
        for mention in name.mentions
    )
    kinds = {at: name.kind for at, name in enumerate(found)}
    near: defaultdict[int, list[int]] = defaultdict(list)
    for (paragraph, _, end, at), (other_paragraph, start, _, other) in pairwise(places):
        gap = paragraphs[paragraph - 1][end:start] if paragraph == other_paragraph else "."
        if _BETWEEN_LISTED.fullmatch(gap):
            near[at].append(other)
            near[other].append(at)
    waiting = [at for at, kind in kinds.items() if kind in {EntityKind.PLACE, RELEASE, SONG}]
    while waiting:
        at = waiting.pop()
        for other in near[at]:
            if not kinds[other]:
                kinds[other] = kinds[at]
                waiting.append(other)
    return [replace(name, kind=kinds[at]) for at, name in enumerate(found)]


def _guess_pronouns(paragraphs: Sequence[str], found: list[FoundName]) -> list[FoundName]:
    """Count each person's pronouns, up to the next name."""
    people = [name for name in found if name.kind is EntityKind.PERSON]
    # Counted by mentions: "Ona told us ..., but he said that he" is one, and means somebody else.
    counts: dict[str, Counter[Pronoun]] = {person.name: Counter() for person in people}
    for number, paragraph in enumerate(paragraphs, start=1):
        places = sorted(
            (mention.end, person.name)
            for person in people
            for mention in person.mentions
            if mention.paragraph == number
        )
        until = [end for end, _ in places[1:]] + [len(paragraph)]
        for (end, name), stop in zip(places, until, strict=False):
            stretch = paragraph[end:stop]
            narrated = re.sub(r'"[^"]*(?:"|$)', " ", stretch)
            found_here = [_PRONOUNS.get(word.folded) for word in tokenize(narrated)]
            counts[name].update({pronoun for pronoun in found_here if pronoun})
    clear: dict[str, tuple[Pronoun, ...]] = {}
    for name, said in counts.items():
        for pronoun, count in said.most_common(1):
            if count >= MIN_PRONOUNS and count >= _CLEAR_SHARE * said.total():
                clear[name] = (pronoun,)
    return [replace(each, pronouns=clear.get(each.name, ())) for each in found]
