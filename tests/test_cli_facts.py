from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from bot.answering.lexicon import load_lexicon
from bot.cli.facts import facts
from bot.errors import LinerNotesError
from bot.evaluation.lint import attribute_names
from bot.packs.loader import load_pack
from bot.packs.schema import build_json_schema, build_sidecar_json_schema
from tests.support.packs import REPOSITORY

if TYPE_CHECKING:
    from pathlib import Path

SOURCE = 'Somebody Known (5/2020): "The record is, on a Monday, done at last."\n\nThe end.\n'


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(facts, [str(word) for word in words])


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    path = tmp_path / "my-pack.yaml"
    assert run("new", path).exit_code == 0
    return path


def test_a_new_pack_passes_its_check(pack: Path) -> None:
    result = run("check", pack)

    assert result.exit_code == 0
    assert result.output == (
        "my-pack: facts 1, questions 2, quotes 1, releases 1, entities 1, tests 5\n"
    )


def test_a_new_pack_takes_its_name_from_its_file(tmp_path: Path) -> None:
    result = run("new", tmp_path / "other")

    assert load_pack(tmp_path / "other.yaml").id == "other"
    assert f"linernotes facts check {tmp_path / 'other.yaml'}" in result.output


@pytest.mark.parametrize("name", ["1", "1989", "null", "true", "1e5"])
def test_a_new_pack_may_be_called_what_yaml_takes_for_a_value(tmp_path: Path, name: str) -> None:
    run("new", tmp_path / name)

    assert load_pack(tmp_path / f"{name}.yaml").id == name


