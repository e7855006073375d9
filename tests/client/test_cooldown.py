"""How often a member may have the bot post."""

from __future__ import annotations

import pytest

from bot.client import cooldown
from bot.client.cooldown import MemberCooldown
from bot.errors import UserFacingError
from bot.settings import NO_COOLDOWN, USUAL_COOLDOWN


class Watch:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_sixth_answer_within_twenty_seconds_is_one_too_many() -> None:
    watch = Watch()
    members = MemberCooldown(USUAL_COOLDOWN, watch)
    for _ in range(5):
        members.count(1)
        watch.now += 1
    with pytest.raises(UserFacingError, match="please wait 15 s"):
        members.count(1)
    members.count(2)  # others are not held up
    watch.now = 1020.5
    members.count(1)


def test_an_answer_that_nobody_else_saw_is_not_counted() -> None:
    watch = Watch()
    members = MemberCooldown(USUAL_COOLDOWN, watch)
    for _ in range(4):
        members.count(1)
    for _ in range(10):
        members.count(1)
        members.uncount(1)
    members.count(1)
    with pytest.raises(UserFacingError, match="please wait 20 s"):
        members.count(1)
    members.uncount(2)  # of whom nothing is counted


def test_each_answer_counts_for_its_own_twenty_seconds() -> None:
    watch = Watch()
    members = MemberCooldown(USUAL_COOLDOWN, watch)
    members.count(1)
    watch.now += 19
    for _ in range(4):
        members.count(1)
    watch.now += 2
    members.count(1)
    with pytest.raises(UserFacingError, match="please wait 18 s"):
        members.count(1)


def test_without_a_limit_nothing_is_counted() -> None:
    members = MemberCooldown(NO_COOLDOWN)
    for _ in range(100):
        members.count(1)


def test_only_so_many_members_are_kept_and_none_longer_than_needed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(cooldown, "MAX_MEMBERS", 3)
    watch = Watch()
    members = MemberCooldown(USUAL_COOLDOWN, watch)
    for member in range(50):
        members.count(member)
    assert members.member_count == 3
    watch.now += 21
    assert members.member_count == 0
