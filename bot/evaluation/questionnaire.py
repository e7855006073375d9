"""A questionnaire that asks other people for ways of asking."""

from __future__ import annotations

import re
import textwrap
from collections import Counter
from dataclasses import dataclass
from difflib import get_close_matches
from operator import attrgetter
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import TYPE_CHECKING

from rapidfuzz import fuzz, process
from snowballstemmer import stemmer

from bot.answering.knowledge_base import KnowledgeBase
from bot.answering.pack_set import compile_packs
from bot.answering.text import fold
from bot.errors import Fault, PackError
from bot.evaluation.slips import find_slip
from bot.evaluation.styles import find_missing_styles
from bot.evaluation.sufficiency import sort_weakest
from bot.index.cache import KEY_BYTES, KeyedHash
from bot.packs.entries import collect_display_names
from bot.packs.proper_names import find_unknown_names
from bot.packs.prose import normalize_question, plain_text, tokenize

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from bot.packs.models import Fact, Pack

LONGEST = 300
"""Characters of a way of asking, as in packs."""
TOO_ALIKE = 93
"""From this similarity on, of 100, a way of asking adds nothing to another of its fact."""
FEW = 5
"""Ways of asking for one fact that a friend writes without being bored."""
MOST_UNANSWERED = 3
"""Questions that nothing answers, for each fact."""
WORN_SHARE = 0.3
"""A word in this share of a fact's ways of asking needs no more of them."""
MAX_WORN = 5
RARE = 3.0
"""Up to this Zipf frequency, a capitalised word is a name and no word."""

# The list of frequencies has hardly any of them, and fans' questions have many.
_ABBREVIATIONS = frozenset(
    (
        *("cd", "cds", "dvd", "lp", "lps", "ep", "eps", "mp3", "tv", "dj", "vip", "faq"),
        *("uk", "us", "usa", "ok", "omg", "lol", "lmao", "btw", "idk"),
    )
)