def test_a_new_pack_is_never_begun_beside_the_folder_that_was_named(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()

    result = run("new", f"{tmp_path / 'mine'}/")

    assert isinstance(result.exception, LinerNotesError)
    assert str(result.exception) == (
        f"{tmp_path}/mine is a folder; name a new file, as {tmp_path}/mine/my-pack.yaml"
    )
    assert list(tmp_path.iterdir()) == [tmp_path / "mine"]


def test_a_new_pack_names_the_editors_schema_where_it_lies_beside(tmp_path: Path) -> None:
    (tmp_path / "pack.schema.json").touch()

    run("new", tmp_path / "other")

    first = (tmp_path / "other.yaml").read_text(encoding="utf-8").splitlines()[0]
    assert first == "# yaml-language-server: $schema=pack.schema.json"


ARTICLE = """\
Ona Vale has a new record.

"I wrote all of it on a borrowed piano," Vale said. The album Low Water is due on May 4, 2020.
"""


def test_a_pack_is_drafted_from_a_text(tmp_path: Path) -> None:
    article = tmp_path / "article.txt"
    article.write_text(ARTICLE, encoding="utf-8")

    result = run("new", tmp_path / "ona-vale", "--source", article)

    path = tmp_path / "ona-vale.yaml"
    assert result.exit_code == 0
    assert result.output == (
        f"{path} is drafted from a text of 27 words in 2 paragraphs.\n"
        "  Names to confirm: 1\n"
        "  Records and songs to confirm: 1\n"
        "  Facts to write, or to delete: 2\n"
        "  Quotes to choose from: 0\n"
        "  Words in them: 0 of 5 that may be quoted\n"
        f"Go through it from the top; this lists what is left: linernotes facts check {path}\n"
    )
    assert "  - id: low-water\n    title: Low Water\n" in path.read_text(encoding="utf-8")


def test_check_lists_what_a_draft_leaves_to_its_author(tmp_path: Path) -> None:
    article = tmp_path / "article.txt"
    article.write_text(ARTICLE, encoding="utf-8")
    run("new", tmp_path / "ona-vale", "--source", article)

    result = run("check", tmp_path / "ona-vale.yaml")

    *listed, summary = result.output.splitlines()
    told = [line.split(": ", 1)[1] for line in listed]
    assert summary == f"Left to do: {len(listed)}. Guesses to confirm among them: 5."
    remedy = "correct what is wrong below it, then delete this line"
    assert result.exit_code == 1
    assert (
        f"still to confirm: Ona Vale (paragraphs 1 and 2) is taken for a person; {remedy}" in told
    )
    # The text tells neither author nor publisher nor year, and so may the pack.
    assert not any("'author'" in line or "'publishers'" in line for line in told)
    assert (
        "fact 'low-water-may-4-2020' is not written yet: 'statement' and 'questions' are empty; "
        "write them, or delete the fact"
    ) in told
    lines = [int(line.split(":")[1]) for line in listed]
    assert lines == sorted(lines)


def test_a_pack_with_a_guess_in_it_is_not_checked_through(pack: Path) -> None:
    text = pack.read_text(encoding="utf-8")
    pack.write_text(text.replace("entities:\n", "# confirm: these are all\nentities:\n"))

    result = run("check", pack)
    (fault,) = json.loads(run("check", "--json", pack).output)["faults"]

    assert result.exit_code == 1
    assert "still to confirm: these are all" in result.output
    assert "Left to do: 1. Guesses to confirm among them: 1.\n" in result.output
    assert "my-pack: facts 1, questions 2" in result.output
    assert fault["what"] == "still to confirm: these are all"


def test_a_text_that_lost_its_blank_lines_is_told(tmp_path: Path) -> None:
    article = tmp_path / "article.txt"
    article.write_text("Ona Vale has a new record out.\n" * 30, encoding="utf-8")

    result = run("new", tmp_path / "ona-vale", "--source", article)

    assert "The text is one paragraph. Put a blank line between paragraphs" in result.output


def test_a_transcript_that_lost_its_marks_is_told(tmp_path: Path) -> None:
    article = tmp_path / "article.txt"
    article.write_text("Why did you go, Ona?\n\nI was bored.\n\n" * 4, encoding="utf-8")

    result = run("new", tmp_path / "ona-vale", "--source", article)

    assert "These seem to be questions and answers that lost their marks." in result.output


@pytest.mark.parametrize(
    ("content", "told"),
    [(None, "cannot be read"), (b" \n", "there is no text in this file"), (b"\xe9", "not UTF-8")],
)
def test_without_a_text_nothing_is_drafted(
    tmp_path: Path, content: bytes | None, told: str
) -> None:
    article = tmp_path / "article.txt"
    if content is not None:
        article.write_bytes(content)

    result = run("new", tmp_path / "ona-vale", "--source", article)

    assert isinstance(result.exception, LinerNotesError)
    assert told in str(result.exception)
    assert not (tmp_path / "ona-vale.yaml").exists()


def test_new_never_writes_over_a_file(pack: Path) -> None:
    before = pack.read_bytes()

    result = run("new", pack)

    assert isinstance(result.exception, LinerNotesError)
    assert str(result.exception) == f"{pack} is there already; choose another name"
    assert pack.read_bytes() == before


def test_new_says_where_it_cannot_write(tmp_path: Path) -> None:
    result = run("new", tmp_path / "none" / "my-pack")

    assert isinstance(result.exception, LinerNotesError)
    assert "cannot be written (No such file or directory)" in str(result.exception)


@pytest.mark.parametrize("name", ["My_Pack", "a--b", "-", "x" * 41])
def test_a_name_that_no_pack_can_have_is_wrong_usage(tmp_path: Path, name: str) -> None:
    result = run("new", "--", tmp_path / name)

    assert result.exit_code == 2
    assert "use a to z, 0 to 9 and single hyphens" in result.output
    assert list(tmp_path.iterdir()) == []


@pytest.mark.long
def test_check_without_a_path_checks_what_comes_with_the_bot() -> None:
    result = run("check")

    assert result.exit_code == 0
    assert "big-time-rush-2013: facts " in result.output


def test_check_prints_every_fault_and_fails(pack: Path) -> None:
    text = pack.read_text(encoding="utf-8")
    pack.write_text(text.replace("date: 2020-05", "date: May").replace("tracks: 9", "tracks: x"))

    result = run("check", pack.parent)

    assert result.exit_code == 1
    assert [line.split(";")[0].removeprefix(f"{pack}:") for line in result.output.splitlines()] == [
        "30: release 'a-record': 'date' is 'May', which is no date",
        "37: release 'a-record': edition 'regular': 'tracks' is the text 'x', not a whole number",
    ]


def test_check_of_an_empty_folder_says_so(tmp_path: Path) -> None:
    result = run("check", tmp_path)

    assert result.exit_code == 1
    assert result.output == (
        f"{tmp_path}: there are no packs here; name a pack, or a folder with .yaml files\n"
    )


def test_check_of_a_missing_path_fails(tmp_path: Path) -> None:
    result = run("check", tmp_path / "none")

    assert result.exit_code == 1
    assert "correct the path" in result.output


def test_check_speaks_json(pack: Path) -> None:
    sound = json.loads(run("check", "--json", pack).output)
    pack.write_text("pack: other\n")
    result = run("check", "--json", pack)

    assert sound["faults"] == []
    assert sound["packs"][0]["questions"] == 2
    assert result.exit_code == 1
    assert json.loads(result.output)["faults"][0] == {
        "path": str(pack),
        "line": 1,
        "what": "the pack is called 'other', its file 'my-pack'",
        "remedy": "rename one of them",
    }


def test_a_fact_is_shown_with_its_provenance(pack: Path) -> None:
    result = run("show", "record-date", "--packs", pack)

    assert result.exit_code == 0
    assert result.output == (
        "fact record-date (pack my-pack)\n"
        "  subject       A Record (a-record)\n"
        "  about         Somebody Known (somebody-known)\n"
        "  statement     A Record comes out in May 2020.\n"
        "  questions     When does A Record come out?\n"
        "                What month is the new album due?\n"
        "  paragraph     1\n"
        "  as of         2020\n"
        "  quotes        record-is-done\n"
        "  source        an interview with Somebody Known, by Some Writer (Some Magazine),"
        " 2020 (from the cover's date), paragraph 1\n"
        "  rights        © 2020 Some Magazine, all rights reserved; quoted briefly, for reference\n"
    )


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("24-seven", "  aliases       24/7"),
        ("24-seven", "  songs         Amazing (amazing), by james-maslow"),
        ("untouchable", "song untouchable (pack big-time-rush-2013)"),
        ("best-fans", "  speaker       Kendall Schmidt (kendall-schmidt)"),
        ("heffron-drive", "entity heffron-drive (pack big-time-rush-2013)"),
    ],
)
def test_whatever_has_an_id_can_be_shown(name: str, line: str) -> None:
    assert line in run("show", name).output.splitlines()


