from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.errors import PackError
from bot.packs.discovery import find_pack_files, shipped_folder
from bot.packs.loader import load_pack, load_packs
from bot.packs.models import DatePrecision, EntityKind, PackTest

if TYPE_CHECKING:
    from collections.abc import Callable

    Write = Callable[..., Path]

EXAMPLES = Path(__file__).parents[1] / "packs"


def test_every_shipped_pack_loads() -> None:
    # What fails here is a PackError that lists every fault of every file.
    packs = load_packs(find_pack_files([shipped_folder()]))

    assert "big-time-rush-2013" in {pack.id for pack in packs}


def test_the_example_pack_loads() -> None:
    assert [pack.id for pack in load_packs(find_pack_files([EXAMPLES]))] == ["lantern-weir"]


def test_the_pack_that_the_authors_guide_writes_is_sound(tmp_path: Path) -> None:
    guide = (shipped_folder() / "README.md").read_text(encoding="utf-8")
    path = tmp_path / "mira-vale-2020.yaml"
    path.write_text("\n".join(re.findall(r"```yaml\n(.*?)```", guide, re.DOTALL)))

    pack = load_pack(path)

    assert [fact.id for fact in pack.facts] == ["record-date", "record-length"]
    assert len(pack.tests) == 3


SOURCE_ORIGIN = """\
  author: Jo Quill
  publishers: [The Lighthouse Review]
  year: 2020
  year_from: the masthead
"""
OWN_YEAR = "    as_of: 2020\n    related"


@pytest.mark.parametrize("origin", ["", "  author:\n  publishers: []\n  year:\n  year_from:\n"])
def test_a_source_may_be_silent_on_by_whom_where_and_when(write: Write, origin: str) -> None:
    pack = load_pack(write((SOURCE_ORIGIN, origin), (OWN_YEAR, "    related")))

    source = pack.source
    assert (source.author, source.publishers, source.year, source.year_from) == ("", (), None, "")
    assert [fact.as_of for fact in pack.facts] == [None, 2020]


def test_a_fact_is_as_of_the_sources_year_unless_the_pack_says_otherwise(write: Write) -> None:
    undated = (OWN_YEAR, "    related"), ("    as_of: 2020\n    paragraph: 2", "    paragraph: 2")
    usual = load_pack(write(*undated))
    lasting = load_pack(write(*undated, ("facts:", "as_of_every_fact: false\nfacts:")))

    assert [fact.as_of for fact in usual.facts] == [2020, 2020]
    assert [fact.as_of for fact in lasting.facts] == [None, 2020]
    # What is announced comes out some day, so releases are dated either way.
    assert {release.as_of for release in (*usual.releases, *lasting.releases)} == {2020}


def test_a_pack_becomes_its_model(write: Write) -> None:
    pack = load_pack(write())

    assert pack.source.publishers == ("The Lighthouse Review",)
    assert pack.entities[0].kind is EntityKind.PERSON
    assert pack.entities[0].aliases == ("Vale", "Mira")
    assert pack.releases[0].songs[0].performers == ("mira-vale",)
    assert pack.releases[0].editions[0].tracks == 9
    assert pack.facts[0].questions[1] == "What day is the new record due?"
    assert pack.facts[0].withdrawn is None
    assert pack.quotes[0].words == "Nobody sleeps … the best part of it"
    assert pack.tests == (
        PackTest("when is Tidewater coming out", "record-date"),
        PackTest("How old is Ona?", None),
    )


def test_a_quote_may_be_kept_from_the_daily_post(write: Write) -> None:
    kept = ("    themes: [touring", "    daily: false\n    themes: [touring")

    assert [quote.daily for quote in load_pack(write()).quotes] == [True]
    assert [quote.daily for quote in load_pack(write(kept)).quotes] == [False]


def test_a_fact_may_have_a_day_and_be_kept_from_the_daily_post(write: Write) -> None:
    asked = "    as_of: 2020\n    related"
    kept = (asked, f"    date: 2020-05-04\n    daily: false\n{asked}")

    assert [(fact.date, fact.daily) for fact in load_pack(write()).facts] == [("", True)] * 2
    assert ("2020-05-04", False) in [
        (fact.date, fact.daily) for fact in load_pack(write(kept)).facts
    ]


