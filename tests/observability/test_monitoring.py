"""The pages as a monitor reads them, and the probe that asks from another process."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.errors import ConfigError
from bot.observability.meter import NoMeter
from bot.observability.monitoring import start_monitoring
from tests.support.packs import REPOSITORY
from tests.support.waiting import PATIENCE_S

if TYPE_CHECKING:
    from bot.observability.monitoring import Monitoring


async def page(monitoring: Monitoring, path: str) -> tuple[int, str]:
    url = f"http://127.0.0.1:{monitoring.port}{path}"
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        return answer.status, await answer.text()


async def samples(monitoring: Monitoring) -> dict[tuple[str, tuple[str, ...]], float]:
    status, text = await page(monitoring, "/metrics")
    assert status == 200
    return {
        (sample.name, tuple(sorted(sample.labels.values()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def probe(*words: str, **env: str) -> subprocess.CompletedProcess[str]:
    clean = {key: text for key, text in os.environ.items() if not key.startswith("LINERNOTES_")}
    return subprocess.run(
        [sys.executable, "-m", "bot.observability.probe", *words],
        cwd=REPOSITORY,
        env={**clean, **env},
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )


async def test_off_is_off() -> None:
    async with start_monitoring(None) as monitoring:
        assert monitoring.port is None
        assert isinstance(monitoring.meter, NoMeter)


def test_off_imports_neither_prometheus_nor_a_server() -> None:
    program = (
        "import asyncio, sys\n"
        "from bot.observability.monitoring import start_monitoring\n"
        "async def run():\n"
        "    async with start_monitoring(None): pass\n"
        "asyncio.run(run())\n"
        "print(*sorted({'aiohttp', 'prometheus_client'} & sys.modules.keys()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == []


async def test_what_is_told_is_counted() -> None:
    async with start_monitoring(0) as monitoring:
        meter = monitoring.meter
        meter.count_interaction("ask", "answered")
        meter.count_interaction("ask", "answered")
        meter.observe_callback("ask", 0.2)
        meter.count_answer("unsure")
        meter.count_post("sent", 4.0)
        meter.count_post("missed", None)
        meter.set_shard_state(3, "lost")
        meter.count_rate_limit("shared", 1.5)
        meter.count_unreadable_event("INTERACTION_CREATE")
        meter.observe_wait(0.2)
        meter.count_drop("too old")
        found = await samples(monitoring)
    assert found["linernotes_interactions_total", ("answered", "ask")] == 2
    assert found["linernotes_callback_seconds_bucket", ("0.25", "ask")] == 1
    assert found["linernotes_callback_seconds_bucket", ("0.1", "ask")] == 0
    assert found["linernotes_answers_total", ("unsure",)] == 1
    assert found["linernotes_posts_total", ("missed",)] == 1
    assert found["linernotes_post_lateness_seconds_count", ()] == 1
    assert found["linernotes_shard_state", ("3", "lost")] == 1
    assert found["linernotes_shard_state", ("3", "ready")] == 0
    assert found["linernotes_rate_limits_total", ("shared",)] == 1
    assert found["linernotes_rate_limit_wait_seconds_total", ("shared",)] == 1.5
    assert found["linernotes_unreadable_events_total", ("INTERACTION_CREATE",)] == 1
    assert found["linernotes_wait_seconds_count", ()] == 1
    assert found["linernotes_dropped_interactions_total", ("too old",)] == 1
    assert any(name.startswith("process_resident_memory") for name, _ in found)


async def test_readiness_names_what_is_wrong_while_the_process_is_alive() -> None:
    async with start_monitoring(0) as monitoring:
        assert (await page(monitoring, "/readyz"))[0] == 200
        monitoring.health.report("facts", "p.yaml:3: a fault")
        status, text = await page(monitoring, "/readyz")
        assert status == 503
        assert '"facts": "p.yaml:3: a fault"' in text
        assert (await page(monitoring, "/healthz"))[0] == 200
        monitoring.health.report("facts", "caf\udce9.yaml: a fault")  # a name that is not UTF-8
        assert (await page(monitoring, "/readyz"))[0] == 503
        monitoring.health.report("facts", None)
        assert '"facts": "ok"' in (await page(monitoring, "/readyz"))[1]


async def test_only_this_machine_is_answered() -> None:
    async with start_monitoring(0) as monitoring:
        reader = asyncio.open_connection("127.0.0.2", monitoring.port)
        with pytest.raises(ConnectionRefusedError):
            await reader


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "evil.example"}, 403),
        ({"Host": "localhost.evil.example:80"}, 403),
        ({"Host": "127.0.0.1:evil"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Host": "localhost:9999"}, 200),  # through a tunnel that has another port
        ({"Host": "localhost"}, 200),
        ({"Origin": "http://127.0.0.1:9999"}, 200),
    ],
)
async def test_no_page_reads_the_metrics_by_a_name_of_its_own(
    headers: dict[str, str], status: int
) -> None:
    async with start_monitoring(0) as monitoring, aiohttp.ClientSession() as session:
        for page in ("metrics", "healthz", "readyz"):
            url = f"http://127.0.0.1:{monitoring.port}/{page}"
            async with session.get(url, headers=headers) as answer:
                assert answer.status == status


async def test_a_port_that_is_taken_is_told_with_its_remedy() -> None:
    async with start_monitoring(0) as monitoring:
        with pytest.raises(
            ConfigError, match=r"set LINERNOTES_METRICS_PORT to a port that is free"
        ):
            async with start_monitoring(monitoring.port):
                pass


async def test_without_the_extra_one_learns_which(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "bot.observability.prometheus", raising=False)
    monkeypatch.setitem(sys.modules, "prometheus_client", None)
    with pytest.raises(ConfigError, match=r"pip install 'linernotes\[metrics\]'"):
        async with start_monitoring(0):
            pass


async def test_the_probe_says_whether_the_bot_is_well() -> None:
    async with start_monitoring(0) as monitoring:
        env: dict[str, Any] = {"LINERNOTES_METRICS_PORT": str(monitoring.port)}
        well = await asyncio.to_thread(probe, **env)
        monitoring.health.report("gateway", "1 of 1 shards are not connected to Discord: 0.")
        unwell = await asyncio.to_thread(probe, **env)
        alive = await asyncio.to_thread(probe, "healthz", **env)
    assert (well.returncode, '"status": "ready"' in well.stdout) == (0, True)
    assert (unwell.returncode, "not connected to Discord" in unwell.stdout) == (1, True)
    assert alive.returncode == 0
    gone = await asyncio.to_thread(probe, **env)
    assert (gone.returncode, "does not answer" in gone.stdout) == (1, True)


@pytest.mark.parametrize("words", [["metrics"], []])
def test_the_probe_says_what_it_needs(words: list[str]) -> None:
    done = probe(*words)
    assert done.returncode == 2
    assert "set LINERNOTES_METRICS_PORT" in done.stderr
