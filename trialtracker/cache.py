"""Redis as a cache that pages can do without: while it is away, everything is a miss and is worked out again."""

import logging

from django.core.cache.backends.redis import RedisCache
from redis import RedisError

log = logging.getLogger(__name__)


class SparableRedisCache(RedisCache):
    """Django's Redis cache, whose faults are logged and read as a miss, or as nothing stored."""

    def _spare(self, name, otherwise, *arguments, **options):
        try:
            return getattr(super(), name)(*arguments, **options)
        except RedisError as error:
            log.warning("the cache is away (%s): done without it", type(error).__name__)
            return otherwise

    def get(self, key, default=None, version=None):
        return self._spare("get", default, key, default, version)

    def set(self, *arguments, **options):
        return self._spare("set", None, *arguments, **options)

    def add(self, *arguments, **options):
        return self._spare("add", False, *arguments, **options)

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
