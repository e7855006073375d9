"""The options of a state's URL."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from bot.errors import StateError
from bot.scheduling.storage.database import State, translate_faults
from bot.scheduling.storage.url import connect_arguments, parse_url, without_options

if TYPE_CHECKING:
    from tests.support.postgres import PostgresServer

HANDED_OUT = "sslmode=require&channel_binding=require&application_name=notes&connect_timeout=10"


def test_the_options_that_hosts_of_postgres_hand_out_reach_the_driver() -> None:
    url = parse_url(f"postgres://bot:secret@db/notes?host=one:1&{HANDED_OUT}")
    assert connect_arguments(url) == {
        "dsn": "postgresql://?sslmode=require",
        "server_settings": {"application_name": "notes"},
        "timeout": 10.0,
    }
    assert dict(without_options(url).query) == {"host": "one:1"}


@pytest.mark.postgres
@pytest.mark.parametrize("mode", ["disable", "prefer"])
async def test_the_options_are_understood_by_the_driver(
    postgres_server: PostgresServer, mode: str
) -> None:
    url = f"{postgres_server.new_database()}?{HANDED_OUT.replace('require', mode)}"
    async with await State.open(url) as state, state.read() as connection:
        assert (await connection.execute(text("SHOW application_name"))).scalar() == "notes"


@pytest.mark.postgres
async def test_a_server_without_encryption_is_told_where_it_is_required(
    postgres_server: PostgresServer,
) -> None:
    with pytest.raises(StateError, match="takes no encrypted connections"):
        await State.open(f"{postgres_server.new_database()}?sslmode=require")


@pytest.mark.postgres
async def test_behind_a_pooler_no_statement_is_relied_on_in_a_later_transaction(
    postgres_server: PostgresServer,
) -> None:
    async with await State.open(f"{postgres_server.new_database()}?pgbouncer=true") as state:
        for _ in range(3):
            await state.check()
            async with state.write() as connection:  # as where a pooler gives another connection
                await connection.execute(text("DEALLOCATE ALL"))
        async with state.read() as connection:
            left = text("SELECT count(*) FROM pg_prepared_statements")
            assert await connection.scalar(left) == 0


@pytest.mark.parametrize("sqlstate", ["26000", "42P05"])
def test_a_transaction_pooler_is_told_with_the_option_that_helps(sqlstate: str) -> None:
    class MissingStatementError(ConnectionError):
        """A prepared statement that another connection has, or this one has already."""

    error = MissingStatementError()
    error.sqlstate = sqlstate  # type: ignore[attr-defined] # as the driver gives it
    with pytest.raises(StateError, match="add pgbouncer=true"), translate_faults("'notes' on db"):
        raise error


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("postgresql://bot:secret@db/notes?sslmod=require", r"not known, 'sslmod'.*sslmode"),
        ("postgresql://bot:secret@db/notes?connect_timeout=soon", "is no number"),
        ("postgresql://bot:secret@db/notes?pgbouncer=perhaps", "neither true nor false"),
        ("sqlite:////srv/what?/state.db", "written %3F"),
        ("sqlite:///x.db?timeout=abc", "'timeout' that is no number"),
        ("sqlite:///x.db?timeout=5&timeout=6", "'timeout' twice"),
        ("sqlite:////a%00b.db", "NUL character"),
        ("postgres://bot:secret@db:99999/x", "from 1 to 65535"),
        ("postgres://bot:secret@a..b/x", "host that can be none"),
        ("postgres://bot:secret@db/x?statement_cache_size=-1", "out of range"),
        ("postgres://bot:secret@db/x?statement_cache_size=inf", "out of range"),
        ("postgres://bot:secret@db/x?command_timeout=-1", "out of range"),
        ("postgres://bot:secret@/x?host=a&host=b", "without a port for each"),
        ("postgres://bot:secret@db/x?target_session_attrs=zzz", "any, primary, standby"),
        (
            "postgres://bot:secret@db/x?sslmode=verify-full&sslrootcert=/no/such.pem",
            "/no/such.pem as 'sslrootcert'",
        ),
        ("sqlite:////srv/state.db?mode=ro", "not known, 'mode'"),
    ],
)
def test_an_option_that_cannot_be_used_is_refused_in_a_sentence(url: str, told: str) -> None:
    with pytest.raises(StateError, match=told) as refusal:
        parse_url(url)
    assert "secret" not in str(refusal.value)


def test_a_text_that_a_damaged_file_cannot_give_is_told_as_damage() -> None:
    with (
        pytest.raises(StateError, match=r"is damaged; bring back a backup"),
        translate_faults("state.db"),
    ):
        bytes([0xFF]).decode("utf-8")
