"""A pack's translation, checked to the line."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.answering.pack_set import cache_key
from bot.errors import PackError
from bot.packs.audit import audit
from bot.packs.discovery import find_stray_sidecars, shipped_folder
from bot.packs.loader import Purpose, load_pack
from bot.packs.sidecar import sidecar_path, translation_path
from bot.packs.statements import find_mistranslated
from bot.packs.translation import begin_translation, digest_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Write = Callable[..., Path]

SPANISH = """\
title: Mira Vale, 2020
source: {{title: una entrevista, year_from: su cabecera, kind: entrevista, rights: sus derechos}}
facts:
{facts}
quotes:
{quotes}
releases:
{releases}
"""


@pytest.fixture
def pack_file(write: Write) -> Path:
    return write()


def translate(pack_file: Path, **changed: str) -> Path:
    """Write a whole translation beside a pack, but for what is changed."""
    pack = load_pack(pack_file)
    facts = [
        f"  {fact.id}:\n    original: {digest_of(fact)}\n    statement: Dicho {at}.\n"
        f"    questions: [¿Qué {at}?]"
        for at, fact in enumerate(pack.facts)
    ]
    quotes = [
        f"  {quote.id}:\n    original: {digest_of(quote)}\n    translation: Por fin.\n"
        f"    context: Al final.\n    themes: [final]"
        for quote in pack.quotes
    ]
    releases = [
        f"  {each.id}:\n    original: {digest_of(each)}\n    kind: disco\n    status: anunciado"
        for each in pack.releases
    ]
    text = SPANISH.format(
        facts="\n".join(facts), quotes="\n".join(quotes), releases="\n".join(releases)
    )
    for old, new in changed.items():
        text = text.replace(old, new)
    path = pack_file.with_name(f"{pack_file.stem}.es.yaml")
    path.write_text(text, encoding="utf-8")
    return path


def test_a_translation_says_what_the_pack_says_in_its_language(pack_file: Path) -> None:
    translate(pack_file)

    pack = load_pack(pack_file)
    (spanish,) = pack.translations

    assert (spanish.language, spanish.facts[0].statement) == ("es", "Dicho 0.")
    assert spanish.facts[0].id == pack.facts[0].id
    assert spanish.quotes[0].words == pack.quotes[0].words
    assert spanish.quotes[0].translation == "Por fin."


def add_questions(pack_file: Path, text: str) -> Path:
    path = sidecar_path(translation_path(pack_file, "es"))
    path.write_text(text, encoding="utf-8")
    return path


def test_further_ways_of_asking_stand_behind_those_of_the_translation(pack_file: Path) -> None:
    translate(pack_file)
    add_questions(pack_file, "questions: {sister: [y la hermana]}\nthemes: {best-part: [gira]}\n")

    pack = load_pack(pack_file)
    (spanish,) = pack.translations
    fact = next(fact for fact in spanish.facts if fact.id == "sister")
    quote = next(quote for quote in spanish.quotes if quote.id == "best-part")

    assert (fact.questions[-1], len(fact.questions)) == ("y la hermana", 2)
    assert quote.themes == ("final", "gira")
    assert all("y la hermana" not in fact.questions for fact in pack.facts)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "questions:\n  sisters: [y la hermana]\n",
            (
                "2: 'questions' names 'sisters', and no translated fact has that id; "
                "did you mean 'sister'?"
            ),
        ),
        (
            "themes:\n  worst: [gira]\n",
            (
                "2: 'themes' names 'worst', and no translated quote has that id; "
                "remove it, or translate that one"
            ),
        ),
        (
            "questions:\n  sister:\n    - hermana\n    - que 0\n    - ¡Qué 0!\n",
            (
                "5: fact 'sister': the question '¡Qué 0!' stands under 'record-date' already; "
                "keep it where it belongs"
            ),
        ),
        (
            "unanswered: {sister: [qué 0]}\n",
            (
                "1: fact 'sister': the question 'qué 0' stands under 'record-date' already; "
                "keep it where it belongs"
            ),
        ),
        (
            "questions: {sister: [hermana]}\ntests:\n  - {question: hermana, fact: sister}\n",
            "2: a translation has no tests of its own; move them to mira-vale.questions.yaml",
        ),
        (
            "questions: [hermana]\n",
            "1: 'questions' is a list, not a mapping; write 'key: value' lines under it",
        ),
    ],
)
def test_a_fault_in_a_translations_questions_is_told_with_its_line(
    pack_file: Path, text: str, told: str
) -> None:
    translate(pack_file)
    path = add_questions(pack_file, text)

    with pytest.raises(PackError) as caught:
        load_pack(pack_file)

    assert [str(fault) for fault in caught.value.faults] == [f"{path}:{told}"]


def test_faulty_questions_of_a_translation_keep_the_others_from_nobody(pack_file: Path) -> None:
    translate(pack_file)
    path = add_questions(pack_file, "questions: {sisters: [hermano], sister: [y la hermana]}\n")

    pack = load_pack(pack_file, Purpose.SERVING)
    (spanish,) = pack.translations

    assert any("y la hermana" in fact.questions for fact in spanish.facts)
    assert [fault.path for fault in pack.translation_faults] == [path]


def test_questions_of_a_translation_that_is_not_there_are_told(pack_file: Path) -> None:
    add_questions(pack_file, "questions: {sister: [hermana]}\n")

    (fault,) = find_stray_sidecars([pack_file.parent])

    assert "this file adds to mira-vale.es.yaml, which is not beside it" in str(fault)


def test_changed_questions_of_a_translation_are_another_pack_to_the_running_bot(
    pack_file: Path,
) -> None:
    translate(pack_file)
    path = add_questions(pack_file, "questions: {sister: [hermana]}\n")
    before = cache_key([pack_file])

    path.write_text("questions: {sister: [la hermana]}\n", encoding="utf-8")

    assert cache_key([pack_file]) != before


def test_an_unknown_id_is_told_with_the_nearest(pack_file: Path) -> None:
    name = load_pack(pack_file).facts[0].id
    path = translate(pack_file, **{f"  {name}:": f"  {name}x:"})

    with pytest.raises(PackError) as caught:
        load_pack(pack_file)

    told = [str(fault) for fault in caught.value.faults]
    assert f"{path}:4: no fact of the pack has the id '{name}x'; did you mean '{name}'?" in told
    assert any(f"fact '{name}' is not translated; translate it" in each for each in told)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("    statement: Dicho 0.", "    statment: Dicho 0.", "'statement' is missing; add it"),
        ("    statement: Dicho 0.", "    statment: Dicho 0.", "did you mean 'statement'?"),
        ("    statement: Dicho 0.\n", "", "'statement' is missing"),
        ("    statement: Dicho 0.", "    statement:", "'statement' is empty"),
        ("    original: ", "    original: x", "write aaaaaaaa; the next check tells which"),
        ("    themes: [final]", "    themes: [final]\n    extra: x", "unknown key 'extra'"),
        ("    kind: disco", "    kind:", "'kind' is empty"),
        ("    kind: disco", "    songs: {x: }\n    kind: disco", "'x' is empty; add it"),
        ("    kind: disco", "    editions: [{note: x}]\n    kind: disco", "'name' is missing"),
    ],
)
def test_a_fault_inside_an_entry_is_told_with_its_remedy(
    pack_file: Path, old: str, new: str, told: str
) -> None:
    translate(pack_file, **{old: new})

    with pytest.raises(PackError) as caught:
        load_pack(pack_file)

    assert any(told in str(fault) for fault in caught.value.faults), caught.value


def test_an_original_that_changed_since_is_told_with_its_new_digest(pack_file: Path) -> None:
    fact = load_pack(pack_file).facts[0]
    path = translate(pack_file, **{digest_of(fact): "aaaaaaaa"})

    with pytest.raises(PackError) as caught:
        load_pack(pack_file)

    (fault,) = caught.value.faults
    assert str(fault) == (
        f"{path}:5: fact '{fact.id}': the original has changed since it was translated; "
        f"correct the translation, then write 'original: {digest_of(fact)}'"
    )


def test_an_empty_text_names_its_entry(pack_file: Path) -> None:
    name = load_pack(pack_file).facts[0].id
    translate(pack_file, **{"statement: Dicho 0.": 'statement: ""'})

    with pytest.raises(PackError, match=f"fact '{name}': 'statement' is empty"):
        load_pack(pack_file)


def test_a_language_that_nobody_understands_is_told(pack_file: Path) -> None:
    translate(pack_file).rename(pack_file.with_name(f"{pack_file.stem}.xx.yaml"))

    with pytest.raises(PackError, match="no questions are understood in 'xx'"):
        load_pack(pack_file)


@pytest.mark.parametrize(
    ("tag", "remedy"),
    [
        ("es-419", "call it mira-vale.es.yaml; "),
        ("es-MX", "call it mira-vale.es.yaml; "),
        ("ES", "call it mira-vale.es.yaml; "),
        ("pt_br", "call it mira-vale.pt-BR.yaml; "),
        ("it", "remove the file; "),
    ],
)
def test_a_variant_of_a_language_is_told_the_name_that_is_read(
    pack_file: Path, tag: str, remedy: str
) -> None:
    translate(pack_file).rename(translation_path(pack_file, tag))

    with pytest.raises(PackError) as caught:
        load_pack(pack_file)

    told = f"no questions are understood in '{tag}'; {remedy}known languages are es, pt-BR"
    assert told in str(caught.value)


def test_a_variant_beside_its_language_is_one_too_many(pack_file: Path) -> None:
    variant = translate(pack_file).rename(translation_path(pack_file, "es-419"))
    translation_path(pack_file, "es").write_bytes(variant.read_bytes())

    with pytest.raises(PackError, match="in 'es-419'; remove the file;"):
        load_pack(pack_file)


def test_a_translation_that_is_begun_leaves_every_text_to_write(pack_file: Path) -> None:
    pack = load_pack(pack_file)
    path = pack_file.with_name(f"{pack_file.stem}.es.yaml")
    path.write_text(begin_translation(pack, "es"), encoding="utf-8")

    with pytest.raises(PackError) as caught:
        load_pack(pack_file)

    told = "\n".join(map(str, caught.value.faults))
    assert f'\ntitle: ""  # {pack.title}\n' in path.read_text(encoding="utf-8")
    assert "'title' is empty" in told
    assert f"fact '{pack.facts[0].id}' is not written yet" in told
    assert "has changed" not in told


def test_the_audit_holds_a_translation_against_the_source(pack_file: Path) -> None:
    words = "one two three four five six seven eight nine"
    translate(pack_file, **{"Dicho 0.": words})

    faults = audit(load_pack(pack_file), f"It begins: {words} ten.\n")

    assert any(fault.where.startswith("es: fact") for fault in faults)


@pytest.mark.parametrize(("language", "marks"), [("es", "«»"), ("pt-BR", "“”")])
def test_quotation_marks_in_our_translations_differ_from_those_around_them(
    language: str, marks: str
) -> None:
    (file,) = shipped_folder().glob(f"*.{language}.yaml")
    told = [
        line
        for line in file.read_text(encoding="utf-8").splitlines()
        if line.startswith("    translation:")
    ]
    assert told
    assert [line for line in told if set(marks) & set(line)] == []


def describe(pack_file: Path) -> tuple[set[str], str]:
    """Give what a pack that is served has in its own language, and its translations' faults."""
    pack = load_pack(pack_file, Purpose.SERVING)
    (spanish,) = pack.translations
    assert {fact.id for fact in spanish.facts} == {fact.id for fact in pack.facts}
    assert {quote.id for quote in spanish.quotes} == {quote.id for quote in pack.quotes}
    assert {each.id for each in spanish.releases} == {each.id for each in pack.releases}
    return {key for _, key in spanish.untranslated}, "\n".join(map(str, pack.translation_faults))


