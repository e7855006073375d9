"""A meter that keeps all it hears, in order."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.observability.meter import ShardState


@dataclass
class Tally:
    """Everything that was told, each kind in a list of its own."""

    interactions: list[tuple[str, str]] = field(default_factory=list)
    callbacks: list[tuple[str, float]] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    posts: list[tuple[str, float | None]] = field(default_factory=list)
    shards: list[tuple[int, ShardState]] = field(default_factory=list)
    rate_limits: list[tuple[str, float]] = field(default_factory=list)
    unreadable_events: list[str] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    drops: list[str] = field(default_factory=list)

    def count_interaction(self, command: str, outcome: str) -> None:
        self.interactions.append((command, outcome))

    def observe_callback(self, command: str, seconds: float) -> None:
        self.callbacks.append((command, seconds))

    def count_answer(self, outcome: str) -> None:
        self.answers.append(outcome)

    def count_post(self, outcome: str, lateness: float | None) -> None:
        self.posts.append((outcome, lateness))

    def set_shard_state(self, shard: int, state: ShardState) -> None:
        self.shards.append((shard, state))

    def count_rate_limit(self, scope: str, seconds: float) -> None:
        self.rate_limits.append((scope, seconds))

    def count_unreadable_event(self, event: str) -> None:
        self.unreadable_events.append(event)

    def observe_wait(self, seconds: float) -> None:
        self.waits.append(seconds)

    def count_drop(self, reason: str) -> None:
        self.drops.append(reason)
