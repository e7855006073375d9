"""The table of settings: names, defaults, meanings, and how each is parsed."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

PACK_LANGUAGES = ("es", "pt-BR")
"""Those of `packs.sidecar.LANGUAGES`: settings are read without reading packs."""


@dataclass(frozen=True, slots=True)
class Shards:
    """The shards of this process, and the number of all shards."""

    ids: tuple[int, ...]
    count: int

    def __str__(self) -> str:
        """Format the shards as they are given: "0-3/16", or "0/16" for one."""
        last = f"-{self.ids[-1]}" if len(self.ids) > 1 else ""
        return f"{self.ids[0]}{last}/{self.count}"


@dataclass(frozen=True, slots=True)
class Cooldown:
    """How often a member may have the bot post in a channel."""

    uses: int
    seconds: int

    @property
    def is_off(self) -> bool:
        """Whether members may post as often as they like."""
        return self.uses == 0


USUAL_COOLDOWN = Cooldown(5, 20)
NO_COOLDOWN = Cooldown(0, 0)


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: its names, its meaning, and its parser."""

    name: str
    """The field of `Config`, and the key in the TOML file."""
    variable: str
    default: str
    """The value without the setting, as shown to people."""
    meaning: str
    parse: Callable[[str], Any]
    """Turns text into the value; a ValueError has the problem and the remedy."""
    is_secret: bool = False
    """Never in the TOML file, which ends up in repositories; never shown."""


def render_settings_table() -> str:
    """Return the README's table of settings, in Markdown."""
    rows = [
        f"| `{setting.variable}` | {_file_key(setting)} | {setting.default} | {setting.meaning} |"
        for setting in SETTINGS
    ]
    return "\n".join(["| variable | in the file | default | meaning |", "|---|---|---|---|", *rows])


def unknown_variables(env: Mapping[str, str]) -> list[str]:
    """Return the variables that look like settings and are none, probably misspelt."""
    known = {setting.variable for setting in SETTINGS} | {"LINERNOTES_CONFIG"}
    return sorted(name for name in env if name.startswith("LINERNOTES_") and name not in known)


def nearest_variable(name: str) -> str | None:
    """Return the setting's variable that a misspelt one resembles, if any."""
    from difflib import get_close_matches  # noqa: PLC0415  # seldom needed

    near = get_close_matches(name, [setting.variable for setting in SETTINGS], n=1)
    return near[0] if near else None


def _file_key(setting: Setting) -> str:
    return "not there" if setting.is_secret else f"`{setting.name}`"


def parse_token(text: str) -> str:
    """Parse a token; raise ValueError with the problem and the remedy."""
    token = text.strip()
    if not token:
        raise ValueError("holds no token; put the bot's token in it, or unset it.")
    if token.lower().startswith("bot "):
        raise ValueError("begins with 'Bot'; give the token alone, Discord's page copies it so.")
    if re.search(r"\s", token) or not token.isascii():
        raise ValueError("is not one word of plain letters; copy the token again, without spaces.")
    return token


def parse_paths(text: str) -> tuple[Path, ...]:
    """Parse existing files and folders, separated as in PATH."""
    _refuse_address(text)
    paths = tuple(_expand_home(part) for part in text.split(os.pathsep) if part)
    missing = [str(path) for path in paths if not path.exists()]
    if missing:
        raise ValueError(f"there is no {', '.join(missing)}; name folders or files that exist.")
    return paths


def parse_languages(text: str) -> tuple[str, ...]:
    """Parse the languages of translations, separated by commas, or `none`."""
    if text.strip().casefold() == "none":
        return ()
    # "pt" is what people write for the one Portuguese that there is.
    known = {tag.casefold(): tag for tag in ("en", *PACK_LANGUAGES)} | {
        tag.partition("-")[0]: tag for tag in PACK_LANGUAGES
    }
    named = [part.strip().casefold() for part in text.split(",") if part.strip()]
    if not all(each in known for each in named):
        tags = ",".join(PACK_LANGUAGES)
        raise ValueError(f"is no list of languages; write their tags, of {tags}, or none.")
    return tuple(dict.fromkeys(known[each] for each in named))


