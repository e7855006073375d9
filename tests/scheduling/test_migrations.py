"""States of earlier revisions open, and keep everything."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime, time, timedelta
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import MetaData, insert, text

from bot.localization.languages import load_phrases
from bot.localization.messages import Message as LocalMessage
from bot.scheduling.models import (
    Alert,
    AlertKind,
    AlertStatus,
    Delivery,
    Guild,
    Outcome,
    PostKind,
    PostStyle,
    Stopped,
    Trigger,
)
from bot.scheduling.reasons import Reason, decode_reason, explain
from bot.scheduling.recurrence import Timetable
from bot.scheduling.rotation import Draw
from bot.scheduling.storage import database, deliveries, guilds, metadata, rate_limits, schedules
from bot.scheduling.storage.alerts import list_recent_alerts
from bot.scheduling.storage.archive import copy, mark_restored, restore
from bot.scheduling.storage.database import State
from bot.scheduling.storage.migrate import read_revision, upgrade
from bot.scheduling.storage.tables import EPOCH, MICROSECOND, REVISION
from bot.scheduling.storage.url import parse_url
from bot.scheduling.worker.rate_limiter import RateLimiter
from tests.scheduling.conftest import Harness
from tests.support.discord import Clock, Message

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection

NINE = datetime(2026, 6, 1, 9, tzinfo=UTC)
NOON = NINE + timedelta(hours=3)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
CHANNEL = 700
PAYLOAD = '{"quote": "duo-1", "custom_id": "about:c-sending", "role": null}'


def micro(moment: datetime) -> int:
    return (moment - EPOCH) // MICROSECOND


def instant(value: int | None) -> datetime | None:
    return None if value is None else EPOCH + value * MICROSECOND


def claim(name: str, **others: Any) -> dict[str, Any]:
    """Give a row of the table as it was, sent at nine unless said otherwise."""
    usual = {
        "id": f"c-{name}", "schedule_id": "s-daily", "guild_id": 1, "channel_id": CHANNEL,
        "occurrence": "2026-06-01", "due": micro(NINE), "closes": micro(NINE + 6 * HOUR),
        "quote_id": "duo-1", "draw_number": 1, "payload": None, "role_id": 77, "owner": None,
        "free_at": None, "attempts": 1, "first_attempt": micro(NINE), "doubt_since": None,
        "outcome": "sent", "message_id": 2**60, "reason": None, "finished_at": micro(NINE),
    }  # fmt: skip
    return usual | others


NO_QUOTE = "There is no quote in the pack `duo` by `by Ann`."
OPEN = {"outcome": None, "message_id": None, "finished_at": None}
CLAIMS = [
    claim("sent"),
    claim(
        "skipped", occurrence="2026-05-31", outcome="skipped", message_id=None,
        reason="The schedule was paused.",
    ),
    claim("failed", occurrence="2026-05-30", outcome="failed", message_id=None, reason="No."),
    claim("missed", occurrence="2026-05-29", outcome="missed", message_id=None, quote_id=None),
    claim("unknown", occurrence="2026-05-28", outcome="unknown", message_id=None, draw_number=None),
    claim("now-sent", occurrence="now:998877665544332211", message_id=5),
    claim(
        "now-open", occurrence="now:1", closes=micro(NINE + HOUR / 4), payload=PAYLOAD, attempts=0,
        first_attempt=None, free_at=micro(NINE), **OPEN,
    ),
    claim("waiting", occurrence="2026-06-02", free_at=micro(NOON), payload=PAYLOAD, **OPEN),
    claim(
        "sending", occurrence="2026-06-03", owner="process", free_at=micro(NOON + HOUR),
        doubt_since=micro(NINE), payload=PAYLOAD, attempts=3, **OPEN,
    ),
]  # fmt: skip

ROWS: dict[str, list[dict[str, Any]]] = {
    "guilds": [
        {"id": 1, "packs": '["duo", "solo"]', "alerts_channel": 900, "left_at": None},
        {"id": 2, "packs": None, "alerts_channel": None, "left_at": micro(NINE)},
    ],
    "schedules": [
        {
            "id": "s-daily", "guild_id": 1, "name": "Morning", "name_key": "morning",
            "channel_id": CHANNEL, "minute": 9 * 60, "zone": "UTC", "days": 0b111_1111,
            "pack": "duo", "speaker": "duo", "role_id": 77, "window_seconds": 21_600,
            "seed": "f" * 16, "created_by": 42, "created_at": micro(NINE - 50 * HOUR),
            "next_day": "2026-06-04", "next_due": micro(NINE + 72 * HOUR),
            "paused_until": micro(NINE), "stopped": None, "failures": 2, "revision": 7,
        },
        {
            "id": "s-stopped", "guild_id": 2, "name": "Old", "name_key": "old", "channel_id": 5,
            "minute": 0, "zone": "Europe/Berlin", "days": 0b1, "pack": None, "speaker": None,
            "role_id": None, "window_seconds": 600, "seed": "0", "created_by": 43,
            "created_at": micro(NINE), "next_day": None, "next_due": None, "paused_until": None,
            "stopped": "suspended", "failures": 3, "revision": 1,
        },
    ],
    "draws": [{"schedule_id": "s-daily", "quote_id": "duo-1", "number": 1, "round": 1}],
    "claims": CLAIMS,
    "notices": [
        {
            "id": f"n-{told}", "guild_id": 1, "schedule_id": "s-daily", "kind": "failed",
            "text": "It was not posted.", "created_at": micro(NINE + number * HOUR),
            "free_at": None if told else micro(NOON), "attempts": number, "told": told,
            "reason": NO_QUOTE if told == "refused" else None,
        }
        for number, told in enumerate([None, "in channel", "in person", "refused", "expired"])
    ],
    "pace": [
        {"id": 1, "next_slot": 0},
        {"id": 2, "next_slot": micro(NOON + timedelta(seconds=1))},
        {"id": 3, "next_slot": micro(NOON + timedelta(seconds=0.9))},
    ],
    "invalid_requests": [{"minute": micro(NOON) // 60_000_000, "count": 12}],
    "marks": [
        {"key": "roll_call", "value": NINE.isoformat()},
        {"key": "zone_rules", "value": "1999.1"},
        {"key": "restored_at", "value": str(micro(NINE))},
        {"key": "turn 3", "value": "12.5"},
        {"key": "checked", "value": ""},
        {"key": "something", "value": "else"},
    ],
}  # fmt: skip
"""At least one row in every table of revision 0001, of every kind there is."""


def fill(connection: Connection) -> None:
    """Make a state as revision 0001 made it, and fill every table."""
    upgrade(connection, "0001")
    there = MetaData()
    there.reflect(connection)
    assert ROWS.keys() == there.tables.keys() - {"alembic_version"}
    for name in (table.name for table in there.sorted_tables if table.name in ROWS):
        connection.execute(insert(there.tables[name]), ROWS[name])


async def make_old(url: str) -> None:
    engine = database.create_engine_for(parse_url(url))
    async with engine.begin() as connection:
        await connection.run_sync(fill)
    await engine.dispose()


@pytest.fixture
async def old_url(url: str) -> str:
    await make_old(url)
    return url


REASONS = {"The schedule was paused.": explain(Reason.PAUSED), "No.": LocalMessage("No.")}
"""What is read of the reasons that were kept as sentences."""


def delivery(name: str, **others: Any) -> Delivery:
    """Give the delivery that a claim has become."""
    old = next(row for row in CLAIMS if row["id"] == f"c-{name}")
    values: dict[str, Any] = {
        "id": old["id"], "schedule_id": "s-daily", "guild_id": 1, "channel_id": CHANNEL,
        "trigger": Trigger.SCHEDULED, "occurrence": old["occurrence"],
        "scheduled_for": instant(old["due"]), "expires_at": instant(old["closes"]),
        "quote_id": old["quote_id"], "draw_number": old["draw_number"], "role_id": 77,
        "payload": None, "locked_by": old["owner"], "available_at": instant(old["free_at"]),
        "attempts": old["attempts"], "first_attempt_at": instant(old["first_attempt"]),
        "uncertain_since": instant(old["doubt_since"]),
        "outcome": None if old["outcome"] is None else Outcome(old["outcome"]),
        "message_id": old["message_id"], "reason": REASONS.get(old["reason"]),
        "finished_at": instant(old["finished_at"]),
    }  # fmt: skip
    return Delivery(**values | others)


async def assert_everything_is_there(state: State) -> None:
    """Hold a state against all that was in it when it was at revision 0001."""
    payload = {"quote": "duo-1", "custom_id": "about:c-sending", "role": None}
    async with state.read() as transaction:
        found = {
            row.id: row
            for row in await deliveries.list_history(transaction, ["s-daily"], len(CLAIMS) + 1)
        }
        assert await transaction.run_sync(read_revision) == REVISION
        assert await guilds.list_guilds(transaction) == (
            Guild(1, frozenset({"duo", "solo"}), 900),
            Guild(2, left_at=NINE),
        )
        (morning,) = await schedules.list_schedules(transaction, 1)
        (stopped,) = await schedules.list_schedules(transaction, 2)
        draws = await schedules.list_draws(transaction, ["s-daily"])
        alerts = await list_recent_alerts(transaction, ["s-daily"], 99)
        invalid = await rate_limits.sum_invalid_requests(transaction, NOON, NOON + DAY)
        values = {
            key: await metadata.get_value(transaction, key)
            for key in (
                *("guilds_reconciled_at", "zone_rules_version"),
                *("advisory_lock 3", "write_check", "something"),
            )
        }
    on_demand = Trigger.ON_DEMAND
    assert found == {
        row.id: row
        for row in (
            *map(delivery, ("sent", "skipped", "failed", "missed", "unknown")),
            delivery("now-sent", trigger=on_demand, occurrence="998877665544332211"),
            delivery("now-open", trigger=on_demand, occurrence="1", payload=payload),
            delivery("waiting", payload=payload),
            delivery("sending", payload=payload),
        )
    }
    assert (morning.settings.kind, morning.settings.style) == (PostKind.QUOTES, PostStyle())
    assert (morning.name, morning.settings.timetable) == ("Morning", Timetable(time(9), "UTC"))
    assert (morning.next_day, morning.next_due) == (date(2026, 6, 4), NINE + 72 * HOUR)
    assert (morning.failures, morning.revision, morning.uncertain_until) == (2, 7, NINE)
    assert (stopped.stopped, stopped.settings.timetable.days) == (
        Stopped.SUSPENDED,
        frozenset({0}),
    )
    assert draws == {"s-daily": {"duo-1": Draw("duo-1", 1, 1)}}
    assert alerts == tuple(
        Alert(
            f"n-{told}", 1, "s-daily", AlertKind.FAILED, "It was not posted.",
            NINE + number * HOUR, None if told else NOON, number, status,
            explain(
                Reason.NO_QUOTE,
                which=explain(Reason.IN_PACK_BY_SPEAKER, pack="`duo`", speaker="`by Ann`"),
            )
            if told == "refused"
            else None,
        )
        for number, (told, status) in reversed(
            [*enumerate({
                None: AlertStatus.PENDING,
                "in channel": AlertStatus.SENT_TO_CHANNEL,
                "in person": AlertStatus.SENT_TO_USER,
                "refused": AlertStatus.REFUSED,
                "expired": AlertStatus.EXPIRED,
            }.items())]
        )
    )  # fmt: skip
    assert invalid == 12
    assert values == {
        "guilds_reconciled_at": NINE.isoformat(),
        "zone_rules_version": "1999.1",
        "advisory_lock 3": "12.5",
        "write_check": "",
        "something": "else",
    }


async def test_a_state_of_the_first_revision_opens_and_keeps_every_row(old_url: str) -> None:
    async with await State.open(old_url) as state:
        await assert_everything_is_there(state)
    async with await State.open(old_url) as again:
        await assert_everything_is_there(again)


EVERY_REASON = [
    *(
        explain(reason, 1, minutes="360", moment="2026-06-01, 09:00", status="400", code="50001",
                zone="`Atlantis/Here`")
        for reason in Reason
        if reason not in {Reason.HERE, Reason.IN_PACK, Reason.BY_SPEAKER, Reason.WITHHELD,
                          Reason.IN_PACK_BY_SPEAKER, Reason.NO_FACT, Reason.NO_QUOTE}
    ),
    *(
        each
        for which in (
            explain(Reason.HERE),
            explain(Reason.IN_PACK, pack="`in the pack`"),
            explain(Reason.BY_SPEAKER, speaker="`Ann`"),
            explain(Reason.IN_PACK_BY_SPEAKER, pack="`duo`", speaker="`Ann by Night`"),
        )
        for each in (
            explain(Reason.NO_FACT, where=which),
            explain(Reason.NO_QUOTE, which=which),
            explain(Reason.WITHHELD, 1, which=which),
            explain(Reason.WITHHELD, 1_200, which=which),
        )
    ),
]  # fmt: skip


@pytest.mark.parametrize("reason", EVERY_REASON, ids=str)
def test_every_reason_that_was_a_sentence_is_told_in_any_language(reason: LocalMessage) -> None:
    migration = import_module("bot.scheduling.migrations.versions.0008_reasons")
    kept = migration.parse(str(reason), migration.SENTENCES)

    read = decode_reason(json.dumps(kept))
    assert str(read) == str(reason)
    assert load_phrases("de")(read) not in {"", str(reason)}


async def test_the_rate_goes_on_where_it_stood(old_url: str) -> None:
    clock = Clock(NOON)
    async with await State.open(old_url) as state, state.write() as transaction:
        slots = await RateLimiter(state, clock, 2).reserve(transaction, 1)
    # Two were reserved: a tenth of a second before noon, and at noon.
    assert slots == [NOON + timedelta(seconds=0.9)]


async def test_what_an_older_process_left_open_is_posted_once(old_url: str) -> None:
    async with await State.open(old_url) as state:
        harness = Harness(state, clock=Clock(NOON))
        harness.discord.messages[CHANNEL].append(
            Message(7, {"quote": "duo-1", "custom_id": "about:c-sending"}, "c-sending", 77, NINE)
        )
        await harness.work_for(hours=3)
        async with state.read() as transaction:
            ended = {
                one.id: (one.outcome, one.message_id)
                for one in await deliveries.list_history(transaction, ["s-daily"], 99)
            }
    assert ended["c-sending"] == (Outcome.SENT, 7)  # found in the channel, not sent again
    assert ended["c-waiting"][0] is Outcome.SENT
    assert ended["c-now-open"][0] is Outcome.FAILED  # its quarter of an hour was over
    assert [one.nonce for one in harness.discord.messages[CHANNEL]] == ["c-sending", "c-waiting"]


async def test_a_backup_of_the_first_revision_is_restored_with_every_row(tmp_path: Path) -> None:
    backup, target = tmp_path / "backup.db", f"sqlite:///{tmp_path / 'state.db'}"
    await make_old(f"sqlite:///{backup}")
    before = backup.read_bytes()
    restore(target, backup, NOON)
    assert backup.read_bytes() == before
    with closing(sqlite3.connect(tmp_path / "state.db")) as file:
        # What was open may have been posted since, and so may all that came due until noon.
        since = {"c-now-open": NINE, "c-waiting": NINE, "c-sending": NINE}
        assert dict(
            file.execute("SELECT id, uncertain_since FROM deliveries WHERE outcome IS NULL")
        ) == {name: micro(moment) for name, moment in since.items()}
        assert {*file.execute("SELECT uncertain_until FROM schedules")} == {(micro(NOON),)}
        # Besides that, it is what the state was.
        file.execute(
            "UPDATE deliveries SET uncertain_since = NULL WHERE id IN ('c-now-open', 'c-waiting')"
        )
        file.execute("UPDATE deliveries SET first_attempt_at = NULL WHERE id = 'c-now-open'")
        file.execute("UPDATE schedules SET uncertain_until = ?", [micro(NINE)])
        file.commit()
    async with await State.open(target) as state:
        await assert_everything_is_there(state)


async def test_a_state_of_the_first_revision_is_marked_as_restored(old_url: str) -> None:
    await mark_restored(old_url, NOON)
    async with await State.open(old_url) as state, state.read() as transaction:
        (morning,) = await schedules.list_schedules(transaction, 1)
        waiting = await deliveries.get_delivery(transaction, "c-waiting")
    assert morning.uncertain_until == NOON
    assert waiting is not None
    assert waiting.uncertain_since == NINE


async def test_a_state_of_the_first_revision_is_copied_with_every_row(
    old_url: str, tmp_path: Path
) -> None:
    target = f"sqlite:///{tmp_path / 'copy.db'}"
    await copy(old_url, target)
    async with await State.open(target) as state:
        await assert_everything_is_there(state)


async def test_a_migration_that_fails_changes_nothing(old_url: str) -> None:
    engine = database.create_engine_for(parse_url(old_url))

    def upgrade_and_fail(connection: Connection) -> None:
        upgrade(connection)
        raise RuntimeError("killed before it was committed")

    async def fail() -> None:
        async with engine.begin() as connection:
            await connection.run_sync(upgrade_and_fail)

    with pytest.raises(RuntimeError, match="killed"):
        await fail()
    async with engine.connect() as connection:
        assert await connection.run_sync(read_revision) == "0001"
        count = await connection.execute(text("SELECT count(*) FROM claims"))
        assert count.scalar() == len(CLAIMS)
    await engine.dispose()
    async with await State.open(old_url) as state:
        await assert_everything_is_there(state)
