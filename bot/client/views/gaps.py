"""The gaps of a server, and what is told of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING

from discord import ButtonStyle

from bot.client.custom_ids import custom_id
from bot.client.markdown import escape, typeset
from bot.client.views.layout import button, button_row, layout, notice, separator, text
from bot.scheduling.gaps import MAX_SUGGESTIONS
from bot.scheduling.models import GAP_DAYS, MAX_GAPS, GapKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from discord import ui

    from bot.scheduling.models import Gap, Guild

LIST, CLEAR, NOT_RIGHT = "gaps", "cleargaps", "wrong"
"""The kinds of custom ids: a page of the list, its erasure, "Not right?" below an answer."""
PER_PAGE = 7
"""Gaps on a page: a message has 4,000 characters."""

KEPT_HERE = (
    "**In this server there is an exception.** Those who manage it have switched on `/gaps`, so a "
    "question of `/ask` that gets no answer, or only suggestions, is kept, and so is what people "
    "write below *Not right?*: the words, the day, and how often, but not who wrote them, where, "
    f"or at what hour. Addresses, numbers, mentions and links are left out. At most {MAX_GAPS:,} "
    f"are kept, each for {GAP_DAYS} days after it was last written. Those who manage the server "
    "and whoever runs this bot can read them."
)
SUGGESTIONS_HERE = (
    "What you write with `/suggest` is kept likewise. How many suggestions you made is counted "
    "until the end of the day (UTC), by a code that nobody can trace back to you afterwards."
)
ASKED_IN_VAIN = (
    "-# The question is kept here for those who look after the notes, without your name. "
    "`/privacy show` says more."
)
_ON = (
    "### What is asked in vain is kept here\n"
    "- A question of `/ask` that gets no answer, or only suggestions, is kept: its words, the day "
    "and how often, but not who asked, where, or at what hour.\n"
    "- Below answers stands *Not right?*, which takes a reason.\n"
    "{suggestions}\n"
    f"- Addresses, numbers, mentions and links are left out. At most {MAX_GAPS:,} are kept, each "
    f"for {GAP_DAYS} days after it was last written.\n"
    "- Members see in `/privacy show` and `/about` that this is on, and below each question that "
    "is kept."
)
_MAY_SUGGEST = (
    f"- Members may use `/suggest` for questions and corrections, {MAX_SUGGESTIONS} times a day."
)
_MAY_NOT_SUGGEST = "- Members may not use `/suggest`; `/gaps on suggest: True` opens it to them."
_HOW_ON = "-# `/gaps list` shows what is kept. `/gaps off` ends it, and erases everything kept."
OFF = "### What is asked in vain is not kept here\n`/gaps on` keeps it, without who asked."
_OFF_NOW = "Nothing that is asked here is kept any more. "
_LABELS = {
    GapKind.UNANSWERED: "Unanswered ({count})",
    GapKind.NOT_RIGHT: "Not right? ({count})",
    GapKind.SUGGESTED: "Suggested ({count})",
}
_HEADINGS = {
    GapKind.UNANSWERED: "### Asked in vain",
    GapKind.NOT_RIGHT: "### Said to be not right",
    GapKind.SUGGESTED: "### Suggested by members",
}
_NONE_YET = {
    GapKind.UNANSWERED: "No question has gone without an answer since this was switched on.",
    GapKind.NOT_RIGHT: "Nobody has said that an answer is not right.",
    GapKind.SUGGESTED: "Nobody has suggested anything.",
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


def describe_gaps_kept(settings: Guild) -> str:
    """Describe the gaps that a server keeps, or return nothing."""
    if not settings.keeps_gaps:
        return ""
    return f"{KEPT_HERE} {SUGGESTIONS_HERE}" if settings.takes_suggestions else KEPT_HERE


def render_switched_on(guild: Guild) -> ui.LayoutView:
    """Render that gaps are kept from now on."""
    suggestions = _MAY_SUGGEST if guild.takes_suggestions else _MAY_NOT_SUGGEST
    return layout(text(_ON.format(suggestions=suggestions)), text(_HOW_ON))


def render_switched_off(erased: int) -> ui.LayoutView:
    """Render that nothing is kept any more."""
    return notice(_OFF_NOW + _erased(erased))


def render_cleared(erased: int) -> ui.LayoutView:
    """Render that everything kept is erased."""
    return notice(_erased(erased))


def render_clear_confirmation(count: int) -> ui.LayoutView:
    """Render the question whether everything kept is to be erased."""
    if not count:
        return notice("Nothing is kept here that could be erased.")
    asked = "Erase the one that is kept?" if count == 1 else f"Erase all {count:,} that are kept?"
    return layout(
        text(f"### {asked}\nThey cannot be brought back. New ones are kept as before."),
        button_row(button("Erase them", custom_id(CLEAR), ButtonStyle.danger)),
    )


def render_gaps(
    gaps: Sequence[Gap], nearest: Mapping[Gap, NearestFact], kind: GapKind, page: int
) -> ui.LayoutView:
    """Render a page of the gaps of one kind, commonest first.

    Args:
        gaps: All gaps of the server.
        nearest: The nearest facts of those on the page, where there are any.
        kind: The kind that is shown.
        page: The page, from 0; beyond the last, the last is shown.
    """
    shown = [gap for gap in gaps if gap.kind is kind]
    pages = max(1, -(-len(shown) // PER_PAGE))
    page = min(page, pages - 1)
    lines = [_line(gap, nearest.get(gap)) for gap in page_of(gaps, kind, page)]
    tabs = [
        button(
            label.format(count=f"{sum(gap.kind is each for gap in gaps):,}"),
            # Discord wants each custom id once; the pages beside this one have theirs.
            custom_id(LIST, each, page if each is kind else 0),
            ButtonStyle.primary if each is kind else ButtonStyle.secondary,
            off=each is kind,
        )
        for each, label in _LABELS.items()
    ]
    return layout(
        text(_HEADINGS[kind]),
        text("\n".join(lines) or _NONE_YET[kind]),
        _turning(kind, page, pages) if pages > 1 else None,
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


def _turning(kind: GapKind, page: int, pages: int) -> ui.Item[ui.LayoutView]:
    before = [button("Back", custom_id(LIST, kind, page - 1))] if page else []
    after = [button("More", custom_id(LIST, kind, page + 1))] if page < pages - 1 else []
    return button_row(*before, *after)


def _line(gap: Gap, nearest: NearestFact | None) -> str:
    words = typeset(gap.words, 240) or "*no reason given*"
    often = "once" if gap.times == 1 else f"**{gap.times:,} times**"
    written = f"- {words} ({often}, last on {_day(gap.last_day)})"
    if nearest is None:
        unknown = "no fact comes near" if gap.fact is None else f"`{gap.pack}/{gap.fact}` is gone"
        return f"{written}\n  ↳ {unknown}"
    fact = f"{typeset(nearest.shown, 120)} `{nearest.pack}/{nearest.fact}`"
    if gap.fact is not None:
        return f"{written}\n  ↳ about: {fact}"
    return f"{written}\n  ↳ {'answered by now' if nearest.is_answer else 'nearest'}: {fact}"


def _day(day: date) -> str:
    # At noon it is the same day nearly everywhere; Discord writes it as its reader does.
    noon = datetime.combine(day, time(12), UTC)
    return f"<t:{int(noon.timestamp())}:d>"


def _erased(count: int) -> str:
    if not count:
        return "There was nothing to erase."
    return (
        "The one that was kept is erased."
        if count == 1
        else f"All {count:,} that were kept are erased."
    )


def suggestion_reply(words: str, left: int) -> ui.LayoutView:
    """Render that a suggestion is kept, in the words that are kept."""
    more = {
        0: "That was your last suggestion for today.",
        1: "You can make one more suggestion today.",
    }.get(left, f"You can make {left} more suggestions today.")
    return notice(
        "Thank you! This is kept for those who look after the notes, without your name:\n"
        f"> {escape(words, 640)}\n-# {more}"
    )


def objection_reply(words: str) -> ui.LayoutView:
    """Render that an objection is kept."""
    if not words:
        return notice(
            "Thank you! It is kept for those who look after the notes, without your name, that "
            "somebody finds this answer not right."
        )
    return notice(
        "Thank you! This is kept for those who look after the notes, with the answer and without "
        f"your name:\n> {escape(words, 640)}"
    )
