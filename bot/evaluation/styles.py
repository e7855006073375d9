"""The styles of asking that a fact lacks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

FEW_WORDS = 4
STORY_WORDS = 12
"""From so many words on, a question of two clauses has a story around it, ..."""
MANY_WORDS = 18
"""... and from so many on, any has."""
STEM = 5
"""Letters by which words are compared."""

_WORD = re.compile(r"[\w']+")
_ASKING = re.compile(
    r"(who|what|when|where|which|why|how|whose|whom|is|are|was|were|do|does|did|can|could|will|"
    r"would|has|have|had|should|may|am|tell|give|name|so)\b",
    re.IGNORECASE,
)
_SLANG = re.compile(
    r"\b(lol|lmao+|omg|idk|tbh|btw|pls|plz|thx|yo|u|ur|gonna|wanna|gotta|lemme|gimme|kinda|sorta|"
    r"tho|dude|bro|fr|ngl|deets|wtf|cuz|coz|cos|em|ya|yall|dunno|aint|ain't|abt|legit|hyped|"
    r"whats|whos|wheres|hows|hes|shes|theyre|dont|didnt|doesnt|isnt|cant|im|ive|wat|wot|fave|"
    r"vibes?|bop|banger|dropping|merch|tix|mate|nah|yep|nope|prolly|lowkey|rn|irl|sup|heck|"
    r"bruh|tf|fam|lil|noob|doggo|(?:what|where|why|how|when)'d|"
    r"(?:do|go|com|mak|liv|gett|play|roll|chill|work|sing|hang|talk|hitt)in'?|"
    # Of these the bare word is plain English too: "the guys in the band", "who plays r".
    r"r (?:u|you|we|they|there|the|these|those|his|her|their)|(?:you|u|hey|hi|ok) guys|"
    r"(?:the|bloody|like|as) hell|hell (?:yeah|yes|no|of))\b|"
    r"^guys\b|\bor what\W*$|[\U0001f300-\U0001faff]",
    re.IGNORECASE,
)
# What speakers of other languages carry over: word order, articles and prepositions.
_CARRIED_OVER = re.compile(
    r"\b(for to|how is called|how are called|where i can|what i can|what means|which is the|"
    r"in which (day|month|year|place|city|country|song|band|channel|hour)|it is (true|possible)|"
    r"is it possible to|i search|explain me|say me|tell me (who|what|where|when|which) (is|are)|"
    r"the (serie|informations|musics)|since (two|three|how)|please to|does he has|"
    r"did (he|she|they) (went|made|had|was)|"
    # Without its article: "what does papa of Mika do", "tell me day of the talk".
    r"(do|does|did|is|are|was|were|has|me) (papa|mama|dad|mum|mom|father|mother|sister|brother|"
    r"husband|wife|boss|name|title|meaning|price|cost|date|day|place|owner|author|singer|"
    r"drummer|teacher|friend) of|"
    r"(do|does|did) (\w+ ){1,2}(has|had|went|made|wanted|wants|came|took|bought|wrote|sang)|"
    r"(what|which) (work|job|age|reason|problem|profession) (has|had)|able for|in internet|"
    r"(where|place|city|town|country) is living|(is|are) (having|speaking) the|"
    r"why the (?!hell|heck)\w+ (is|are|was|were|has|have|does|did|doesn't|didn't)|"
    r"of (group|band|singer)|how many time|persons|"
    r"much (people|songs|years|members|albums|concerts)|for (make|do|have|write|play|see|buy))\b|"
    # Without the turn of words that a question has: "why they have this name".
    r"(?:^|[,;.?!] |\band )(?:and |but |so )?(?:why|how|where|what) (?:she|he|they|it|i) "
    # "what it costs" and "how it ended" are what anybody writes in a hurry.
    r"(?!(?:is|was|costs?|means?|does|did|takes?|took|ended|started|began|works?|looks?)\W*$)[a-z]+|"
    r"^(?:from where|since (?:when|what \w+|which \w+)) "
    r"(?!(?:do|does|did|is|are|was|has|have)\b)|"
    r"^(?:why|what|how|where|since when|from where) (?-i:[A-Z])\w+ "
    r"(?:is|was|has|have|had|does|did|can)\b|"
    # Nor "in which place they met", "in what key Col plays", "from who she bought it".
    r"^(?:in|at|on|with|for|from|about|to) (?:who\b|(?:which|what) "
    r"(?:[a-z]+ (?:she|he|they|i|we|lives?|came)\b|(?-i:[a-z]+ [A-Z])))|"
    r"^(?:what|which|how many|how much) (?!(?:is|are|was|were|do|does|did|has|have|had|can|could|"
    r"will|would|shall|should|may|might|must|if|am|dont|doesnt|didnt|isnt|wasnt|cant|wont)\b)"
    r"[a-z]+ (?:she|he|they|i|we) [a-z]+",
    re.IGNORECASE,
)
_CLAUSES = re.compile(
    r"[,;:.?!]\s+\w|\s[-–—]\s|\b(?:but|because|cause|cos|cuz|so|while|if|whether|although|though)\b|"
    r"\s(?:and|when|that|who|after|before|since|where|as|till|until) "
    r"(?:i|i'm|we|you|he|she|they|it|my|our|somebody|someone)\b",
    re.IGNORECASE,
)


def find_missing_styles(questions: Sequence[str], statement: str) -> tuple[str, ...]:
    """Return the styles in which nobody asks yet."""
    told = _stems(f"{statement} {questions[0] if questions else ''}")
    tests: dict[str, Callable[[str], object]] = {
        "in a few keywords": lambda text: (
            len(text.split()) <= FEW_WORDS and not _ASKING.match(text)
        ),
        "long, with a story around it": _has_story,
        "in slang": _SLANG.search,
        "as somebody who is learning English": _CARRIED_OVER.search,
        "without any of the answer's words": lambda text: not _stems(text) & told,
    }
    return tuple(name for name, test in tests.items() if not any(map(test, questions)))


def _has_story(text: str) -> bool:
    count = len(text.split())
    return count >= MANY_WORDS or (count >= STORY_WORDS and _CLAUSES.search(text) is not None)


def _stems(text: str) -> set[str]:
    return {word.casefold()[:STEM] for word in _WORD.findall(text) if len(word) >= STEM}
