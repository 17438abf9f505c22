"""The embedded message broker: a folder of message files, shared by web, worker and beat on one machine.

kombu's filesystem transport, made to hold what a broker promises:

- A message appears whole or not at all. kombu writes it in place, where a reader can meet it half-written and lose it.
- A message that is being worked on stays in its folder, locked, until it is acknowledged. The lock ends with the process that holds it, so
  what a killed worker had in hand, or was waiting to start, is there for the next one. kombu deletes a message when it is read.

It knows files and kombu; it must not know Django or what the messages say. One machine only: the locks do not reach over a network.
"""

import fcntl
import json
import logging
import os
import time
import uuid
from contextlib import contextmanager
from pathlib import Path
from queue import Empty
from typing import IO

from kombu.transport import filesystem, virtual

log = logging.getLogger(__name__)

_claimed: set[Path] = set()
"""What this process has locked: POSIX locks keep other processes out, but not a second channel of the same one."""


class QoS(virtual.QoS):
    """Deletes a message when it is acknowledged or refused for good."""

    def ack(self, delivery_tag):
        super().ack(delivery_tag)
        self.channel.let_go(delivery_tag, delete=True)

    def reject(self, delivery_tag, requeue=False):
        super().reject(delivery_tag, requeue)
        self.channel.let_go(delivery_tag, delete=not requeue)


class Channel(filesystem.Channel):
    """Reads and writes message files: `messages/<nanoseconds>_<random>.<queue>.msg`, which sort in the order in which they were sent."""

    QoS = QoS

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._held: dict[str, tuple[Path, IO]] = {}
        self._queues_without_ack: set[str] = set()

    @property
    def _folder(self) -> Path:
        return Path(self.data_folder_in)

    def basic_consume(self, queue, no_ack, *args, **kwargs):
        if no_ack:
            self._queues_without_ack.add(queue)
        return super().basic_consume(queue, no_ack, *args, **kwargs)

    def _put(self, queue, payload, **kwargs):
        name = f"{time.time_ns():020}_{uuid.uuid4().hex}.{queue}"
        draft = self._folder / f"{name}.draft"
        try:
            draft.write_text(json.dumps(payload))
            draft.rename(self._folder / f"{name}.msg")
        except OSError:
            draft.unlink(missing_ok=True)
            raise

    def _get(self, queue):
        for name in sorted(os.listdir(self._folder)):
            path = self._folder / name
            if name.partition(".")[2] == f"{queue}.msg" and (file := _claim(path)):
                try:
                    payload = json.load(file)
                    tag = payload["properties"]["delivery_tag"]
                except (ValueError, TypeError, KeyError):  # the machine lost power before the file reached the disk; or it is not ours
                    log.exception("%s is no message; it is put aside", path)
                    path.rename(path.with_suffix(".broken"))
                    _release(path, file)
                    continue
                if queue in self._queues_without_ack:
                    path.unlink()
                    _release(path, file)
                else:
                    self._held[tag] = (path, file)
                return payload
        raise Empty

    def let_go(self, delivery_tag, *, delete):
        """Unlock a message; `delete` it too where it is done with."""
        path, file = self._held.pop(delivery_tag, (None, None))
        if file:
            if delete:
                path.unlink(missing_ok=True)  # purged meanwhile
            _release(path, file)

    def _restore(self, message):
        self.let_go(message.delivery_tag, delete=False)

    # Which queues an exchange feeds stands in a file each, which kombu rewrites in place: one at a time, readers too.
    def get_table(self, exchange):
        with self._control():
            return super().get_table(exchange)

    def _queue_bind(self, *args):
        with self._control():
            super()._queue_bind(*args)

    def _delete(self, *args, **kwargs):
        with self._control():
            super()._delete(*args, **kwargs)

    @contextmanager
    def _control(self):
        with (self.control_folder / "lock").open("a") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


class Transport(filesystem.Transport):
    Channel = Channel


def _claim(path: Path) -> IO | None:
    """Return the open file of a message that is now ours; None where another has it or has done with it."""
    if path in _claimed:
        return None
    try:
        file = path.open("r+")
    except FileNotFoundError:
        return None
    try:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        return None
    if os.fstat(file.fileno()).st_nlink == 0:  # deleted between our look and our lock
        file.close()
        return None
    _claimed.add(path)
    return file


def _release(path: Path, file: IO) -> None:
    _claimed.discard(path)
    file.close()