_SMALL_WORDS = frozenset(
    (
        *("what", "when", "where", "which", "does", "have", "that", "this", "with", "from"),
        *("they", "them", "their", "there", "about", "will", "would", "could", "been", "were"),
        *("your", "many", "much", "know", "tell"),
    )
)
_PHRASING = frozenset(
    (
        *("a", "an", "the", "is", "are", "was", "were", "be", "been", "do", "does"),
        *("did", "has", "have", "had", "can", "could", "will", "would", "it", "this", "that"),
        *("these", "those", "he", "she", "they", "them", "their", "his", "her", "him", "i"),
        *("you", "me", "my", "your", "we", "us", "our", "and", "or", "so", "of"),
        *("in", "on", "at", "to", "for", "from", "with", "by", "as", "about", "there"),
        *("then", "any", "some", "ever", "please", "just", "s", "re"),
    )
)
"""Words that change with the way of asking, as `_find_stems` has them."""
_ASKING_WORDS = (
    *("what", "when", "where", "which", "who", "whom", "whose", "why", "how", "tell", "more"),
    *("else", "know", "anything"),
)
_LINK = re.compile(r"\b(?:https?://|www\.)\S", re.IGNORECASE)
# Ids as friends and assistants copy them: "## drummer (about Mika)", "### Album date",
# "**album-date** (about Owls)", "drummer:".
_HEADING = re.compile(r"\s*#+\s*(.*)")
_BOLD_LINE = re.compile(r"\s*(?:\*\*|__)([^*_]+)(?:\*\*|__)\s*:?\s*(\(.*)?")
_BARE_LINE = re.compile(r"\s*(?:\d+[.)]\s*)?([\w -]+?)\s*(?::|(\(about\b.*))")
_ABOUT = "(about "
_NUMBER = re.compile(r"^\W*\d+[.)]")
_BULLETS = re.compile(
    r"\s*(?:(?:[-•–—·▪◦+]|\*(?!\*)|\(?\d{1,3}[.)](?!\d)|\(?[a-wyzA-WYZ]\)|[a-wyzA-WYZ]\.(?=\s)|"
    r"\[[ xX]?\]|Q\d*[:.])\s*)+"
)
_LABEL = re.compile(r"(?:\*\*|__)[^*_:]+(?::(?:\*\*|__)|(?:\*\*|__):)\s*(?=\S)")
_WRAPPERS = '"“”„«»*_`'
_PAIRS = frozenset({"‘’", "''"})
_RULE = re.compile(r"\s*(?:[-*_=~`]\s*){3,}\w*\s*")
# What assistants say around their work, in a line of its own.
_REMARK = re.compile(
    r"(?:i hope|hope (?:this|these|that)|let me know|feel free|here(?: are|'s| is|’s)|sure[!,.]|"
    r"of course[!,.]|certainly[!,.]|would you like me|if you(?:'d| would|’d) like|these questions|"
    r"note:)|.*:\s*$|\|",
    re.IGNORECASE,
)
_TO_TAKE_IT = "if it is a way of asking, write - before it"
_OURS = re.compile(r"\s*(?:>|\?\s|[*_]*(?:Wanted|Not yet|Worn words):|Write below)")
# As we print it, in bold, as a heading, behind a dash, or with a question in the same line.
_NOT_TOLD = re.compile(
    r"[\s#*_>•-]*(?:not told|unanswered)(?![^\W_])[\s*_]*"
    r"(?:$|\([^)]*\)[\s:*_]*$|[:—–-][\s*_]*(?P<next>.*))",
    re.IGNORECASE,
)
_ASKED_OF_OTHERS = "what you would ask next"
_WANTED_AGAIN = re.compile(r"[\s#*_>•-]*(?:wanted|ways of asking)[\s*_]*(?::|$)", re.IGNORECASE)
_EMPHASIS = r"(?:\*\*|__|[*_`])?"
# Crosses that are nothing else, wherever they stand.
_SURE_CROSS = re.compile(
    rf"{_EMPHASIS}[×✗✘❌✖✕❎]\ufe0f?{_EMPHASIS}[:.)]?\s*|"  # noqa: RUF001  # the sign is meant
    r"(?:(?P<around>\*\*|__|[*_`])[xX][:.)]?(?P=around)|\([xX]\))[:.)]?\s*|"
    r"[xX](?:[:)]|\.(?=\s|$)|\s+[-–—](?=\s|$))\s*"
)
_BARE_CROSS = re.compile(r"[xX](?:\s+|$)")
_BEGINS_QUESTION = re.compile(
    r"(?:wh(?:at|en|ere|ich|o|om|ose|y)|how|(?:i|wa|ha|doe)s|are|were|did|do|have|had|can|could|"
    r"will|would|should|may|might|any(?:one|body)?)(?:['’]?(?:s|re|d|ll|nt|n['’]t))?\b",
    re.IGNORECASE,
)
"""Behind "- x": "- x how old is it" is crossed, and "- x factor, was she on it" is not."""

_HEAD = """\
HOW WOULD YOU ASK?

This is about “{title}”.

Below stands a list of answers. Under each, please write how people might ask for it, one question
to a line, behind the dashes (add as many dashes as you like). Write as different people would: a
child, a fan of many years, a parent, somebody in a hurry, somebody who is learning English, or who
has a story to tell. Do not worry about spelling.
A question need not contain the answer, and should fit no other answer in this list.

{next}
Leave the lines that begin with ## as they are: they say where your questions belong.
"""

# Friends who see some of the answers cannot know what the others tell.
_NEXT_OF_ALL = (
    "Behind each x, please write what you would like to know next, and no answer in this list "
    "tells."
)
_NEXT_OF_SOME = (
    "Behind each x, please write what you would like to know next, and the answer does not tell."
)

INSIST = "!"
"""Before a way of asking, it says that the author has looked at it and wants it all the same."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A line that was not taken, and why."""

    line: int
    text: str
    why: str


@dataclass(frozen=True, slots=True)
class Answer:
    """A line of a filled-in questionnaire."""

    line: int
    fact: str
    question: str
    is_insisted: bool
    is_unanswered: bool
    """Whether it is a question near the fact that nothing answers, and no way of asking for it."""


@dataclass(frozen=True, slots=True)
class _Part:
    """The part of a text that lines stand in: a section up to "Not told", or from there on."""

    begun: int
    """The line that its section begins on."""
    heading: str
    is_not_told: bool


