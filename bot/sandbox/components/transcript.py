"""A message as plain text, the way a person reads it from top to bottom."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.sandbox.wire import Json


def text_of(message: Json) -> str:
    """Return all that a message shows, a line for each part; controls in square brackets."""
    lines = [message["content"]]
    for embed in message["embeds"]:
        lines += (embed.get("author", {}).get("name", ""), embed.get("title", ""))
        lines.append(embed.get("description", ""))
        for field in embed.get("fields", ()):
            lines += (field["name"], field["value"])
        lines.append(embed.get("footer", {}).get("text", ""))
    for component in message["components"]:
        lines += _component_lines(component)
    lines += (f"[file {attachment['filename']}]" for attachment in message["attachments"])
    return "\n".join(line for line in lines if line)


def _component_lines(component: Json) -> Iterator[str]:
    yield component.get("content", "")
    buttons = [each for each in component.get("components", ()) if "style" in each]
    if buttons:
        yield " ".join(f"[{_label(each)}]" for each in buttons)
    for inside in component.get("components", ()):
        if "style" not in inside:
            yield from _component_lines(inside)
    accessory = component.get("accessory", {})
    if "style" in accessory:
        yield f"[{_label(accessory)}]"
    for media in (accessory, *component.get("items", ())):
        if media.get("description"):
            yield f"[image: {media['description']}]"
    if "min_values" in component:
        yield f"[{component.get('placeholder', 'Make a selection')}]"


def _label(button: Json) -> str:
    emoji = button.get("emoji", {}).get("name", "")
    return " ".join(part for part in (emoji, button.get("label", "")) if part)
