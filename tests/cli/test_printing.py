"""What the terminal shows: whole lines of help, words that are not cut, one form of error."""

from __future__ import annotations

import re

import click
import pytest

from bot.cli.main import main
from bot.cli.printing import break_line
from tests.test_cli import commands

CUT = re.compile(r"[a-z,;:]\.\.\.$")


@pytest.mark.parametrize("width", [60, 80])
def test_every_line_of_help_is_whole(width: int) -> None:
    for path, command in commands():
        context = click.Context(command, info_name=path, terminal_width=width)
        lines = command.get_help(context).splitlines()
        assert [line for line in lines if CUT.search(line) or len(line) > width] == [], path


def test_a_line_breaks_between_words_and_the_rest_is_indented() -> None:
    line = "  Where does Kendall Schmidt get his ideas from?"
    assert break_line(line, 30) == "  Where does Kendall Schmidt\n    get his ideas from?"
    assert break_line("FAIL  it is late", 12, hang=6) == "FAIL  it is\n      late"
    assert break_line("", 30) == ""


def test_colours_take_no_room() -> None:
    line = click.style("one two", fg="red") + " three"
    assert click.unstyle(break_line(line, 13)) == "one two three"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (
            ("quote", "--abuot", "love"),
            (
                "No such option '--abuot'. Did you mean '--about'?\n"
                "'linernotes quote --help' tells how it is called.\n"
            ),
        ),
        (
            ("quote", "--jsn"),
            (
                "No such option '--jsn'. Did you mean '--json' or '--jsonl'?\n"
                "'linernotes quote --help' tells how it is called.\n"
            ),
        ),
        (
            ("ask", "--json", "--jsonl"),
            (
                "--json and --jsonl cannot be had together.\n"
                "'linernotes ask --help' tells how it is called.\n"
            ),
        ),
    ],
)
def test_a_wrong_call_is_told_in_sentences(
    words: tuple[str, ...],
    told: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("sys.argv", ["linernotes", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    assert capsys.readouterr() == ("", told)
