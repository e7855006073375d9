"""Time zones: their names in speech, and the rules behind the names.

Rules come from the `tzdata` package alone, never from the machine, so that every host agrees, and
`rules_version` names the one that stored instants were reckoned with.
"""

from __future__ import annotations

import io
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from importlib import metadata, resources
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from rapidfuzz import fuzz, process

from bot.errors import ScheduleError
from bot.localization.languages import load_phrases
from bot.localization.messages import message
from bot.localization.phrases import ENGLISH, ENGLISH_TAG

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.localization.messages import Message
    from bot.localization.phrases import Phrases

NEAREST = 3
CHOICES = 25  # Discord shows no more in one autocomplete list
CITIES_FILE = Path(__file__).parent / "cities.txt"
SHORTEST_BEGINNING = 3
"""So many letters of a city find it; fewer begin a hundred names."""

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

# Countries as people call them, where the table of countries has another name.
COUNTRY_CODES = {
    "us": "US", "usa": "US", "uk": "GB", "great britain": "GB", "united kingdom": "GB",
    "england": "GB", "scotland": "GB", "wales": "GB", "northern ireland": "GB",
    "holland": "NL", "the netherlands": "NL", "korea": "KR", "uae": "AE", "czechia": "CZ",
    "turkiye": "TR", "the philippines": "PH", "bosnia": "BA", "ivory coast": "CI",
    "deutschland": "DE", "osterreich": "AT", "schweiz": "CH", "nederland": "NL", "espana": "ES",
    "italia": "IT", "polska": "PL", "brasil": "BR", "grossbritannien": "GB",
    "gran bretana": "GB", "inglaterra": "GB", "gra-bretanha": "GB", "grande-bretagne": "GB",
    "angleterre": "GB", "eeuu": "US", "ee uu": "US", "eua": "US", "etats unis": "US",
    "kosovo": "RS",  # it has no code of its own in the table, and Belgrade's time
}  # fmt: skip

# Where the table of zones goes by the map, the zones of most people.
MAIN_ZONES = (
    "America/Toronto", "America/Vancouver", "America/Edmonton", "America/Winnipeg",
    "America/Halifax", "Australia/Sydney", "Australia/Melbourne", "Australia/Brisbane",
    "Australia/Perth", "Australia/Adelaide", "America/Sao_Paulo", "Europe/Moscow",
)  # fmt: skip

# A country and a state of another: both are offered, and neither is taken.
SHARED_NAMES = {"georgia": ("Asia/Tbilisi", "America/New_York")}

AREAS = frozenset({"Africa", "America", "Asia", "Atlantic", "Australia", "Europe", "Pacific"})

NO_PLACE = frozenset({"Factory"})
"""Loaded where it was set before, but neither offered nor understood: it stands for no zone."""

# What phones and web pages write for a minus or a hyphen.
DASHES = dict.fromkeys([0x2212, *range(0x2010, 0x2016)], "-")

_OFFSET = re.compile(
    r"\(?(?:utc|gmt)?\s*(?P<sign>[+-])\s*0?(?P<hours>\d{1,2})(?::?(?P<minutes>\d{2}))?\s*h?\)?"
)
_FIXED = re.compile(r"Etc/GMT(?P<sign>[+-])(?P<hours>[1-9]\d?)")
_WORD_BEGINS = re.compile(r"(?<!\w)")
_QUALIFIED = re.compile(r"(?P<country>.+) \((?P<qualifier>.+)\)")


@dataclass(frozen=True, slots=True)
class ZoneSuggestion:
    """A zone to pick, by its IANA name, labelled with its offset."""

    name: str
    label: str


@lru_cache(maxsize=1024)  # every zone there is; a few kilobytes each
def load_zone(name: str) -> ZoneInfo:
    """Load the rules of an IANA zone.

    Raises:
        ScheduleError: there is no such zone in this version of the rules.
    """
    if name not in zone_names() | NO_PLACE:
        raise ScheduleError(_unknown_zone_text(name, ENGLISH_TAG))
    return ZoneInfo.from_file(io.BytesIO(_read_rules(name)), key=name)


