"""What was measured, as a table: ours, the floor, their ratio and its goal, the naive bot."""

from __future__ import annotations

import os
import platform
import statistics
from pathlib import Path
from typing import TYPE_CHECKING

import discord

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from tests.bench.floors.rounds import Taken

MIB = 1 << 20
HEAD = "| figure | ours | bare | ours to bare | goal | naive |\n|---|---:|---:|---:|---:|---:|"
GOALS_AT_REST = {1: 1.6, 2_500: 1.1, 10_000: 0.55}


def machine() -> str:
    """Name what it runs on."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return (
        f"{next(iter(names), platform.processor())}, {os.cpu_count()} cores, "
        f"{platform.system()} {platform.release()}, Python {platform.python_version()}, "
        f"discord.py {discord.__version__}\n"
    )


def report(taken: Taken) -> str:
    """Return the table and what belongs to it."""
    return "\n".join([HEAD, *_speed_rows(taken), *_rest_rows(taken), "", *_offered_lines(taken)])


def _speed_rows(taken: Taken) -> Iterator[str]:
    chunks = {name: list(_chunks(each)) for name, each in taken.answers.items()}
    p50 = {name: [statistics.median(part) * 1000 for part in each] for name, each in chunks.items()}
    p99 = {name: [_percentile(each, 99) * 1000] for name, each in taken.answers.items() if each}
    if taken.answers["ours"]:
        yield _row("`/ask`, event to callback, p50", p50, "≤ 1.6", lambda v: f"{v:.2f} ms")
        yield _row("the same, p99", p99, "≤ 2.0", lambda value: f"{value:.2f} ms")
        yield _row("answers a second, saturated", taken.throughput, "≥ 0.5", lambda v: f"{v:,.0f}")
    if taken.starts["ours"]:
        yield _row("command to first answer", taken.starts, "≤ 2.0", lambda v: f"{v:.2f} s")


def _rest_rows(taken: Taken) -> Iterator[str]:
    for servers, found in sorted(taken.memory.items()):
        values = {name: [memory.resident / MIB] for name, memory in found.items()}
        noun = "server" if servers == 1 else "servers"
        goal = f"≤ {GOALS_AT_REST[servers]}"
        yield _row(f"memory at rest, {servers:,} {noun}", values, goal, lambda v: f"{v:.0f} MiB")


def _row(
    name: str, values: Mapping[str, Sequence[float]], goal: str, told: Callable[[float], str]
) -> str:
    middle = {contender: told(statistics.median(each)) for contender, each in values.items()}
    ratios = [ours / bare for ours, bare in zip(values["ours"], values["bare"], strict=True)]
    ratio = f"{statistics.median(ratios):.2f}"
    return (
        f"| {name} | {middle['ours']} | {middle['bare']} | {ratio} | {goal} | {middle['naive']} |"
    )


def _offered_lines(taken: Taken) -> Iterator[str]:
    for name, each in taken.offered.items():
        yield f"{name}, a callback of {taken.lengths[name]:,.0f} bytes:"
        for offered in each:
            yield (
                f"  offered {offered.rate:,.0f} a second: {offered.answers:,} answers, "
                f"{offered.late:,} later than 3 s or never, slowest {offered.slowest:.2f} s"
            )


def _chunks(values: Sequence[float], size: int = 50) -> Iterator[Sequence[float]]:
    for at in range(0, len(values), size):
        yield values[at : at + size]


def _percentile(values: Sequence[float], percent: int) -> float:
    return statistics.quantiles(values, n=100)[percent - 1]