def test_an_undated_release_and_the_sources_address_are_shown(pack: Path) -> None:
    text = pack.read_text(encoding="utf-8")
    undated = text.replace("    date: 2020-05\n    date_note: the source names no day\n", "")
    address = "https://somewhere.example/interview"
    pack.write_text(undated.replace("  paragraphs: 2\n", f"  paragraphs: 2\n  url: {address}\n"))

    shown = run("show", "a-record", "--packs", pack).output.splitlines()

    assert "  date          the source gives no date" in shown
    assert f"  url           {address}" in shown


def test_a_source_without_author_publisher_and_year_is_shown_by_its_title(pack: Path) -> None:
    told = "  author: Some Writer\n  publishers: [Some Magazine]\n  year: 2020\n"
    text = pack.read_text(encoding="utf-8").replace(told, "")
    pack.write_text(text.replace("  year_from: the cover's date\n", ""), encoding="utf-8")

    shown = run("show", "record-date", "--packs", pack).output.splitlines()

    assert "  source        an interview with Somebody Known, paragraph 1" in shown


def test_show_speaks_json(pack: Path) -> None:
    (found,) = json.loads(run("show", "a-record", "--json", "--packs", pack).output)

    assert found["noun"] == "release"
    assert found["entry"]["date"] == {
        "text": "2020-05",
        "precision": "month",
        "note": "the source names no day",
    }
    assert found["source"]["author"] == "Some Writer"


