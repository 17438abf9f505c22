"""The two caches, which pages can do without: while Redis is away or the disk is full, everything is a miss and is worked out again."""

import fcntl
import logging
from pathlib import Path

from django.core.cache.backends.filebased import FileBasedCache
from django.core.cache.backends.redis import RedisCache
from redis import RedisError

log = logging.getLogger(__name__)


class Sparable:
    """Put before one of Django's caches: its faults are logged and read as a miss, or as nothing stored.

    Whoever asks to be the first to add a value then is, so that nobody waits for a first who never was.
    """

    FAULTS: type[Exception]

    def _spare(self, name, otherwise, *arguments, **options):
        try:
            return getattr(super(), name)(*arguments, **options)
        except self.FAULTS as error:
            log.warning("the cache is away (%s): done without it", type(error).__name__)
            return otherwise

    def get(self, key, default=None, version=None):
        return self._spare("get", default, key, default, version)

    def set(self, *arguments, **options):
        return self._spare("set", None, *arguments, **options)

    def add(self, *arguments, **options):
        return self._spare("add", True, *arguments, **options)

    def touch(self, *arguments, **options):
        return self._spare("touch", False, *arguments, **options)

    def delete(self, *arguments, **options):
        return self._spare("delete", False, *arguments, **options)

    def get_many(self, *arguments, **options):
        return self._spare("get_many", {}, *arguments, **options)

    def set_many(self, data, *arguments, **options):
        return self._spare("set_many", list(data), data, *arguments, **options)

    def has_key(self, *arguments, **options):
        return self._spare("has_key", False, *arguments, **options)


class SparableRedisCache(Sparable, RedisCache):
    FAULTS = RedisError


class OneFirst(FileBasedCache):
    """Django's cache of files, whose `add` looks and writes in one step: of several processes, one is the first."""

    def add(self, *arguments, **options):
        self._createdir()
        with (Path(self._dir) / "add.lock").open("a") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            return super().add(*arguments, **options)


class FileCache(Sparable, OneFirst):
    FAULTS = OSError