@pytest.mark.parametrize(
    ("old", "new", "untranslated", "told"),
    [
        ("    statement: Dicho 0.\n", "", {"record-date"}, ":4: fact 'record-date': 'statement'"),
        ("    statement: Dicho 0.", "    statement:", {"record-date"}, "'statement' is empty"),
        ("    questions: [¿Qué 1?]", "    questions: []", {"sister"}, "'questions' is an empty"),
        ("  sister:\n", "  sisterr:\n", {"sister"}, "has the id 'sisterr'; did you mean 'sister'?"),
        ("    themes: [final]", "    themes: [final]\n    x: y", {"best-part"}, "unknown key 'x'"),
        ("    kind: disco", "    kind:", {"tidewater"}, "'kind' is empty"),
        ("    kind: disco", "    kind: disco\n    editions: [{name: a}, {name: b}]", {"tidewater"},
         "release 'tidewater' has 2 editions, and the original 1"),
        ("    statement: Dicho 1.", "    statement: Dicho: 1.", {"sister"}, "put"),
        ("    statement: Dicho 1.", "    statement: Dicho 1.\n    note: b\n    note: c",
         {"sister"}, "twice"),
        ("title: Mira Vale, 2020", "title:", set(), "'title' is empty"),
        ("kind: entrevista, ", "", set(), "'kind' is missing"),
        ("year_from: su cabecera, ", "", set(), "'year_from' is missing; translate it"),
        ("quotes:\n", "names: {nobody: {name: Nadie}}\nquotes:\n", set(), "has the id 'nobody'"),
        ("quotes:\n", "names: {ona: [Nadie]}\nquotes:\n", set(), "a list, not a mapping"),
        ("quotes:\n", "extra: 1\nquotes:\n", set(), "unknown key 'extra'"),
    ],
)  # fmt: skip
def test_a_pack_is_served_with_what_is_sound_of_its_translation(
    pack_file: Path, old: str, new: str, untranslated: set[str], told: str
) -> None:
    path = translate(pack_file, **{old: new})

    lacking, faults = describe(pack_file)

    assert lacking == untranslated
    assert str(path) in faults
    assert told in faults
    with pytest.raises(PackError):  # and an author is told
        load_pack(pack_file)


