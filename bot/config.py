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
        problems: list[str] = []
        given = _collect_values(env, toml_path, problems)
        values = {setting.name: _parse_setting(setting, given, problems) for setting in SETTINGS}
        token = _choose_token(given, values, problems)
        endpoint = _choose_endpoint(values, problems)
        if problems:
            raise ConfigError("\n".join(problems))
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
            origins={
                s.name: given[s.name].origin if s.name in given else "default" for s in SETTINGS
            },
            displayed={s.name: _displayed(s, given) for s in SETTINGS},
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


@dataclass(frozen=True, slots=True)
class _Value:
    text: str
    origin: str


def _collect_values(
    env: Mapping[str, str], toml_path: Path | None, problems: list[str]
) -> dict[str, _Value]:
    given = {} if toml_path is None else _read_file(toml_path, problems)
    for setting in SETTINGS:
        text = env.get(setting.variable, "").strip()
        if text:
            given[setting.name] = _Value(text, setting.variable)
    return given


def _read_file(path: Path, problems: list[str]) -> dict[str, _Value]:
    import tomllib  # noqa: PLC0415  # most hosts have no such file

    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        problems.append(
            f"{path}: cannot be read ({error.strerror}); correct the path or its permissions."
        )
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        problems.append(f"{path}: is not TOML ({error}); correct it there.")
        return {}
    allowed = {setting.name for setting in SETTINGS if not setting.is_secret}
    given = {}
    for key, value in content.items():
        text = _as_text(value, path.parent)
        if key == "token":
            problems.append(
                f"{path}: a token does not belong here; use LINERNOTES_TOKEN or token_file."
            )
        elif key not in allowed:
            problems.append(f"{path}: unknown key '{key}'; known are {', '.join(sorted(allowed))}.")
        elif text is None:
            problems.append(
                f"{path}: '{key}' is {type(value).__name__}; write it as text in quotes."
            )
        else:
            given[key] = _Value(_resolve_paths(key, text, path.parent), f"{path}, {key}")
    return given


def _as_text(value: object, folder: Path) -> str | None:
    match value:
        case bool():
            return "yes" if value else "no"
        case str() | int():
            return str(value)
        case list() if all(isinstance(part, str) for part in value):
            return os.pathsep.join(_join_path(folder, part) for part in value)
        case _:
            return None


def _resolve_paths(key: str, text: str, folder: Path) -> str:
    """Make a path in the file relative to the file."""
    is_path = key in {"data_dir", "token_file"} or (key == "packs" and os.pathsep not in text)
    return _join_path(folder, text) if is_path else text


def _join_path(folder: Path, text: str) -> str:
    """Join a folder and a path, but neither address nor home directory."""
    return text if "://" in text or text.startswith("~") else str(folder / text)


def _parse_setting(setting: Setting, given: Mapping[str, _Value], problems: list[str]) -> Any:
    if setting.name not in given:
        return None
    text, origin = given[setting.name].text, given[setting.name].origin
    try:
        return setting.parse(text)
    except ValueError as error:
        value = "" if setting.is_secret else f" is '{_mask_password(text)}'"
        problems.append(f"{origin}{value}: {error}")
        return None


def _choose_token(
    given: Mapping[str, _Value], values: Mapping[str, Any], problems: list[str]
) -> str | None:
    if values["token"] is not None and values["token_file"] is not None:
        problems.append(
            f"LINERNOTES_TOKEN and {given['token_file'].origin}: both are set; unset one."
        )
    if values["token"] is not None or values["token_file"] is None:
        return values["token"]  # type: ignore[no-any-return]  # its reader returns text
    path, origin = values["token_file"], given["token_file"].origin
    try:
        return parse_token(path.read_text(encoding="utf-8"))
    except OSError as error:
        # Without its text: a person who mistakes one variable for the other puts the token here.
        problems.append(
            f"{origin}: the file it names cannot be read ({error.strerror}); correct the path, and "
            "put the token into the file."
        )
    except ValueError as error:  # among them a file that is not UTF-8
        problems.append(f"{origin} is '{path}': {error}")
    return None


def _choose_endpoint(values: Mapping[str, Any], problems: list[str]) -> Endpoint | None:
    api, gateway, is_forced = values["api"], values["gateway"], values["force"] or False
    if (api is None) != (gateway is None):
        there, missing = ("API", "GATEWAY") if api else ("GATEWAY", "API")
        problems.append(
            f"LINERNOTES_{there} is set without LINERNOTES_{missing}: a stand-in for Discord needs "
            "both, or the token might go to Discord; set both, or neither."
        )
    return Endpoint(api, gateway, is_forced) if api and gateway else None


def _displayed(setting: Setting, given: Mapping[str, _Value]) -> str:
    if setting.name not in given:
        return setting.default
    if setting.is_secret:
        return HIDDEN
    return _mask_password(given[setting.name].text)


def _mask_password(text: str) -> str:
    """Mask the password in a URL."""
    # Greedily, for a password may hold any character.
    text = re.sub(r"(?<=://)([^:/@]*):.*@", rf"\1:{HIDDEN}@", text)
    return re.sub(r"(?i)(?<=password=)[^&]*", HIDDEN, text)
