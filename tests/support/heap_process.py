"""The command `linernotes`, which searches its own heap when told to: SIGUSR1.

What is found of typed words (`heap.typed_texts_left`) is written to the file HEAP_REPORT as JSON.
"""

from __future__ import annotations

import gc
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
    gc.unfreeze()  # what was set aside may have come to hold something since
    draft.write_text(json.dumps(typed_texts_left(is_collecting=False)), encoding="utf-8")
    draft.replace(file)


if __name__ == "__main__":
    gc.disable()  # or the search itself would set it going, and nobody know what frees what
    signal.signal(signal.SIGUSR1, report)
    main()
