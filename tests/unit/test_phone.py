"""Numbers are read as people write them, and hidden in logs."""

from __future__ import annotations

import pytest

from callcenter.phone import masked, to_dial, to_e164


@pytest.mark.parametrize(
    "written", ["3001234567", "300 123 4567", "(300) 123-4567", "+57 300 1234567", "+573001234567"]
)
def test_a_colombian_number_however_written(written: str) -> None:
    assert to_e164(written, "CO") == "+573001234567"


def test_a_number_of_another_country() -> None:
    assert to_e164("+1 415 867 5309", "CO") == "+14158675309"


@pytest.mark.parametrize(
    "written", [None, "", "anonymous", "Restricted", "unknown", "client:agent_1", "sip:a@b", "12"]
)
def test_what_is_no_number_is_none(written: str | None) -> None:
    assert to_e164(written, "CO") is None


@pytest.mark.parametrize(
    ("keyed", "caller", "expected"),
    [
        ("3001234567", None, "+573001234567"),
        ("3001234567", "+14158675309", "+573001234567"),
        ("0014158675310", "+14158675309", "+14158675310"),
        ("0014158675310", "+573001234567", None),
        ("009447700900123", None, None),
        ("1111111111", None, None),
        ("1", "+573001234567", None),
    ],
)
def test_a_number_keyed_to_be_rung_is_in_our_country_or_the_callers(
    keyed: str, caller: str | None, expected: str | None
) -> None:
    assert to_dial(keyed, caller, "CO") == expected


def test_logs_keep_only_the_end_of_a_number() -> None:
    assert masked("rang +573001234567 for CA0123456789") == "rang +*********567 for CA0123456789"


@pytest.mark.parametrize(
    ("keyed", "caller", "expected"),
    [
        ("612345679", "+34612345678", "+34612345679"),
        ("0034612345679", "+34612345678", "+34612345679"),
        ("4158675310", "+14158675309", "+14158675310"),
        ("14158675310", "+14158675309", "+14158675310"),
        ("01155 3001234567", "+14158675309", None),
        ("011573001234567", "+14158675309", "+573001234567"),
        ("00573001234567", "+573001112233", "+573001234567"),
    ],
)
def test_a_caller_from_abroad_keys_a_number_as_at_home(
    keyed: str, caller: str, expected: str | None
) -> None:
    assert to_dial(keyed, caller, "CO") == expected


def test_00_and_a_countrys_code_is_never_a_carriers_prefix() -> None:
    # Of Colombia's 005 and Russia's 7 nobody thought who wrote this.
    assert to_e164("0057 300 123 4567", "CO") == "+573001234567"
