"""Endpoints that answer interactions: callback, original, follow-ups. Their path is the key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sandbox import errors
from bot.sandbox.http.request import NOTHING, Answer, Call, Route
from bot.sandbox.interactions.callbacks import callback_json

if TYPE_CHECKING:
    from bot.sandbox.interactions.interactions import Interaction
    from bot.sandbox.world.messages import Message

_WEBHOOK = "/webhooks/{webhook_id}/{webhook_token}"


async def respond(call: Call) -> Answer:
    """Take the first answer to an interaction."""
    parts = call.parts
    token = call.path["interaction_token"]
    interaction = parts.interactions.open(call.id("interaction_id"), token)
    parts.callbacks.respond(interaction, call.body)
    if call.query.get("with_response", "").lower() not in ("true", "1"):
        return NOTHING
    message = None
    if interaction.original_id is not None:
        message = parts.payloads.json(parts.callbacks.original(interaction))
    return Answer(callback_json(interaction, message))


async def follow_up(call: Call) -> Answer:
    """Send another message about an interaction."""
    return _shown(call, call.parts.callbacks.follow_up(_interaction(call), call.body))


async def get_message(call: Call) -> Answer:
    """Return the original or a follow-up."""
    return _shown(call, _message(call, _interaction(call)))


async def edit_message(call: Call) -> Answer:
    """Change the original or a follow-up."""
    interaction = _interaction(call)
    message = _message(call, interaction)
    return _shown(call, call.parts.callbacks.edit(interaction, message, call.body))


async def delete_message(call: Call) -> Answer:
    """Delete the original or a follow-up."""
    interaction = _interaction(call)
    call.parts.callbacks.delete(interaction, _message(call, interaction))
    return NOTHING


def _interaction(call: Call) -> Interaction:
    if call.id("webhook_id") != call.parts.world.application.id:
        raise errors.unknown_webhook()
    return call.parts.interactions.answered(call.path["webhook_token"])


def _message(call: Call, interaction: Interaction) -> Message:
    if "message_id" not in call.path:
        return call.parts.callbacks.original(interaction)
    return call.parts.callbacks.message(interaction, call.id("message_id"))


def _shown(call: Call, message: Message) -> Answer:
    return Answer(call.parts.payloads.json(message))


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