def rules_version() -> str:
    """Return the version of the rules in force: `2026.1`."""
    return metadata.version("tzdata")


@lru_cache(maxsize=1)
def zone_names() -> frozenset[str]:
    """Return every IANA name of a zone that `tzdata` knows."""
    listed = resources.files("tzdata").joinpath("zones").read_text("utf-8").split()
    return frozenset(listed) - NO_PLACE


def is_zone_known(name: str) -> bool:
    """Return whether the rules in force have this zone.

    New rules drop one now and then.
    """
    return name in zone_names()


def parse_zone(text: str, say: Phrases = ENGLISH) -> str:
    """Parse a zone, named in English or a language, to its IANA name.

    Raises:
        ScheduleError: no zone is called that; the message names the three nearest.
    """
    typed, gazetteer = fold_place(text), _load_gazetteer(say.tag)
    # What is shown can be typed: "Wien (Europe/Vienna)".
    shown_name = typed.rpartition(" (")[2].removesuffix(")")
    names = gazetteer.names
    if name := _parse_offset(typed) or names.get(typed) or names.get(shown_name):
        return name
    zones = _keep_distinct(gazetteer.countries.get(typed) or _find_cities(f"{typed},"))
    if len(zones) > 1:
        shown = " ".join(text.split())[:40]
        raise ScheduleError(
            "'{typed}' has several time zones; name one of {zones}.",
            typed=shown,
            zones=", ".join(zones),
        )
    if zones:
        return zones[0]
    raise ScheduleError(_unknown_zone_text(text, say.tag))


def suggest_zones(say: Phrases, typed: str, now: datetime) -> list[ZoneSuggestion]:
    """Suggest zones for the text typed so far, best first, for autocomplete."""
    plain = fold_place(typed)
    known = _load_gazetteer(say.tag)
    found = known.complete(plain) if plain else list(SPOKEN_NAMES.values())
    suggestions = []
    for name in list(dict.fromkeys(found))[:CHOICES]:
        offset = format_offset(now.astimezone(load_zone(name)))
        if city := _find_own_city(name, say):
            label = say("{city} ({zone}, {offset} now)", city=city, zone=name, offset=offset)
        else:
            label = say("{zone} ({offset} now)", zone=format_zone(name), offset=offset)
        suggestions.append(ZoneSuggestion(name, label))
    return suggestions


def format_zone(name: str, say: Phrases = ENGLISH) -> str:
    """Format a zone for a person: `Etc/GMT-2` as `UTC+2`, in German `Wien (Europe/Vienna)`."""
    if found := _FIXED.fullmatch(name):
        return f"UTC{'+' if found['sign'] == '-' else '-'}{found['hours']}"
    city = _find_own_city(name, say)
    return f"{city} ({name})" if city else name


def format_place(name: str, say: Phrases = ENGLISH) -> str:
    """Format a zone by its city alone: `London`, or `UTC+2`."""
    # In full: the zone's own name lacks the accents of "São Paulo".
    return say.city_of(name) or format_zone(name).rsplit("/", 1)[-1].replace("_", " ")


def _find_own_city(name: str, say: Phrases) -> str:
    """Return a zone's city in a language, or nothing where the zone's name has it."""
    city = say.city_of(name)
    return "" if fold_place(city) == fold_place(name.rsplit("/", 1)[-1]) else city


def format_offset(moment: datetime) -> str:
    """Format an aware moment's offset: `UTC+05:30`, or `UTC` alone."""
    seconds = int((moment.utcoffset() or moment - moment).total_seconds())
    if not seconds:
        return "UTC"
    hours, rest = divmod(abs(seconds), 3600)
    return f"UTC{'-' if seconds < 0 else '+'}{hours:02}:{rest // 60:02}"


