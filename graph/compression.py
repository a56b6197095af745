"""The zstd of the standard library, or of its backport where Python does not have it yet."""

import sys

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

__all__ = ["zstd"]