def parse_path(text: str) -> Path:
    """Parse one file or folder."""
    _refuse_address(text)
    return _expand_home(text)


def _expand_home(text: str) -> Path:
    try:
        return Path(text).expanduser()
    except RuntimeError as error:
        raise ValueError("begins with ~ and no user's name; write the path in full.") from error


def _refuse_address(text: str) -> None:
    # Taken for a path, an address would be displayed with its password.
    if "://" in text:
        raise ValueError("is an address; name a folder or file.")


def parse_state_url(text: str) -> str:
    """Parse the address of the state database."""
    # Hosts of PostgreSQL hand out the plain schemes, without a driver.
    schemes = ("sqlite+aiosqlite:///", "sqlite:///")
    servers = ("postgresql+asyncpg://", "postgresql://", "postgres://")
    if not text.startswith(schemes + servers):
        raise ValueError(
            "is no database we know; write sqlite+aiosqlite:///PATH or "
            "postgresql+asyncpg://USER:PASSWORD@HOST/NAME."
        )
    return text


def parse_url(*schemes: str) -> Callable[[str], str]:
    """Build a parser of addresses with one of these schemes."""

    def parse(text: str) -> str:
        if not re.fullmatch(rf"(?:{'|'.join(schemes)})://[^/?#\s@]+(?:/[^\s?#]*)?", text):
            raise ValueError(f"is no address; write one that begins with {schemes[0]}://.")
        return text.rstrip("/")

    return parse


def parse_page(text: str) -> str:
    """Parse the address of a page that people are sent to."""
    longest = 300  # a message has room for it beside everything else
    if len(text) > longest or not re.fullmatch(r"https?://[^\s<>()\[\]\\]+", text):
        raise ValueError(
            "is no address of a page; write one that begins with https://, such as a server's "
            "invitation."
        )
    return text


def parse_cooldown(text: str) -> Cooldown:
    """Parse a limit for each member, such as 5/20."""
    if text.lower() == "off":
        return NO_COOLDOWN
    match = re.fullmatch(r"([1-9]\d{0,3})/([1-9]\d{0,3})", text)
    if match is None:
        raise ValueError("is no limit; write TIMES/SECONDS, such as 5/20, or off.")
    return Cooldown(int(match[1]), int(match[2]))


def parse_flag(text: str) -> bool:
    """Parse yes or no."""
    flags = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}
    if text.lower() not in flags:
        raise ValueError("is neither; write yes or no.")
    return flags[text.lower()]


def parse_shards(text: str) -> Shards:
    """Parse a selection of shards, such as 0-3/16."""
    match = re.fullmatch(r"(\d{1,5})(?:-(\d{1,5}))?/(\d{1,5})", text)
    if match is None:
        raise ValueError("is no selection of shards; write FIRST-LAST/ALL, such as 0-3/16.")
    first, last, count = int(match[1]), int(match[2] or match[1]), int(match[3])
    if not count:
        raise ValueError("does not fit; there is at least one shard: 0/1.")
    if not first <= last < count:
        raise ValueError(f"does not fit; shards of {count} are counted from 0 to {count - 1}.")
    return Shards(tuple(range(first, last + 1)), count)


def parse_levels(text: str) -> dict[str, str]:
    """Parse log levels by part, such as info,discord=warning."""
    levels = {"": "info"}
    for part in text.lower().split(","):
        name, _, level = part.strip().rpartition("=")
        if level not in {"debug", "info", "warning", "error"}:
            raise ValueError(
                "there is no such level; write debug, info, warning or error, for a part of the "
                "program PART=LEVEL, several with commas: info,discord=warning."
            )
        levels[name] = level
    return levels


def parse_format(text: str) -> str:
    """Parse the format of the log."""
    if text.lower() not in {"auto", "human", "json"}:
        raise ValueError("is no format; write auto, human or json.")
    return text.lower()


