"""The meter that Prometheus reads; docs/hosting.md lists its metrics, too."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from prometheus_client import CollectorRegistry, Counter, Enum, Histogram, Info
from prometheus_client.exposition import choose_encoder
from prometheus_client.process_collector import ProcessCollector

from bot import __version__
from bot.observability.meter import ShardState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.observability.meter import DropReason

CALLBACK_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0)
"""Discord waits three seconds."""
LATENESS_S = (1, 2, 5, 10, 30, 60, 120, 300, 900, 3600, 10800, 21600)
"""A post may be late by its window, six hours at first."""


class PrometheusMeter:
    """A meter with a Prometheus registry of its own."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        Info("linernotes", "The program.", registry=self._registry).info({"version": __version__})
        self._interactions = self._counter(
            "interactions", "Interactions that came to their end.", ["command", "outcome"]
        )
        self._callbacks = self._histogram(
            "callback_seconds",
            "From an interaction's receipt at the gateway until Discord had its callback.",
            CALLBACK_S,
            ["command"],
        )
        self._answers = self._counter("answers", "Typed questions, as answered.", ["outcome"])
        self._posts = self._counter("posts", "Daily posts that came to their end.", ["outcome"])
        self._lateness = self._histogram(
            "post_lateness_seconds", "From when a post was due until it was posted.", LATENESS_S
        )
        self._shards = Enum(
            "linernotes_shard_state",
            "How a shard's connection fares.",
            ["shard"],
            states=get_args(ShardState),
            registry=self._registry,
        )
        self._limited = self._counter(
            "rate_limits", "Requests that Discord answered with 429.", ["scope"]
        )
        self._waits = self._counter(
            "rate_limit_wait_seconds", "How long Discord asked to wait, in all.", ["scope"]
        )
        self._unreadable = self._counter(
            "unreadable_events", "Events of the gateway that could not be read.", ["event"]
        )
        self._in_line = self._histogram(
            "wait_seconds", "From an interaction's receipt until it was begun.", CALLBACK_S
        )
        self._drops = self._counter(
            "dropped_interactions", "Interactions that were dropped from the line.", ["reason"]
        )

    def page(self, accept: str) -> tuple[bytes, str]:
        """Return all metrics and their content type, in an accepted format."""
        encode, content_type = choose_encoder(accept)
        return encode(self._registry), content_type

    def count_interaction(self, command: str, outcome: str) -> None:
        """Count an interaction."""
        self._interactions.labels(command, outcome).inc()

    def observe_callback(self, command: str, seconds: float) -> None:
        """Observe how long an interaction took."""
        self._callbacks.labels(command).observe(seconds)

    def count_answer(self, outcome: str) -> None:
        """Count a typed question."""
        self._answers.labels(outcome).inc()

    def count_post(self, outcome: str, lateness: float | None) -> None:
        """Count a post."""
        self._posts.labels(outcome).inc()
        if lateness is not None:
            self._lateness.observe(lateness)

    def set_shard_state(self, shard: int, state: ShardState) -> None:
        """Set a shard's state."""
        self._shards.labels(str(shard)).state(state)

    def count_rate_limit(self, scope: str, seconds: float) -> None:
        """Count a wait."""
        self._limited.labels(scope).inc()
        self._waits.labels(scope).inc(seconds)

    def count_unreadable_event(self, event: str) -> None:
        """Count an event that could not be read."""
        self._unreadable.labels(event).inc()

    def observe_wait(self, seconds: float) -> None:
        """Measure a wait in line."""
        self._in_line.observe(seconds)

    def count_drop(self, reason: DropReason) -> None:
        """Count an interaction that was dropped."""
        self._drops.labels(reason).inc()

    def _counter(self, name: str, meaning: str, labels: Sequence[str]) -> Counter:
        return Counter(f"linernotes_{name}", meaning, labels, registry=self._registry)

    def _histogram(
        self, name: str, meaning: str, buckets: Sequence[float], labels: Sequence[str] = ()
    ) -> Histogram:
        return Histogram(
            f"linernotes_{name}", meaning, labels, buckets=buckets, registry=self._registry
        )