@dataclass(frozen=True, slots=True)
class _Written:
    """A line's question and the signs before it."""

    question: str
    has_sign: bool
    """Whether any sign says that it is a question: a dash, a number, a cross, or "!"."""
    is_insisted: bool
    is_crossed: bool


@dataclass(frozen=True, slots=True)
class Harvest:
    """The questions from a filled-in questionnaire."""

    added: Mapping[str, tuple[str, ...]]
    """The new ways of asking of each fact."""
    unanswered: Mapping[str, tuple[str, ...]]
    """The new questions near each fact that nothing answers."""
    left_out: tuple[LeftOut, ...]
    had_before: int
    """How many lines the pack has already, as those of a file that is read again."""


def write_questionnaire(pack: Pack, wanted: int, weakest: int | None = None) -> str | None:
    """Return a text that asks for further ways of asking, unless all have enough.

    `weakest` asks for a few ways of so many of the weakest facts alone.
    """
    served = sort_weakest(pack.facts)
    lacking = [fact for fact in served if len(fact.questions) < wanted]
    chosen = {fact.id for fact in lacking[:weakest]}
    if not chosen:
        return None
    is_whole = len(chosen) == len(served)
    parts = [_HEAD.format(title=pack.title, next=_NEXT_OF_ALL if is_whole else _NEXT_OF_SOME)]
    names = collect_display_names(pack)
    for fact in pack.facts:
        if fact.id in chosen:
            missing = wanted - len(fact.questions)
            missing = missing if weakest is None else min(missing, FEW)
            parts.append(
                "\n".join(_section(pack, fact, names[fact.subject], missing, is_whole=is_whole))
            )
    return "\n\n".join(parts) + "\n"


def _section(
    pack: Pack, fact: Fact, subject: str, missing: int, *, is_whole: bool
) -> Iterator[str]:
    yield f"## {fact.id} (about {subject})"
    yield textwrap.fill(fact.statement, 96, initial_indent="> ", subsequent_indent="> ")
    ways = "1 way" if missing == 1 else f"{missing} ways"
    yield f"Wanted: {ways} of asking. So far people ask: {fact.questions[0]}"
    if styles := find_missing_styles(fact.questions, fact.statement):
        yield f"Not yet: {'; '.join(styles)}."
    if worn := _find_worn_words(pack, fact):
        yield f"Worn words: {', '.join(worn)}. Better without them."
    yield from ("- ",) * min(missing, FEW)
    if (room := MOST_UNANSWERED - len(fact.unanswered)) > 0:
        yield (
            "Not told: what you would ask next, and no answer in this list tells."
            if is_whole
            else "Not told: what you would ask next, and this answer does not tell."
        )
        yield from ("x ",) * room


def _find_worn_words(pack: Pack, fact: Fact) -> tuple[str, ...]:
    """Return the words, names aside, that most ways of asking have."""
    names = {
        part.casefold() for name in collect_display_names(pack).values() for part in name.split()
    }
    counts = Counter(
        word
        for question in fact.questions
        for word in {token.folded for token in tokenize(plain_text(question))}
        if len(word) > 3 and word not in names | _SMALL_WORDS  # noqa: PLR2004  # small words
    )
    # A lone way of asking has worn nothing out, though it has each of its words.
    least = max(2, WORN_SHARE * len(fact.questions))
    return tuple(word for word, count in counts.most_common(MAX_WORN) if count >= least)


