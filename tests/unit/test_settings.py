"""The environment is read once, and everything wrong with it is said at once."""

from __future__ import annotations

import jwt
import pytest

from callcenter.errors import SettingsError
from callcenter.settings import Settings

COMPLETE = {
    "SUPABASE_URL": "https://x.supabase.co/",
    "SUPABASE_SERVICE_ROLE_KEY": "sb_secret_x",
    "TWILIO_ACCOUNT_SID": "AC0",
    "TWILIO_AUTH_TOKEN": "t",
    "TWILIO_PHONE_NUMBER": "+576015550100, +576015550101",
    "PUBLIC_URL": "https://calls.example.com/",
}


def test_a_complete_environment_is_taken() -> None:
    settings = Settings.from_env(COMPLETE)
    assert settings.twilio_phone_numbers == ("+576015550100", "+576015550101")
    assert settings.public_url == "https://calls.example.com"
    assert settings.default_region == "CO"


def test_everything_missing_is_named_at_once() -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.from_env({"SUPABASE_URL": "https://x.supabase.co"})
    for name in ("SUPABASE_SERVICE_ROLE_KEY", "TWILIO_ACCOUNT_SID", "PUBLIC_URL"):
        assert name in str(caught.value)


def test_the_platforms_own_names_are_taken_where_ours_are_unset() -> None:
    environ = {**COMPLETE, "NEXT_PUBLIC_SUPABASE_URL": "https://other.supabase.co"}
    assert Settings.from_env(environ).supabase_url == "https://x.supabase.co"
    del environ["SUPABASE_URL"]
    assert Settings.from_env(environ).supabase_url == "https://other.supabase.co"


@pytest.mark.parametrize(
    "name", ["NEXT_PUBLIC_TWILIO_AUTH_TOKEN", "NEXT_PUBLIC_SUPABASE_SERVICE_ROLE_KEY"]
)
def test_a_secret_that_ships_to_browsers_is_refused_with_the_reason(name: str) -> None:
    with pytest.raises(SettingsError, match="every browser") as caught:
        Settings.from_env({**COMPLETE, name: "s3cret"})
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize("name", ["SUPABASE_ANON_KEY", "NEXT_PUBLIC_SUPABASE_ANON_KEY"])
@pytest.mark.parametrize(
    "key",
    ["sb_secret_x", jwt.encode({"role": "service_role"}, "s" * 32, "HS256")],
    ids=["new", "old"],
)
def test_the_key_that_browsers_are_given_is_no_secret_one(name: str, key: str) -> None:
    with pytest.raises(SettingsError, match="SUPABASE_ANON_KEY must be") as caught:
        Settings.from_env({**COMPLETE, name: key})
    assert key not in str(caught.value)


@pytest.mark.parametrize(
    "key",
    ["sb_publishable_x", jwt.encode({"role": "anon"}, "s" * 32, "HS256")],
    ids=["new", "old"],
)
def test_a_public_key_is_one_of_either_kind(key: str) -> None:
    assert Settings.from_env({**COMPLETE, "SUPABASE_ANON_KEY": key}).supabase_anon_key == key


def test_a_url_without_a_scheme_is_refused() -> None:
    with pytest.raises(SettingsError, match="PUBLIC_URL must begin with"):
        Settings.from_env({**COMPLETE, "PUBLIC_URL": "calls.example.com"})


@pytest.mark.parametrize(
    "name", ["WORKER_POLL_SECONDS", "WORKER_CONNECTED_POLL_SECONDS", "WORKER_SWEEP_SECONDS"]
)
def test_a_pace_is_a_number_of_seconds(name: str) -> None:
    assert getattr(Settings.from_env({**COMPLETE, name: "7.5"}), name.lower()) == 7.5
    with pytest.raises(SettingsError, match=f"{name} must be a number"):
        Settings.from_env({**COMPLETE, name: "often"})


@pytest.mark.parametrize("port", ["0", "65536", "-1", "web"])
def test_a_port_that_is_none_is_refused(port: str) -> None:
    with pytest.raises(SettingsError, match="WORKER_METRICS_PORT must be a port"):
        Settings.from_env({**COMPLETE, "WORKER_METRICS_PORT": port})


def test_metrics_are_off_unless_asked_for() -> None:
    settings = Settings.from_env({**COMPLETE, "METRICS_TOKEN": "", "WORKER_METRICS_PORT": ""})
    assert (settings.metrics_token, settings.worker_metrics_port) == (None, None)


def test_numbers_are_taken_as_people_write_them() -> None:
    written = {
        "TWILIO_PHONE_NUMBER": "(601) 555 0100,0057 601 5550101",
        "FALLBACK_NUMBER": "300 123 4567",
    }
    settings = Settings.from_env({**COMPLETE, **written})
    assert settings.twilio_phone_numbers == ("+576015550100", "+576015550101")
    assert settings.fallback_number == "+573001234567"
    abroad = Settings.from_env({**COMPLETE, "FALLBACK_NUMBER": "612345678", "DEFAULT_REGION": "es"})
    assert (abroad.fallback_number, abroad.default_region) == ("+34612345678", "ES")


@pytest.mark.parametrize("name", ["TWILIO_PHONE_NUMBER", "FALLBACK_NUMBER"])
def test_what_is_no_number_is_refused_by_name(name: str) -> None:
    with pytest.raises(SettingsError, match=f"{name} must be a telephone number.*555 01"):
        Settings.from_env({**COMPLETE, name: "555 01"})


def test_a_region_that_is_none_is_refused() -> None:
    with pytest.raises(SettingsError, match="DEFAULT_REGION must be a country"):
        Settings.from_env({**COMPLETE, "DEFAULT_REGION": "Colombia"})


def test_origins_are_those_that_browsers_send() -> None:
    written = " https://App.example.com/ ,http://localhost:3000,"
    settings = Settings.from_env({**COMPLETE, "ALLOWED_ORIGINS": written})
    assert settings.allowed_origins == ("https://app.example.com", "http://localhost:3000")
    assert Settings.from_env(COMPLETE).allowed_origins == ()


@pytest.mark.parametrize(
    "origin", ["*", "null", "app.example.com", "https://app.example.com/page", "https://*.x.com"]
)
def test_an_origin_that_is_none_or_any_is_refused(origin: str) -> None:
    with pytest.raises(SettingsError, match="ALLOWED_ORIGINS must be origins"):
        Settings.from_env({**COMPLETE, "ALLOWED_ORIGINS": origin})


def test_the_project_may_be_known_to_browsers_by_another_host() -> None:
    environ = {**COMPLETE, "NEXT_PUBLIC_SUPABASE_URL": "https://db.example.com"}
    assert Settings.from_env(environ).token_issuers == (
        "https://x.supabase.co/auth/v1",
        "https://db.example.com/auth/v1",
    )
