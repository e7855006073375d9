"""The gaps of a server, and what is told of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING

from discord import ButtonStyle

from bot.client.custom_ids import custom_id
from bot.client.markdown import escape, typeset
from bot.client.views.layout import button, button_row, layout, notice, separator, text
from bot.localization.messages import sentence
from bot.scheduling.gaps import MAX_SUGGESTIONS
from bot.scheduling.models import GAP_DAYS, MAX_GAPS, GapKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from discord import ui

    from bot.localization.phrases import Phrases
    from bot.scheduling.models import Gap, Guild

LIST, CLEAR, NOT_RIGHT = "gaps", "cleargaps", "wrong"
"""The kinds of custom ids: a page of the list, its erasure, "Not right?" below an answer."""
PER_PAGE = 7
"""Gaps on a page: a message has 4,000 characters."""

KEPT_HERE = sentence(
    "**In this server there is an exception.** Those who manage it have switched on `/gaps`, so a "
    "question of `/ask` that gets no answer, or only suggestions, is kept, and so is what people "
    "write below *Not right?*: the words, the day, and how often, but not who wrote them, where, "
    "or at what hour. Addresses, numbers, mentions and links are left out, but for numbers of up "
    "to four digits below *Not right?*. At most {most} are kept, each for {days} days after it was "
    "last written. Those who manage the server and whoever runs this bot can read them."
)
SUGGESTIONS_HERE = sentence(
    "What you write with `/suggest` is kept likewise. How many suggestions you made is counted "
    "until the end of the day (UTC), by a code that nobody can trace back to you afterwards."
)
ASKED_IN_VAIN = sentence(
    "-# The question is kept here for those who look after the notes, without your name. "
    "`/privacy show` says more."
)
_ON = sentence(
    "### What is asked in vain is kept here\n"
    "- A question of `/ask` that gets no answer, or only suggestions, is kept: its words, the day "
    "and how often, but not who asked, where, or at what hour.\n"
    "- Below answers stands *Not right?*, which takes a reason.\n"
    "{suggestions}\n"
    "- Addresses, numbers, mentions and links are left out, but for numbers of up to four digits "
    "in what is written below *Not right?* or with `/suggest`. At most {most} are kept, each for "
    "{days} days after it was last written.\n"
    "- Members see in `/privacy show` and `/about` that this is on, and below each question that "
    "is kept."
)
_MAY_SUGGEST = sentence(
    "- Members may use `/suggest` for questions and corrections, {number} times a day."
)
_MAY_NOT_SUGGEST = sentence(
    "- Members may not use `/suggest`; `/gaps on suggest: True` opens it to them."
)
_HOW_ON = sentence(
    "-# `/gaps list` shows what is kept. `/gaps off` ends it, and erases everything kept."
)
OFF = sentence(
    "### What is asked in vain is not kept here\n`/gaps on` keeps it, without who asked."
)
_OFF_NOW = sentence("Nothing that is asked here is kept any more.")
_LABELS = {
    GapKind.UNANSWERED: sentence("Unanswered ({count})"),
    GapKind.NOT_RIGHT: sentence("Not right? ({count})"),
    GapKind.SUGGESTED: sentence("Suggested ({count})"),
}
_HEADINGS = {
    GapKind.UNANSWERED: sentence("### Asked in vain"),
    GapKind.NOT_RIGHT: sentence("### Said to be not right"),
    GapKind.SUGGESTED: sentence("### Suggested by members"),
}
_NONE_YET = {
    GapKind.UNANSWERED: sentence("No question without an answer is kept at the moment."),
    GapKind.NOT_RIGHT: sentence("No remark that an answer is not right is kept at the moment."),
    GapKind.SUGGESTED: sentence("No suggestion is kept at the moment."),
}


@dataclass(frozen=True, slots=True)
class NearestFact:
    """The fact nearest to a gap, or objected to by it."""

    pack: str
    fact: str
    shown: str
    """Its question; of a fact that is objected to, its statement."""
    is_answer: bool = False
    """Whether it answers the question by now."""


def describe_gaps_kept(say: Phrases, settings: Guild) -> str:
    """Describe the gaps that a server keeps, or return nothing."""
    if not settings.keeps_gaps:
        return ""
    kept = say(KEPT_HERE, most=say.number(MAX_GAPS), days=GAP_DAYS)
    return f"{kept} {say(SUGGESTIONS_HERE)}" if settings.takes_suggestions else kept


def render_switched_on(say: Phrases, guild: Guild) -> ui.LayoutView:
    """Render that gaps are kept from now on."""
    may_suggest = say(_MAY_SUGGEST, number=MAX_SUGGESTIONS)
    suggestions = may_suggest if guild.takes_suggestions else say(_MAY_NOT_SUGGEST)
    told = say(_ON, suggestions=suggestions, most=say.number(MAX_GAPS), days=GAP_DAYS)
    return layout(text(told), text(say(_HOW_ON)))


def render_switched_off(say: Phrases, erased: int) -> ui.LayoutView:
    """Render that nothing is kept any more."""
    return notice(f"{say(_OFF_NOW)} {_erased(say, erased)}")


def render_cleared(say: Phrases, erased: int) -> ui.LayoutView:
    """Render that everything kept is erased."""
    return notice(_erased(say, erased))


def render_clear_confirmation(say: Phrases, count: int) -> ui.LayoutView:
    """Render the question whether everything kept is to be erased."""
    if not count:
        return notice(say("Nothing is kept here that could be erased."))
    asked = say.plural(
        "### Erase the one that is kept?\n"
        "They cannot be brought back. New ones are kept as before.",
        "### Erase all {number} that are kept?\n"
        "They cannot be brought back. New ones are kept as before.",
        count,
    )
    return layout(
        text(asked),
        button_row(button(say("Erase them"), custom_id(CLEAR), ButtonStyle.danger)),
    )


def render_gaps(
    say: Phrases,
    gaps: Sequence[Gap],
    nearest: Mapping[Gap, NearestFact],
    kind: GapKind,
    page: int,
) -> ui.LayoutView:
    """Render a page of the gaps of one kind, commonest first.

    Args:
        say: The reader's phrases.
        gaps: All gaps of the server.
        nearest: The nearest facts of those on the page, where there are any.
        kind: The kind that is shown.
        page: The page, from 0; beyond the last, the last is shown.
    """
    shown = [gap for gap in gaps if gap.kind is kind]
    pages = max(1, -(-len(shown) // PER_PAGE))
    page = min(page, pages - 1)
    lines = []
    for gap in page_of(gaps, kind, page):
        # At noon it is the same day nearly everywhere; Discord writes it as its reader does.
        noon = datetime.combine(gap.last_day, time(12), UTC)
        written = say.plural(
            "{words} (once, last on {day})",
            "{words} (**{number} times**, last on {day})",
            gap.times,
            words=typeset(gap.words, 240) or say("*no reason given*"),
            day=f"<t:{int(noon.timestamp())}:d>",
        )
        lines.append(f"- {written}\n  ↳ {_beside(say, gap, nearest.get(gap))}")
    before = [button(say("Back"), custom_id(LIST, kind, page - 1))] if page else []
    after = [button(say("More"), custom_id(LIST, kind, page + 1))] if page < pages - 1 else []
    tabs = [
        button(
            say(label, count=say.number(sum(gap.kind is each for gap in gaps))),
            # Discord wants each custom id once; the pages beside this one have theirs.
            custom_id(LIST, each, page if each is kind else 0),
            ButtonStyle.primary if each is kind else ButtonStyle.secondary,
            off=each is kind,
        )
        for each, label in _LABELS.items()
    ]
    return layout(
        text(say(_HEADINGS[kind])),
        text("\n".join(lines) or say(_NONE_YET[kind])),
        button_row(*before, *after) if pages > 1 else None,
        separator(),
        button_row(*tabs),
        private=True,
    )


def page_of(gaps: Sequence[Gap], kind: GapKind, page: int) -> Sequence[Gap]:
    """Return the gaps on a page, or else on the last."""
    shown = [gap for gap in gaps if gap.kind is kind]
    last = max(0, (len(shown) - 1) // PER_PAGE)
    begin = min(page, last) * PER_PAGE
    return shown[begin : begin + PER_PAGE]


def _beside(say: Phrases, gap: Gap, nearest: NearestFact | None) -> str:
    """Name the fact that a gap is about, or near to."""
    if nearest is None:
        if gap.fact is None:
            return say("no fact comes near")
        return say("`{pack}/{fact}` is gone", pack=gap.pack, fact=gap.fact)
    fact = f"{typeset(nearest.shown, 120)} `{nearest.pack}/{nearest.fact}`"
    if gap.fact is not None:
        return say("about: {fact}", fact=fact)
    if nearest.is_answer:
        return say("answered by now: {fact}", fact=fact)
    return say("nearest: {fact}", fact=fact)


def _erased(say: Phrases, count: int) -> str:
    if not count:
        return say("There was nothing to erase.")
    return say.plural(
        "The one that was kept is erased.", "All {number} that were kept are erased.", count
    )


def suggestion_reply(say: Phrases, words: str, left: int) -> ui.LayoutView:
    """Render that a suggestion is kept, in the words that are kept."""
    more = say("That was your last suggestion for today.")
    if left:
        more = say.plural(
            "You can make one more suggestion today.",
            "You can make {number} more suggestions today.",
            left,
        )
    thanks = say(
        "Thank you! This is kept for those who look after the notes, without your name:\n> {words}",
        words=escape(words, 640),
    )
    return notice(f"{thanks}\n-# {more}")


def objection_reply(say: Phrases, words: str) -> ui.LayoutView:
    """Render that an objection is kept."""
    if not words:
        return notice(
            say(
                "Thank you! It is kept for those who look after the notes, without your name, that "
                "somebody finds this answer not right."
            )
        )
    return notice(
        say(
            "Thank you! This is kept for those who look after the notes, with the answer and "
            "without your name:\n> {words}",
            words=escape(words, 640),
        )
    )