def test_a_quote_says_whether_the_daily_post_may_draw_it(pack: Path) -> None:
    label = "  daily         never drawn for the daily post"
    written = pack.read_text(encoding="utf-8")
    assert label not in run("show", "record-is-done", "--packs", pack).output.splitlines()

    pack.write_text(written.replace("    speaker:", "    daily: false\n    speaker:"))

    assert label in run("show", "record-is-done", "--packs", pack).output.splitlines()


def test_several_paragraphs_are_shown_as_such(pack: Path) -> None:
    written = pack.read_text(encoding="utf-8")
    several = written.replace("paragraphs: 2", "paragraphs: 3").replace(
        "paragraph: 1", "paragraphs: [1, 3]"
    )
    pack.write_text(several, encoding="utf-8")

    shown = run("show", "record-date", "--packs", pack).output.splitlines()
    (found,) = json.loads(run("show", "record-date", "--json", "--packs", pack).output)

    assert "  paragraphs    1 and 3" in shown
    assert any(line.endswith("(from the cover's date), paragraphs 1 and 3") for line in shown)
    assert found["entry"]["paragraphs"] == [1, 3]
    assert found["entry"]["paragraph"] == 1


def test_an_unknown_id_is_answered_with_the_nearest(pack: Path) -> None:
    result = run("show", "record-dat", "--packs", pack)

    assert isinstance(result.exception, LinerNotesError)
    assert str(result.exception) == (
        "No pack has an entry called 'record-dat'; did you mean record-date or record-is-done or"
        " a-record?"
    )


def test_audit_passes_a_faithful_pack(pack: Path) -> None:
    source = pack.with_name("source.txt")
    source.write_text(SOURCE + "more of it " * 20, encoding="utf-8")

    result = run("audit", pack, "--source", source)

    assert result.output == (
        "my-pack: facts 1, questions 2, quotes 1, releases 1, entities 1, tests 5;"
        " faithful to the source\n"
    )
    assert result.exit_code == 0


def test_audit_prints_every_fault_and_fails(pack: Path) -> None:
    source = pack.with_name("source.txt")
    source.write_text(SOURCE.replace("The record", "My record").replace("The end.", "In Zembla."))

    result = run("audit", pack, "--source", source)

    assert result.exit_code == 1
    assert [line.split(":")[0] for line in result.output.splitlines()] == [
        "quote 'record-is-done'",
        "quotes",
        "paragraph 2",
    ]
    assert "Zembla" not in result.output


def test_audit_says_file_and_line_and_shows_the_words_where_they_may_be_seen(pack: Path) -> None:
    source = pack.with_name("source.txt")
    source.write_text(SOURCE.replace("The record", "My record").replace("The end.", "In Zembla."))

    quote, budget, name = run(
        "audit", pack, "--source", source, "--show-source"
    ).output.splitlines()

    line = pack.read_text(encoding="utf-8").splitlines().index("  - id: record-is-done") + 1
    assert quote.startswith(f"{pack}:{line}: quote 'record-is-done': is not, word for word,")
    assert budget.startswith(f"{pack}: quotes: ")
    assert name.startswith(f"{source}:3: paragraph 2: ")
    assert "(“In Zembla”)" in name


def test_audit_speaks_json(pack: Path) -> None:
    source = pack.with_name("source.txt")
    source.write_text("In Zembla.")

    result = run("audit", pack, "--source", source, "--json")

    assert result.exit_code == 1
    assert json.loads(result.output)["pack"] == "my-pack"
    assert json.loads(result.output)["faults"][0]["where"] == "source"