async def read_questionnaire(
    pack: Pack, text: str, path: Path, zipf_frequencies: Mapping[str, float]
) -> Harvest:
    """Return the questions in a filled-in questionnaire.

    Args:
        pack: The pack.
        text: The questionnaire.
        path: The questionnaire's file, to be named.
        zipf_frequencies: The words of the language, with their frequencies.

    Raises:
        StoreError: The pack cannot be compiled to a temporary folder.
        PackError: No fact's heading stands in the text.
    """
    answers, left_out, has_heading = _read_answers(pack, text)
    if not (has_heading or left_out):
        raise PackError([_explain_nothing(pack, text, path)])
    harvest = _Harvester(pack, zipf_frequencies)
    new = [each for each in answers if not harvest.has(each)]
    scope = frozenset({pack.id})
    with TemporaryDirectory(prefix="linernotes-") as folder:
        index = Path(folder) / "facts.sqlite"
        compile_packs([pack], index, key="")
        # No secret: these are ways of asking that will stand in a pack.
        async with await KnowledgeBase.open(index, KeyedHash(bytes(KEY_BYTES))) as knowledge:
            # One by one: each that is taken stands in the way of another like it further down.
            for answer in new:
                why = harvest.find_fault(answer)
                if not (why or answer.is_insisted):
                    why = harvest.find_doubt(answer)
                    if not (why or await knowledge.is_understood(answer.question, scope)):
                        why = "it is in another language than the pack's ways of asking"
                    if not why:
                        explained = await knowledge.explain(answer.question, scope)
                        best = explained.decision.answer
                        if best and answer.fact not in {best.document.id, *best.document.related}:
                            why = f"it is answered with '{best.document.id}'"
                    wanted = "nothing answers it" if answer.is_unanswered else "it belongs here"
                    why = f"{why}; if {wanted}, write {INSIST} before it" if why else ""
                if why:
                    left_out.append(LeftOut(answer.line, answer.question, why))
                else:
                    harvest.take(answer)
    return Harvest(
        {fact: tuple(questions) for fact, questions in harvest.added.items()},
        {fact: tuple(questions) for fact, questions in harvest.unanswered.items()},
        tuple(sorted(left_out, key=lambda each: each.line)),
        len(answers) - len(new),
    )


class _Harvester:
    """Takes the lines of a questionnaire one by one."""

    def __init__(self, pack: Pack, zipf_frequencies: Mapping[str, float]) -> None:
        self.added: dict[str, list[str]] = {}
        self.unanswered: dict[str, list[str]] = {}
        self._pack = pack
        self._zipf_frequencies = zipf_frequencies
        self._known = {
            normalize_question(question): fact.id
            for fact in pack.facts
            for question in fact.questions
        }
        self._expected = list_expected(pack)
        self._own = {fact.id: list(fact.questions) for fact in pack.facts}
        self._statements = {fact.id: fact.statement for fact in pack.facts}

    def has(self, answer: Answer) -> bool:
        """Return whether the pack says already what a line says."""
        key = normalize_question(answer.question)
        if answer.is_unanswered:
            return key in self._expected and self._expected[key] is None
        return self._known.get(key) == answer.fact

    def find_fault(self, answer: Answer) -> str:
        """Return why a line would be a fault, or nothing."""
        if answer.is_unanswered:
            return find_answered(answer.question, self._known, self._expected)
        return find_objection(answer.fact, answer.question, self._known, self._expected)

    def find_doubt(self, answer: Answer) -> str:
        """Return why a line is better not taken, or nothing."""
        own = self._own[answer.fact]
        if _LINK.search(answer.question):
            return "it has a link in it"
        if answer.is_unanswered:
            return _find_own_answer(answer.question, self._statements[answer.fact], own)
        return _find_doubt(self._pack, answer.question, own, self._zipf_frequencies)

    def take(self, answer: Answer) -> None:
        """Take a line."""
        key = normalize_question(answer.question)
        if answer.is_unanswered:
            self._expected[key] = None
            self.unanswered.setdefault(answer.fact, []).append(answer.question)
        else:
            self._known[key] = answer.fact
            self._own[answer.fact].append(answer.question)
            self.added.setdefault(answer.fact, []).append(answer.question)


