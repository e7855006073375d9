"""`python -m bot.observability.probe`: check the health of the bot on this machine.

For a container's health check: it imports next to nothing. It asks `/readyz`, or `/healthz` where
the supervisor would restart a bot that is merely waiting for Discord.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

PAGES = ("readyz", "healthz")
TIMEOUT = 4.0


def main(words: Sequence[str], env: Mapping[str, str]) -> int:
    """Print the page, and return the exit status."""
    page = words[0] if words else PAGES[0]
    port = env.get("LINERNOTES_METRICS_PORT", "")
    if page not in PAGES or not port.isdecimal():
        print(  # noqa: T201  # this module is a program
            f"Write one of {', '.join(PAGES)}, and set LINERNOTES_METRICS_PORT to the bot's port.",
            file=sys.stderr,
        )
        return 2
    page_text, status = _fetch_page(f"http://127.0.0.1:{port}/{page}")
    print(page_text.strip())  # noqa: T201  # this module is a program
    return status


def _fetch_page(url: str) -> tuple[str, int]:
    try:
        with urlopen(url, timeout=TIMEOUT) as answer:  # noqa: S310  # http, on this machine
            return answer.read().decode(), 0
    except HTTPError as error:
        with error:
            return error.read().decode(), 1
    except (URLError, OSError) as error:
        return f"{url} does not answer ({error}); does the bot run, with that port?", 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
