"""The port for measurements, and a meter that drops them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Protocol

from bot.scheduling.models import Trigger

if TYPE_CHECKING:
    from bot.scheduling.models import Delivery

ShardState = Literal["connecting", "ready", "lost"]
DropReason = Literal["full", "too old"]


class Meter(Protocol):
    """Counts events; every call returns immediately and never raises."""

    def count_interaction(self, command: str, outcome: str) -> None:
        """Count an interaction that is over.

        Args:
            command: A command's name, or the kind of a button, menu or form; never typed text.
            outcome: answered, refused, failed, too late, not accepted or unanswered.
        """
        ...

    def observe_callback(self, command: str, seconds: float) -> None:
        """Observe the seconds from an interaction's arrival until Discord had its callback."""
        ...

    def count_answer(self, outcome: str) -> None:
        """Count the outcome of a typed question: found, unsure or unknown."""
        ...

    def count_post(self, outcome: str, lateness: float | None) -> None:
        """Count a finished daily post, with its lateness in seconds."""
        ...

    def set_shard_state(self, shard: int, state: ShardState) -> None:
        """Set the state of a shard's connection."""
        ...

    def count_rate_limit(self, scope: str, seconds: float) -> None:
        """Count a request that Discord delayed, and by how many seconds."""
        ...

    def count_unreadable_event(self, event: str) -> None:
        """Count an event of the gateway that could not be read, by its name."""
        ...

    def observe_wait(self, seconds: float) -> None:
        """Measure how long an interaction waited in line before it was begun."""
        ...

    def count_drop(self, reason: DropReason) -> None:
        """Count an interaction that was dropped from the line."""
        ...


class NoMeter:
    """A meter that measures nothing."""

    def count_interaction(self, command: str, outcome: str) -> None:
        """Count nothing."""

    def observe_callback(self, command: str, seconds: float) -> None:
        """Observe nothing."""

    def count_answer(self, outcome: str) -> None:
        """Count nothing."""

    def count_post(self, outcome: str, lateness: float | None) -> None:
        """Count nothing."""

    def set_shard_state(self, shard: int, state: ShardState) -> None:
        """Set nothing."""

    def count_rate_limit(self, scope: str, seconds: float) -> None:
        """Count nothing."""

    def count_unreadable_event(self, event: str) -> None:
        """Count nothing."""

    def observe_wait(self, seconds: float) -> None:
        """Measure nothing."""

    def count_drop(self, reason: DropReason) -> None:
        """Count nothing."""


def record_delivery(meter: Meter, delivery: Delivery) -> None:
    """Count a delivery that is over, by its outcome and lateness."""
    lateness = None
    # A post that an admin asked for is never late.
    is_timed = delivery.message_id is not None and delivery.trigger is Trigger.SCHEDULED
    if is_timed and delivery.finished_at is not None:
        lateness = max(0.0, (delivery.finished_at - delivery.scheduled_for).total_seconds())
    meter.count_post(str(delivery.outcome), lateness)
