"""The command `linernotes`, which searches its own heap when told to: SIGUSR1.

What is found of typed words (`heap.typed_texts_left`) is written to the file HEAP_REPORT as JSON.
"""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path

from bot.cli.main import main
from tests.support.heap import typed_texts_left


def report(*_: object) -> None:
    """Write what is left of typed words to the file, whole."""
    file = Path(os.environ["HEAP_REPORT"])
    draft = file.with_suffix(".draft")
    draft.write_text(json.dumps(typed_texts_left()), encoding="utf-8")
    draft.replace(file)


if __name__ == "__main__":
    signal.signal(signal.SIGUSR1, report)
    main()
