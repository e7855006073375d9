"""Settings: any environment and any file is read, or refused in sentences without a secret."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from hypothesis import strategies as some

from bot.config import Config
from bot.errors import ConfigError
from bot.settings import SETTINGS
from tests.fuzz.target import Target

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tests.fuzz.target import Check

SECRET = "MTk4NjIy.Cl2FMQ.hunter2hunter2"
LIKELY = [
    *("0-3/16", "3/3", "99999/99999", "9100", "0", "65536", "yes", "perhaps", "json", "info"),
    *("info,discord=loud", "=", ",,", "http://127.0.0.1:1/api", "ws://[::1", "http://a@b", "~"),
    *("sqlite+aiosqlite:///x", "sqlite+aiosqlite://", f"postgresql+asyncpg://a:{SECRET}@b/c"),
    *("postgresql+asyncpg://[", "/nowhere:/else", "²", "\uff11"),
]
TEXTS = some.sampled_from(LIKELY) | some.text(max_size=20)
NAMES = some.sampled_from([setting.variable for setting in SETTINGS])
KEYS = some.sampled_from([setting.name for setting in SETTINGS]) | some.text("abc.[]=", max_size=5)
LINES = some.tuples(KEYS, some.sampled_from(["=", "= ", "", "["]), TEXTS.map(repr) | TEXTS)
FILES = (
    some.none()
    | some.binary(max_size=60)
    | some.lists(LINES.map("".join)).map(
        lambda lines: "\n".join(lines).encode("utf-8", "surrogatepass")
    )
)
ENVIRONMENTS = some.dictionaries(NAMES, TEXTS, max_size=6)


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[Check]:
    file = folder / "linernotes.toml"

    async def check(given: tuple[dict[str, str], bytes | None, bool]) -> None:
        env, content, is_secret = given
        if is_secret:
            env = {**env, "LINERNOTES_TOKEN": SECRET}
        if content is not None:
            file.write_bytes(content)
        try:
            config = Config.from_env(env, None if content is None else file)
        except ConfigError as error:
            told = str(error)
        else:
            assert config.displayed.keys() == config.origins.keys()
            told = str(config.displayed)
        assert told
        assert SECRET not in told

    yield check


TARGET = Target("configuration", some.tuples(ENVIRONMENTS, FILES, some.booleans()), opened)
