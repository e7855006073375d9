"""Messages as a person reads them."""

from __future__ import annotations

from typing import Any

from bot.sandbox.components.transcript import text_of


def message(**parts: Any) -> dict[str, Any]:
    return {"content": "", "embeds": [], "components": [], "attachments": []} | parts


def test_an_embed_is_read_author_first_footer_last() -> None:
    embed = {
        "footer": {"text": "footer"},
        "fields": [{"name": "name", "value": "value"}],
        "description": "description",
        "title": "title",
        "author": {"name": "author"},
    }
    shown = text_of(message(content="content", embeds=[embed]))
    assert shown.split("\n") == [
        "content",
        "author",
        "title",
        "description",
        "name",
        "value",
        "footer",
    ]


def test_a_layout_is_read_from_top_to_bottom() -> None:
    button = {"type": 2, "style": 1, "label": "Go", "emoji": {"name": "🎵"}}
    section = {
        "type": 9,
        "components": [{"type": 10, "content": "section"}],
        "accessory": {"type": 11, "description": "cover"},
    }
    select = {"type": 3, "min_values": 1, "placeholder": "Which?"}
    container = {
        "type": 17,
        "components": [section, {"type": 1, "components": [button]}, {"type": 14}],
    }
    gallery = {"type": 12, "items": [{"description": "sleeve"}, {"description": None}]}
    layout = [{"type": 10, "content": "# top"}, container, gallery]
    shown = text_of(message(components=[*layout, {"type": 1, "components": [select]}]))
    assert shown.split("\n") == [
        "# top",
        "section",
        "[image: cover]",
        "[🎵 Go]",
        "[image: sleeve]",
        "[Which?]",
    ]


def test_files_are_named() -> None:
    assert text_of(message(attachments=[{"filename": "cover.png"}])) == "[file cover.png]"
