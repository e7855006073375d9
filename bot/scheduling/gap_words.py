"""Words fit to be kept: without addresses, numbers, mentions and links."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

MAX_WORDS = 300
"""Characters of a question or a suggestion that are kept, as many as `/ask` takes."""
MAX_TYPED = 4_000  # Discord lets nobody type more
MAX_READ = 2 * MAX_WORDS
"""Characters that are looked through: some of them are left out."""
MAX_MARKS = 2
"""Accents upon one letter: no language stacks more, and a scrawl of them covers the lines above."""
LEAST_LETTERS = 3
"""With fewer there is no question left."""
OMITTED = "…"
"""Stands where something was left out."""

_UNKEPT = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_DIGIT = "(?:zero|oh|nought|one|two|three|four|five|six|seven|eight|nine|double|triple)"
# From two on: "one" and its like are articles in half of these languages.
_NUMBER = (
    "(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|"
    "(?:thir|four|fif|six|seven|eigh|nine)teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty|"
    "hundred|thousand|million|"
    "dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|trece|catorce|quince|"
    r"dieci[^\W\d]+|veint[^\W\d]+|treinta|cuarenta|[cs]incuenta|sesenta|setenta|ochenta|noventa|"
    r"cien(?:to)?|[^\W\d]*cientos|quinientos|mil|"
    r"dois|duas|três|quatro|meia|sete|oito|nove|dez|onze|doze|treze|quatorze|dezess?[^\W\d]+|"
    r"dezoito|dezenove|vinte|trinta|quarenta|cinquenta|sessenta|oitenta|cem|[^\W\d]*centos|"
    "null|zwei|zwo|drei|vier|fünf|sechs|sieben|acht|neun|elf|zwölf|"
    r"[^\W\d]*(?:zehn|zig|dreißig|hundert|tausend)|"
    "zéro|deux|trois|cinq|sept|huit|neuf|dix|douze|seize|vingts?|trente|quarante|cinquante|"
    "soixante|cents?|mille)"
)
_IN_A_ROW = rf"(?:{_DIGIT}|{_NUMBER}|cero|una?|uno|uma?|eins?|une)"
_SPELLED_NUMBERS = re.compile(
    rf"\b{_IN_A_ROW}(?:[\s,.-]+(?:(?:and|y|e|und|et)\s)?{_IN_A_ROW}){{2,}}\b", re.IGNORECASE
)
_AND = frozenset({"and", "y", "e", "und", "et"})
SHORT_LIST = 4
"""Words of a list of three with its "and"."""
_SUNG = frozenset({"oh", "um", "un", "una", "uno", "uma", "once"}) | _AND
"""No number is made of these alone: "oh oh oh"."""
_STREET = (
    "(?:street|st|road|rd|avenue|ave|lane|ln|drive|dr|boulevard|blvd|court|ct|square|sq|place|pl|"
    "way|close|crescent|terrace)"
)
# Behind a number in words, only what is hardly anything else: "two ways", "one place".
_SURE_STREET = "(?:street|road|avenue|ave|boulevard|blvd|lane|crescent|terrace)"
_NAME_OF_STREET = (
    r"(?:\s(?!(?:the|a|an|of|on|in|at|to|for|and|or|my|this|that|more)\b)[^\W\d]+){1,2}"
)
_WORD_FOR_DOT = "(?:dot|punkt|punto|ponto|point)"
_SPELLED_DOT = rf"(?:\s?[(\[{{]\s?(?:{_WORD_FOR_DOT}|\.)\s?[)\]}}]\s?|\sdot\s)"
_DOT = rf"(?:{_SPELLED_DOT}|\s?\.\s?)"
_SUFFIX = "(?:com|org|net|info|gg|me|io|tv|uk|de|fr|es|co|app|dev|xyz|ly|be|link)"
# Behind a dot with a space before it: such as are no words that begin a sentence.
_SURE_SUFFIX = "(?:com|org|net|info|gg|io|tv|uk|app|dev|xyz|ly)"
_PATH = r"(?:\s?/\s?[^\s/]*)*"
# From whole phrases down to single words; each alternative is one way of telling where to reach
# somebody, or who they are.
_OMITTED = re.compile(
    "|".join(
        (
            r"<(?:@[!&]?|#|a?:|/|t:|id:)[^<>]*>",  # mentions, emoji, times
            r"\b[a-z][a-z0-9+.-]{0,30}://\S+",
            rf"\b(?:h(?:tt|xx)ps?\s?:\s?/\s?/\s?|www\s?\.\s?)[\w-]+(?:{_DOT}[\w-]+)*{_PATH}",
            r"\b(?:mailto|tel|sms|skype):\S+",
            rf"\b[\w.+-]{{1,64}}\s?[(\[{{]\s?at\s?[)\]}}]\s?[\w-]{{1,64}}(?:{_DOT}\w{{1,64}})*",
            rf"\b[\w.+-]{{1,64}}(?:\s@\s?|@\s)[\w-]{{1,64}}{_DOT}\w{{1,64}}",
            rf"\b[\w.+-]{{1,64}}\sat\s[\w-]{{1,64}}{_SPELLED_DOT}\w{{1,64}}",
            rf"\b[\w-]{{1,64}}(?:\s?[(\[{{]\s?(?:dot|\.)\s?[)\]}}]\s?[\w-]{{1,64}})+{_PATH}",
            rf"\b[\w-]{{1,64}}{_SPELLED_DOT}{_SUFFIX}\b{_PATH}",
            # Not "me" or "de": "could you point me", "el punto de".
            rf"\b[\w-]{{1,64}}\s{_WORD_FOR_DOT}\s{_SURE_SUFFIX}\b{_PATH}",
            rf"\b[\w-]{{1,64}}\s\.\s?(?:{_SURE_SUFFIX}\b|{_SUFFIX}(?=\s?/)){_PATH}",
            r"\bdiscord(?:app)?\s?[./]?\s?gg\b(?:[\s/]+[^\s/]+)?",
            rf"\bdiscord(?:app)?\s?\.\s?com\b{_PATH}",
            rf"\d\S*(?:\s[^\W\d]+){{1,3}}\s{_STREET}\b",
            rf"\b(?:{_DIGIT}|{_NUMBER})(?:-{_DIGIT})?{_NAME_OF_STREET}\s{_SURE_STREET}\b",
            rf"\b\w{{1,40}}(?:stra(?:ß|ss)e|str\.|weg|platz|allee|gasse)\s(?:\d[\w/-]*|{_NUMBER}\b)",
            r"\b(?:calle|avenida|rua|rue|via|piazza|plaza|praça)(?:\s[^\W\d]+){1,4},?\s\d[\w/-]*",
            rf"\b(?:calle|avenida|rua|plaza|praça)(?:\s[^\W\d]+){{1,3}},?\s{_NUMBER}\b",
            r"(?<!\S)(?=\S*\w)\S*@\S*",  # but not the sign alone: "what's her @?"
            r"(?<!\S)\S*#\S+",
            r"(?<!\S)\S*[^\W_]_+[^\W_]\S*",  # a name on some site: words have no such sign
            r"(?<!\S)\S*\w\.[^\W\d_]{2,}\S*",  # whatever has a dot within it: a host's name
        )
    ),
    re.IGNORECASE,
)
_SMALL_NUMBER = re.compile(r"[\"'“‘(]*(?:\d{1,4}|\d,\d{3})(?:st|nd|rd|th|s|º|ª)?[?!.,;:)\"'”’]*")
"""A count, a year, a place in a list: of up to four digits, whatever stands around it."""
_YEAR = re.compile(r"\W*(?:19|20)\d\d\W*")
_JOINS = _AND | {"or", "o", "ou", "oder"}
LEAST_IN_ROW = 3
"""So many numbers with "and" between them are a long one that somebody takes apart."""
_ENGLISH_NUMBER = (
    "(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|"
    "(?:thir|four|fif|six|seven|eigh|nine)teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty"
    "(?:[ -](?:one|two|three|four|five|six|seven|eight|nine))?)"
)
_MONTH = (
    "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    "sep(?:t(?:ember)?)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|"
    "enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre|"
    "janeiro|fevereiro|março|maio|junho|julho|setembro|outubro|novembro|dezembro|"
    "januar|februar|märz|mai|juni|juli|oktober|dezember|"
    "janvier|février|mars|avril|juin|juillet|août|septembre|octobre|décembre)"
)
# Not "24/Seven", which is a name.
_FIGURES = r"\d(?:[\d.,/:-]*\d)?(?:st|nd|rd|th|º|ª)?(?![^\W_]|\S*[^\W\d_])"
_OF = "(?:of|de|do|den)"
_DATE = (
    rf"(?:(?:the\s)?(?:{_FIGURES}(?:\.?\s(?:{_OF}\s)?{_MONTH}\b)?|{_MONTH}\.?\s{_FIGURES})"
    rf"(?:,?\s(?:{_OF}\s)?{_FIGURES})*)"
)
_IS = "(?:is|was|are|es|é|ist|est)"
_SITE = (
    "(?:ig|insta(?:gram)?|snap(?:chat)?|tik\\s?tok|twitter|discord|telegram|whatsapp|steam|psn|"
    "twitch|tumblr|facebook|fb|handle|user\\s?name|gamer\\s?tag|nick(?:name)?)"
)
_MY = "(?:my|mi|meu|minha|meine?|mon|ma)"
# What somebody says of themselves; each named group is a number, a date or a name on a site.
_ABOUT_ONESELF = re.compile(
    rf"\b(?:i am|i'm|im|my age is|tengo|tenho|ich bin|j'ai)\s(?P<age>{_FIGURES})|"
    r"\b(?:i am|i'm|im)\s(?:(?:a|an|only|just|almost|turning|now)\s)?"
    rf"(?P<spelled>{_ENGLISH_NUMBER})\b|"
    rf"\b(?:ich bin\s(?P<alter>{_NUMBER})\b|"
    rf"(?:tengo|tenho|j'ai)\s(?P<edad>{_NUMBER})(?=\s(?:años|anos|ans)\b))|"
    rf"\bi was born\s(?:(?:on|in)\s)?(?P<born>{_DATE}|(?:the\s)?{_MONTH}\b)|"
    rf"\b{_MY}\s{_SITE}(?:\s(?:name|id|account|handle|tag))?(?::|\s{_IS}|\s[:=])\s"
    r"(?P<handle>\S*\w)|"
    rf"\b{_MY}\s[^\W\d]+(?:\s(?:number|code|no\.?))?:?\s(?P<number>{_DATE})|"
    rf"\b{_MY}(?:\s[^\W\d]+){{1,3}}\s{_IS}\s(?:(?:on|in)\s)?(?P<date>{_DATE})|"
    rf"\b{_MY}(?:\s[^\W\d]+){{1,2}}(?::|\s{_IS})\s(?P<dotted>\w+(?:\.\w+)+)(?!\.)",
    re.IGNORECASE,
)
_WORD = re.compile(r"(\S*?)([?!.,;:…)\]\"'”’]*)(?=\s|$)")


def anonymize(typed: str, known: Collection[str] = (), *, keeps_counts: bool = False) -> str:
    """Return typed words without anything that tells of somebody.

    Args:
        typed: Whatever somebody typed.
        known: Words with digits and letters that stay, in lower case: names in the notes.
        keeps_counts: Whether numbers of up to four digits stay where no other is beside them, as in
            a correction, which would say nothing without.
    """
    text = _ABOUT_ONESELF.sub(_leave_out_last, _cut(_fold(typed), MAX_READ))
    text = _SPELLED_NUMBERS.sub(_leave_out_numbers, _OMITTED.sub(OMITTED, text))
    read = text.split()
    in_row = _find_rows(read) if keeps_counts else frozenset()
    kept = [
        word
        if keeps_counts and _SMALL_NUMBER.fullmatch(word) and at not in in_row
        else _without_numbers(word, known)
        for at, word in enumerate(read)
    ]
    words = re.sub(rf"{OMITTED}(?:[\s,;/-]*{OMITTED})+", OMITTED, " ".join(kept))
    if len(words) > MAX_WORDS:
        words = f"{_cut(words, MAX_WORDS - len(OMITTED))}{OMITTED}"
    letters = sum(map(str.isalpha, words))
    return words if letters >= LEAST_LETTERS else ""


def fold_words(words: str) -> str:
    """Fold words to the form by which questions are counted."""
    return " ".join(re.findall(r"\w+|…", words.casefold()))


def _fold(text: str) -> str:
    """Return a text in one line, without invisible characters or heaped accents."""
    kept: list[str] = []
    marks = 0
    # Compatible forms become plain ones, wide digits digits; but "…" is not to become "...".
    parts = (unicodedata.normalize("NFKC", part) for part in text[:MAX_TYPED].split(OMITTED))
    for character in OMITTED.join(parts):
        if character.isspace():
            kept.append(" ")
            continue
        category = unicodedata.category(character)
        marks = marks + 1 if category.startswith("M") else 0
        if category not in _UNKEPT and marks <= MAX_MARKS:
            kept.append(character)
    return " ".join("".join(kept).split())


def _leave_out_last(found: re.Match[str]) -> str:
    """Return what somebody says of themselves up to what tells of them."""
    return found[0][: found.start(found.lastgroup or 0) - found.start()] + OMITTED


def _find_rows(words: Sequence[str]) -> frozenset[int]:
    """Return the places of numbers that are parts of a longer one.

    "0151 234 5678" and "5551 - 2345" are no counts, and neither is "151 and 2345 and 6789"; but
    "10 and 12" are, and years.
    """
    rows: list[list[int]] = []
    found: set[int] = set()
    for at, word in enumerate(words):
        if not (word.startswith(OMITTED) or _has_digit(word)):
            continue
        before = rows[-1][-1] if rows else 0
        between = "".join(words[before + 1 : at])
        # At most one word, or sign, stands between the numbers of a row.
        is_near = bool(rows) and at - before <= 2  # noqa: PLR2004
        is_sign = not any(map(str.isalnum, between))
        are_years = bool(between) and all(_YEAR.fullmatch(words[each]) for each in (before, at))
        if is_near and is_sign and not are_years:
            found |= {before, at}
        if is_near and (is_sign or between.casefold() in _JOINS):
            rows[-1].append(at)
        else:
            rows.append([at])
    for row in rows:
        is_long = len(row) >= LEAST_IN_ROW or (len(row) > 1 and words[row[0]].startswith("0"))
        if is_long and not all(_YEAR.fullmatch(words[at]) for at in row):
            found.update(row)
    return frozenset(found)


def _leave_out_numbers(found: re.Match[str]) -> str:
    """Return nothing of spelt-out numbers, but all of what is sung."""
    words = re.findall(r"[^\W\d_]+", found[0].casefold())
    # "one, two and three" are listed; so short a number has no comma.
    is_list = "," in found[0] and words[-2] in _AND and len(words) <= SHORT_LIST
    return found[0] if is_list or set(words) <= _SUNG else OMITTED


def _has_digit(word: str) -> bool:
    return any(unicodedata.category(character).startswith("N") for character in word)


def _without_numbers(word: str, known: Collection[str]) -> str:
    if not _has_digit(word):
        return word
    match = _WORD.match(word)
    bare, end = match.groups() if match else (word, "")
    is_name = bare.casefold() in known and any(map(str.isalpha, bare))
    return word if is_name else f"{OMITTED}{end.lstrip(OMITTED)}"


def _cut(words: str, limit: int) -> str:
    """Cut between words, as half an address would not be recognised."""
    if len(words) <= limit:
        return words
    before, space, _ = words[: limit + 1].rpartition(" ")
    return before if space else words[:limit]