CUT = "done at last, if the mixing helps"


def advised(pack: Path) -> Path:
    """A source in which the pack's quote leaves out a condition."""
    source = pack.with_name("source.txt")
    source.write_text(SOURCE.replace("done at last", CUT) + "more of it " * 30, encoding="utf-8")
    return source


def test_audit_advises_on_a_cut_quote_and_passes_unless_it_is_strict(pack: Path) -> None:
    source = advised(pack)

    result = run("audit", pack, "--source", source, "--show-source")
    advice, summary = result.output.splitlines()

    lines = pack.read_text(encoding="utf-8").splitlines()
    line = lines.index("  - id: record-is-done") + 1
    assert advice == (
        f"advice: {pack}:{line}: quote 'record-is-done': ends inside a sentence of paragraph 1 "
        "without … and leaves out a condition (left out: “if the mixing helps.”); quote it too"
    )
    assert summary.endswith("; faithful to the source")
    assert result.exit_code == 0
    assert run("audit", pack, "--source", source, "--strict").exit_code == 1


def test_audit_shows_the_sources_words_only_where_asked_to_or_in_a_terminal(pack: Path) -> None:
    audit = ("audit", pack, "--source", advised(pack))
    words = "if the mixing helps"

    assert words in run(*audit, "--show-source").output
    assert words in run(*audit, "--show-source", "--json").output
    for quiet in ((), ("--json",), ("--quiet-source",), ("--quiet-source", "--json")):
        assert words not in run(*audit, *quiet).output
        assert "leaves out a condition" in run(*audit, *quiet).output
    assert words in in_a_terminal(*audit)
    assert words not in in_a_terminal(*audit, "--quiet-source")


def test_audit_gives_advice_as_json(pack: Path) -> None:
    result = run("audit", pack, "--source", advised(pack), "--json", "--show-source")

    found = json.loads(result.output)
    (advice,) = found.pop("advice")
    assert found == {"pack": "my-pack", "faults": []}
    assert advice.pop("what").endswith("without … and leaves out a condition")
    assert advice == {
        "where": "quote 'record-is-done'",
        "remedy": "quote it too",
        "left_out": "if the mixing helps.",
        "words": "",
    }


def in_a_terminal(*words: object) -> str:
    """What a command prints where its output is a terminal."""
    try:
        ours, theirs = os.openpty()
    except OSError as error:
        pytest.skip(f"there are no terminals here: {error}")
    with os.fdopen(ours, "rb", buffering=0) as printed:
        subprocess.run(
            [sys.executable, "-m", "bot", "facts", *map(str, words)],
            stdout=theirs,
            check=True,
            cwd=REPOSITORY,
        )
        os.close(theirs)
        return printed.read(65_536).decode()


def test_audit_of_what_cannot_be_read_fails(pack: Path, tmp_path: Path) -> None:
    no_source = run("audit", pack, "--source", tmp_path)
    no_pack = run("audit", tmp_path, "--source", pack)

    for result in (no_source, no_pack):
        assert result.exit_code == 1
        assert result.output == f"{tmp_path}: this is a folder; name a file of text\n"


def test_audit_without_a_source_is_wrong_usage(pack: Path) -> None:
    assert run("audit", pack).exit_code == 2


def test_schema_is_printed() -> None:
    assert run("schema").output == build_json_schema(attribute_names(load_lexicon()))
    assert run("schema", "--sidecar").output == build_sidecar_json_schema()


def test_every_command_has_help() -> None:
    for name, command in facts.commands.items():
        assert command.help, name
        assert command.help.split()[0] in run(name, "--help").output


def test_a_source_is_held_against_one_pack_only(tmp_path: Path) -> None:
    source = tmp_path / "article.txt"
    source.write_text(SOURCE, encoding="utf-8")

    result = run("workbench", tmp_path, "--source", source)

    assert result.exit_code == 2
    assert "with --source, name the pack's file." in result.output
