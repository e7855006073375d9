from __future__ import annotations

import asyncio

from bot.errors import StateError, StoreError
from bot.observability.health import Health


async def fine() -> None:
    return


async def locked() -> None:
    raise StateError("The state database is locked by another program.")


async def test_nothing_told_and_nothing_asked_is_nothing_wrong() -> None:
    assert await Health().conditions() == {}


async def test_a_part_is_unwell_until_it_says_otherwise() -> None:
    health = Health()
    health.report("facts", StoreError("p.yaml:3: a fault"))
    assert await health.conditions() == {"facts": "p.yaml:3: a fault"}
    health.report("facts", None)
    assert await health.conditions() == {"facts": None}


async def test_a_check_is_made_at_every_question() -> None:
    health = Health()
    health.add_check("database", locked)
    assert await health.conditions() == {
        "database": "The state database is locked by another program."
    }
    health.add_check("database", fine)
    assert await health.conditions() == {"database": None}


async def test_a_check_that_breaks_is_no_ready_part() -> None:
    async def broken() -> None:
        raise ZeroDivisionError("odd")

    health = Health()
    health.add_check("gateway", broken)
    assert await health.conditions() == {
        "gateway": "It failed unexpectedly: ZeroDivisionError('odd')."
    }


async def test_a_slow_check_is_not_waited_for_and_not_begun_twice() -> None:
    begun = 0
    released = asyncio.Event()

    async def slow() -> None:
        nonlocal begun
        begun += 1
        await released.wait()

    health = Health(patience=0.01)
    health.add_check("database", slow)
    health.add_check("gateway", fine)
    expected = {"database": "There is no answer within 0.01 seconds.", "gateway": None}
    assert await health.conditions() == expected
    assert await health.conditions() == expected
    assert begun == 1
    released.set()
    await asyncio.sleep(0)
    assert await health.conditions() == {"database": None, "gateway": None}
