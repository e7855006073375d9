"""Endpoints that answer interactions: callback, original, follow-ups. Their path is the key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sandbox import errors
from bot.sandbox.http.request import NOTHING, Request, Response, Route
from bot.sandbox.interactions.callbacks import callback_json

if TYPE_CHECKING:
    from bot.sandbox.interactions.interactions import Interaction
    from bot.sandbox.world.messages import Message

_WEBHOOK = "/webhooks/{webhook_id}/{webhook_token}"


async def respond(request: Request) -> Response:
    """Take the first answer to an interaction."""
    parts = request.container
    token = request.path["interaction_token"]
    interaction = parts.interactions.open(request.id("interaction_id"), token)
    parts.callbacks.respond(interaction, request.body)
    if request.query.get("with_response", "").lower() not in ("true", "1"):
        return NOTHING
    message = None
    if interaction.original_id is not None:
        message = parts.payloads.json(parts.callbacks.original(interaction))
    return Response(callback_json(interaction, message))


async def follow_up(request: Request) -> Response:
    """Send another message about an interaction."""
    return _shown(
        request, request.container.callbacks.follow_up(_interaction(request), request.body)
    )


async def get_message(request: Request) -> Response:
    """Return the original or a follow-up."""
    return _shown(request, _message(request, _interaction(request)))


async def edit_message(request: Request) -> Response:
    """Change the original or a follow-up."""
    interaction = _interaction(request)
    message = _message(request, interaction)
    return _shown(request, request.container.callbacks.edit(interaction, message, request.body))


async def delete_message(request: Request) -> Response:
    """Delete the original or a follow-up."""
    interaction = _interaction(request)
    request.container.callbacks.delete(interaction, _message(request, interaction))
    return NOTHING


def _interaction(request: Request) -> Interaction:
    if request.id("webhook_id") != request.container.world.application.id:
        raise errors.unknown_webhook()
    return request.container.interactions.answered(request.path["webhook_token"])


def _message(request: Request, interaction: Interaction) -> Message:
    if "message_id" not in request.path:
        return request.container.callbacks.original(interaction)
    return request.container.callbacks.message(interaction, request.id("message_id"))


def _shown(request: Request, message: Message) -> Response:
    return Response(request.container.payloads.json(message))


ROUTES = (
    Route(
        "POST", "/interactions/{interaction_id}/{interaction_token}/callback", respond, is_open=True
    ),
    Route("POST", _WEBHOOK, follow_up, is_open=True),
    *(
        Route(method, f"{_WEBHOOK}/messages/{which}", handler, is_open=True)
        for which in ("@original", "{message_id}")
        for method, handler in (
            ("GET", get_message),
            ("PATCH", edit_message),
            ("DELETE", delete_message),
        )
    ),
)
