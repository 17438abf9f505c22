"""SMTP with one moment made visible: the last before the server can have taken a mail.

A server takes a mail when it has read the line that ends it, and not before (RFC 5321, 4.1.1.4). Up to there a crash loses nothing and the
mail can be sent again; from there on it may have arrived. `handing_over` is called exactly in between.
"""

import smtplib
from collections.abc import Callable

from django.core.mail.backends.smtp import EmailBackend as DjangoBackend

CRLF = b"\r\n"


class _Careful:
    """Adds the call to smtplib's classes."""

    handing_over: Callable[[], None] | None = None

    def data(self, msg):
        self.putcmd("data")
        code, reply = self.getreply()
        if code != 354:
            raise smtplib.SMTPDataError(code, reply)
        text = msg.encode("ascii") if isinstance(msg, str) else msg
        lines = text.replace(CRLF, b"\n").replace(b"\r", b"\n").removesuffix(b"\n").split(b"\n")
        self.send(b"".join((b"." + line if line.startswith(b".") else line) + CRLF for line in lines))
        if self.handing_over:
            self.handing_over()
        self.send(b"." + CRLF)
        return self.getreply()


class CarefulSMTP(_Careful, smtplib.SMTP):
    pass


class CarefulSMTPOverTLS(_Careful, smtplib.SMTP_SSL):
    pass


class EmailBackend(DjangoBackend):
    """Django's back end, with `handing_over` to be set before a mail is sent."""

    handing_over: Callable[[], None] | None = None

    @property
    def connection_class(self):
        return CarefulSMTPOverTLS if self.use_ssl else CarefulSMTP

    def _send(self, email_message):
        self.connection.handing_over = self.handing_over
        return super()._send(email_message)
