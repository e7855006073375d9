"""Cut the frame of a request off: "can you tell me …", "a quote about … please".

A frame is grammar: whoever asks "do you know if they toured" asks whether they toured. It goes away
here, from questions and sample questions alike, and nothing behind this knows of it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.answering.text import Clause

if TYPE_CHECKING:
    from collections.abc import Sequence

_GREETING = (
    r"(?:hey|hi|hello|okay|so|um|uh|hmm|oh|well|please|yo|and|also|guys|dude|bro|quick question)"
)
_POLITE = rf"(?:{_GREETING} )*"
_TELLING = (
    r"(?:(?:(?:can|could|would|will) you|you can|i want you to) (?:please |maybe |just )?)?"
    r"(?:tell|remind|inform|enlighten) (?:me|us)(?: please| again)?(?: about| of| if| whether| on)?"
)
_ASKING = (
    r"(?:can|could|may|might) i (?:please |just )?ask(?: you)?(?: about| if| whether| something)?"
    r"|i (?:just |really |only )?(?:want|wanted|need|would like|am trying) to "
    r"(?:know|ask|find out|hear|learn)(?: more)?(?: about| if| whether)?"
    r"|i (?:am|was) (?:just |only )?(?:wondering|curious|asking)(?: about| if| whether)?"
    r"|(?:just )?(?:wondering|curious)(?: about| if| whether)?"
    r"|i (?:do not|never) know (?:if|whether)"
)
_KNOWING = (
    r"(?:do|does|did|would) (?:you|anyone|anybody|someone|somebody|any of you)"
    r"(?: here| guys| all)?(?: even| actually| happen to)? (?:know|remember)"
    r"(?: if| whether| about)?"
    r"|(?:any idea|any clue|any word|any info|any information|any news)(?: if| whether| about| on)?"
    r"|(?:is|was) it true(?: that)?|(?:what|how) about"
    r"|(?:what do you know|what can you tell me|what is there to know) about"
    r"|(?:information|info|details|more) (?:about|on)"
)
_GIVING = (
    r"(?:(?:can|could|would|will) (?:you|i|we) (?:please |maybe |just )?)?"
    r"(?:give|show|find|send|get|share|post|read|pick|do|have|see|hear)(?: me| us)?"
    r"|i (?:want|need|would like|would love)(?: to (?:hear|see|read|have))?"
    r"|(?:do|have) you (?:have|got|know)|you got|got|is there|are there|looking for|let us have"
    r"|i am looking for|how about"
)
_QUOTE = (
    r"(?:(?:a|an|any|some|the|that|one|your|his|her|their) )*"
    r"(?:(?:good|nice|short|funny|great|random|cool|sweet|famous|best|favourite) )*"
    r"(?:quote|quotes|quotation|quotations|saying|line)"
    r"(?: (?:of|by|from) (?:him|her|them))?"
    r"(?: (?:that is |which is |where (?:he|she|they) (?:talk|talks|speak|speaks|is talking) )?"
    r"(?:about|on|for|regarding|concerning|mentioning|to do with|related to))"
)
_LEADING = re.compile(
    rf"{_POLITE}(?:(?:{_GIVING}) (?:please )?)?{_QUOTE} "
    rf"|{_POLITE}(?:{_TELLING}|{_ASKING}|{_KNOWING}) "
    rf"|{_POLITE}(?:{_GIVING}) (?:something|anything|stuff|some words) (?:about|on) "
    r"|something (?:about|on|for) "
)
_TRAILING = re.compile(r" (?:please|thanks|thank you|thx|ty|tysm|thank you so much|quote|quotes)$")
_TYPED_TWICE = 2
"""Frames stand in frames: "can I ask, do you know if …"."""


def cut_frame(clause: Clause) -> Clause:
    """Return a clause without the frame around what it asks for."""
    text = " ".join(clause.words)
    for _ in range(_TYPED_TWICE):
        found = _LEADING.match(text)
        if not found:
            break
        text = text[found.end() :]
    while found := _TRAILING.search(text):
        text = text[: found.start()]
    words: Sequence[str] = text.split(" ")
    return Clause(tuple(words), clause.is_question)
