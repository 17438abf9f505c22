"""Mails that come back: read a delivery status notification (RFC 3464) and say which addresses take no mail."""

from email import policy
from email.message import Message
from email.parser import BytesParser


def refused_addresses(raw: bytes) -> set[str]:
    """The recipients that a notification calls failed for good (status 5.x.x); empty for any other mail."""
    message = BytesParser(policy=policy.default).parsebytes(raw)
    return {address for part in message.walk() if part.get_content_type() == "message/delivery-status" for address in _failed(part)}


def _failed(part: Message):
    for block in part.get_payload():
        recipient = str(block.get("Final-Recipient", "")).partition(";")[2].strip()
        is_failed = str(block.get("Action", "")).strip().lower() == "failed"
        if recipient and is_failed and str(block.get("Status", "")).strip().startswith("5."):
            yield recipient