def test_an_entry_cites_one_paragraph_or_several(write: Write) -> None:
    cited = "paragraph: 2\n    as_of: 2020\n    related"
    pack = load_pack(write((cited, cited.replace("paragraph: 2", "paragraphs: [1, 2]"))))

    assert [fact.paragraphs for fact in pack.facts] == [(1, 2), (2,)]
    assert [quote.paragraphs for quote in pack.quotes] == [(3,)]
    assert [release.paragraphs for release in pack.releases] == [(2,)]


@pytest.mark.parametrize(
    ("written", "text", "precision"),
    [
        ("2020-05-04", "2020-05-04", DatePrecision.DAY),
        ("'2020-05-04'", "2020-05-04", DatePrecision.DAY),
        ("2020-05", "2020-05", DatePrecision.MONTH),
        ("2020", "2020", DatePrecision.YEAR),
    ],
)
def test_a_date_is_as_precise_as_it_is_written(
    write: Write, written: str, text: str, precision: DatePrecision
) -> None:
    date = load_pack(write(("date: 2020-05-04", f"date: {written}"))).releases[0].date

    assert (date.text, date.precision) == (text, precision)


def test_plain_words_are_words_as_editors_read_them(write: Write) -> None:
    pack = load_pack(write(("aliases: [Vale, Mira]", "aliases: [No, On, 24/7]")))

    assert pack.entities[0].aliases == ("No", "On", "24/7")


def test_a_withdrawn_fact_keeps_its_reason_and_frees_its_question(write: Write) -> None:
    path = write(
        ("    related: [sister]\n", "    withdrawn: the date was moved\n"),
        ("questions: [Who is Ona?]", "questions: [Who is Ona?, When is Tidewater out?]"),
    )

    assert load_pack(path).facts[0].withdrawn == "the date was moved"


def test_two_files_of_one_name_are_not_two_packs(write: Write, tmp_path: Path) -> None:
    first = write()
    (tmp_path / "more").mkdir()
    second = tmp_path / "more" / first.name
    second.write_bytes(first.read_bytes())

    with pytest.raises(PackError, match=r"the pack 'mira-vale' is in .*mira-vale\.yaml already"):
        load_packs([first, second])


def test_the_faults_of_all_files_are_told_together(write: Write) -> None:
    first = write(("kind: band", "kind: bnad"))
    second = write(("mira-vale", "other"), ("tracks: 9", "tracks: x"), name="other.yaml")

    with pytest.raises(PackError) as caught:
        load_packs([first, second])

    assert {fault.path for fault in caught.value.faults} == {first, second}


def test_reading_packs_costs_no_pydantic_until_one_is_loaded() -> None:
    program = "import sys, bot.packs.loader, bot.packs.audit; print('pydantic' in sys.modules)"

    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == "False"


def test_a_source_may_say_where_it_can_be_read(write: Write) -> None:
    address = "https://lighthouse.example:8080/2020/mira_(singer)?page=2#top"
    told = ("  paragraphs: 3\n", f"  paragraphs: 3\n  url: {address}\n")

    assert load_pack(write(told)).source.url == address
    assert load_pack(write()).source.url == ""


@pytest.mark.parametrize(
    "address",
    [
        "lighthouse.example/mira",
        "javascript:alert(1)",
        "https://",
        "https://:80/",
        "https://lighthouse.example/a b",
        "'https://lighthouse.example/<b>'",
        "'https://lighthouse.example/](x)'",
        "'https://lighthouse.example/`'",
        "https://lighthouse.example:port/",
        "https://señal.example/",
        "''",
    ],
)
def test_what_is_no_address_is_refused(write: Write, address: str) -> None:
    with pytest.raises(PackError, match="'url' is no address of a web page; copy the page's"):
        load_pack(write(("  paragraphs: 3\n", f"  paragraphs: 3\n  url: {address}\n")))


def test_an_address_gives_away_no_password(write: Write) -> None:
    told = "  paragraphs: 3\n  url: https://mira:secret@lighthouse.example/\n"

    with pytest.raises(PackError, match="'url' holds a name or password before an '@'"):
        load_pack(write(("  paragraphs: 3\n", told)))


def test_a_release_may_have_no_date(write: Write) -> None:
    dated = "    date: 2020-05-04\n    date_note: the year is the masthead's\n"

    none = load_pack(write((dated, ""))).releases[0].date
    noted = load_pack(write((dated, "    date_note: it says in spring\n"))).releases[0].date

    assert (none.text, none.precision, none.note) == ("", DatePrecision.UNKNOWN, "")
    assert noted.note == "it says in spring"
