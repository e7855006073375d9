# ruff: noqa: E501  # a line is told here as it is to a person
"""A file that asks other people for ways of asking, from the pack and back into its sidecar."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from bot.cli.facts import facts
from bot.errors import LinerNotesError, PackError
from bot.evaluation.styles import find_missing_styles
from bot.packs.loader import load_pack
from bot.packs.sidecar_editing import add_questions

if TYPE_CHECKING:
    from pathlib import Path

PACK = """\
pack: owls
title: Owls, 1999
source:
  title: a talk with the Night Owls
  author: Ada Example
  publishers: [Paper]
  year: 1999
  year_from: its masthead
  kind: interview
  rights: © 1999 Ada Example
  paragraphs: 3
entities:
  - {id: night-owls, kind: band, name: The Night Owls, aliases: [Owls]}
facts:
  - id: barn
    subject: night-owls
    statement: The Night Owls recorded it in a barn.
    questions: [Where did the Night Owls record?, In which building was it recorded?]
    paragraph: 1
  - id: drummer
    subject: night-owls
    statement: Mika plays the drums in the Night Owls.
    questions: [Who beats the drums?, Who hits the drums?, Who drums?]
    paragraph: 1
not_names: [Mika]
"""


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    path = tmp_path / "owls.yaml"
    path.write_text(PACK, encoding="utf-8")
    return path


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(facts, ["questionnaire", *map(str, words)])


def filled_in(pack: Path, **answers: str) -> Path:
    """Write a questionnaire, and answer it as somebody would who has only that file."""
    path = pack.with_name("filled-in.txt")
    run(pack, "--out", path)
    text = path.read_text(encoding="utf-8")
    for fact, lines in answers.items():
        head, rest = text.split(f"## {fact} ")
        text = f"{head}## {fact} {rest.replace('- ', lines, 1)}"
    path.write_text(text, encoding="utf-8")
    return path


def test_it_asks_for_what_each_fact_lacks(pack: Path) -> None:
    result = run(pack, "--ways", "3")
    text = pack.with_name("owls.questionnaire.txt").read_text(encoding="utf-8")

    assert "owls.questionnaire.txt is written" in result.output
    assert (
        "## barn (about The Night Owls)\n> The Night Owls recorded it in a barn.\nWanted: 1 way of asking. So far"
        in text
    )
    assert "Not yet: in a few keywords; long, with a story around it; in slang" in text
    assert "## drummer" not in text  # it has enough

    run(pack, "--out", pack.with_name("more.txt"))
    more = pack.with_name("more.txt").read_text(encoding="utf-8")
    assert "Worn words: drums. Better without them." in more


def test_a_file_that_is_there_is_never_overwritten(pack: Path) -> None:
    run(pack)

    result = run(pack)

    assert isinstance(result.exception, LinerNotesError)
    assert "is there already; choose another with --out" in str(result.exception)


def test_answers_go_into_the_sidecar_and_the_rest_is_told(pack: Path) -> None:
    path = filled_in(
        pack,
        barn="- what shed did they use for the CD\n* “was it an old farm building?”\n3. Who beats the drums?\n"
        "- where did the night owls record\n- Who recorded it for Zembla Quux?\n- " + "x" * 301,
        drummer="- whos on percussion\n- Where did the Night Owls record then?\n- Who beats the drum?",
    )

    result = run(pack, "--read", path)

    assert [line.partition(": left out: ")[2] or line for line in result.output.splitlines()] == [
        "“Who beats the drums?”: 'drummer' has it already.",
        "“Who recorded it for Zembla Quux?”: the pack knows nobody and nothing called 'Zembla Quux'; if it belongs here, write ! before it.",
        f"“{'x' * 301}”: it has 301 characters, at most 300 are read.",
        "“Where did the Night Owls record then?”: it is answered with 'barn'; if it belongs here, write ! before it.",
        "“Who beats the drum?”: it is too like 'Who beats the drums?'; if it belongs here, write ! before it.",
        "barn: 2 more, 4 in all.",
        "drummer: 1 more, 4 in all.",
        "Ways of asking: 3 taken, 5 left out.",
        "In the pack already: 1.",
        f"They stand in {pack.with_name('owls.questions.yaml')}.",
    ]
    assert load_pack(pack).facts[0].questions[2:] == (
        "what shed did they use for the CD",
        "was it an old farm building?",
    )
    assert load_pack(pack).facts[1].questions[3:] == ("whos on percussion",)


def test_an_author_who_knows_better_has_the_last_word(pack: Path) -> None:
    path = filled_in(
        pack,
        drummer="- Where did the Night Owls record then?\n- ! is it Zembla Quux\n- !Who beats?",
    )
    text = path.read_text(encoding="utf-8")
    run(pack, "--read", path)

    path.write_text(text.replace("- Where did", "- ! Where did"), encoding="utf-8")
    again = run(pack, "--read", path)

    assert again.output.splitlines()[:-1] == [
        "drummer: 1 more, 6 in all.",
        "Ways of asking: 1 taken, 0 left out.",
        "In the pack already: 2.",
    ]
    assert load_pack(pack).facts[1].questions[3:] == (
        "is it Zembla Quux",
        "Who beats?",
        "Where did the Night Owls record then?",
    )


def test_an_insisted_answer_that_would_be_a_fault_is_left_out(pack: Path) -> None:
    path = filled_in(pack, barn="- ! Who beats the drums?\n- !")

    result = run(pack, "--read", path)

    assert "“Who beats the drums?”: 'drummer' has it already." in result.output
    assert "0 taken, 1 left out" in result.output


def test_an_untouched_file_gives_nothing(pack: Path) -> None:
    result = run(pack, "--read", filled_in(pack))

    assert result.output == "Ways of asking: 0 taken, 0 left out.\n"
    assert not pack.with_name("owls.questions.yaml").exists()


def test_answers_below_an_unknown_heading_are_told(pack: Path) -> None:
    path = filled_in(pack)
    path.write_text("## bran (about owls)\n- where was that\n- a shed?\n", encoding="utf-8")

    result = run(pack, "--read", path)

    assert (
        f"{path}:2: left out: “where was that”: it stands below 'bran', and no fact is called so; did you mean 'barn'?."
        in result.output
    )
    assert "Ways of asking: 0 taken, 2 left out." in result.output


@pytest.mark.parametrize(
    "heading",
    [
        "## drummer (about The Night Owls)",
        "### Drummer",
        "##drummer: The Night Owls",
        "## 2. drummer",
        "**drummer** (about The Night Owls)",
        "**Drummer:**",
        "2. drummer (about The Night Owls)",
        "drummer:",
        "drummer",
    ],
)
def test_a_heading_is_read_as_an_assistant_copies_it(pack: Path, heading: str) -> None:
    path = pack.with_name("filled-in.txt")
    path.write_text(f"## barn\n- which shed\n\n{heading}\n- sticks by whom\n", encoding="utf-8")

    result = run(pack, "--read", path)

    assert "barn: 1 more, 3 in all.\ndrummer: 1 more, 4 in all.\n" in result.output


@pytest.mark.parametrize("heading", ["**fiddler** (about The Night Owls)", "### Some notes"])
def test_lines_below_a_heading_of_no_fact_never_fall_to_the_fact_above(
    pack: Path, heading: str
) -> None:
    path = pack.with_name("filled-in.txt")
    path.write_text(f"## barn\n- which shed\n{heading}\n- who fiddles\n", encoding="utf-8")

    result = run(pack, "--read", path)

    assert "filled-in.txt:4: left out: “who fiddles”: it stands below '" in result.output
    assert "Ways of asking: 1 taken, 1 left out." in result.output


@pytest.mark.parametrize(
    "line",
    [
        "- sticks by whom?",
        "a) sticks by whom?",
        "b. sticks by whom?",
        "(4) sticks by whom?",
        "4.sticks by whom?",
        "- [ ] sticks by whom?",
        "[x] sticks by whom?",
        "- Q: sticks by whom?",
        "Q12. “sticks by whom?”",
        "◦ ‘sticks by whom?’",
        "1. **sticks by whom?**",
        "- **In slang:** sticks by whom?",
        "* `sticks by whom?`",
        "+ *sticks by whom?*",
    ],
)
def test_signs_around_a_way_of_asking_are_left_out(pack: Path, line: str) -> None:
    path = pack.with_name("filled-in.txt")
    path.write_text(f"```text\n## drummer\n{line}\n---\n```\n", encoding="utf-8")

    assert "Ways of asking: 1 taken, 0 left out." in run(pack, "--read", path).output
    assert load_pack(pack).facts[1].questions[3:] == ("sticks by whom?",)


def test_what_an_assistant_says_around_its_work_is_no_way_of_asking(pack: Path) -> None:
    path = pack.with_name("filled-in.txt")
    text = (
        "Sure! Here are some:\n\n## barn\nHere are more:\n| barn | which shed |\nin slang:\n"
        "which shed\n\n## drummer\n- sticks by whom\nHope this fits!\nThey sound natural.\n"
    )
    path.write_text(text, encoding="utf-8")

    result = run(pack, "--read", path)

    assert [line.partition(": left out: ")[2] or line for line in result.output.splitlines()][
        :-1
    ] == [
        "“Here are more:”: it reads like a remark; if it is a way of asking, write - before it.",
        "“| barn | which shed |”: it reads like a remark; if it is a way of asking, write - before it.",
        "“in slang:”: it reads like a remark; if it is a way of asking, write - before it.",
        "“Hope this fits!”: it reads like a remark; if it is a way of asking, write - before it.",
        "“They sound natural.”: others below 'drummer' have a dash before them; if it is a way of asking, write - before it.",
        "barn: 1 more, 3 in all.",
        "drummer: 1 more, 4 in all.",
        "Ways of asking: 2 taken, 5 left out.",
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "filled-in.txt:1: the file is empty; write the questionnaire's answers into it"),
        ("who hits things\nwho bangs\n", "no line names a fact, so nothing says where"),
        ('{"drummer": ["who hits things"]}', "no line names a fact, so nothing says where"),
        ("| fact | question |\n|---|---|\n| drummer | who |\n", "write '## barn' in a line of"),
    ],
)
def test_a_file_of_another_form_is_a_fault_that_says_what_is_wanted(
    pack: Path, text: str, told: str
) -> None:
    path = pack.with_name("filled-in.txt")
    path.write_text(text, encoding="utf-8")

    result = run(pack, "--read", path)

    assert isinstance(result.exception, PackError)
    assert told in str(result.exception)


def test_ways_of_asking_in_another_language_are_left_out_unless_the_author_insists(
    pack: Path,
) -> None:
    foreign = (
        "quién toca la batería en el disco",
        "wer spielt denn hier schlagzeug",
        "какой барабанщик",
        "誰がドラムを叩く",
        "من يعزف الطبول",
    )
    path = filled_in(pack, drummer="".join(f"- {each}\n" for each in (*foreign, "! quién es")))

    result = run(pack, "--read", path)

    for each in foreign:
        assert (
            f"“{each}”: it is in another language than the pack's ways of asking; if it"
            in result.output
        )
    assert load_pack(pack).facts[1].questions[3:] == ("quién es",)


def test_nothing_is_said_to_be_taken_that_could_not_be_written(pack: Path) -> None:
    sidecar = pack.with_name("owls.questions.yaml")
    sidecar.write_text("questions: {barn: [which shed]}\n", encoding="utf-8")
    sidecar.chmod(0o444)

    result = run(pack, "--read", filled_in(pack, drummer="- sticks by whom\n- who \u202e x\n"))

    assert isinstance(result.exception, PackError)
    assert "is protected against writing" in str(result.exception)
    assert "“who ? x”: it has an invisible character" in result.output
    assert "taken" not in result.output


def test_no_way_of_asking_that_check_would_call_a_fault_is_taken(pack: Path) -> None:
    path = filled_in(pack, drummer="- ! who\u200bbangs\n- ! wh\u202eo bangs\n- ! who ba\u00adngs\n")

    result = run(pack, "--read", path)

    assert result.output.count("it has an invisible character (U+") == 3
    assert not pack.with_name("owls.questions.yaml").exists()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "# mine\nquestions:\n  barn:\n    - shed?   # a friend's\n\n  # later\n  drummer: [who pounds, sticks?]\nthemes: {}\n",
            '# mine\nquestions:\n  barn:\n    - shed?   # a friend\'s\n    - new one\n\n  # later\n  drummer: [who pounds, sticks?, "no. 1: who #1"]\nthemes: {}\n',
        ),
        (
            "themes: {}\n",
            'themes: {}\nquestions:\n  barn:\n    - new one\n  drummer:\n    - "no. 1: who #1"\n',
        ),
        (
            "questions:\n  barn:\n  - shed?\n# the end\n",
            'questions:\n  barn:\n  - shed?\n  - new one\n  drummer:\n    - "no. 1: who #1"\n# the end\n',
        ),
    ],
)
def test_a_sidecar_keeps_its_comments(pack: Path, before: str, after: str) -> None:
    path = pack.with_name("owls.questions.yaml")
    path.write_text(before, encoding="utf-8")

    assert add_questions(pack, {"barn": ["new one"], "drummer": ["no. 1: who #1"]}) == path
    assert path.read_text(encoding="utf-8") == after
    assert sorted(each.name for each in pack.parent.iterdir()) == [path.name, pack.name]


def test_what_nothing_answers_is_asked_for_and_goes_below_its_fact(pack: Path) -> None:
    path = filled_in(pack, barn="- what roof did they play under\n")
    text = path.read_text(encoding="utf-8")
    assert text.count("\nx \nx \nx \n") == 2
    text = text.replace("x \n", "x who owned the barn?\n- x how old is the barn\n", 1)
    text = text.replace("x \n", "X Who drums?\n✗ is the barn red\n", 1)
    path.write_text(text, encoding="utf-8")

    result = run(pack, "--read", path)

    assert (
        "barn: 1 more, 3 in all; 3 that nothing answers.\n"
        "Ways of asking: 1 taken, 1 left out.\n"
        "Questions that nothing answers: 3 taken. Look at them:\n"
        "  barn: who owned the barn?\n  barn: how old is the barn\n  barn: is the barn red\n"
    ) in result.output
    assert "“Who drums?”: 'drummer' is asked for in these words; take them away" in result.output
    barn, drummer = load_pack(pack).facts
    assert barn.unanswered == ("who owned the barn?", "how old is the barn", "is the barn red")
    assert not drummer.unanswered
    again = run(pack, "--read", path)
    assert "In the pack already: 4." in again.output
    run(pack, "--out", pack.with_name("more.txt"))
    assert pack.with_name("more.txt").read_text(encoding="utf-8").count("\nx ") == 3


@pytest.mark.parametrize(
    "lines",
    [
        f"{sign} how old is the barn"
        for sign in (
            *(
                "x",
                "X",
                "✘",
                "❌",
                "✖\ufe0f",
                "x:",
                "X.",
                "x)",
                "(x)",
                "**x**",
                "**x:**",
                "x -",
                "x !",
            ),
            *("- x", "- ❌", "3. x", "2. x)", "- [ ] x", "- **x**", "! x", "x 1.", "x x"),
        )
    ]
    + [
        "**Not told:**\n- how old is the barn",
        "#### Not told\n1. how old is the barn",
        "Not told: what you would ask next, and no answer in this list tells.\n- how old is the barn",
        "**Not told:** how old is the barn",
        "- which shed\n_Not told_:\nhow old is the barn",
        "Not told:\n- [x] how old is the barn",
    ],
)
def test_a_cross_is_read_as_people_and_assistants_write_it(pack: Path, lines: str) -> None:
    path = pack.with_name("filled-in.txt")
    path.write_text(f"## barn\n{lines}\n## drummer\n- sticks by whom\n", encoding="utf-8")

    assert "Questions that nothing answers: 1 taken." in run(pack, "--read", path).output
    barn, drummer = load_pack(pack).facts
    assert barn.unanswered == ("how old is the barn",)
    assert drummer.questions[3:] == ("sticks by whom",)


def test_an_x_that_begins_a_question_is_no_cross_behind_a_dash(pack: Path) -> None:
    path = pack.with_name("filled-in.txt")
    text = "## barn\n- x\n- x factor, was it that shed\n- X marks the spot: which shed\nNot told:\n- x shed of Mika\n"
    path.write_text(text, encoding="utf-8")

    run(pack, "--read", path)

    barn = load_pack(pack).facts[0]
    assert barn.questions[2:] == ("x factor, was it that shed", "X marks the spot: which shed")
    assert barn.unanswered == ("shed of Mika",)


def test_words_around_what_nothing_answers_are_left_out(pack: Path) -> None:
    path = pack.with_name("filled-in.txt")
    text = "## barn\nx how old is it\nNot told:\nx how red is it\nAll of these are new.\n"
    path.write_text(text, encoding="utf-8")

    result = run(pack, "--read", path)

    assert (
        "“All of these are new.”: others below 'Not told' of 'barn' have an x before them; if it is"
        " a question that nothing answers, write x before it." in result.output
    )
    assert load_pack(pack).facts[0].unanswered == ("how old is it", "how red is it")


@pytest.mark.parametrize(
    ("question", "why"),
    [
        ("Who beats the drum?", "it is too like 'Who beats the drums?'"),
        ("who hits Mika's drums", "all its words are in the answer and in 'Who hits the drums?'"),
        ("https://foo.example/abc", "it has a link in it"),
        ("tell me more", "it does not say what is asked for"),
    ],
)
def test_a_crossed_question_that_its_own_fact_answers_is_told(
    pack: Path, question: str, why: str
) -> None:
    path = pack.with_name("filled-in.txt")
    path.write_text(f"## drummer\nx {question}\nx who taught Mika\n", encoding="utf-8")
    result = run(pack, "--read", path)

    assert (
        f"“{question}”: {why}; if nothing answers it, write ! before it.\n"
        "drummer: 0 more, 3 in all; 1 that nothing answers.\n" in result.output
    )

    path.write_text(f"## drummer\nx ! {question}\n", encoding="utf-8")
    run(pack, "--read", path)
    assert load_pack(pack).facts[1].unanswered == ("who taught Mika", question)


def test_what_a_test_says_is_answered_is_not_taken_for_unanswered(pack: Path) -> None:
    with pack.open("a", encoding="utf-8") as file:
        file.write("tests:\n  - {question: who has the sticks, fact: drummer}\n")
    path = filled_in(pack, barn="x who has the sticks\n")

    result = run(pack, "--read", path)

    assert "a test says that 'drummer' answers it; take that away first" in result.output
    assert not load_pack(pack).facts[0].unanswered


def test_missing_styles_are_named_until_somebody_asks_so() -> None:
    asked = ["Where did they record?"]
    assert find_missing_styles(asked, "They recorded it in a barn.") == (
        "in a few keywords",
        "long, with a story around it",
        "in slang",
        "as somebody who is learning English",
        "without any of the answer's words",
    )

    asked += [
        "recording place",
        "My uncle has a farm and he swears that this band once played there, so was it made in a place like his?",
        "yo where u record",
        "In which place it was done?",
        "what shed",
    ]
    assert find_missing_styles(asked, "They recorded it in a barn.") == ()


def test_a_short_list_asks_for_a_few_ways_of_the_weakest_facts(pack: Path) -> None:
    target = pack.with_name("short.txt")

    result = run(pack, "--weakest", "1", "--out", target)

    text = target.read_text(encoding="utf-8")
    assert result.exit_code == 0
    assert re.findall(r"^## (\S+)", text, re.MULTILINE) == ["barn"]
    assert "Wanted: 5 ways of asking." in text
    # Who sees one answer of two cannot know what the other tells.
    assert "and this answer does not tell" in text
    assert "no answer in this list tells" not in text


def test_nothing_is_written_where_every_fact_has_enough(pack: Path) -> None:
    target = pack.with_name("short.txt")

    result = run(pack, "--ways", "1", "--weakest", "2", "--out", target)

    assert result.exit_code == 0
    assert result.output == ("Nothing is written: no fact has fewer ways of asking than 1.\n")
    assert not target.exists()


@pytest.mark.parametrize(
    ("question", "style", "is_asked"),
    [
        ("whats the barn like", "in slang", True),
        ("is it in the barn or what", "in slang", True),
        ("what is the barn like", "in slang", False),
        ("why they have this name", "as somebody who is learning English", True),
        ("how many time did it take", "as somebody who is learning English", True),
        ("which persons made it", "as somebody who is learning English", True),
        ("how many times did she say it", "as somebody who is learning English", False),
        ("who are the guys in the band", "in slang", False),
        ("are you guys in the barn", "in slang", True),
        ("is hell mentioned", "in slang", False),
        ("what the hell is that barn", "in slang", True),
        ("who plays r", "in slang", False),
        ("who r they", "in slang", True),
        ("what does papa of Mika do", "as somebody who is learning English", True),
        ("in what place they have made it", "as somebody who is learning English", True),
        ("in which band Col has played", "as somebody who is learning English", True),
        ("from who she bought it", "as somebody who is learning English", True),
        ("what work she did before", "as somebody who is learning English", True),
        ("why the mother is going outside", "as somebody who is learning English", True),
        ("does she went there alone", "as somebody who is learning English", True),
        ("in which library did they sit", "as somebody who is learning English", False),
        ("what might she do next", "as somebody who is learning English", False),
        ("why the hell a shed", "as somebody who is learning English", False),
        ("did she say where they met", "as somebody who is learning English", False),
        ("Why Mika has cried?", "as somebody who is learning English", True),
        ("From where he took it?", "as somebody who is learning English", True),
        ("since when does he play", "as somebody who is learning English", False),
        ("bruh is it in a barn", "in slang", True),
        ("what they doin in that barn", "in slang", True),
        ("why did he hate it \U0001f480", "in slang", True),
        ("what it costs", "as somebody who is learning English", False),
        ("who has made the cover", "as somebody who is learning English", False),
        (
            "I was thinking of the first thing they put out, when was that?",
            "long, with a story around it",
            True,
        ),
        (
            "was it an old barn near the big river or a new one",
            "long, with a story around it",
            False,
        ),
        ("I wonder why she matters", "as somebody who is learning English", False),
    ],
)
def test_a_style_is_known_by_how_people_write(question: str, style: str, *, is_asked: bool) -> None:
    missing = find_missing_styles([question], "They recorded it in a barn.")

    assert (style not in missing) is is_asked
