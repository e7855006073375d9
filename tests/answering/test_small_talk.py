"""Small talk, told from questions."""

from __future__ import annotations

import pytest

from bot.answering.small_talk import SmallTalk, recognize_small_talk


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("", SmallTalk.BLANK),
        (" \t\n", SmallTalk.BLANK),
        ("?", SmallTalk.MARKS),
        ("…!?", SmallTalk.MARKS),
        ("👋", SmallTalk.MARKS),
        ("Hi", SmallTalk.GREETING),
        ("heyyyy!!", SmallTalk.GREETING),
        ("What’s up?", SmallTalk.GREETING),
        ("THANK YOU so much", SmallTalk.THANKS),
        ("good night", SmallTalk.FAREWELL),
        ("What can you do?", SmallTalk.HELP),
        ("What day is it?", SmallTalk.CLOCK),
        ("what time is it", SmallTalk.CLOCK),
        ("gracias bro", SmallTalk.THANKS),
        ("Valeu, mano!!", SmallTalk.THANKS),
        ("holaaa chicos", SmallTalk.GREETING),
        ("bro", None),
        ("what day is it on", None),
        ("hi, when is the album out?", None),
        ("Hello World", None),
        ("thanks to whom?", None),
        ("1999", None),
    ],
)
def test_small_talk_is_told_from_a_question(text: str, kind: SmallTalk | None) -> None:
    assert recognize_small_talk(text) is kind
