"""The gateway's transport compression: one stream for the life of a connection."""

from __future__ import annotations

import importlib
import zlib
from typing import Protocol, cast


class Compressor(Protocol):
    """Turns one frame of text into bytes of the stream."""

    def __call__(self, text: str) -> bytes:
        """Compress and flush, so that the frame can be read at once."""


def compressor(name: str | None) -> Compressor | None:
    """Return a compressor for the requested encoding, or None for plain text.

    zstd is there when Python (3.14) or the `zstandard` package brings it; without, the frames
    are sent as text, which clients take as well.
    """
    if name == "zlib-stream":
        return _zlib_stream()
    if name == "zstd-stream":
        return _zstd_stream()
    return None


def _zlib_stream() -> Compressor:
    stream = zlib.compressobj()

    def compress(text: str) -> bytes:
        return stream.compress(text.encode()) + stream.flush(zlib.Z_SYNC_FLUSH)

    return compress


class _ZstdObject(Protocol):
    def compress(self, data: bytes) -> bytes: ...
    def flush(self, mode: int) -> bytes: ...


def _zstd_stream() -> Compressor | None:
    try:
        module = importlib.import_module("compression.zstd")
        stream = cast("_ZstdObject", module.ZstdCompressor())
        flush_block = int(module.ZstdCompressor.FLUSH_BLOCK)
    except ImportError:
        try:
            module = importlib.import_module("zstandard")
        except ImportError:
            return None
        stream = cast("_ZstdObject", module.ZstdCompressor().compressobj())
        flush_block = int(module.COMPRESSOBJ_FLUSH_BLOCK)

    def compress(text: str) -> bytes:
        return stream.compress(text.encode()) + stream.flush(flush_block)

    return compress
