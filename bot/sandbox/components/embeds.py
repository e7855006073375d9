"""Embeds: what a bot wrote in, what a client is shown out, and Discord's limits between.

https://discord.com/developers/docs/resources/message#embed-object-embed-limits
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from bot.sandbox.components.controls import without_none

if TYPE_CHECKING:
    from bot.sandbox.validation import Spot
    from bot.sandbox.wire import Json

MOST_EMBEDS = 10
MOST_FIELDS = 25
MOST_CHARACTERS = 6000
MEDIA_SCHEMES = ("http", "https", "attachment")

Locate = Callable[[str], str]
"""Turns an `attachment://…` address into one that can be fetched."""


def read_embeds(spot: Spot) -> list[Json]:
    """Validate the list of embeds and return them as they are stored."""
    embeds = [_embed(each) for each in spot.items(most=MOST_EMBEDS)]
    if sum(_characters(embed) for embed in embeds) > MOST_CHARACTERS:
        spot.fault(
            "MAX_EMBED_SIZE_EXCEEDED", f"Embed size exceeds maximum size of {MOST_CHARACTERS}"
        )
    return embeds


def locate_media(embed: Json, locate: Locate) -> Json:
    """Return the embed with its attachments' addresses filled in."""
    located = dict(embed)
    for part in ("image", "thumbnail"):
        if part in embed:
            url = locate(embed[part]["url"])
            located[part] = embed[part] | {"url": url, "proxy_url": url}
    for part in ("author", "footer"):
        if "icon_url" in embed.get(part, {}):
            url = locate(embed[part]["icon_url"])
            located[part] = embed[part] | {"icon_url": url, "proxy_icon_url": url}
    return located


def _embed(spot: Spot) -> Json:
    embed: Json = {
        "type": "rich",
        "title": spot["title"].text(most=256),
        "description": spot["description"].text(most=4096),
        "url": spot["url"].url(),
        "color": spot["color"].number(low=0, high=0xFFFFFF),
        "timestamp": spot["timestamp"].text(most=40),
        "fields": [_field(each) for each in spot["fields"].items(most=MOST_FIELDS)] or None,
        "author": _author(spot["author"]),
        "footer": _footer(spot["footer"]),
        "image": _image(spot["image"]),
        "thumbnail": _image(spot["thumbnail"]),
    }
    return without_none(embed)


def _field(spot: Spot) -> Json:
    return {
        "name": spot["name"].text(most=256, required=True) or "",
        "value": spot["value"].text(most=1024, required=True) or "",
        "inline": bool(spot["inline"].flag()),
    }


def _author(spot: Spot) -> Json | None:
    if not spot.given:
        return None
    return without_none(
        {
            "name": spot["name"].text(most=256, required=True),
            "url": spot["url"].url(),
            "icon_url": spot["icon_url"].url(schemes=MEDIA_SCHEMES),
        }
    )


def _footer(spot: Spot) -> Json | None:
    if not spot.given:
        return None
    return without_none(
        {
            "text": spot["text"].text(most=2048, required=True),
            "icon_url": spot["icon_url"].url(schemes=MEDIA_SCHEMES),
        }
    )


def _image(spot: Spot) -> Json | None:
    if not spot.given:
        return None
    spot["url"].require()
    return {"url": spot["url"].url(schemes=MEDIA_SCHEMES) or ""}


def _characters(embed: Json) -> int:
    counted = [embed.get("title"), embed.get("description")]
    counted += [embed.get("footer", {}).get("text"), embed.get("author", {}).get("name")]
    for field in embed.get("fields", ()):
        counted += [field["name"], field["value"]]
    return sum(len(text or "") for text in counted)
