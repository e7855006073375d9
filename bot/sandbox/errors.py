"""Discord's errors, with its own codes and words.

    SandboxError            something the sandbox was asked cannot be done
    ├── DiscordError        the bot is told: status, code, message, paths of faults
    └── PageError           a person (page or driver) is told: one sentence
        └── InteractionFailed   the bot did not answer

https://discord.com/developers/docs/topics/opcodes-and-status-codes#json
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.sandbox.wire import Json


class SandboxError(Exception):
    """The sandbox cannot do as it was asked."""


class DiscordError(SandboxError):
    """An error that Discord's HTTP API answers with."""

    def __init__(self, status: int, code: int, message: str, errors: Json | None = None) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status = status
        self.code = code
        self.message = message
        self.errors = errors

    def body(self) -> Json:
        """Return the JSON that Discord sends."""
        body: Json = {"message": self.message, "code": self.code}
        if self.errors is not None:
            body["errors"] = self.errors
        return body


class PageError(SandboxError):
    """An error that a person is shown."""

    def __init__(
        self, message: str, *, status: int = 400, faults: tuple[tuple[str, str], ...] = ()
    ) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.faults = faults

    def body(self) -> Json:
        """Return the JSON that the page is sent."""
        faults = [{"field": field, "message": message} for field, message in self.faults]
        return {"message": self.message, "faults": faults}


class InteractionFailed(PageError):  # noqa: N818 - Discord's own words for it
    """The bot did not answer in time."""


def not_found() -> DiscordError:
    """Return the answer to a path that does not exist."""
    return DiscordError(404, 0, "404: Not Found")


def method_not_allowed() -> DiscordError:
    """Return the answer to a method that a path does not take."""
    return DiscordError(405, 0, "405: Method Not Allowed")


def unauthorized() -> DiscordError:
    """Return the answer to a missing or wrong token."""
    return DiscordError(401, 0, "401: Unauthorized")


def server_error(status: int) -> DiscordError:
    """Return a failure of Discord's own."""
    return DiscordError(status, 0, f"{status}: Internal Server Error")


def too_large() -> DiscordError:
    """Return the answer to a request that carries too many bytes."""
    return DiscordError(413, 40005, "Request entity too large")


def bad_json() -> DiscordError:
    """Return the answer to a body that is no JSON."""
    return DiscordError(400, 50109, "The request body contains invalid JSON.")


def invalid_form(errors: Json) -> DiscordError:
    """Return the answer to a body with faults, each at its path."""
    return DiscordError(400, 50035, "Invalid Form Body", errors)


def unknown_application() -> DiscordError:
    """Return the answer to a foreign application's id."""
    return DiscordError(404, 10002, "Unknown Application")


def unknown_channel() -> DiscordError:
    """Return the answer to a channel that is not there."""
    return DiscordError(404, 10003, "Unknown Channel")


def unknown_guild() -> DiscordError:
    """Return the answer to a guild without the bot, or none."""
    return DiscordError(404, 10004, "Unknown Guild")


def unknown_member() -> DiscordError:
    """Return the error for a user outside the guild."""
    return DiscordError(404, 10007, "Unknown Member")


def unknown_message() -> DiscordError:
    """Return the answer to a message that is gone."""
    return DiscordError(404, 10008, "Unknown Message")


def unknown_role() -> DiscordError:
    """Return the answer to a role that is not there."""
    return DiscordError(404, 10011, "Unknown Role")


def unknown_user() -> DiscordError:
    """Return the error for a user that does not exist."""
    return DiscordError(404, 10013, "Unknown User")


def unknown_webhook() -> DiscordError:
    """Return the answer to an interaction token that expired or never was."""
    return DiscordError(404, 10015, "Unknown Webhook")


def unknown_interaction() -> DiscordError:
    """Return the answer to a response after three seconds, or to none of ours."""
    return DiscordError(404, 10062, "Unknown interaction")


def unknown_command() -> DiscordError:
    """Return the answer to a command that is not registered."""
    return DiscordError(404, 10063, "Unknown application command")


def too_many_commands(limit: int) -> DiscordError:
    """Return the answer to more commands than Discord takes."""
    message = f"Maximum number of application commands reached ({limit})."
    return DiscordError(400, 30032, message)


def already_acknowledged() -> DiscordError:
    """Return the answer to the second response of an interaction."""
    return DiscordError(400, 40060, "Interaction has already been acknowledged.")


def already_crossposted() -> DiscordError:
    """Return the answer to publishing a message twice."""
    return DiscordError(400, 40033, "This message has already been crossposted.")


def missing_access() -> DiscordError:
    """Return the answer where the bot cannot look."""
    return DiscordError(403, 50001, "Missing Access")


def not_in_this_channel() -> DiscordError:
    """Return the answer to an action that a kind of channel does not have."""
    return DiscordError(400, 50024, "Cannot execute action on this channel type")


def not_the_author() -> DiscordError:
    """Return the answer to editing somebody else's message."""
    return DiscordError(403, 50005, "Cannot edit a message authored by another user")


def empty_message() -> DiscordError:
    """Return the answer to a message with nothing in it."""
    return DiscordError(400, 50006, "Cannot send an empty message")


def cannot_message_user() -> DiscordError:
    """Return the answer to a direct message that nobody takes."""
    return DiscordError(403, 50007, "Cannot send messages to this user")


def not_a_text_channel() -> DiscordError:
    """Return the answer to sending into a category or a forum."""
    return DiscordError(400, 50008, "Cannot send messages in a non-text channel")


def missing_permissions() -> DiscordError:
    """Return the answer where the bot may not do that."""
    return DiscordError(403, 50013, "Missing Permissions")


def invalid_webhook_token() -> DiscordError:
    """Return the answer to an interaction token after its fifteen minutes."""
    return DiscordError(401, 50027, "Invalid Webhook Token")


def thread_is_archived() -> DiscordError:
    """Return the answer to writing into a closed thread."""
    return DiscordError(400, 50083, "Thread is archived")


def thread_already_made() -> DiscordError:
    """Return the answer to a second thread on one message."""
    return DiscordError(400, 160004, "A thread has already been created for this message")
