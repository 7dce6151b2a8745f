"""Telephone numbers in E.164, read as people and Twilio write them.

`private.e164` in the database reads by the same rules: whoever writes a number, it is the same one.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Any

import phonenumbers

# Numbers as they were before a country changed them all, by its code: the national number, and what
# it is now. Colombia put 60 before landlines in 2021, Mexico dropped its prefixes in 2019.
OLD_NUMBERS = {
    57: (r"([124-8]\d{7})", r"60\1"),
    52: (r"(?:0?1|04[45])(\d{10})", r"\1"),
}
# Carriers that must send a number where there is none to show spell one of these on the keys.
_WITHHELD_WORDS = (
    "ANONYMOUS", "RESTRICTED", "BLOCKED", "UNKNOWN", "UNAVAILABLE", "PRIVATE", "WITHHELD",
)  # fmt: skip
_KEYS = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "22233344455566677778889999")
_WITHHELD = frozenset("+" + word.translate(_KEYS) for word in _WITHHELD_WORDS)
# What copying from documents leaves between digits, and nobody sees.
_INVISIBLE = re.compile("[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
_BETWEEN = r" \t\r\n()\[\]./\-\u2010-\u2015\u2212~"
_WRITTEN = re.compile(f"(?:tel:)?[{_BETWEEN}]*(\\+?[0-9{_BETWEEN}]*)", re.IGNORECASE)
_LONGEST = 60


# Every webhook of a call names the same two numbers.
@lru_cache(maxsize=10_000)
def to_e164(written: str | None, region: str) -> str | None:
    """Return a number in E.164, or None where there is none: withheld, a client, not a number.

    A number without its country's code must be one that can exist in the region.

    >>> to_e164("300 123 4567", "CO")
    '+573001234567'
    >>> to_e164("0057 (601) 555-0001", "CO")
    '+576015550001'
    >>> to_e164("anonymous", "CO") is None
    True
    """
    dialled = _dialled(written)
    if dialled is None or dialled in _WITHHELD:
        return None
    if dialled.startswith("00"):  # as all the world writes it, whatever carriers a country has
        e164 = _international("+" + dialled[2:])
        if e164:
            return e164
    if dialled.startswith("+"):
        return _international(dialled)
    number = _parse(dialled, region)
    if number is None:
        return None
    if number.country_code_source == phonenumbers.CountryCodeSource.FROM_NUMBER_WITH_IDD:
        return _possible(number)
    home = str(phonenumbers.country_code_for_region(region))
    with_code = _parse("+" + dialled, None) if dialled.startswith(home) else None
    return _existing(number) or (_existing(with_code) if with_code else None)


def to_dial(keyed: str | None, caller: str | None, region: str) -> str | None:
    """Return a number that somebody on the line has us ring, in E.164; None where we would not.

    They key it as at home: in their own country's ways, else in the region's. It must be one that
    can exist, in one of these two countries: nobody has the world rung at our expense.

    >>> to_dial("3001234567", None, "CO")
    '+573001234567'
    >>> to_dial("612345679", "+34612345678", "CO")
    '+34612345679'
    >>> to_dial("009447700900123", "+573001234567", "CO") is None
    True
    """
    regions = [r for r in (region_of(caller), region) if r]
    allowed = {phonenumbers.country_code_for_region(r) for r in regions}
    for r in regions:
        e164 = to_e164(keyed, r)
        number = phonenumbers.parse(e164) if e164 else None
        if number and number.country_code in allowed and phonenumbers.is_valid_number(number):
            return e164
    return None


def region_of(e164: str | None) -> str | None:
    """Return the region a number belongs to ("CO"), or None where there is no number."""
    number = _parse(e164, None) if e164 else None
    if number is None:
        return None
    return phonenumbers.region_code_for_number(number) or _main_region(number)


def is_region(name: str) -> bool:
    """Whether there is a country of this name ("CO") whose numbers are known."""
    return name in phonenumbers.SUPPORTED_REGIONS


def _dialled(written: str | None) -> str | None:
    """The digits of a number, after a plus where it has one; None where there is anything else."""
    if not written or len(written) > _LONGEST:
        return None
    plain = _INVISIBLE.sub("", unicodedata.normalize("NFKC", written)).strip(" \t\r\n")
    match = _WRITTEN.fullmatch(plain)
    return re.sub(r"[^0-9+]", "", match[1]) if match else None


def _parse(dialled: str, region: str | None) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(dialled, region, keep_raw_input=True)
    except phonenumbers.NumberParseException:
        return None


def _international(dialled: str) -> str | None:
    number = _parse(dialled, None)
    return _possible(number) if number else None


def _main_region(number: phonenumbers.PhoneNumber) -> str:
    return str(phonenumbers.region_code_for_country_code(number.country_code or 0))


def _plan(number: phonenumbers.PhoneNumber) -> tuple[str, tuple[int, ...]]:
    """What the numbers of a country look like, and how long they may be."""
    # Any: in the library's stubs a code may have no rules; the code of a number that was read has.
    metadata: Any = phonenumbers.PhoneMetadata.metadata_for_region_or_calling_code(
        number.country_code or 0, _main_region(number)
    )
    return metadata.general_desc.national_number_pattern, metadata.general_desc.possible_length


def _national(number: phonenumbers.PhoneNumber) -> tuple[str, bool]:
    """A number within its country as it is today, and whether it can exist there."""
    pattern, _ = _plan(number)
    national = str(phonenumbers.national_significant_number(number))
    if not re.fullmatch(pattern, national) and number.country_code in OLD_NUMBERS:
        old, new = OLD_NUMBERS[number.country_code]
        national = re.sub(f"^{old}$", new, national)
    return national, re.fullmatch(pattern, national) is not None


def _existing(number: phonenumbers.PhoneNumber) -> str | None:
    national, exists = _national(number)
    return f"+{number.country_code}{national}" if exists else None


def _possible(number: phonenumbers.PhoneNumber) -> str | None:
    """In E.164 if of a right length: countries open new ranges more often than we learn of it."""
    national, exists = _national(number)
    _, lengths = _plan(number)
    misread = national.startswith("0")  # a trunk prefix that is not part of the number
    if exists or (len(national) in lengths and not misread):
        return f"+{number.country_code}{national}"
    return None


def masked(text: str) -> str:
    """Hide all but the last three digits of every number in a text, for logs.

    >>> masked("call from +573001234567")
    'call from +*********567'
    """
    return re.sub(
        r"(?<![\w])\+?\d{7,15}(?!\w)",
        lambda m: re.sub(r"\d(?=\d{3})", "*", m.group()),
        text,
    )


def without_parameters(address: str | None) -> str | None:
    """Whom Twilio rang: of a softphone (client:…) without what it was given to show."""
    return address.partition("?")[0] if address and address.startswith("client:") else address
