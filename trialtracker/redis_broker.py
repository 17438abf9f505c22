"""kombu's transport for Redis, made to outlive a restart of Redis.

When Redis goes, Celery closes its connection; kombu then wants to put back what was not acknowledged, over a connection that has forgotten
where Redis is, and the AttributeError of that ends the worker. As an error of the connection it is what Celery expects, and it reconnects.
"""

from kombu.transport import redis


class Channel(redis.Channel):
    def _connparams(self, *arguments, **options):
        if self.connection.client is None:
            raise ConnectionError("the connection to Redis is closed")
        return super()._connparams(*arguments, **options)


class Transport(redis.Transport):
    Channel = Channel