def test_what_changed_since_it_was_translated_is_served_in_the_language_of_the_pack(
    pack_file: Path,
) -> None:
    pack = load_pack(pack_file)
    translate(pack_file, **{digest_of(pack.facts[0]): "aaaaaaaa"})

    lacking, faults = describe(pack_file)

    (spanish,) = load_pack(pack_file, Purpose.SERVING).translations
    assert lacking == {pack.facts[0].id}
    assert "the original has changed since it was translated" in faults
    assert spanish.facts[0].statement == pack.facts[0].statement
    assert spanish.facts[1].statement == "Dicho 1."


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda _: "facts: }", "this is not YAML"),
        (lambda _: "", "the file is empty"),
        (lambda _: "- a list", "no 'key: value' line"),
        (lambda text: text.replace("facts:", "fakts:"), "'facts' is missing"),
        (lambda text: text[: text.index("facts:")] + "facts: [nothing]", "a list, not a mapping"),
    ],
)
def test_a_translation_that_cannot_be_read_is_left_out_whole(
    pack_file: Path, spoil: Callable[[str], str], told: str
) -> None:
    path = translate(pack_file)
    path.write_text(spoil(path.read_text(encoding="utf-8")).split("quotes:")[0], encoding="utf-8")

    pack = load_pack(pack_file, Purpose.SERVING)

    assert pack.translations == ()
    assert any(told in str(fault) for fault in pack.translation_faults), pack.translation_faults
    assert len(pack.facts) == 2


