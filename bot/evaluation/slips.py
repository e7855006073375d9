"""Find slips of typing that make another text than was meant."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from bot.answering.text import fold
from bot.errors import Fault, PackError
from bot.packs.files import find_unprintable, read_text
from bot.packs.references import name_entries
from bot.packs.sidecar import SECTIONS, is_sidecar
from bot.packs.yaml_source import WrittenText, format_value, parse_yaml

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

FUNCTION_WORD = 6.0
"""From this Zipf frequency on, a word stands in any question: "the", "no"."""
EVERYDAY_WORD = 3.8
"""From this one on, a word in lower case is taken for the word and not for a name: "album"."""

_PROSE = frozenset(
    {
        "statement",
        "questions",
        "unanswered",
        "question",
        "words",
        "context",
        "note",
        "themes",
        "title",
        "name",
    }
)
_LISTS = frozenset({"aliases", "described_as", "themes", "publishers", "not_names"})
_SEMICOLON = re.compile(r";(?=\s)")
# Behind a digit it says inches.
_MARK = re.compile(r"(?<!\d)\"")
_TIGHT_COMMENT = re.compile(r"\s+#\S")
_NEAR_COMMENT = re.compile(r" #")
_TIGHT_DASH = re.compile(r"-[^\W\d_]")
# Inside a word they are part of a spelling in some scripts, and of an emoji.
_JOINERS = frozenset("\u200c\u200d")


def find_slips(files: Iterable[Path], zipf_frequencies: Mapping[str, float]) -> tuple[Fault, ...]:
    """Return the slips in pack files and sidecars that can be read."""
    return tuple(fault for path in files for fault in _slips_in(path, zipf_frequencies))


def find_slip(question: str) -> str:
    """Return the slip in a question, however it is quoted."""
    at = find_unprintable(question)
    if at is not None:
        return f"it has a character that no text has (U+{ord(question[at]):04X}); type it anew"
    text = WrittenText(question, ("questions", 0), 1, "")
    return next((f"it {what}; {remedy}" for what, remedy in _slips_of(text, "questions", {})), "")


def _slips_in(path: Path, zipf_frequencies: Mapping[str, float]) -> Iterator[Fault]:
    try:
        source = parse_yaml(read_text(path), path)
    except PackError:
        return  # told by the loader
    told = {fault.line for fault in source.faults}  # of a mended line, more would be of the mending
    for text in source.list_texts():
        if text.line in told:
            continue
        owner = "".join(f"{entry}: " for entry in name_entries(source.content, text.steps))
        keys = [step for step in text.steps if isinstance(step, str)]
        # In a sidecar, the key of a list is the id of what it adds to.
        key = keys[0] if is_sidecar(path) and keys[0] in SECTIONS else keys[-1]
        named = f"{owner}an entry of '{key}'" if isinstance(text.steps[-1], int) else ""
        named = named or f"{owner}'{key}'"
        for what, remedy in _slips_of(text, key, zipf_frequencies):
            yield Fault(path, text.line, f"{named} {what}", remedy)


def _slips_of(
    text: WrittenText, key: str, zipf_frequencies: Mapping[str, float]
) -> Iterator[tuple[str, str]]:
    comment = _NEAR_COMMENT if key in _PROSE else _TIGHT_COMMENT
    if text.value and (comment.match(text.rest) or _TIGHT_COMMENT.match(text.rest)):
        yield (
            f"ends at {format_value(text.value[-20:])}, for ' #' begins a comment",
            "put the text in quotation marks, or the comment on a line of its own",
        )
    # Of the words of a quote the loader says it.
    is_quoted = text.value[:1] in "“‘„«" and text.value[-1:] in "”’“»" and len(text.value) > 1
    if is_quoted and key != "words":
        yield (
            "stands in typographic quotation marks, which are a part of the text",
            "use plain ones, or none",
        )
    dashed = next((line for line in text.further_lines if _TIGHT_DASH.match(line)), None)
    if dashed is not None:
        yield f"goes on with the line {format_value(dashed)}", "write '- ' before that entry"
    deeper = [line for line in text.further_lines if line.startswith("- ")]
    if deeper and isinstance(text.steps[-1], int):
        yield (
            f"goes on with the line {format_value(deeper[0])}, which is deeper",
            "begin that line with as many spaces as the entry above it",
        )
    elif len(deeper) > 1:  # one may be a dash of the sentence
        yield (
            f"goes on with the line {format_value(deeper[0])}",
            "write the key of that list above it, such as 'questions:'",
        )
    # What people type into a question is theirs.
    if key in _PROSE - {"questions", "question"} and len(_MARK.findall(text.value)) % 2:
        yield "has a quotation mark without its partner", "put one at each end, or none"
    if key in _LISTS and _SEMICOLON.search(text.value):
        yield "has a ';' in it", "put a comma between the entries of a list"
    invisible = (c for c in text.value if unicodedata.category(c) == "Cf" and c not in _JOINERS)
    hidden = next(invisible, None)
    if hidden is not None:
        before = text.value[: text.value.index(hidden)].split()[-1:] or ["the beginning"]
        yield (
            f"has an invisible character (U+{ord(hidden):04X}) after {format_value(before[0])}",
            "type the word anew",
        )
    alias, frequency = text.value, zipf_frequencies.get(fold(text.value), 0.0)
    # In capitals only the commonest words are taken for a name that was cut: "The", "No".
    everyday = EVERYDAY_WORD if alias == alias.lower() else FUNCTION_WORD
    if key == "aliases" and frequency >= everyday:
        yield (
            f"is {format_value(text.value)}, an everyday word that many questions have",
            "remove it, or write the name as people say it in full",
        )
