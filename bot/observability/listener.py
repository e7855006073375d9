"""The pages `/metrics`, `/healthz` and `/readyz`, on this machine only."""

from __future__ import annotations

import json
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from aiohttp import web

from bot import __version__
from bot.errors import ConfigError
from bot.loopback import find_foreign_sender

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from bot.observability.health import Health
    from bot.observability.prometheus import PrometheusMeter

HOST = "127.0.0.1"
OK, FORBIDDEN, UNAVAILABLE = 200, 403, 503


@asynccontextmanager
async def serve_pages(port: int, meter: PrometheusMeter, health: Health) -> AsyncIterator[int]:
    """Serve the three pages, and yield the port.

    Raises:
        ConfigError: The port is taken.
    """
    runner = web.AppRunner(_build_application(meter, health), access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, HOST, port).start()
        except OSError as error:
            raise ConfigError(
                f"{HOST}:{port} cannot be listened on ({error.strerror}); set "
                "LINERNOTES_METRICS_PORT to a port that is free, or unset it."
            ) from error
        yield int(runner.addresses[0][1])
    finally:
        await runner.cleanup()


def _build_application(meter: PrometheusMeter, health: Health) -> web.Application:
    async def metrics(request: web.Request) -> web.Response:
        page, content_type = meter.page(request.headers.get("Accept", ""))
        return web.Response(body=page, headers={"Content-Type": content_type})

    async def healthz(_request: web.Request) -> web.Response:
        return _json_response(OK, {"status": "alive", "version": __version__})

    async def readyz(_request: web.Request) -> web.Response:
        conditions = await health.conditions()
        is_ready = not any(conditions.values())
        return _json_response(
            OK if is_ready else UNAVAILABLE,
            {
                "status": "ready" if is_ready else "not ready",
                "parts": {part: problem or "ok" for part, problem in sorted(conditions.items())},
            },
        )

    @web.middleware
    async def guard(
        request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        refusal = find_foreign_sender(request.headers)
        if refusal is not None:
            return _json_response(FORBIDDEN, {"message": refusal})
        return await handler(request)

    application = web.Application(middlewares=[guard])
    application.router.add_get("/metrics", metrics)
    application.router.add_get("/healthz", healthz)
    application.router.add_get("/readyz", readyz)
    return application


def _json_response(status: int, value: object) -> web.Response:
    text = json.dumps(value, ensure_ascii=False, indent=2) + "\n"
    return web.Response(
        status=status,
        # A sentence may name a file whose name is not UTF-8.
        body=text.encode("utf-8", "backslashreplace"),
        content_type="application/json",
        charset="utf-8",
        headers={"Cache-Control": "no-store"},
    )
