"""The settings: from the environment and an optional TOML file, with where each one came from.

Plain parsing rather than pydantic: a running bot does not import pydantic, which costs it more
memory than a thousand servers do.
"""

from __future__ import annotations

import os
import re
import tomllib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from platformdirs import user_data_path

from bot.errors import ConfigError
from bot.settings import SETTINGS, Setting, Shards, read_token

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
    """Whether addresses off this machine are meant."""


@dataclass(frozen=True, slots=True)
class Config:
    """What is in force."""

    token: str | None
    packs: tuple[Path, ...]
    data_dir: Path
    state_url: str
    endpoint: Endpoint | None
    shards: Shards | None
    requests_per_second: int | None
    """None for the usual pace of posting."""
    log_level: Mapping[str, str]
    """Levels by part; the part "" is everything else."""
    log_format: str
    metrics_port: int | None
    origins: Mapping[str, str] = field(repr=False)
    """Where each setting's value came from, by the setting's name."""
    shown: Mapping[str, str] = field(repr=False)
    """Each setting's value as it may be shown: no token, no password."""

    @classmethod
    def from_env(cls, env: Mapping[str, str], toml_path: Path | None = None) -> Config:
        """Read every setting; the environment wins over the file.

        Raises:
            ConfigError: Names every fault found, each with its remedy.
        """
        faults: list[str] = []
        given = _given(env, toml_path, faults)
        values = {setting.name: _read(setting, given, faults) for setting in SETTINGS}
        token = _token(given, values, faults)
        endpoint = _endpoint(values, faults)
        if faults:
            raise ConfigError("\n".join(faults))
        data_dir = values["data_dir"] or user_data_path("linernotes", appauthor=False)
        return cls(
            token=token,
            packs=values["packs"] or (),
            data_dir=data_dir,
            state_url=values["state_url"] or f"sqlite+aiosqlite:///{data_dir / 'state.sqlite3'}",
            endpoint=endpoint,
            shards=values["shards"],
            requests_per_second=values["requests_per_second"],
            log_level=values["log_level"] or {"": "info"},
            log_format=values["log_format"] or "auto",
            metrics_port=values["metrics_port"],
            origins={
                s.name: given[s.name].origin if s.name in given else "default" for s in SETTINGS
            },
            shown={s.name: _shown(s, given) for s in SETTINGS},
        )

    def need_token(self) -> str:
        """Return the token, or raise ConfigError with how to get one and how to do without."""
        if self.token is None:
            raise ConfigError(NO_TOKEN)
        return self.token


@dataclass(frozen=True, slots=True)
class _Given:
    text: str
    origin: str


def _given(env: Mapping[str, str], toml_path: Path | None, faults: list[str]) -> dict[str, _Given]:
    given = {} if toml_path is None else _from_file(toml_path, faults)
    for setting in SETTINGS:
        text = env.get(setting.variable, "").strip()
        if text:
            given[setting.name] = _Given(text, setting.variable)
    return given


def _from_file(path: Path, faults: list[str]) -> dict[str, _Given]:
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        faults.append(
            f"{path}: cannot be read ({error.strerror}); correct the path or its permissions."
        )
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        faults.append(f"{path}: is not TOML ({error}); correct it there.")
        return {}
    allowed = {setting.name for setting in SETTINGS if not setting.is_secret}
    given = {}
    for key, value in content.items():
        text = _as_text(value, path.parent)
        if key == "token":
            faults.append(
                f"{path}: a token does not belong here; use LINERNOTES_TOKEN or token_file."
            )
        elif key not in allowed:
            faults.append(f"{path}: unknown key '{key}'; known are {', '.join(sorted(allowed))}.")
        elif text is None:
            faults.append(f"{path}: '{key}' is {type(value).__name__}; write it as text in quotes.")
        else:
            given[key] = _Given(_beside(key, text, path.parent), f"{path}, {key}")
    return given


def _as_text(value: object, folder: Path) -> str | None:
    match value:
        case bool():
            return "yes" if value else "no"
        case str() | int():
            return str(value)
        case list() if all(isinstance(part, str) for part in value):
            return os.pathsep.join(_joined(folder, part) for part in value)
        case _:
            return None


def _beside(key: str, text: str, folder: Path) -> str:
    """A path in the file is relative to the file, wherever the bot is started."""
    is_path = key in {"data_dir", "token_file"} or (key == "packs" and os.pathsep not in text)
    return _joined(folder, text) if is_path else text


def _joined(folder: Path, text: str) -> str:
    """Join them; an address or a home stays as it is, for who reads it to refuse or find."""
    return text if "://" in text or text.startswith("~") else str(folder / text)


def _read(setting: Setting, given: Mapping[str, _Given], faults: list[str]) -> Any:
    if setting.name not in given:
        return None
    text, origin = given[setting.name].text, given[setting.name].origin
    try:
        return setting.read(text)
    except ValueError as error:
        what = "" if setting.is_secret else f" is '{_without_password(text)}'"
        faults.append(f"{origin}{what}: {error}")
        return None


def _token(given: Mapping[str, _Given], values: Mapping[str, Any], faults: list[str]) -> str | None:
    if values["token"] is not None and values["token_file"] is not None:
        faults.append(
            f"LINERNOTES_TOKEN and {given['token_file'].origin}: both are set; unset one."
        )
    if values["token"] is not None or values["token_file"] is None:
        return values["token"]  # type: ignore[no-any-return]  # its reader returns text
    path, origin = values["token_file"], given["token_file"].origin
    try:
        return read_token(path.read_text(encoding="utf-8"))
    except OSError as error:
        # Without what it says: whoever mistakes the one variable for the other puts the token here.
        faults.append(
            f"{origin}: the file it names cannot be read ({error.strerror}); correct the path, and "
            "put the token into the file."
        )
    except ValueError as error:  # among them a file that is not UTF-8
        faults.append(f"{origin} is '{path}': {error}")
    return None


def _endpoint(values: Mapping[str, Any], faults: list[str]) -> Endpoint | None:
    api, gateway, is_forced = values["api"], values["gateway"], values["force"] or False
    if (api is None) != (gateway is None):
        there, missing = ("API", "GATEWAY") if api else ("GATEWAY", "API")
        faults.append(
            f"LINERNOTES_{there} is set without LINERNOTES_{missing}: a stand-in for Discord needs "
            "both, or the token might go to Discord; set both, or neither."
        )
    return Endpoint(api, gateway, is_forced) if api and gateway else None


def _shown(setting: Setting, given: Mapping[str, _Given]) -> str:
    if setting.name not in given:
        return setting.default
    if setting.is_secret:
        return HIDDEN
    return _without_password(given[setting.name].text)


def _without_password(text: str) -> str:
    """Blot out what stands for a password in a URL: greedily, for a password may hold any sign."""
    text = re.sub(r"(?<=://)([^:/@]*):.*@", rf"\1:{HIDDEN}@", text)
    return re.sub(r"(?i)(?<=[?&]password=)[^&]*", HIDDEN, text)