def _read_answers(pack: Pack, text: str) -> tuple[list[Answer], list[LeftOut], bool]:
    """Return the answers, the lines left out, and whether facts are named."""
    known = {fact.id for fact in pack.facts if fact.withdrawn is None}
    answers: list[Answer] = []
    left_out: list[LeftOut] = []
    undashed: list[Answer] = []
    has_heading = False
    dashed: set[_Part] = set()
    """The parts of the text with a dash before a question."""
    part_of: dict[int, _Part] = {}
    for number, line, part in _place_lines(text, known):
        has_heading = has_heading or part.heading in known
        if _OURS.match(line) or _RULE.fullmatch(line):
            continue
        written = _read_signs(line, is_not_told=part.is_not_told)
        question = written.question
        if not question:
            continue
        if part.heading not in known:
            near = get_close_matches(part.heading, known, n=1)
            meant = f"; did you mean '{near[0]}'?" if near else ""
            why = f"it stands below '{part.heading}', and no fact is called so{meant}"
            left_out.append(LeftOut(number, question, why))
            continue
        is_unanswered = written.is_crossed or part.is_not_told
        answer = Answer(number, part.heading, question, written.is_insisted, is_unanswered)
        part_of[number] = part
        if written.has_sign:
            dashed.add(part)
            answers.append(answer)
        elif _REMARK.match(question):
            left_out.append(LeftOut(number, question, f"it reads like a remark; {_TO_TAKE_IT}"))
        else:
            undashed.append(answer)
    # Friends may leave out all dashes; an assistant's words around its work have none either.
    for answer in undashed:
        if part_of[answer.line] in dashed:
            why = f"others below '{answer.fact}' have a dash before them; {_TO_TAKE_IT}"
            if answer.is_unanswered:
                why = (
                    f"others below 'Not told' of '{answer.fact}' have an x before them; if it is "
                    "a question that nothing answers, write x before it"
                )
            left_out.append(LeftOut(answer.line, answer.question, why))
        else:
            answers.append(answer)
    return sorted(answers, key=attrgetter("line")), left_out, has_heading


def _place_lines(text: str, known: Collection[str]) -> Iterator[tuple[int, str, _Part]]:
    """Yield the lines from the first heading on; a heading itself is an empty line."""
    part: _Part | None = None
    for number, line in enumerate(text.splitlines(), start=1):
        told = line
        if part and (asked_next := _NOT_TOLD.fullmatch(line)):
            part = _Part(part.begun, part.heading, is_not_told=True)
            asked = asked_next["next"] or ""
            told = "" if asked.casefold().startswith(_ASKED_OF_OTHERS) else f"x {asked}"
        elif (heading := _read_heading(line, known)) is not None:
            part, told = _Part(number, heading, is_not_told=False), ""
        elif part and _WANTED_AGAIN.match(line):
            part = _Part(part.begun, part.heading, is_not_told=False)
        if part:
            yield number, told, part


def _read_signs(line: str, *, is_not_told: bool) -> _Written:
    """Return a line's question, and what the signs before it say.

    `is_not_told` says that it stands below "Not told", where each question is a crossed one.
    """
    rest, has_dash, is_insisted, is_crossed = line.strip(), False, False, False
    while True:
        sign = _SURE_CROSS.match(rest) or _BARE_CROSS.match(rest)
        if rest.startswith(INSIST):
            is_insisted, end = True, len(INSIST)
        elif sign and (
            sign.re is _SURE_CROSS
            or not (has_dash or is_crossed)
            or (is_not_told and not is_crossed)
            or sign.end() == len(rest)
            or _BEGINS_QUESTION.match(rest, sign.end())
        ):
            is_crossed, end = True, sign.end()
        elif sign := _BULLETS.match(rest):
            has_dash, end = True, sign.end()
        else:
            break
        rest = rest[end:].lstrip()
    has_sign = has_dash or is_insisted or is_crossed
    return _Written(_unwrap(rest), has_sign, is_insisted, is_crossed)


def _explain_nothing(pack: Pack, text: str, path: Path) -> Fault:
    """Return why a text is no questionnaire, and how one is written."""
    if not text.strip():
        return Fault(path, 1, "the file is empty", "write the questionnaire's answers into it")
    example = next(fact for fact in pack.facts if fact.withdrawn is None)
    return Fault(
        path,
        1,
        "no line names a fact, so nothing says where the questions belong",
        f"write '## {example.id}' in a line of its own, and its questions in lines below that "
        "begin with '- ', as in the file that 'linernotes facts questionnaire' writes",
    )


def _read_heading(line: str, known: Collection[str]) -> str | None:
    """Return the id in a heading, known or not; None of others."""
    marked = _HEADING.fullmatch(line)
    found = marked or _BOLD_LINE.fullmatch(line) or _BARE_LINE.fullmatch(line)
    head = _NUMBER.sub("", found[1] if found else line).partition("(")[0]
    words = re.findall(r"[^\W_]+(?:-[^\W_]+)*", head.casefold())
    name = "-".join(words)
    if name in known and (found or line.strip() in known):
        return name
    if marked:
        told = [word for word in words if word in known]
        return told[0] if told and (told[0] == words[0] or "-" in told[0]) else name
    return name if found and _ABOUT in line else None


