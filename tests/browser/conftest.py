"""What the browser tests share beside Chromium itself, which stands in tests.chromium."""

from tests.atlas import atlas

__all__ = ["atlas"]
