"""`linernotes help`, and commands that are mistyped."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Run


@pytest.mark.parametrize("names", [(), ("ask",), ("facts", "eval")])
def test_help_is_what_the_option_shows(names: tuple[str, ...], run: Run) -> None:
    asked = run("help", *names)
    assert asked.exit_code == 0
    assert asked.output == run(*names, "--help").output


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (("aks", "why?"), "'ask'"),
        (("Topic",), "'topics'"),
        (("facts", "evl"), "'eval'"),
        (("help", "facts", "chek"), "'check' or 'schema'"),
    ],
)
def test_a_mistyped_command_names_those_that_may_be_meant(
    words: tuple[str, ...], meant: str, run: Run
) -> None:
    mistyped = run(*words)
    assert mistyped.exit_code == 2
    assert f"Did you mean {meant}?" in mistyped.output


@pytest.mark.parametrize("words", [("sing",), ("help", "sing"), ("help", "ask", "now")])
def test_what_resembles_no_command_is_refused_plainly(words: tuple[str, ...], run: Run) -> None:
    refused = run(*words)
    assert refused.exit_code == 2
    assert "Did you mean" not in refused.output