def _unknown_zone_text(text: str, tag: str) -> Message:
    shown = " ".join(text.split())[:40]
    if _OFFSET.fullmatch(fold_place(text)):
        return message(
            "No time zone is at '{typed}' all year; name a city in it, such as Berlin. Whole hours "
            "go from UTC-12 to UTC+14.",
            typed=shown,
        )
    nearest = ", ".join(
        map(format_zone, _load_gazetteer(tag).find_nearest(fold_place(text), NEAREST))
    )
    return message(
        "'{typed}' is not a time zone; the nearest are {zones}.", typed=shown, zones=nearest
    )


@dataclass(frozen=True, slots=True)
class _Gazetteer:
    """The names of zones and countries in one language, and in English."""

    names: dict[str, str]
    """The IANA name by every name of a single zone."""
    countries: dict[str, tuple[str, ...]]
    """The zones by every name of a country, those of most people first."""

    @classmethod
    def read(cls, tag: str) -> _Gazetteer:
        if tag == ENGLISH_TAG:
            return cls.read_english()
        english, say = _load_gazetteer(ENGLISH_TAG), load_phrases(tag)
        known, zones = zone_names(), _zones_of_countries()
        cities = {
            fold_place(city): zone for city, zone in say.city_names().items() if zone in known
        }
        countries = {
            fold_place(name): zones[code]
            for name, code in say.country_names().items()
            if code in zones
        }
        return cls(cities | english.names, countries | english.countries)

    @classmethod
    def read_english(cls) -> _Gazetteer:
        zones = _zones_of_countries()
        countries: dict[str, tuple[str, ...]] = {}
        for code, name in _read_table("iso3166.tab"):
            spoken = [name, name.replace(" & ", " and ")]
            if qualified := _QUALIFIED.fullmatch(name):  # "Korea (South)", "Britain (UK)"
                spoken += [qualified["country"], f"{qualified['qualifier']} {qualified['country']}"]
            for key in {fold_place(text) for text in spoken}:
                countries[key] = (*countries.get(key, ()), *zones.get(code, ()))
        aliases = {alias: zones[code] for alias, code in COUNTRY_CODES.items()}
        countries = {key: found for key, found in countries.items() if found}
        countries |= aliases | SHARED_NAMES
        names = sorted(zone_names())
        # Where two have a name in common, the later entry wins: legacy names such as "Cuba" come
        # first, so that Area/City wins where both end alike.
        legacy_first = sorted(
            names, key=lambda name: (name.split("/")[0] not in AREAS, name), reverse=True
        )
        cities = {
            city: name
            for name in legacy_first
            if not _FIXED.fullmatch(name)
            and (city := fold_place(name.rsplit("/", 1)[-1])) not in countries
        }
        # Etc/GMT-5 is five hours ahead, and "GMT-5" in everybody's mouth five hours behind.
        offsets = {
            f"{word}{format_zone(name)[3:]}": name
            for name in names
            if _FIXED.fullmatch(name)
            for word in ("utc", "gmt")
        }
        whole = {fold_place(name): name for name in names}
        return cls(cities | whole | offsets | CITIES | SPOKEN_NAMES, countries)

    def complete(self, plain: str) -> list[str]:
        """Return zones by prefix, then by any word, otherwise by similarity."""
        keys = [*self.names, *self.countries]
        begun = sorted((key for key in keys if key.startswith(plain)), key=len)
        # "gmt-5" stands within the name of the zone five hours *ahead*: only a full name means
        # that. Within a word, a short text finds anything: "uk" is in "Yukon".
        inside = sorted(
            key
            for key in keys
            if not key.startswith("etc/")
            and any(key.startswith(plain, word.start()) for word in _WORD_BEGINS.finditer(key))
        )
        offset = _parse_offset(plain)
        found = [offset] if offset else []
        for key in dict.fromkeys(begun + inside):
            name = self.names.get(key)
            found += [name] if name else _keep_distinct(self.countries[key])
            if len(set(found)) >= CHOICES:
                break
        if not found and len(plain) >= SHORTEST_BEGINNING:
            found = _find_cities(plain)
        return found or self.find_nearest(plain, CHOICES)

    def find_nearest(self, plain: str, count: int) -> list[str]:
        """Return the zones whose names resemble a text most."""
        ranked = process.extract(plain, list(self.names), scorer=fuzz.WRatio, limit=4 * count)
        return list(dict.fromkeys(self.names[key] for key, _, _ in ranked))[:count]


