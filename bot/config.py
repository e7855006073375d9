"""The settings in force, from the environment and a TOML file.

Plain parsing rather than pydantic: a running bot does not import pydantic, which would cost it
more memory than a thousand servers do.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from platformdirs import user_data_path

from bot.errors import ConfigError
from bot.settings import SETTINGS, USUAL_COOLDOWN, Cooldown, Setting, Shards, parse_token

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

NO_TOKEN = """\
There is no bot token. Either
  get one: https://discord.com/developers/applications, New Application, Bot, Reset Token;
    then set LINERNOTES_TOKEN, or name a file that holds it with LINERNOTES_TOKEN_FILE; or
  do without: `linernotes demo` shows the whole bot on this machine,
    `linernotes ask "..."` answers in the terminal."""  # noqa: S105  # words about a token, not one

HIDDEN = "••••••••"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """The addresses of a stand-in for Discord."""

    api: str
    gateway: str
    is_forced: bool = False
    """Whether addresses off this machine are allowed."""


@dataclass(frozen=True, slots=True)
class Config:
    """The settings in force."""

    token: str | None
    packs: tuple[Path, ...]
    languages: tuple[str, ...] | None
    """The languages of translations that are served; None for all."""
    data_dir: Path
    state_url: str
    endpoint: Endpoint | None
    shards: Shards | None
    requests_per_second: int | None
    """The limit of posting's requests; None for the usual one."""
    log_level: Mapping[str, str]
    """Levels by part; the part "" is everything else."""
    log_format: str
    metrics_port: int | None
    help_page: str | None
    """Where people may ask for help with the bot."""
    cooldown: Cooldown
    origins: Mapping[str, str] = field(repr=False)
    """The origin of each setting's value, by the setting's name."""
    displayed: Mapping[str, str] = field(repr=False)
    """Each setting's value without token and password, by the setting's name."""

    @classmethod
    def from_env(cls, env: Mapping[str, str], toml_path: Path | None = None) -> Config:
        """Read every setting; the environment wins over the file.

        Raises:
            ConfigError: The message names every problem, each with its remedy.
        """
        reader = _Reader(env, toml_path)
        values = {setting.name: reader.parse(setting) for setting in SETTINGS}
        token, endpoint = reader.choose_token(values), reader.choose_endpoint(values)
        if reader.problems:
            raise ConfigError("\n".join(reader.problems))
        data_dir = values["data_dir"] or user_data_path("linernotes", appauthor=False)
        return cls(
            token=token,
            packs=values["packs"] or (),
            languages=values["languages"],
            data_dir=data_dir,
            state_url=values["state_url"] or write_file_url(data_dir / "state.sqlite3"),
            endpoint=endpoint,
            shards=values["shards"],
            requests_per_second=values["requests_per_second"],
            log_level=values["log_level"] or {"": "info"},
            log_format=values["log_format"] or "auto",
            metrics_port=values["metrics_port"],
            help_page=values["help_page"],
            cooldown=values["cooldown"] or USUAL_COOLDOWN,
            origins={setting.name: reader.origin(setting) for setting in SETTINGS},
            displayed={setting.name: reader.display(setting) for setting in SETTINGS},
        )

    def require_token(self) -> str:
        """Return the token, or raise ConfigError with the ways to get one."""
        if self.token is None:
            raise ConfigError(NO_TOKEN)
        return self.token


def write_file_url(file: Path) -> str:
    """Return the URL of a SQLite file whose name holds any character."""
    # Not URL.create, for SQLAlchemy costs what only those who open the state need to pay.
    escaped = str(file).translate({ord(mark): f"%{ord(mark):02X}" for mark in "%?#"})
    return f"sqlite+aiosqlite:///{escaped}"


