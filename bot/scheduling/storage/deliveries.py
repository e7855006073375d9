"""Claims, in SQL. Each function runs inside the transaction it is given."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, func, insert, select, update

from bot.scheduling.models import Claim, Outcome
from bot.scheduling.storage.tables import claims, notices
from bot.scheduling.storage.upsert import upsert

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date, datetime

    from sqlalchemy import Row
    from sqlalchemy.ext.asyncio import AsyncConnection


_SETTLE = (
    update(claims)
    .where(claims.c.id == bindparam("settled"), claims.c.outcome.is_(None))
    .values(
        outcome=bindparam("how"),
        message_id=bindparam("message"),
        reason=bindparam("why"),
        finished_at=bindparam("at"),
        free_at=None,
        owner=None,
        payload=None,
    )
)
_CHANGE = update(claims).where(
    claims.c.id == bindparam("held"),
    claims.c.outcome.is_(None),
    claims.c.owner.is_not_distinct_from(bindparam("holder")),
    claims.c.free_at == bindparam("held_until"),
)


async def add_claim(connection: AsyncConnection, claim: Claim) -> bool:
    """Write a claim; False if that occurrence of the schedule has one already."""
    added = upsert(connection, claims).values(_claim_values(claim)).on_conflict_do_nothing()
    return bool((await connection.execute(added)).rowcount)


async def add_claims(connection: AsyncConnection, added: Sequence[Claim]) -> frozenset[str]:
    """Write many claims at once; give the ids of those whose occurrence had none yet."""
    if not added:
        return frozenset()
    there = select(claims.c.id).where(claims.c.id.in_([one.id for one in added]))
    known = frozenset((await connection.execute(there)).scalars())
    fresh = [one for one in added if one.id not in known]
    if fresh:
        await connection.execute(insert(claims), [_claim_values(one) for one in fresh])
    return frozenset(one.id for one in fresh)


async def claim(connection: AsyncConnection, claim_id: str) -> Claim | None:
    """Read one claim."""
    row = (await connection.execute(select(claims).where(claims.c.id == claim_id))).one_or_none()
    return None if row is None else _claim(row)


async def free_claims(
    connection: AsyncConnection,
    now: datetime,
    limit: int,
) -> tuple[Claim, ...]:
    """Read the claims without an outcome that nobody holds, oldest first."""
    found = (
        select(claims)
        .where(claims.c.free_at <= now)
        .order_by(claims.c.due, claims.c.id)
        .limit(limit)
    )
    return tuple(_claim(row) for row in await connection.execute(found))


async def first_free(connection: AsyncConnection) -> datetime | None:
    """Say when the next claim without an outcome may be taken up."""
    moment: datetime | None = (
        await connection.execute(select(func.min(claims.c.free_at)))
    ).scalar()
    return moment


async def change_claim(
    connection: AsyncConnection,
    held: Claim,
    **changes: Any,
) -> bool:
    """Write changes to a claim that is still exactly as held: same owner, same lease, open."""
    still = {"held": held.id, "holder": held.owner, "held_until": held.free_at}
    written = await connection.execute(_CHANGE, {**still, **changes})
    return bool(written.rowcount)


async def settle_claim(connection: AsyncConnection, settled: Claim) -> bool:
    """Write how a claim ended, whoever holds it now; False if it had ended already, or is gone."""
    return bool((await connection.execute(_SETTLE, _settlement(settled))).rowcount)


async def settle_claims(connection: AsyncConnection, settled: Sequence[Claim]) -> None:
    """Write how claims ended; those that ended before, or are gone, are left alone."""
    await connection.execute(_SETTLE, [_settlement(one) for one in settled])


async def drop_unsent(
    connection: AsyncConnection,
    schedule_id: str,
    reason: str,
    now: datetime,
) -> tuple[Claim, ...]:
    """End a schedule's open claims as skipped, those that may have been posted excepted."""
    dropped = await connection.execute(
        update(claims)
        .where(
            claims.c.schedule_id == schedule_id,
            claims.c.outcome.is_(None),
            claims.c.doubt_since.is_(None),
        )
        .values(
            outcome=Outcome.SKIPPED,
            reason=reason,
            finished_at=now,
            free_at=None,
            owner=None,
            payload=None,
        )
        .returning(claims),
    )
    return tuple(_claim(row) for row in dropped)


async def ping_nobody(connection: AsyncConnection, schedule_id: str) -> None:
    """Let a schedule's open claims ping no role, whatever their payload names."""
    await connection.execute(
        update(claims)
        .where(claims.c.schedule_id == schedule_id, claims.c.outcome.is_(None))
        .values(role_id=None)
    )


async def days_taken(connection: AsyncConnection, schedule_id: str, since: date) -> frozenset[str]:
    """Give the local dates from `since` on, as text, that have a claim."""
    found = select(claims.c.occurrence).where(
        claims.c.schedule_id == schedule_id,
        claims.c.occurrence >= since.isoformat(),
        claims.c.occurrence.not_like("now:%"),
    )
    return frozenset((await connection.execute(found)).scalars())


async def history(
    connection: AsyncConnection,
    schedule_ids: Collection[str],
    limit: int,
    outcomes: Collection[Outcome] = tuple(Outcome),
) -> tuple[Claim, ...]:
    """Read schedules' claims, the newest first: those with these outcomes, and open ones."""
    found = (
        select(claims)
        .where(
            claims.c.schedule_id.in_(schedule_ids),
            claims.c.outcome.is_(None) | claims.c.outcome.in_(outcomes),
        )
        .order_by(claims.c.due.desc(), claims.c.id)
        .limit(limit)
    )
    return tuple(_claim(row) for row in await connection.execute(found))


async def count_claims(connection: AsyncConnection, guild_id: int) -> int:
    """Count the ledger's rows about a server."""
    found = select(func.count()).where(claims.c.guild_id == guild_id)
    return int((await connection.execute(found)).scalar_one())


async def forget_before(connection: AsyncConnection, moment: datetime) -> int:
    """Erase claims and notices that ended before a moment."""
    erased = await connection.execute(delete(claims).where(claims.c.finished_at < moment))
    await connection.execute(
        delete(notices).where(notices.c.free_at.is_(None), notices.c.created_at < moment),
    )
    return erased.rowcount


def _settlement(settled: Claim) -> dict[str, Any]:
    return {
        "settled": settled.id,
        "how": settled.outcome,
        "message": settled.message_id,
        "why": settled.reason,
        "at": settled.finished_at,
    }


def _claim_values(written: Claim) -> dict[str, Any]:
    values = {field.name: getattr(written, field.name) for field in fields(written)}
    values["quote_id"] = values.pop("quote")
    payload = values["payload"]
    values["payload"] = None if payload is None else json.dumps(payload)
    return values


def _claim(row: Row[Any]) -> Claim:
    values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's documented way to a row's columns
    values["quote"] = values.pop("quote_id")
    values["payload"] = None if row.payload is None else json.loads(row.payload)
    values["outcome"] = None if row.outcome is None else Outcome(row.outcome)
    return Claim(**values)
