"""Writes the migration of countries' rules from those that the service reads numbers by.

Run as `make countries` after an update of phonenumbers or of callcenter.phone.OLD_NUMBERS.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import phonenumbers
from phonenumbers import PhoneMetadata

from callcenter.phone import OLD_NUMBERS

MIGRATION = Path(__file__).parents[2] / "supabase/migrations/20261122000115_countries.sql"
_HEAD = """\
-- How each country writes its telephone numbers: what private.e164 reads by. `make countries`
-- writes this file from the metadata of phonenumbers, by which the service reads them.

create table if not exists private.countries (
  -- ISO 3166, or the code itself of what is no country: satellites, free numbers.
  region text primary key,
  country_code text not null,
  -- Of countries that share a code the one whose rules stand for all.
  main boolean not null,
  -- Expressions. What is dialled before a country's code, and before a number at home; the number
  -- where that prefix is not merely left out.
  international_prefix text,
  national_prefix text,
  national_rewrite text,
  -- What numbers look like, and how many digits they may have.
  numbers text not null,
  lengths integer[] not null,
  -- What those look like that may be a mobile; where none does, none is told.
  mobiles text,
  -- Numbers of before a country changed them all, and what they are now.
  old_numbers text,
  old_rewrite text
);
create unique index if not exists countries_main_key on private.countries (country_code) where main;

insert into private.countries values
"""
_TAIL = """
on conflict (region) do update
set country_code = excluded.country_code, main = excluded.main,
    international_prefix = excluded.international_prefix,
    national_prefix = excluded.national_prefix, national_rewrite = excluded.national_rewrite,
    numbers = excluded.numbers, lengths = excluded.lengths, mobiles = excluded.mobiles,
    old_numbers = excluded.old_numbers, old_rewrite = excluded.old_rewrite;
"""
Row = tuple[str | None, ...]


def rows() -> Iterator[Row]:
    """The rows of private.countries, as text."""
    for region in sorted(phonenumbers.SUPPORTED_REGIONS):
        yield _row(region, PhoneMetadata.metadata_for_region(region))
    for code in sorted(phonenumbers.COUNTRY_CODES_FOR_NON_GEO_REGIONS):
        yield _row(str(code), PhoneMetadata.metadata_for_nongeo_region(code))


def _row(region: str, metadata: Any) -> Row:  # in the stubs every part may be missing
    code = metadata.country_code
    main = phonenumbers.region_code_for_country_code(code) in (region, "001")
    numbers = metadata.general_desc
    old: tuple[str, str] | tuple[None, None] = (None, None)
    if main and code in OLD_NUMBERS:
        old = OLD_NUMBERS[code]
    return (
        region,
        str(code),
        str(main).lower(),
        metadata.international_prefix,
        metadata.national_prefix_for_parsing,
        metadata.national_prefix_transform_rule,
        numbers.national_number_pattern,
        "{" + ",".join(map(str, numbers.possible_length)) + "}",
        metadata.mobile and metadata.mobile.national_number_pattern,
        *old,
    )


def migration() -> str:
    """The whole file."""
    values = (", ".join(_quoted(value) for value in row) for row in rows())
    return _HEAD + ",\n".join(f"  ({value})" for value in values) + _TAIL


def _quoted(value: str | None) -> str:
    return value if value in ("true", "false") else f"'{value}'" if value else "null"


if __name__ == "__main__":
    MIGRATION.write_text(migration())
