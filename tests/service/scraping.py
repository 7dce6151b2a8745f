"""Reads a page of metrics as Prometheus would."""

from __future__ import annotations

import re

import httpx
from prometheus_client.parser import text_string_to_metric_families

Counts = dict[tuple[str, ...], float]


def samples(page: httpx.Response) -> Counts:
    """Every sample but buckets: (name, label values in their names' order) → value."""
    assert page.status_code == 200, page.text
    return {
        (sample.name, *(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(page.text)
        for sample in family.samples
        if "le" not in sample.labels
    }


def names_a_person_or_call(page: httpx.Response) -> list[str]:
    """The labels with a telephone number or a SID in them."""
    labels = {label for sample in samples(page) for label in sample}
    return [label for label in labels if re.search(r"\d{7}|[A-Z]{2}[0-9a-f]{32}", label)]