def parse_port(text: str) -> int:
    """Parse a port."""
    highest = 65535
    if not text.isdecimal() or not 0 < int(text) <= highest:
        raise ValueError(f"is no port; write a number from 1 to {highest}.")
    return int(text)


def parse_rate(text: str) -> int:
    """Parse a number of requests per second."""
    highest = 10_000
    if not text.isdecimal() or not 0 < int(text) <= highest:
        raise ValueError(f"is no pace; write a number from 1 to {highest}.")
    return int(text)


SETTINGS = (
    Setting("token", "LINERNOTES_TOKEN", "none", "The bot's token.", parse_token, is_secret=True),
    Setting(
        "token_file",
        "LINERNOTES_TOKEN_FILE",
        "none",
        "A file that holds the token, such as a container's secret.",
        parse_path,
    ),
    Setting(
        "packs",
        "LINERNOTES_PACKS",
        "none",
        "More packs beside those that come with it: files or folders, separated as in PATH "
        "(in the file, a list).",
        parse_paths,
    ),
    Setting(
        "languages",
        "LINERNOTES_LANGUAGES",
        "all that the packs have",
        "The languages in which questions are answered beside the packs' own, `es,pt-BR`, or "
        "`none`; the others are not loaded.",
        parse_languages,
    ),
    Setting(
        "data_dir",
        "LINERNOTES_DATA_DIR",
        "the user's data folder",
        "Where the compiled facts and the state are kept.",
        parse_path,
    ),
    Setting(
        "state_url",
        "LINERNOTES_STATE_URL",
        "SQLite in the data folder",
        "The state database: `sqlite+aiosqlite:///PATH` or `postgresql+asyncpg://USER:PASSWORD@HOST/NAME`.",
        parse_state_url,
    ),
    Setting(
        "shards",
        "LINERNOTES_SHARDS",
        "as Discord recommends",
        "The shards this process serves, FIRST-LAST/ALL: `0-3/16`.",
        parse_shards,
    ),
    Setting(
        "requests_per_second",
        "LINERNOTES_REQUESTS_PER_SECOND",
        "40",
        "What posting may ask of Discord, over all processes; more only if Discord raised the "
        "bot's limit of 50.",
        parse_rate,
    ),
    Setting(
        "log_level",
        "LINERNOTES_LOG_LEVEL",
        "info",
        "How much is logged, by part if wanted: `info,discord=warning`.",
        parse_levels,
    ),
    Setting(
        "log_format",
        "LINERNOTES_LOG_FORMAT",
        "auto",
        "`human`, `json`, or `auto`: human on a terminal, JSON otherwise.",
        parse_format,
    ),
    Setting(
        "metrics_port",
        "LINERNOTES_METRICS_PORT",
        "off",
        "The port of `/metrics`, `/healthz` and `/readyz`, on this machine only.",
        parse_port,
    ),
    Setting(
        "help_page",
        "LINERNOTES_HELP_PAGE",
        "none",
        "Where people may ask for help with the bot, for `/help`: a page, or a server's "
        "invitation.",
        parse_page,
    ),
    Setting(
        "cooldown",
        "LINERNOTES_COOLDOWN",
        "5/20",
        "How often a member may have the bot post in a channel, TIMES/SECONDS, or `off`; answers "
        "for the asker alone are not counted.",
        parse_cooldown,
    ),
    Setting(
        "api",
        "LINERNOTES_API",
        "Discord",
        "The HTTP API of a stand-in for Discord; needs the gateway too.",
        parse_url("http", "https"),
    ),
    Setting(
        "gateway",
        "LINERNOTES_GATEWAY",
        "Discord",
        "The gateway of a stand-in for Discord.",
        parse_url("ws", "wss"),
    ),
    Setting(
        "force",
        "LINERNOTES_FORCE",
        "no",
        "`yes` allows a stand-in that is not on this machine: it is sent the token.",
        parse_flag,
    ),
)
"""Every setting there is, in the order in which people meet them."""
