"""Embeds: reading them within Discord's limits, and their JSON.

https://discord.com/developers/docs/resources/message#embed-object-embed-limits
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from bot.sandbox.components.controls import without_none

if TYPE_CHECKING:
    from bot.sandbox.validation import FieldReader
    from bot.sandbox.wire import Json

MOST_EMBEDS = 10
MOST_FIELDS = 25
MOST_CHARACTERS = 6000
MEDIA_SCHEMES = ("http", "https", "attachment")

Locate = Callable[[str], str]
"""Turns an `attachment://…` address into one that can be fetched."""


def read_embeds(reader: FieldReader) -> list[Json]:
    """Validate the list of embeds and return them as they are stored."""
    embeds = [read_embed(each) for each in reader.items(most=MOST_EMBEDS)]
    if sum(count_characters(embed) for embed in embeds) > MOST_CHARACTERS:
        reader.fault(
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


def read_embed(reader: FieldReader) -> Json:
    """Read one embed."""
    embed: Json = {
        "type": "rich",
        "title": reader["title"].text(most=256),
        "description": reader["description"].text(most=4096),
        "url": reader["url"].url(),
        "color": reader["color"].number(low=0, high=0xFFFFFF),
        "timestamp": reader["timestamp"].text(most=40),
        "fields": [read_embed_field(each) for each in reader["fields"].items(most=MOST_FIELDS)]
        or None,
        "author": read_embed_author(reader["author"]),
        "footer": read_embed_footer(reader["footer"]),
        "image": read_embed_image(reader["image"]),
        "thumbnail": read_embed_image(reader["thumbnail"]),
    }
    return without_none(embed)


def read_embed_field(reader: FieldReader) -> Json:
    """Read one field of an embed."""
    return {
        "name": reader["name"].text(most=256, required=True) or "",
        "value": reader["value"].text(most=1024, required=True) or "",
        "inline": bool(reader["inline"].flag()),
    }


def read_embed_author(reader: FieldReader) -> Json | None:
    """Read an embed's author."""
    if not reader.given:
        return None
    return without_none(
        {
            "name": reader["name"].text(most=256, required=True),
            "url": reader["url"].url(),
            "icon_url": reader["icon_url"].url(schemes=MEDIA_SCHEMES),
        }
    )


def read_embed_footer(reader: FieldReader) -> Json | None:
    """Read an embed's footer."""
    if not reader.given:
        return None
    return without_none(
        {
            "text": reader["text"].text(most=2048, required=True),
            "icon_url": reader["icon_url"].url(schemes=MEDIA_SCHEMES),
        }
    )


def read_embed_image(reader: FieldReader) -> Json | None:
    """Read an image or thumbnail of an embed."""
    if not reader.given:
        return None
    reader["url"].require()
    return {"url": reader["url"].url(schemes=MEDIA_SCHEMES) or ""}


def count_characters(embed: Json) -> int:
    """Count an embed's characters as Discord does."""
    counted = [embed.get("title"), embed.get("description")]
    counted += [embed.get("footer", {}).get("text"), embed.get("author", {}).get("name")]
    for field in embed.get("fields", ()):
        counted += [field["name"], field["value"]]
    return sum(len(text or "") for text in counted)
