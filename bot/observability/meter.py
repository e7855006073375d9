"""What can be measured, told to whoever counts it: nobody, unless a host wants metrics."""

from __future__ import annotations

from typing import Literal, Protocol

ShardState = Literal["connecting", "ready", "lost"]


class Meter(Protocol):
    """Hears of what happens; every call returns at once and never raises."""

    def interaction(self, command: str, outcome: str) -> None:
        """Count an interaction that came to its end.

        Args:
            command: A command's name, or the kind of a button, menu or form; never typed text.
            outcome: answered, refused, failed, too late, not accepted or unanswered.
        """
        ...

    def callback(self, command: str, seconds: float) -> None:
        """Note how long after it came from the gateway Discord had an interaction's callback."""
        ...

    def answer(self, outcome: str) -> None:
        """Count what the matcher made of a typed question: found, unsure or unknown."""
        ...

    def post(self, outcome: str, lateness: float | None) -> None:
        """Count a daily post that came to its end; `lateness` is in seconds, None if not sent."""
        ...

    def shard(self, shard: int, state: ShardState) -> None:
        """Note how a shard's connection fares."""
        ...

    def rate_limit(self, scope: str, seconds: float) -> None:
        """Count a request that Discord asked to wait with, and for how long."""
        ...


class NoMeter:
    """Counts nothing."""

    def interaction(self, command: str, outcome: str) -> None:
        """Count nothing."""

    def callback(self, command: str, seconds: float) -> None:
        """Note nothing."""

    def answer(self, outcome: str) -> None:
        """Count nothing."""

    def post(self, outcome: str, lateness: float | None) -> None:
        """Count nothing."""

    def shard(self, shard: int, state: ShardState) -> None:
        """Note nothing."""

    def rate_limit(self, scope: str, seconds: float) -> None:
        """Count nothing."""
