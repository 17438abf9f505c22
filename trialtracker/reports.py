"""Faults to Sentry, or to a server that speaks its protocol, where `SENTRY_DSN` names one: where it broke, nothing about who was reading.

No address, cookie, header, query string or form data, no values of variables, no words of an exception (a database quotes what it was
asked), no trail of what came before: an answer about somebody's health can stand in any of them. Settings call this.
"""

import sentry_sdk


def begin(dsn: str, version: str) -> None:
    sentry_sdk.init(
        dsn,
        release=f"trialtracker@{version}",
        send_default_pii=False,
        include_local_variables=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        auto_session_tracking=False,  # else who comes when is counted there
        _experiments={"transport_compression_algo": "gzip"},  # not whatever happens to be installed
        before_send=only_the_fault,
    )


def only_the_fault(event, hint):
    """Leave of an event what says where the program broke."""
    for name in ("user", "extra", "breadcrumbs", "server_name", "modules"):
        event.pop(name, None)
    if "request" in event:
        event["request"] = {"method": event["request"].get("method")}
    if "logentry" in event:
        event["logentry"] = {"message": event["logentry"].get("message")}  # without what is put into it
    for exception in event.get("exception", {}).get("values", []):
        exception["value"] = ""
    return event