def test_a_translation_that_is_only_begun_leaves_its_pack_as_it_was(pack_file: Path) -> None:
    pack = load_pack(pack_file)
    path = pack_file.with_name(f"{pack_file.stem}.es.yaml")
    path.write_text(begin_translation(pack, "es"), encoding="utf-8")

    served = load_pack(pack_file, Purpose.SERVING)

    assert served.translations == ()
    assert (served.facts, served.quotes, served.releases) == (
        pack.facts,
        pack.quotes,
        pack.releases,
    )
    faults = "\n".join(map(str, served.translation_faults))
    assert "write them; until then the bot gives it in the pack's own language" in faults
    assert "delete" not in faults


def test_the_faults_of_a_pack_itself_are_never_served_over(write: Write) -> None:
    with pytest.raises(PackError):
        load_pack(write(("kind: band", "kind: bond")), Purpose.SERVING)


@pytest.mark.parametrize(
    ("statement", "faults"),
    [
        ("Tidewater, el segundo disco, sale el 4 de mayo de 2020.", []),
        ("Tidewater sale el 5 de mayo de 2020.", ["the number 5 is not in the original statement"]),
        ("Tidewater tiene siete temas.", ["the number siete is not in the original statement"]),
        ("El dos es de Tidewater, el segundo disco.", []),  # "second"
    ],
)
def test_the_numbers_of_a_translation_are_those_of_the_original(
    pack_file: Path, source: str, statement: str, faults: list[str]
) -> None:
    translate(pack_file, **{"Dicho 0.": statement, "Dicho 1.": "Ona es su hermana."})

    told = [
        fault for fault in audit(load_pack(pack_file), source) if fault.where.startswith("es: ")
    ]

    assert [fault.what for fault in told] == faults


