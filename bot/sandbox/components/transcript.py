"""A message as plain text, the way a person reads it from top to bottom."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.sandbox.wire import Json


def text_of(message: Json) -> str:
    """Return all that a message shows, a line for each part; controls in square brackets."""
    return "\n".join(line for line in _lines(message) if line)


def _lines(message: Json) -> Iterator[str]:
    yield message["content"]
    for embed in message["embeds"]:
        yield from _embed(embed)
    for component in message["components"]:
        yield from _component(component)
    for attachment in message["attachments"]:
        yield f"[file {attachment['filename']}]"


def _embed(embed: Json) -> Iterator[str]:
    yield embed.get("author", {}).get("name", "")
    yield embed.get("title", "")
    yield embed.get("description", "")
    for field in embed.get("fields", ()):
        yield field["name"]
        yield field["value"]
    yield embed.get("footer", {}).get("text", "")


def _component(component: Json) -> Iterator[str]:
    yield component.get("content", "")
    buttons = [each for each in component.get("components", ()) if "style" in each]
    if buttons:
        yield " ".join(f"[{_label(each)}]" for each in buttons)
    for inside in component.get("components", ()):
        if "style" not in inside:
            yield from _component(inside)
    accessory = component.get("accessory", {})
    if "style" in accessory:
        yield f"[{_label(accessory)}]"
    yield from _described(accessory)
    for item in component.get("items", ()):
        yield from _described(item)
    if "min_values" in component:
        yield f"[{component.get('placeholder', 'Make a selection')}]"


def _described(media: Json) -> Iterator[str]:
    if media.get("description"):
        yield f"[image: {media['description']}]"


def _label(button: Json) -> str:
    emoji = button.get("emoji", {}).get("name", "")
    return " ".join(part for part in (emoji, button.get("label", "")) if part)
