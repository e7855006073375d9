"""A small invented source, a pack made from it, and a way to write the pack with a change."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

SOURCE = """\
Mira Vale has spent the year on her second record. The Lighthouse Review met her in Port Arden.

"I wrote the [whole] thing on a borrowed piano," Vale said. "My sister Ona hates the piano, and \
she told me so every day. We called it 'Tidewater.'" It is due on May 4.

She plays with The Small Hours, and the band is busy. "Nobody sleeps before a tour, and that is \
the best part of it," she said with a laugh. Her label's Harbour Sessions come later.
"""

PACK = """\
pack: mira-vale
title: Mira Vale, 2020

source:
  title: a talk with Mira Vale
  author: Jo Quill
  publishers: [The Lighthouse Review]
  year: 2020
  year_from: the masthead
  kind: interview
  rights: © 2020 Jo Quill; quoted briefly
  paragraphs: 3

entities:
  - id: mira-vale
    kind: person
    name: Mira Vale
    aliases: [Vale, Mira]
  - {id: ona, kind: person, name: Ona}
  - id: the-small-hours
    kind: band
    name: The Small Hours
    aliases: [Small Hours]
  - {id: lighthouse-review, kind: outlet, name: The Lighthouse Review}
  - {id: port-arden, kind: place, name: Port Arden}

not_names: [May, Harbour Sessions]

releases:
  - id: tidewater
    title: Tidewater
    artist: mira-vale
    kind: album
    date: 2020-05-04
    date_note: the year is the masthead's
    status: announced
    as_of: 2020
    paragraph: 2
    editions:
      - {name: regular, tracks: 9, note: all of it new}
    songs:
      - {id: low-water, title: Low Water, performers: [mira-vale]}

facts:
  - id: record-date
    subject: tidewater
    about: [mira-vale]
    statement: Tidewater, the second album, is out on May 4, 2020.
    questions: [When is Tidewater out?, What day is the new record due?]
    paragraph: 2
    as_of: 2020
    related: [sister]
  - id: sister
    subject: ona
    statement: Ona is Mira's sister and no friend of the piano.
    questions: [Who is Ona?]
    quotes: [best-part]
    paragraph: 2
    as_of: 2020

quotes:
  - id: best-part
    speaker: mira-vale
    words: Nobody sleeps … the best part of it
    context: On the nights before the band leaves.
    themes: [touring, sleep]
    paragraph: 3

tests:
  - {question: when is Tidewater coming out, fact: record-date}
  - {question: How old is Ona?, fact: null}
"""

Write = Callable[..., Path]


@pytest.fixture
def source() -> str:
    return SOURCE


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write the pack, each `old` (which must stand in it) replaced by its `new`."""

    def write_pack(*changes: tuple[str, str], name: str = "mira-vale.yaml") -> Path:
        text = PACK
        for old, new in changes:
            assert old in text
            text = text.replace(old, new, 1)
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write_pack
