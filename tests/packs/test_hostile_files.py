from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.errors import MAX_FAULTS, Fault, PackError, UntoldFaults, limit_faults
from bot.packs import yaml_source
from bot.packs.files import MAX_BYTES
from bot.packs.loader import load_pack
from tests.support.packs import loads_or_is_refused

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import yaml

    Write = Callable[..., Path]

BOMB = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n"


def sentence(path: Path) -> str:
    with pytest.raises(PackError) as caught:
        load_pack(path)
    return str(caught.value).removeprefix(f"{path.parent}/")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        pytest.param(b"", "p.yaml:1: the file is empty", id="empty"),
        pytest.param(b"# nothing\n", "p.yaml:1: the file is empty", id="comments only"),
        pytest.param(b"- a\n- b\n", "p.yaml:1: the file has no 'key: value' line", id="a list"),
        pytest.param(BOMB.encode(), "p.yaml:1: anchors and aliases", id="alias bomb"),
        pytest.param(b"a: 1\nb: *a\n", "p.yaml:2: anchors and aliases", id="alias without anchor"),
        pytest.param(b"a: &a\n  b: *a\n", "p.yaml:1: anchors and aliases", id="circle"),
        pytest.param(b"a: " + b"[" * 100_000, "p.yaml:1: lists and mappings nest", id="deep list"),
        pytest.param(b"{a: " * 100_000, "p.yaml:1: lists and mappings nest", id="deep mapping"),
        pytest.param(
            b"a:\n" + b"- " * 1000 + b"x", "p.yaml:2: lists and mappings", id="deep dashes"
        ),
        pytest.param(
            b"a: [" + b"x," * 300_000 + b"]", "p.yaml:1: the file holds too many", id="wide"
        ),
        pytest.param(b"x" * (MAX_BYTES + 1), "p.yaml: the file is larger than 5 MB", id="large"),
        pytest.param(b"a: b\n\x00\x01\x02", "p.yaml:2: there is a character no text has", id="NUL"),
        pytest.param(b"\x89PNG\r\n\x1a\n", "p.yaml:1: byte 1 of this line (0x89)", id="binary"),
        pytest.param(
            "a: é\n".encode("latin-1"), "p.yaml:1: byte 4 of this line (0xe9)", id="latin-1"
        ),
        pytest.param("a: b\n".encode("utf-16"), "p.yaml:1: the file is UTF-16", id="utf-16"),
        pytest.param(b"a:\n\tb: c\n", "p.yaml:2: there is a tab; use spaces", id="tab"),
        pytest.param(b"a: !!python/object:os.system x\n", "p.yaml:1: tags", id="python tag"),
        pytest.param(b"a: !local x\n", "p.yaml:1: tags", id="local tag"),
        pytest.param(b"a: 1\n---\nb: 2\n", "p.yaml:2: a second document", id="two documents"),
        pytest.param(b"a: 'b\n", "p.yaml:1: 'a': the quotation mark at", id="open quote"),
        pytest.param(b"a: b: c\n", "p.yaml:1: 'a': a colon with a space", id="two colons"),
        pytest.param(b"? [a]\n: b\n", "p.yaml:1: a list or a mapping stands where", id="odd key"),
        pytest.param(b'pack: "\\ud800"\n', "p.yaml:1: this is not YAML", id="half a character"),
    ],
)
def test_a_hostile_file_is_told_in_a_sentence(tmp_path: Path, content: bytes, told: str) -> None:
    path = tmp_path / "p.yaml"
    path.write_bytes(content)

    lines = sentence(path).replace(f"{tmp_path}/", "").splitlines()

    assert any(line.startswith(told) for line in lines)


def test_a_mark_that_editors_put_before_utf8_does_no_harm(write: Write) -> None:
    path = write()
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())

    assert load_pack(path).id == "mira-vale"


def test_a_folder_is_no_pack(tmp_path: Path) -> None:
    assert "this is a folder; name a file of text" in sentence(tmp_path)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    told = sentence(tmp_path / "p.yaml")

    assert told == (
        "p.yaml: cannot be read (No such file or directory); check the path and its permissions"
    )


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_that_never_ends_is_not_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "p.yaml"
    os.mkfifo(path)

    assert "this is no plain file" in sentence(path)


def test_what_a_file_holds_cannot_steer_the_terminal(write: Write) -> None:
    path = write(("kind: band", 'kind: "\\e[2J\\e[31mred"'))

    told = sentence(path)

    assert "\x1b" not in told
    assert "'?[2J?[31mred'" in told


def test_a_value_of_megabytes_makes_no_message_of_megabytes(write: Write) -> None:
    path = write(("kind: band", f"kind: {'b' * 1_000_000}"))

    assert len(sentence(path)) < 500


def test_a_long_line_that_is_no_yaml_is_looked_at_once(tmp_path: Path) -> None:
    path = tmp_path / "p.yaml"
    path.write_text("pack: p\ndescribed_as: [a" + " " * 100_000 + ", #1]\n")

    assert "hides the bracket's end" in sentence(path)


