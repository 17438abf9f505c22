"""A real SMTP server on loopback, thrown away at the end, that keeps what it accepts and can be made to wait or refuse."""

import asyncio
import threading
from contextlib import contextmanager

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

from tests.servers import free_port


class Sink:
    """`accepted` holds the messages as bytes, in order. `refuse` maps addresses to answers, `answer` is that to a whole mail.

    `hold` makes it wait: "before" a mail, when it is asked whether one may come, or "after" it, when it has taken it and not yet said so.
    `is_held` is set when that point is reached.
    """

    def __init__(self):
        self.accepted: list[bytes] = []
        self.refuse: dict[str, str] = {}
        self.answer = "250 OK"
        self.hold = ""
        self.is_held = threading.Event()

    async def wait_where(self, point):
        while self.hold == point:
            self.is_held.set()
            await asyncio.sleep(0.02)

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.answer.startswith("250"):
            self.accepted.append(envelope.content)
        await self.wait_where("after")
        return self.answer


class SlowSMTP(SMTP):
    async def smtp_DATA(self, arg):
        await self.event_handler.wait_where("before")
        await super().smtp_DATA(arg)


class SinkController(Controller):
    def factory(self):
        return SlowSMTP(self.handler, enable_SMTPUTF8=True)


@contextmanager
def smtp_sink():
    """Run a sink and yield it; `sink.url` goes into EMAIL_URL."""
    sink = Sink()
    controller = SinkController(sink, hostname="127.0.0.1", port=free_port())
    controller.start()
    sink.host, sink.port = "127.0.0.1", controller.port
    sink.url = f"smtp://127.0.0.1:{controller.port}"
    try:
        yield sink
    finally:
        controller.stop()
