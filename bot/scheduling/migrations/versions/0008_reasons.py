"""Reasons as codes with places, where they were English sentences.

A sentence that is not known here stays as it is, and is shown so. The sentences stand here as they
were: those of the program may be reworded.
"""

import json
import re

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TABLES = ("deliveries", "follow_ups", "alerts")

PARTS = {
    "here": "in the packs that answer here",
    "in_pack_by_speaker": "in the pack {pack} by {speaker}",
    "in_pack": "in the pack {pack}",
    "by_speaker": "by {speaker}",
}
"""What is said in the places `which` and `where`; the longer come first."""

SENTENCES = {
    "admin_skipped": "An admin skipped it.",
    "paused": "The schedule was paused.",
    "removed": "The schedule was removed.",
    "too_late": "The bot was not running, or could not reach Discord, until too late.",
    "before_backup": "A backup was brought back later, which does not know whether it was posted.",
    "expired": "Discord could not be reached within {minutes} minutes of the time it was due.",
    "damaged": "Its row in the state database is damaged.",
    "schedule_gone": "Its schedule is gone.",
    "post_damaged": "The row of the post in the state database is damaged.",
    "in_timeout": "The bot is in a time-out until {moment} UTC: it may write nothing in the server "
    "until then, or until a moderator ends it.",
    "unreachable": "Discord could not be reached.",
    "not_asked": "Discord could not be asked whether it is there.",
    "refused": "Discord refused it with status {status}, code {code}.",
    "channel_gone": "The channel is gone; choose another with `/daily edit`.",
    "server_gone": "The server is gone.",
    "channel_hidden": "The bot cannot see the channel; allow it View Channel there.",
    "history_hidden": "The bot may not read the channel’s history, where the post would be.",
    "post_gone": "The post is gone.",
    "no_direct_messages": "They take no direct messages from the bot.",
    "no_posts_in_channel": "Nothing can be posted in that kind of channel; choose another with "
    "`/daily edit`.",
    "not_allowed": "The bot may not write there; allow it Send Messages, in a thread also Send "
    "Messages in Threads.",
    "not_in_channel": "That cannot be done in that kind of channel.",
    "thread_locked": "The thread is closed and locked; open it, or choose another with "
    "`/daily edit`.",
    "no_zone": "{zone} is not a time zone any more.",
    "no_fact": "There is no fact {where}.",
    "no_quote": "There is no quote {which}.",
    "only_withheld": "The only quote {which} is marked 'daily: false': the pack’s author lets "
    "/quote and answers show it, and no daily post.",
    "withheld": "The {number} quotes {which} are all marked 'daily: false': the pack’s author lets "
    "/quote and answers show them, and no daily post.",
}


def upgrade() -> None:
    """Rewrite the reasons that are known, each sentence once."""
    connection = op.get_bind()
    for name in TABLES:
        table = sa.table(name, sa.column("reason", sa.Text()))
        try:
            with connection.begin_nested():
                kept = connection.execute(sa.select(table.c.reason).distinct()).scalars().all()
        except sa.exc.DBAPIError:  # a damaged reason, which is no text; they all stay as they are
            continue
        for sentence in kept:
            if isinstance(sentence, str) and (reason := parse(sentence, SENTENCES)):
                rewritten = sa.update(table).where(table.c.reason == sentence)
                # A row that breaks a constraint already must not keep any other from being read.
                rewritten = rewritten.prefix_with("OR IGNORE", dialect="sqlite")
                connection.execute(rewritten.values(reason=json.dumps(reason, sort_keys=True)))


def parse(sentence: str, templates: dict[str, str]) -> dict[str, object] | None:
    """Return the code and the places of a sentence, or None."""
    for code, template in templates.items():
        if (places := find_places(sentence, template)) is None:
            continue
        number = str(places.pop("number", "1" if code == "only_withheld" else "0"))
        for name in ("which", "where"):
            if name in places:
                places[name] = parse(str(places[name]), PARTS)
        if None not in places.values():
            return {
                "code": code.removeprefix("only_"),
                "number": int(number.replace(",", "")),
                "places": places,
            }
    return None


def find_places(sentence: str, template: str) -> dict[str, object] | None:
    """Return the values of a template's places in a sentence, or None."""
    literals = re.split(r"\{\w+\}", template)
    if not sentence.startswith(literals[0]):
        return None
    rest, values = sentence[len(literals[0]) :], []
    for literal in literals[1:-1]:
        value, _, rest = rest.partition(literal)
        values.append(value)
    if len(literals) > 1:  # the last literal ends the sentence
        is_whole = rest.endswith(literals[-1])
        values.append(rest.removesuffix(literals[-1]) if is_whole else "")
        rest = ""
    return (
        None
        if rest or "" in values
        else dict(zip(re.findall(r"\{(\w+)\}", template), values, strict=True))
    )
