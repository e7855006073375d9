"""Names of countries, of their parts, and of towns, to know a place by."""

from __future__ import annotations

from bot.packs.prose import fold_words

_COUNTRIES = (
    "africa, albania, algeria, america, antarctica, argentina, armenia, asia, australia, "
    "austria, bangladesh, belarus, belgium, bolivia, bosnia, brazil, bulgaria, cambodia, "
    "cameroon, canada, chile, china, colombia, costa rica, croatia, cuba, cyprus, czechia, "
    "denmark, ecuador, egypt, england, estonia, ethiopia, europe, finland, france, georgia, "
    "germany, ghana, greece, greenland, guatemala, haiti, hungary, iceland, india, indonesia, "
    "iran, iraq, ireland, israel, italy, jamaica, japan, kenya, korea, kosovo, latvia, lebanon, "
    "lithuania, luxembourg, malaysia, mali, malta, mexico, moldova, mongolia, montenegro, "
    "morocco, mozambique, namibia, nepal, netherlands, new zealand, nicaragua, nigeria, "
    "northern ireland, north macedonia, norway, pakistan, panama, paraguay, peru, philippines, "
    "poland, portugal, romania, russia, rwanda, scotland, senegal, serbia, singapore, slovakia, "
    "slovenia, somalia, south africa, south korea, spain, sri lanka, sudan, sweden, "
    "switzerland, syria, taiwan, tanzania, thailand, tunisia, turkey, uganda, ukraine, united "
    "kingdom, united states, uruguay, venezuela, vietnam, wales, zambia, zimbabwe, "
)
_PARTS_OF_COUNTRIES = (
    "alabama, alaska, alberta, arizona, arkansas, bavaria, british columbia, california, "
    "colorado, connecticut, cornwall, delaware, florida, hawaii, idaho, illinois, indiana, "
    "iowa, kansas, kentucky, louisiana, maine, manitoba, maryland, massachusetts, michigan, "
    "minnesota, mississippi, missouri, montana, nebraska, nevada, new hampshire, new jersey, "
    "new mexico, new york, north carolina, nova scotia, ohio, oklahoma, ontario, oregon, "
    "pennsylvania, quebec, queensland, rhode island, saskatchewan, south carolina, tasmania, "
    "tennessee, texas, utah, vermont, wisconsin, wyoming, yorkshire, "
)
_TOWNS = (
    "aberdeen, amsterdam, antwerp, athens, atlanta, auckland, bangkok, barcelona, basel, "
    "beijing, belfast, belgrade, bergen, berlin, birmingham, bologna, boston, bratislava, "
    "brighton, brisbane, bristol, brussels, bucharest, budapest, buenos aires, cape town, "
    "cardiff, chicago, cologne, copenhagen, dallas, denver, detroit, dublin, edinburgh, "
    "frankfurt, geneva, ghent, glasgow, gothenburg, graz, hamburg, helsinki, hong kong, "
    "houston, istanbul, kyiv, lagos, leeds, leipzig, lima, lisbon, liverpool, ljubljana, "
    "london, los angeles, lyon, madrid, manchester, marseille, melbourne, memphis, mexico city, "
    "miami, milan, minneapolis, montevideo, montreal, moscow, mumbai, munich, nairobi, naples, "
    "nashville, newcastle, new orleans, norwich, nottingham, osaka, oslo, oxford, paris, perth, "
    "philadelphia, portland, porto, prague, reykjavik, rio de janeiro, riga, rome, rotterdam, "
    "san diego, san francisco, santiago, sarajevo, seattle, seoul, shanghai, sheffield, sofia, "
    "stockholm, stuttgart, sydney, tallinn, tokyo, toronto, turin, vancouver, venice, vienna, "
    "vilnius, warsaw, washington, wellington, zagreb, zurich, "
)

PLACES = frozenset(
    fold_words(name)
    for names in (_COUNTRIES, _PARTS_OF_COUNTRIES, _TOWNS)
    for name in names.split(",")
    if name.strip()
)
"""Their words, without case."""