class _Reader:
    """Reads settings, and gathers the problems with them.

    Each problem is told beside the others: whoever sets a bot up wants to correct all at once.
    """

    def __init__(self, env: Mapping[str, str], toml_path: Path | None) -> None:
        self.problems: list[str] = []
        self._given: dict[str, tuple[str, str]] = {}
        """The text and the origin of each setting that is given."""
        if toml_path is not None:
            self.read_file(toml_path)
        for setting in SETTINGS:
            text = env.get(setting.variable, "").strip()
            if text:
                self._given[setting.name] = (text, setting.variable)

    def read_file(self, path: Path) -> None:
        """Take the settings of a TOML file."""
        import tomllib  # noqa: PLC0415  # most hosts have no such file

        try:
            content = tomllib.loads(path.read_text(encoding="utf-8"))
        except OSError as error:
            self.problems.append(
                f"{path}: cannot be read ({error.strerror}); correct the path or its permissions."
            )
            return
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            self.problems.append(f"{path}: is not TOML ({error}); correct it there.")
            return
        allowed = {setting.name for setting in SETTINGS if not setting.is_secret}
        for key, value in content.items():
            text = _as_text(key, value, path.parent)
            if key == "token":
                self.problems.append(
                    f"{path}: a token does not belong here; use LINERNOTES_TOKEN or token_file."
                )
            elif key not in allowed:
                known = ", ".join(sorted(allowed))
                self.problems.append(f"{path}: unknown key '{key}'; known are {known}.")
            elif text is None:
                self.problems.append(
                    f"{path}: '{key}' is {type(value).__name__}; write it as text in quotes."
                )
            else:
                self._given[key] = (text, f"{path}, {key}")

    def parse(self, setting: Setting) -> Any:
        """Return a setting's value, or None without one."""
        if setting.name not in self._given:
            return None
        text, origin = self._given[setting.name]
        try:
            return setting.parse(text)
        except ValueError as error:
            value = "" if setting.is_secret else f" is '{_mask_password(text)}'"
            self.problems.append(f"{origin}{value}: {error}")
            return None

    def origin(self, setting: Setting) -> str:
        """Return where a setting's value comes from."""
        return self._given[setting.name][1] if setting.name in self._given else "default"

    def display(self, setting: Setting) -> str:
        """Return a setting's value without token and password."""
        if setting.name not in self._given:
            return setting.default
        return HIDDEN if setting.is_secret else _mask_password(self._given[setting.name][0])

    def choose_token(self, values: Mapping[str, Any]) -> str | None:
        """Return the token, perhaps from the file that holds it."""
        token, path = values["token"], values["token_file"]
        if path is None:
            return token  # type: ignore[no-any-return]  # its reader returns text
        _, origin = self._given["token_file"]
        if token is not None:
            self.problems.append(f"LINERNOTES_TOKEN and {origin}: both are set; unset one.")
            return token  # type: ignore[no-any-return]  # as above
        try:
            return parse_token(path.read_text(encoding="utf-8"))
        except OSError as error:
            # Without its text: a person who mistakes one variable for the other puts the token
            # here.
            self.problems.append(
                f"{origin}: the file it names cannot be read ({error.strerror}); correct the path, "
                "and put the token into the file."
            )
        except ValueError as error:  # among them a file that is not UTF-8
            self.problems.append(f"{origin} is '{path}': {error}")
        return None

    def choose_endpoint(self, values: Mapping[str, Any]) -> Endpoint | None:
        """Return the stand-in for Discord, if both of its addresses are given."""
        api, gateway, is_forced = values["api"], values["gateway"], values["force"] or False
        if (api is None) != (gateway is None):
            there, missing = ("API", "GATEWAY") if api else ("GATEWAY", "API")
            self.problems.append(
                f"LINERNOTES_{there} is set without LINERNOTES_{missing}: a stand-in for Discord "
                "needs both, or the token might go to Discord; set both, or neither."
            )
        return Endpoint(api, gateway, is_forced) if api and gateway else None


def _as_text(key: str, value: object, folder: Path) -> str | None:
    """Return a file's value as an environment variable has it."""

    def join(text: str) -> str:  # but neither an address nor a home directory
        return text if "://" in text or text.startswith("~") else str(folder / text)

    match value:
        case bool():
            return "yes" if value else "no"
        case str() | int():
            is_list = key == "packs" and os.pathsep in str(value)
            is_path = key in {"data_dir", "token_file", "packs"} and not is_list
            return join(str(value)) if is_path else str(value)
        case list() if all(isinstance(part, str) for part in value):
            return os.pathsep.join(map(join, value))
        case _:
            return None


def _mask_password(text: str) -> str:
    """Mask the password in a URL."""
    # Greedily, for a password may hold any character.
    text = re.sub(r"(?<=://)([^:/@]*):.*@", rf"\1:{HIDDEN}@", text)
    return re.sub(r"(?i)(?<=password=)[^&]*", HIDDEN, text)
