"""Callback attributes of TwiML, read into subscriptions with Twilio's defaults."""

from devstack.twilio.engine.flow import Document, Flow
from devstack.twilio.twiml.parser import Node
from devstack.twilio.webhooks import Subscription


def subscription(
    flow: Flow, node: Node, document: Document, prefix: str, default: str
) -> Subscription | None:
    """Reads ``<prefix>``, ``<prefix>Method`` and ``<prefix>Event``."""
    endpoint = flow.endpoint(node, document, prefix, f"{prefix}Method")
    if endpoint is None:
        return None
    return Subscription(endpoint, frozenset(node.get(f"{prefix}Event", default).split()))


def recording_callback(flow: Flow, node: Node, document: Document) -> Subscription | None:
    return subscription(flow, node, document, "recordingStatusCallback", "completed")


def call_callback(flow: Flow, node: Node, document: Document) -> Subscription | None:
    return subscription(flow, node, document, "statusCallback", "completed")


def conference_callback(flow: Flow, node: Node, document: Document) -> Subscription | None:
    return subscription(flow, node, document, "statusCallback", "start end")