@pytest.mark.parametrize(
    ("language", "original", "translated", "wrong"),
    [
        ("pt-BR", "It came out on 6 July 2013.", "Saiu em 6/7/2013.", []),
        ("pt-BR", "It came out on 6 July 2013.", "Saiu em 06.07.2013.", []),
        ("pt-BR", "It came out on 6 July 2013.", "Saiu em 6/8/2013.", ["8"]),
        ("es", "It came out in April 2021.", "Salió en 4/2021.", []),
        ("es", "It starts at 8 pm.", "Empieza a las 20.", []),
        ("es", "It starts at eight in the evening.", "Empieza a las 20:00.", []),
        ("es", "It starts at 8 am.", "Empieza a las 20.", ["20"]),
        ("es", "She has twenty-two songs.", "Tiene veintidós temas.", []),
        ("es", "She has twenty-two songs.", "Tiene veintitrés temas.", ["veintitrés"]),
        ("es", "She has thirty-one songs.", "Tiene treinta y una canciones.", []),
        ("es", "She has 32 songs.", "Tiene treinta y tres temas.", ["treinta y tres"]),
        ("es", "She has sixteen songs.", "Tiene diecisiete temas.", ["diecisiete"]),
        ("es", "She has thirty thousand fans.", "Tiene treinta mil fans.", []),
        ("es", "She has half a dozen songs.", "Tiene media docena de temas.", []),
        ("es", "She is from the nineties.", "Es de los noventa.", []),
        ("pt-BR", "She has 99 songs.", "Tem noventa e nove músicas.", []),
        ("pt-BR", "She has 99 songs.", "Tem noventa e oito músicas.", ["noventa e oito"]),
        ("pt-BR", "She has sixteen songs.", "Tem dezessete músicas.", ["dezessete"]),
    ],
)
def test_numbers_hours_and_dates_are_known_in_the_languages_own_way(
    pack_file: Path, language: str, original: str, translated: str, wrong: list[str]
) -> None:
    fact = load_pack(pack_file).facts[0]
    unborne = find_mistranslated(
        replace(fact, statement=original), replace(fact, statement=translated), language
    )

    assert [each.what for each in unborne] == [
        f"the number {words} is not in the original statement" for words in wrong
    ]
