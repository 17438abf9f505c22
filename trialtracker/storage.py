"""Static files under names that carry their content's hash, so that browsers may keep them for ever."""

import gzip
import zlib
from pathlib import Path

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticStorage(CompressedManifestStaticFilesStorage):
    """Falls back to the plain name where `collectstatic` has not run (a test, a first look): whitenoise then finds the file itself."""

    manifest_strict = False

    def stored_name(self, name):
        try:
            return super().stored_name(name)
        except ValueError:
            return name

    def compress_files(self, paths):
        """Pass over what an earlier start has compressed, since that takes longer than all the rest of a start, and maps for debuggers."""
        wanted = (path for path in paths if not path.endswith(".map"))
        return super().compress_files(path for path in wanted if not self._is_compressed(Path(self.path(path))))

    @staticmethod
    def _is_compressed(path):
        """Whether the copy that is written last is there, and was not cut short by the end of the process."""
        try:
            return gzip.decompress(path.with_name(f"{path.name}.gz").read_bytes()) == path.read_bytes()
        except (FileNotFoundError, EOFError, gzip.BadGzipFile, zlib.error):
            return False