def _unwrap(text: str) -> str:
    """Return a way of asking without the signs around it."""
    text = _LABEL.sub("", text).strip(_WRAPPERS).strip()
    is_wrapped = len(text) > 1 and f"{text[0]}{text[-1]}" in _PAIRS
    return text[1:-1].strip() if is_wrapped else text


def list_expected(pack: Pack) -> dict[str, str | None]:
    """Return the facts that a pack's tests expect, by question.

    None stands for no answer, as for the questions that a fact lists as unanswered.
    """
    unanswered = {
        normalize_question(question): None
        for fact in pack.facts
        if fact.withdrawn is None
        for question in fact.unanswered
    }
    return unanswered | {normalize_question(test.question): test.fact for test in pack.tests}


def find_answered(
    question: str, known: Mapping[str, str], expected: Mapping[str, str | None]
) -> str:
    """Return why a question is no unanswered one, or nothing.

    `known` and `expected` are those of `find_objection`.
    """
    if why := find_objection("", question, {}):
        return why
    key = normalize_question(question)
    if key in known:
        return f"'{known[key]}' is asked for in these words; take them away there first"
    if key in expected:
        answered = expected[key]
        return (
            "the pack says so already"
            if answered is None
            else f"a test says that '{answered}' answers it; take that away first"
        )
    return ""


def find_objection(
    fact: str,
    question: str,
    known: Mapping[str, str],
    expected: Mapping[str, str | None] = MappingProxyType({}),
) -> str:
    """Return why a way of asking would be a fault, or nothing.

    `known` are the facts by their ways of asking, as `normalize_question` writes them, and
    `expected` those that `list_expected` returns.
    """
    key = normalize_question(question)
    if not key:
        return "it has no words"
    if len(question) > LONGEST:
        return f"it has {len(question)} characters, at most {LONGEST} are read"
    if slip := find_slip(question):
        return slip
    if key in expected and expected[key] != fact:
        said = f"'{expected[key]}' answers it" if expected[key] else "nothing answers it"
        return f"the pack says already that {said}; take that away first"
    if key in known:
        there = "this fact" if known[key] == fact else f"'{known[key]}'"
        return f"{there} has it already"
    return ""


def _find_doubt(
    pack: Pack, question: str, own: Sequence[str], zipf_frequencies: Mapping[str, float]
) -> str:
    """Return why a way of asking is better not taken, or nothing."""
    if why := _find_too_like(question, own):
        return why
    plain = plain_text(question)
    words = tokenize(plain)
    for first, count in find_unknown_names(pack, plain):
        name = plain[words[first - 1].start : words[first + count - 2].end]
        strange = set(fold(name).split()) - _ABBREVIATIONS
        if any(zipf_frequencies.get(part, 0.0) < RARE for part in strange):
            return f"the pack knows nobody and nothing called '{name}'"
    return ""


def _find_too_like(question: str, own: Sequence[str]) -> str:
    """Return which of a fact's ways of asking a question is too like, or nothing."""
    near = process.extractOne(
        fold(question), list(map(fold, own)), scorer=fuzz.token_sort_ratio, score_cutoff=TOO_ALIKE
    )
    return "" if near is None else f"it is too like '{own[near[2]]}'"


def _find_own_answer(question: str, statement: str, own: Sequence[str]) -> str:
    """Return why a question that nothing answers is better not taken, or nothing.

    That the bot would answer it with its own fact is no reason: to stop that is what it is for.
    """
    if why := _find_too_like(question, own):
        return why
    asked = _find_stems(question)
    if not asked - _find_stems(" ".join(_ASKING_WORDS)):
        return "it does not say what is asked for"
    told = _find_stems(statement)
    for way in own:
        if asked <= told | _find_stems(way):
            return f"all its words are in the answer and in '{way}'"
    return ""


def _find_stems(text: str) -> set[str]:
    """Return the stems of a text's words, without those of mere phrasing."""
    stem = stemmer("english").stemWord
    return {stem(word) for word in normalize_question(fold(text)).split()} - _PHRASING
