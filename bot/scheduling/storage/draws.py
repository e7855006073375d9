"""What decks have dealt, in SQL. Each function runs inside the transaction it is given."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from bot.scheduling.rotation import Draw
from bot.scheduling.storage.tables import draws
from bot.scheduling.storage.upsert import upsert

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.scheduling.models import Delivery


async def last_draws(
    connection: AsyncConnection,
    schedule_ids: Collection[str],
) -> dict[str, dict[str, Draw]]:
    """Read what each schedule's deck has dealt, by schedule and quote."""
    found = await connection.execute(select(draws).where(draws.c.schedule_id.in_(schedule_ids)))
    dealt: dict[str, dict[str, Draw]] = defaultdict(dict)
    for row in found:
        dealt[row.schedule_id][row.quote_id] = Draw(row.quote_id, row.number, row.round)
    return dealt


async def put_draws(connection: AsyncConnection, drawn: Mapping[str, Draw]) -> None:
    """Note what decks dealt, by schedule."""
    if not drawn:
        return
    noted = upsert(connection, draws)
    noted = noted.on_conflict_do_update(
        index_elements=["schedule_id", "quote_id"],
        set_={"number": noted.excluded.number, "round": noted.excluded.round},
    )
    rows = [
        {"schedule_id": schedule, "quote_id": one.quote, "number": one.number, "round": one.round}
        for schedule, one in drawn.items()
    ]
    await connection.execute(noted, rows)


async def put_back(connection: AsyncConnection, unsent: Delivery) -> None:
    """Return to its deck the quote of a claim that was certainly not posted."""
    await connection.execute(
        delete(draws).where(
            draws.c.schedule_id == unsent.schedule_id,
            draws.c.quote_id == unsent.quote_id,
            draws.c.number == unsent.draw_number,
        ),
    )