def test_thousands_of_dangling_ids_are_counted_without_guessing_at_each(tmp_path: Path) -> None:
    path = tmp_path / "p.yaml"
    entries = (f"  - {{id: fact-{n}, related: [fact-{n}-x]}}\n" for n in range(3000))
    path.write_text("pack: p\nfacts:\n" + "".join(entries))

    told = sentence(path)

    assert "and no fact has that id" in told
    assert "and 14,953 more faults" in told
    assert told.count("did you mean") <= MAX_FAULTS


@pytest.mark.long
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells of its peak")
@pytest.mark.parametrize(
    "content",
    [
        pytest.param("[x,] " * 990_000, id="lists"),
        pytest.param("- a: b\n" * 700_000, id="mappings"),
        pytest.param(BOMB * 100_000, id="bombs"),
        pytest.param('- "a\n' * 600_000, id="texts without an end"),
        pytest.param("facts:\n" + " - 1\n" * 200_000, id="a fault in every line"),
    ],
)
def test_the_largest_hostile_files_stay_within_bounded_memory(tmp_path: Path, content: str) -> None:
    path = tmp_path / "p.yaml"
    path.write_text(content)
    program = (
        "import re, sys, pathlib\n"
        "from bot.errors import PackError\n"
        "from bot.packs.loader import load_pack\n"
        "try: load_pack(pathlib.Path(sys.argv[1]))\n"
        # Its own peak: ru_maxrss has that of the process from which it was forked.
        "except PackError: print(re.search(r'VmHWM:\\s+(\\d+) kB', "
        "pathlib.Path('/proc/self/status').read_text())[1])\n"
    )

    done = subprocess.run(
        [sys.executable, "-c", program, str(path)], capture_output=True, text=True, check=True
    )

    assert int(done.stdout) < 450 * 1024  # KiB; 200,000 faults take 350 MiB, the others under 80


MARKS = ["&a ", "*a", "!!x ", "- ", ": ", "? ", "[", "]", "{", "}", "'", '"', ">-\n", "<<: "]
BLANKS = [
    "\n",
    "---\n",
    "#",
    "%",
    "~",
    "null",
    "true",
    "1e999",
    "-",
    "…",
    "\u2028",
    "\t",
    "\0",
    "  ",
]
SCRAPS = st.sampled_from(MARKS + BLANKS)
CUTS = st.tuples(st.floats(0, 1), st.integers(0, 40), SCRAPS | st.text(max_size=8))


@settings(
    max_examples=3 * settings().max_examples,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(cuts=st.lists(CUTS, min_size=1, max_size=6))
def test_a_damaged_pack_loads_or_is_refused_in_sentences(
    write: Write, cuts: list[tuple[float, int, str]]
) -> None:
    path = write()
    text = path.read_text(encoding="utf-8")
    for place, length, scrap in cuts:
        at = int(place * len(text))
        text = text[:at] + scrap + text[at + length :]
    path.write_text(text, encoding="utf-8", newline="")

    loads_or_is_refused(path)


@settings(
    max_examples=3 * settings().max_examples,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    content=st.binary(max_size=200)
    | st.lists(SCRAPS | st.text(max_size=4)).map("".join).map(str.encode)
)
def test_anything_at_all_loads_or_is_refused_in_sentences(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "p.yaml"
    path.write_bytes(content)

    loads_or_is_refused(path)


def test_thousands_of_unknown_keys_are_each_looked_for_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    count = 2_000
    path = tmp_path / "p.yaml"
    path.write_text("pack: p\n" + "".join(f"fact{number}: 1\n" for number in range(count)))
    read: list[object] = []
    key_name = yaml_source._key_name

    def count_reading(node: yaml.Node) -> str | None:
        read.append(node)
        return key_name(node)

    monkeypatch.setattr(yaml_source, "_key_name", count_reading)
    with pytest.raises(PackError) as caught:
        load_pack(path)

    *told, untold = caught.value.faults
    unknown = [fault for fault in told if "unknown key" in fault.what]
    assert len({fault.line for fault in unknown}) == len(unknown)
    assert len(told) == MAX_FAULTS
    assert isinstance(untold, UntoldFaults)
    assert untold.count > count - MAX_FAULTS
    assert str(caught.value).endswith("more faults; correct those above first, then look again")
    # Once where the values are read, and once where their lines are.
    assert len(read) == 2 * (count + 1)
    # With thousands of unknown keys, typing is not what is wrong.
    assert unknown[0].remedy == "did you mean 'facts'?"


def test_faults_that_were_counted_already_keep_their_count(tmp_path: Path) -> None:
    faults = [Fault(tmp_path, line, "wrong", "correct it") for line in range(200)]
    once = limit_faults(faults)
    assert len(once) == MAX_FAULTS + 1
    assert limit_faults(once) == once
    assert isinstance(once[-1], UntoldFaults)
    assert once[-1].count == 200 - MAX_FAULTS


@pytest.mark.skipif(sys.platform in {"darwin", "win32"}, reason="file names are Unicode there")
def test_a_file_name_that_is_not_utf_8_is_told_in_text_that_can_be_sent(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"caf\xe9.yaml")
    path.write_text("pack: cafe\n")
    said = sentence(path)
    assert said.encode("utf-8").startswith(rb"caf\xe9.yaml:1: ")
