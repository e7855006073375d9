"""Time zones: their names in speech, and the rules behind the names.

Rules come from the `tzdata` package alone, never from the machine, so that every host agrees, and
`rules_version` names the one that stored instants were reckoned with.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from importlib import metadata, resources
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from rapidfuzz import fuzz, process

from bot.errors import ScheduleError

if TYPE_CHECKING:
    from datetime import datetime

NEAREST = 3
CHOICES = 25  # Discord shows no more in one autocomplete list

# What people write for the zone they live in. Several are also IANA names with a fixed offset
# ("EST" has no summer time there), which is hardly ever what is meant.
SPOKEN_NAMES = {
    "utc": "UTC", "z": "UTC", "zulu": "UTC", "gmt": "Etc/GMT", "bst": "Europe/London",
    "et": "America/New_York", "est": "America/New_York", "edt": "America/New_York",
    "ct": "America/Chicago", "cst": "America/Chicago", "cdt": "America/Chicago",
    "mt": "America/Denver", "mst": "America/Denver", "mdt": "America/Denver",
    "pt": "America/Los_Angeles", "pst": "America/Los_Angeles", "pdt": "America/Los_Angeles",
    "akst": "America/Anchorage", "akdt": "America/Anchorage", "hst": "Pacific/Honolulu",
    "ast": "America/Halifax", "adt": "America/Halifax", "nst": "America/St_Johns",
    "ndt": "America/St_Johns", "brt": "America/Sao_Paulo", "art": "America/Argentina/Buenos_Aires",
    "clt": "America/Santiago", "wet": "Europe/Lisbon", "west": "Europe/Lisbon",
    "cet": "Europe/Berlin", "cest": "Europe/Berlin", "mez": "Europe/Berlin",
    "eet": "Europe/Athens", "eest": "Europe/Athens", "msk": "Europe/Moscow",
    "trt": "Europe/Istanbul", "sast": "Africa/Johannesburg", "eat": "Africa/Nairobi",
    "wat": "Africa/Lagos", "gst": "Asia/Dubai", "pkt": "Asia/Karachi", "ist": "Asia/Kolkata",
    "ict": "Asia/Bangkok", "wib": "Asia/Jakarta", "sgt": "Asia/Singapore",
    "hkt": "Asia/Hong_Kong", "pht": "Asia/Manila", "jst": "Asia/Tokyo", "kst": "Asia/Seoul",
    "awst": "Australia/Perth", "acst": "Australia/Adelaide", "acdt": "Australia/Adelaide",
    "aest": "Australia/Sydney", "aedt": "Australia/Sydney", "nzst": "Pacific/Auckland",
    "nzdt": "Pacific/Auckland",
}  # fmt: skip

# Large cities whose zone bears another city's name.
CITIES = {
    "atlanta": "America/New_York", "boston": "America/New_York", "miami": "America/New_York",
    "philadelphia": "America/New_York", "washington": "America/New_York",
    "orlando": "America/New_York", "dallas": "America/Chicago", "houston": "America/Chicago",
    "austin": "America/Chicago", "nashville": "America/Chicago", "wichita": "America/Chicago",
    "minneapolis": "America/Chicago", "new orleans": "America/Chicago",
    "salt lake city": "America/Denver", "las vegas": "America/Los_Angeles",
    "hollywood": "America/Los_Angeles", "portland": "America/Los_Angeles",
    "san diego": "America/Los_Angeles", "san francisco": "America/Los_Angeles",
    "seattle": "America/Los_Angeles", "montreal": "America/Toronto", "ottawa": "America/Toronto",
    "quebec": "America/Toronto", "calgary": "America/Edmonton",
    "guadalajara": "America/Mexico_City", "brasilia": "America/Sao_Paulo",
    "rio de janeiro": "America/Sao_Paulo", "medellin": "America/Bogota",
    "birmingham": "Europe/London", "cardiff": "Europe/London", "edinburgh": "Europe/London",
    "glasgow": "Europe/London", "liverpool": "Europe/London", "manchester": "Europe/London",
    "cologne": "Europe/Berlin", "frankfurt": "Europe/Berlin", "hamburg": "Europe/Berlin",
    "munich": "Europe/Berlin", "barcelona": "Europe/Madrid", "lyon": "Europe/Paris",
    "milan": "Europe/Rome", "naples": "Europe/Rome", "geneva": "Europe/Zurich",
    "krakow": "Europe/Warsaw", "porto": "Europe/Lisbon", "kyiv": "Europe/Kyiv",
    "cape town": "Africa/Johannesburg", "bangalore": "Asia/Kolkata", "chennai": "Asia/Kolkata",
    "delhi": "Asia/Kolkata", "mumbai": "Asia/Kolkata", "beijing": "Asia/Shanghai",
    "osaka": "Asia/Tokyo", "busan": "Asia/Seoul", "hanoi": "Asia/Ho_Chi_Minh",
    "canberra": "Australia/Sydney", "wellington": "Pacific/Auckland",
}  # fmt: skip

# Offsets with minutes, each by a zone that keeps it all year.
ODD_OFFSETS = {
    "+3:30": "Asia/Tehran", "+4:30": "Asia/Kabul", "+5:30": "Asia/Kolkata",
    "+5:45": "Asia/Kathmandu", "+6:30": "Asia/Yangon", "+8:45": "Australia/Eucla",
    "+9:30": "Australia/Darwin", "-9:30": "Pacific/Marquesas",
}  # fmt: skip

_OFFSET = re.compile(
    r"(?:utc|gmt)?\s*(?P<sign>[+-])\s*0?(?P<hours>\d{1,2})(?::?(?P<minutes>\d{2}))?"
)
_FIXED = re.compile(r"Etc/GMT(?P<sign>[+-])(?P<hours>[1-9]\d?)")


@dataclass(frozen=True, slots=True)
class ZoneSuggestion:
    """A zone to pick: its IANA name, and a label with its present offset."""

    name: str
    label: str


@lru_cache(maxsize=1024)  # every zone there is; a few kilobytes each
def load_zone(name: str) -> ZoneInfo:
    """Load the rules of an IANA zone.

    Raises:
        ScheduleError: there is no such zone in this version of the rules.
    """
    if name not in zone_names():
        raise ScheduleError(_unknown_zone_text(name))
    with resources.files("tzdata").joinpath("zoneinfo", *name.split("/")).open("rb") as rules:
        return ZoneInfo.from_file(rules, key=name)


def rules_version() -> str:
    """Return the version of the rules in force: `2026.1`."""
    return metadata.version("tzdata")


@lru_cache(maxsize=1)
def zone_names() -> frozenset[str]:
    """Return every IANA name that `tzdata` knows."""
    return frozenset(resources.files("tzdata").joinpath("zones").read_text("utf-8").split())


def parse_zone(text: str) -> str:
    """Parse a zone as people name it to its IANA name.

    Raises:
        ScheduleError: no zone is called that; the message names the three nearest.
    """
    typed = _fold(text)
    if (name := _names().get(typed)) or (name := _parse_offset(typed)):
        return name
    raise ScheduleError(_unknown_zone_text(text))


def suggest_zones(typed: str, now: datetime) -> list[ZoneSuggestion]:
    """Suggest zones for the text typed so far, best first, for autocomplete."""
    plain = _fold(typed)
    names = _names()
    exact = [name] if (name := names.get(plain) or _parse_offset(plain)) else []
    if plain:
        begun = sorted((key for key in names if key.startswith(plain)), key=len)
        inside = sorted(key for key in names if plain in key)
        near = _find_nearest(plain, CHOICES)
        found = [*exact, *(names[key] for key in begun + inside), *near]
    else:
        found = list(dict.fromkeys(SPOKEN_NAMES.values()))
    return [
        ZoneSuggestion(name, _format_label(name, now))
        for name in list(dict.fromkeys(found))[:CHOICES]
    ]


def format_zone(name: str) -> str:
    """Format a zone for a person: `Etc/GMT-2`, whose sign is turned round, as `UTC+2`."""
    found = _FIXED.fullmatch(name)
    if found is None:
        return name
    return f"UTC{'+' if found['sign'] == '-' else '-'}{found['hours']}"


def format_offset(moment: datetime) -> str:
    """Format an aware moment's offset: `UTC+05:30`, or `UTC` alone."""
    seconds = int((moment.utcoffset() or moment - moment).total_seconds())
    if not seconds:
        return "UTC"
    hours, rest = divmod(abs(seconds), 3600)
    return f"UTC{'-' if seconds < 0 else '+'}{hours:02}:{rest // 60:02}"


