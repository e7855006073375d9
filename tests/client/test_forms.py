"""Forms keep Discord's limits in every language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from bot.client.features.daily_form import ScheduleForm
from bot.client.features.daily_options import ScheduleOptions
from bot.client.features.gaps import ObjectionForm
from bot.client.views.layout import LABEL
from bot.localization.languages import TRANSLATED, load_phrases

if TYPE_CHECKING:
    from collections.abc import Iterator

LIMITS = {"title": 45, "label": 45, "description": 100, "placeholder": 100, "value": 32}
"""Discord's for each text of a form; the value is the name of a schedule."""
BUTTONS = (
    *("Not right?", "Show everyone here", "Post as a reply", "What the notes cover", "Another"),
    *("Back", "More", "All subjects", "Back to the questions", "About this quote"),
    *("About this fact", "About this release", "Remove it", "Bring it back", "Try again"),
    *("Erase them", "Erase everything", "The project and its source", "How to add facts"),
    *("Privacy in full", "Add it to a server or account", "Ask for help"),
)


async def _no_submit(*_args: Any) -> None:
    raise AssertionError("nothing is filled in")


@pytest.mark.parametrize("language", ["en", *TRANSLATED])
async def test_a_form_fits_in_every_language(language: str) -> None:
    say = load_phrases(language)
    for form in (
        ScheduleForm(say, None, ScheduleOptions(), _no_submit),
        ObjectionForm(say, "night-owls", "barn"),
    ):
        texts = list(_texts(form.to_dict()))
        assert texts
        for field, text in texts:
            assert 1 <= len(text) <= LIMITS[field], (field, text)


def _texts(part: Any) -> Iterator[tuple[str, str]]:
    if isinstance(part, dict):
        for field, value in part.items():
            if field in LIMITS and isinstance(value, str):
                yield field, value
            yield from _texts(value)
    elif isinstance(part, list | tuple):
        for each in part:
            yield from _texts(each)


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_button_is_not_cut_off_in_any_language(language: str) -> None:
    say = load_phrases(language)
    for label in BUTTONS:
        assert say(label) != label
        assert len(say(label)) <= LABEL, label