def _find_cities(beginning: str) -> list[str]:
    """Return the zones of large cities with a name that begins so, the nearest name first.

    A comma ends each name, so that one is found whole as well.
    """
    text, lengths = _read_cities(), dict[str, int]()
    at = text.find(f",{beginning}") if "," not in beginning[:-1] else -1
    while at >= 0:
        line, end = text.rfind("\n", 0, at) + 1, text.find(",", at + 1)
        zone = text[line : text.index(",", line)]
        lengths[zone] = min(lengths.get(zone, end - at), end - at)
        at = text.find(f",{beginning}", at + 1)
    return [zone for zone in sorted(lengths, key=lengths.__getitem__) if is_zone_known(zone)]


@lru_cache(maxsize=1)
def _read_cities() -> str:
    """Return the names of cities, a line for each zone: "Europe/Berlin,koln,munchen,"."""
    return CITIES_FILE.read_text(encoding="utf-8")


_load_gazetteer = lru_cache(maxsize=8)(_Gazetteer.read)  # the languages of all readers


@lru_cache(maxsize=1)
def _zones_of_countries() -> dict[str, tuple[str, ...]]:
    """Map every country's code to its zones, those of most people first."""
    zones: dict[str, tuple[str, ...]] = {}
    rank = {zone: at for at, zone in enumerate(MAIN_ZONES)}
    for code, _, zone, *_ in sorted(
        _read_table("zone.tab"), key=lambda row: rank.get(row[2], len(rank))
    ):
        zones[code] = (*zones.get(code, ()), zone)
    return zones


def _read_table(name: str) -> list[list[str]]:
    text = resources.files("tzdata").joinpath("zoneinfo", name).read_text("utf-8")
    return [line.split("\t") for line in text.splitlines() if not line.startswith("#")]


def _keep_distinct(zones: Sequence[str]) -> list[str]:
    """Keep one zone of each set of rules: Berlin, but not Büsingen."""
    groups: dict[bytes, list[str]] = {}
    for name in zones:
        # The last line of a file of rules holds those that are in force from now on.
        groups.setdefault(_read_rules(name).rstrip().rpartition(b"\n")[2], []).append(name)
    well_known = _well_known_zones()
    return [
        next((name for name in group if name in well_known), group[0]) for group in groups.values()
    ]


@lru_cache(maxsize=1)
def _well_known_zones() -> frozenset[str]:
    """Return the main zone of each set of rules: Sydney, not Macquarie."""
    return frozenset(zone for _, _, zone, *_ in _read_table("zonenow.tab"))


def _read_rules(name: str) -> bytes:
    return resources.files("tzdata").joinpath("zoneinfo", *name.split("/")).read_bytes()


def _parse_offset(typed: str) -> str | None:
    """Parse `UTC+2` or `UTC+5:30`.

    The IANA names of whole hours carry the opposite sign.
    """
    found = _OFFSET.fullmatch(typed)
    if found is None:
        return None
    hours = int(found["hours"])
    if int(found["minutes"] or 0):
        return ODD_OFFSETS.get(f"{found['sign']}{hours}:{found['minutes']}")
    name = f"Etc/GMT{'-' if found['sign'] == '+' else '+'}{hours}" if hours else "UTC"
    return name if name in zone_names() else None


def fold_place(text: str) -> str:
    """Fold case, accents, dashes, dots and spaces, so that 'São Paulo' finds Sao_Paulo."""
    spread = unicodedata.normalize("NFKD", text.replace("_", " ")).casefold()
    kept = "".join(mark for mark in spread if not unicodedata.combining(mark))
    return " ".join(kept.translate(DASHES).replace(".", "").split())
