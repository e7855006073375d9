"""Settings: read from environment and file, every fault at once, secrets never shown."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from bot.config import HIDDEN, NO_TOKEN, Config, Endpoint
from bot.errors import ConfigError
from bot.packs.sidecar import LANGUAGES
from bot.scheduling.storage.url import parse_url, sqlite_file
from bot.settings import (
    PACK_LANGUAGES,
    SETTINGS,
    Cooldown,
    Shards,
    render_settings_table,
    unknown_variables,
)

README = Path(__file__).parent.parent / "README.md"


@pytest.mark.parametrize(
    ("text", "languages"),
    [
        ("es,pt-BR", ("es", "pt-BR")),
        (" es ", ("es",)),
        ("ES, pt,es", ("es", "pt-BR")),
        ("en", ("en",)),
        ("none", ()),
    ],
)
def test_languages_are_named_by_their_tags(text: str, languages: tuple[str, ...]) -> None:
    assert Config.from_env({"LINERNOTES_LANGUAGES": text}).languages == languages
    assert Config.from_env({}).languages is None


def test_every_language_that_packs_are_translated_into_can_be_served() -> None:
    assert PACK_LANGUAGES == LANGUAGES


@pytest.mark.parametrize("text", ["Spanish", "es,xx", "fr", "none,es"])
def test_a_language_that_no_pack_can_have_is_told(text: str) -> None:
    with pytest.raises(ConfigError, match="write their tags, of es,pt-BR, or none"):
        Config.from_env({"LINERNOTES_LANGUAGES": text})


def test_nothing_set_is_a_config_with_defaults() -> None:
    config = Config.from_env({})
    assert config.token is None
    assert config.endpoint is None
    assert config.log_level == {"": "info"}
    assert config.cooldown == Cooldown(5, 20)
    assert config.help_page is None
    assert config.state_url == f"sqlite+aiosqlite:///{config.data_dir / 'state.sqlite3'}"
    assert set(config.origins.values()) == {"default"}


@pytest.mark.parametrize("name", ["a%20b", "what?", "no#1", "100%", "it is ü"])
def test_the_state_stands_in_the_data_folder_of_any_name(tmp_path: Path, name: str) -> None:
    config = Config.from_env({"LINERNOTES_DATA_DIR": str(tmp_path / name)})
    file = sqlite_file(parse_url(config.state_url))
    assert file == tmp_path / name / "state.sqlite3"


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+asyncpg"])
def test_the_address_that_a_host_of_postgres_hands_out_is_taken(scheme: str) -> None:
    url = f"{scheme}://bot:hunter2@db/state?sslmode=require&sslpassword=hunter3"
    config = Config.from_env({"LINERNOTES_STATE_URL": url})
    assert config.state_url == url
    assert "hunter" not in config.displayed["state_url"]


def test_without_a_token_one_learns_how_to_get_one_and_how_to_do_without() -> None:
    with pytest.raises(ConfigError) as caught:
        Config.from_env({}).require_token()
    assert str(caught.value) == NO_TOKEN
    assert "discord.com/developers" in NO_TOKEN
    assert "linernotes demo" in NO_TOKEN


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    toml = tmp_path / "linernotes.toml"
    toml.write_text('log_format = "json"\nmetrics_port = 9100\n')
    config = Config.from_env({"LINERNOTES_LOG_FORMAT": "human"}, toml)
    assert config.log_format == "human"
    assert config.metrics_port == 9100
    assert config.origins["log_format"] == "LINERNOTES_LOG_FORMAT"
    assert config.origins["metrics_port"] == f"{toml}, metrics_port"


def test_every_fault_is_told_at_once_with_its_remedy(tmp_path: Path) -> None:
    toml = tmp_path / "linernotes.toml"
    toml.write_text('tokn = "x"\nlog_format = 1.5\ntoken = "abc"\n')
    env = {
        "LINERNOTES_TOKEN": "Bot abc",
        "LINERNOTES_SHARDS": "4-2/16",
        "LINERNOTES_METRICS_PORT": "99999",
        "LINERNOTES_PACKS": str(tmp_path / "nowhere"),
        "LINERNOTES_LOG_LEVEL": "loud",
        "LINERNOTES_FORCE": "perhaps",
        "LINERNOTES_STATE_URL": "mysql://bot:hunter2@db/state",
    }
    with pytest.raises(ConfigError) as caught:
        Config.from_env(env, toml)
    told = str(caught.value).splitlines()
    assert len(told) == 10
    assert (
        "LINERNOTES_SHARDS is '4-2/16': does not fit; shards of 16 are counted from 0 to 15."
        in told
    )
    assert any("unknown key 'tokn'; known are" in line for line in told)
    assert any("'log_format' is float; write it as text" in line for line in told)
    assert any("begins with 'Bot'; give the token alone" in line for line in told)
    assert "abc" not in str(caught.value)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("content", ["log_format = ", "\udcff"])
def test_a_file_that_is_no_toml_is_named(tmp_path: Path, content: str) -> None:
    toml = tmp_path / "linernotes.toml"
    toml.write_bytes(content.encode(errors="surrogateescape"))
    with pytest.raises(ConfigError, match="is not TOML"):
        Config.from_env({}, toml)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        Config.from_env({}, tmp_path / "none.toml")


def test_a_token_may_stand_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("aaa.bbb.ccc\n")
    config = Config.from_env({"LINERNOTES_TOKEN_FILE": str(tmp_path / "token")})
    assert config.require_token() == "aaa.bbb.ccc"


def test_a_token_file_that_is_empty_or_missing_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("\n")
    with pytest.raises(ConfigError, match="holds no token"):
        Config.from_env({"LINERNOTES_TOKEN_FILE": str(tmp_path / "token")})
    with pytest.raises(ConfigError, match="cannot be read"):
        Config.from_env({"LINERNOTES_TOKEN_FILE": str(tmp_path / "none")})


def test_two_tokens_are_one_too_many(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("a.b.c")
    env = {"LINERNOTES_TOKEN": "d.e.f", "LINERNOTES_TOKEN_FILE": str(tmp_path / "token")}
    with pytest.raises(ConfigError, match="both are set; unset one"):
        Config.from_env(env)


def test_neither_token_nor_password_is_ever_shown() -> None:
    env = {
        "LINERNOTES_TOKEN": "aaa.bbb.ccc",
        "LINERNOTES_STATE_URL": "postgresql+asyncpg://bot:hunt@er2@db/state",
    }
    config = Config.from_env(env)
    assert config.displayed["token"] == HIDDEN
    assert config.displayed["state_url"] == f"postgresql+asyncpg://bot:{HIDDEN}@db/state"


@pytest.mark.parametrize(
    "place", ["bot:hun/ter@db/state", "bot@db/state?password=hun&ssl=on", ":hun@ter@db"]
)
def test_wherever_in_a_url_a_password_stands_it_is_not_shown(place: str) -> None:
    config = Config.from_env({"LINERNOTES_STATE_URL": f"postgresql+asyncpg://{place}"})
    assert HIDDEN in config.displayed["state_url"]
    assert not {"hun", "ter"} & set(re.split(r"\W+", config.displayed["state_url"]))


def test_a_home_of_nobody_is_refused_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="'~nobody-here/x': begins with ~ and no user's name"):
        Config.from_env({"LINERNOTES_DATA_DIR": "~nobody-here/x"})
    file = tmp_path / "linernotes.toml"
    file.write_text("packs = ['~nobody-here']", encoding="utf-8")
    with pytest.raises(ConfigError, match="write the path in full"):
        Config.from_env({}, file)


@pytest.mark.parametrize("line", ["packs = ['{}']", "packs = '{}'", "data_dir = '{}'"])
def test_an_address_given_for_a_path_is_refused_without_its_password(
    tmp_path: Path, line: str
) -> None:
    address = "postgresql+asyncpg://bot:hunter2@db/state"
    file = tmp_path / "linernotes.toml"
    file.write_text(line.format(address), encoding="utf-8")
    name = f"LINERNOTES_{line.split(maxsplit=1)[0].upper()}"
    for env, path in (({name: address}, None), ({}, file)):
        with pytest.raises(ConfigError, match="is an address; name a folder or file") as refusal:
            Config.from_env(env, path)
        assert "hunter2" not in str(refusal.value)


def test_a_stand_in_needs_both_addresses() -> None:
    with pytest.raises(ConfigError, match="LINERNOTES_API is set without LINERNOTES_GATEWAY"):
        Config.from_env({"LINERNOTES_API": "http://127.0.0.1:1/api/v10"})
    with pytest.raises(ConfigError, match="LINERNOTES_GATEWAY is set without LINERNOTES_API"):
        Config.from_env({"LINERNOTES_GATEWAY": "ws://127.0.0.1:1"})
    both = {
        "LINERNOTES_API": "http://127.0.0.1:1/api/v10/",
        "LINERNOTES_GATEWAY": "ws://127.0.0.1:1/gateway",
    }
    assert Config.from_env(both).endpoint == Endpoint(
        "http://127.0.0.1:1/api/v10", "ws://127.0.0.1:1/gateway"
    )


def test_shards_are_a_range_of_a_whole() -> None:
    assert Config.from_env({"LINERNOTES_SHARDS": "2-4/16"}).shards == Shards((2, 3, 4), 16)
    assert Config.from_env({"LINERNOTES_SHARDS": "0/1"}).shards == Shards((0,), 1)
    assert str(Shards((2, 3, 4), 16)) == "2-4/16"


def test_levels_go_by_part() -> None:
    config = Config.from_env({"LINERNOTES_LOG_LEVEL": "warning,discord=debug"})
    assert config.log_level == {"": "warning", "discord": "debug"}


def test_paths_in_the_file_start_from_the_file(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "yours").mkdir()
    toml = tmp_path / "linernotes.toml"
    toml.write_text('packs = ["mine", "yours"]\ndata_dir = "state"\nforce = true\n')
    config = Config.from_env({}, toml)
    assert config.packs == (tmp_path / "mine", tmp_path / "yours")
    assert config.data_dir == tmp_path / "state"


def test_packs_are_separated_as_in_path(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    env = {"LINERNOTES_PACKS": os.pathsep.join([str(tmp_path), str(tmp_path / "a")])}
    assert Config.from_env(env).packs == (tmp_path, tmp_path / "a")


def test_misspelt_variables_are_noticed() -> None:
    env = {"LINERNOTES_TOKN": "x", "LINERNOTES_TOKEN": "y", "HOME": "/"}
    assert unknown_variables(env) == ["LINERNOTES_TOKN"]


def test_no_two_settings_share_a_name() -> None:
    assert len({setting.variable for setting in SETTINGS}) == len(SETTINGS)
    assert len({setting.name for setting in SETTINGS}) == len(SETTINGS)


def test_the_readme_holds_the_table_of_settings() -> None:
    assert render_settings_table() in README.read_text(encoding="utf-8")


def test_a_token_in_the_wrong_variable_is_not_shown() -> None:
    with pytest.raises(ConfigError, match="put the token into the file") as caught:
        Config.from_env({"LINERNOTES_TOKEN_FILE": "MTk4.Cl2F.hunter2"})
    assert "hunter2" not in str(caught.value)


def test_the_pace_of_posting_is_a_number_of_requests() -> None:
    assert Config.from_env({}).requests_per_second is None
    given = {"LINERNOTES_REQUESTS_PER_SECOND": "200"}
    assert Config.from_env(given).requests_per_second == 200
    for wrong in ("0", "-3", "4.5", "10001", "fast"):
        with pytest.raises(ConfigError, match="is no pace; write a number from 1 to 10000"):
            Config.from_env({"LINERNOTES_REQUESTS_PER_SECOND": wrong})


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("0-3", "is no selection of shards; write FIRST-LAST/ALL, such as 0-3/16"),
        ("3-0/4", "does not fit; shards of 4 are counted from 0 to 3"),
        ("0-4/4", "does not fit; shards of 4 are counted from 0 to 3"),
        ("0/0", "does not fit; there is at least one shard: 0/1"),
        ("0,2/4", "is no selection of shards; write FIRST-LAST/ALL"),
        ("all", "is no selection of shards; write FIRST-LAST/ALL"),
    ],
)
def test_shards_that_do_not_fit_are_told_with_an_example(text: str, remedy: str) -> None:
    with pytest.raises(ConfigError) as caught:
        Config.from_env({"LINERNOTES_SHARDS": text})
    assert f"LINERNOTES_SHARDS is '{text}': {remedy}" in str(caught.value)


def test_a_cooldown_is_so_many_times_in_so_many_seconds_or_off() -> None:
    assert Config.from_env({"LINERNOTES_COOLDOWN": "3/60"}).cooldown == Cooldown(3, 60)
    assert Config.from_env({"LINERNOTES_COOLDOWN": "OFF"}).cooldown.is_off
    for wrong in ("5", "0/20", "5/0", "5/20s", "-1/3", "none"):
        with pytest.raises(ConfigError, match="is no limit; write TIMES/SECONDS, such as 5/20"):
            Config.from_env({"LINERNOTES_COOLDOWN": wrong})


def test_the_page_for_help_is_an_address_that_a_card_can_show() -> None:
    page = "https://discord.gg/owls"
    assert Config.from_env({"LINERNOTES_HELP_PAGE": page}).help_page == page
    long = f"https://a.example/{'x' * 300}"
    for wrong in ("discord.gg/owls", "me@owls.example", "https://a b", "https://a)[x](b", long):
        with pytest.raises(ConfigError, match="is no address of a page; write one that begins"):
            Config.from_env({"LINERNOTES_HELP_PAGE": wrong})


def test_one_shard_or_several_are_given_alike() -> None:
    for text, shards in {"2/4": Shards((2,), 4), "2-3/4": Shards((2, 3), 4)}.items():
        assert Config.from_env({"LINERNOTES_SHARDS": text}).shards == shards
        assert str(shards) == text