def _format_label(name: str, now: datetime) -> str:
    return f"{format_zone(name)} ({format_offset(now.astimezone(load_zone(name)))} now)"


def _unknown_zone_text(text: str) -> str:
    shown = " ".join(text.split())[:40]
    if _OFFSET.fullmatch(_fold(text)):
        return (
            f"No time zone is at '{shown}' all year; name a city in it, such as Berlin. "
            "Whole hours go from UTC-12 to UTC+14."
        )
    nearest = ", ".join(_find_nearest(_fold(text), NEAREST))
    return f"'{shown}' is not a time zone; the nearest are {nearest}."


def _find_nearest(plain: str, count: int) -> list[str]:
    ranked = process.extract(plain, list(_names()), scorer=fuzz.WRatio, limit=4 * count)
    return list(dict.fromkeys(_names()[key] for key, _, _ in ranked))[:count]


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    """Map every name of a zone to its IANA name; later entries win."""
    names = sorted(zone_names())
    legacy_last = sorted(names, key=lambda name: (not _is_area_city(name), name), reverse=True)
    cities = {_fold(name.rsplit("/", 1)[-1]): name for name in legacy_last}
    return cities | {_fold(name): name for name in names} | CITIES | SPOKEN_NAMES


def _is_area_city(name: str) -> bool:
    area = name.split("/", 1)[0]
    return area in {"Africa", "America", "Asia", "Atlantic", "Australia", "Europe", "Pacific"}


def _parse_offset(typed: str) -> str | None:
    """Parse `UTC+2` or `UTC+5:30`; the IANA names of whole hours carry the opposite sign."""
    found = _OFFSET.fullmatch(typed)
    if found is None:
        return None
    hours = int(found["hours"])
    if int(found["minutes"] or 0):
        return ODD_OFFSETS.get(f"{found['sign']}{hours}:{found['minutes']}")
    name = f"Etc/GMT{'-' if found['sign'] == '+' else '+'}{hours}" if hours else "UTC"
    return name if name in zone_names() else None


def _fold(text: str) -> str:
    """Fold case, accents, underscores and spaces, so that 'São Paulo' finds Sao_Paulo."""
    spread = unicodedata.normalize("NFKD", text.replace("_", " ")).casefold()
    kept = "".join(mark for mark in spread if not unicodedata.combining(mark))
    return " ".join(kept.split())
