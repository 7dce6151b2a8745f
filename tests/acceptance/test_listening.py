"""A recording is heard in a browser by who may hear it, whole or in part; each time is kept."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode

import httpx
import pytest

from tests.acceptance.centre import HANGS_UP, TALKS_AND_HANGS_UP, CallCentre, hears
from tests.acceptance.screen import Screen

AGENT, OTHER, SUPERVISOR = "agente1@demo.local", "agente2@demo.local", "supervisor@demo.local"


def tab(centre: CallCentre, email: str | None) -> httpx.Client:
    """A tab of the page's, whose origin passes its path on to the service: there is a session's
    cookie, and no Authorization.
    """
    headers = {"Sec-Fetch-Site": "same-origin"}
    if email:
        session = json.dumps({"access_token": Screen(centre.stack, email).token})
        cookie = urlsafe_b64encode(session.encode()).decode().rstrip("=")
        headers["Cookie"] = f"sb-page-auth-token=base64-{cookie}"
    return httpx.Client(base_url=centre.stack.layout.url("web"), headers=headers, timeout=20)


def opened(centre: CallCentre, client: httpx.Client, url: str, **headers: str) -> httpx.Response:
    """What is heard, once Twilio has it; in bad weather asked for again, as people do."""
    answers: list[httpx.Response] = []

    def heard() -> bool:
        answers.append(client.get(url, headers=headers))
        return answers[-1].status_code in (200, 206)

    centre.until(heard, f"{url} is heard")
    return answers[-1]


def recorded(centre: CallCentre) -> str:
    """The link of a conversation that the first agent had."""
    centre.agent_ready("1001")
    sid = centre.caller_for_support(*TALKS_AND_HANGS_UP)
    centre.becomes(sid, recording_status="completed")
    return str(centre.settled(sid)["recording_url"])


@pytest.mark.in_any_weather
def test_the_agent_of_the_call_and_a_supervisor_hear_it_and_seek(centre: CallCentre) -> None:
    link = recorded(centre)
    for email in (AGENT, SUPERVISOR):
        with tab(centre, email) as page:
            whole = opened(centre, page, link)
            assert whole.headers["Content-Type"] == "audio/mpeg"
            assert len(whole.content) == int(whole.headers["Content-Length"])
            part = opened(centre, page, link, Range="bytes=72-143")
            assert (part.status_code, part.content) == (206, whole.content[72:144])
            assert part.headers["Content-Range"] == f"bytes 72-143/{len(whole.content)}"
            wav = opened(centre, page, f"{link}.wav")
            assert wav.content[:4] == b"RIFF"
    listens = Screen(centre.stack, SUPERVISOR).table("recording_listens").select("*")
    kept = listens.eq("recording_sid", link[-34:]).execute().data
    assert {row["user_id"] for row in kept} == {
        Screen(centre.stack, email).user_id for email in (AGENT, SUPERVISOR)
    }
    assert all(row["seconds"] == row["duration_seconds"] for row in kept)


def test_nobody_else_does(centre: CallCentre) -> None:
    link = recorded(centre)
    with tab(centre, OTHER) as page:
        answer = page.get(link)
        assert (answer.status_code, answer.json()["details"]["code"]) == (404, "no_such_recording")
    with tab(centre, None) as page:
        assert page.get(link).status_code == 401
        stranger = {"Cookie": "sb-another-auth-token=base64-e30"}
        assert page.get(link, headers=stranger).status_code == 401
    with tab(centre, AGENT) as page:
        elsewhere = {"Sec-Fetch-Site": "cross-site"}
        assert page.get(link, headers=elsewhere).status_code == 403


def test_a_player_is_handed_a_link_that_needs_no_cookie(centre: CallCentre) -> None:
    sid = recorded(centre)[-34:]
    link = str(Screen(centre.stack, AGENT).does(f"recordings/{sid}/link")["url"])
    assert opened(centre, httpx.Client(), link).headers["Content-Type"] == "audio/mpeg"
    assert httpx.get(f"{link}x").status_code == 403
    assert Screen(centre.stack, OTHER).asks("POST", f"recordings/{sid}/link").status_code == 404


def test_a_message_is_heard_by_who_is_in_its_queue(centre: CallCentre) -> None:
    sid = centre.caller_for_support(hears("beep"), {"talk": 6}, HANGS_UP)
    centre.ended(sid)
    query = (
        "select v.* from public.voicemails v join public.call_records r on r.id = v.call_record_id"
        " where r.call_id = %s"
    )
    centre.until(lambda: centre.rows(query, sid), "the message is kept")
    link = centre.row(query, sid)["recording_url"]
    members = centre.row("select agent_ids from public.call_queues where name = 'support'")
    for email, extension in ((AGENT, "1001"), (OTHER, "1002")):
        with tab(centre, email) as page:
            if centre.agent(extension)["id"] in members["agent_ids"]:
                assert opened(centre, page, link).status_code == 200
            else:
                assert page.get(link).status_code == 404


def test_a_deleted_recording_is_gone_here_and_at_twilio(centre: CallCentre) -> None:
    link = recorded(centre)
    sid = link[-34:]
    boss = Screen(centre.stack, SUPERVISOR)
    assert Screen(centre.stack, AGENT).asks("DELETE", f"recordings/{sid}").status_code == 403
    assert boss.asks("DELETE", f"recordings/{sid}").json()["recording"]["status"] == "deleting"
    query = "select recording_status, recording_url from public.call_records where id = %s"
    call = centre.row("select id from public.call_records where recording_sid = %s", sid)["id"]
    centre.until(lambda: centre.row(query, call)["recording_status"] == "deleted", "it is deleted")
    assert centre.row(query, call)["recording_url"] is None
    assert sid not in {recording["sid"] for recording in centre.sim.recordings()}
    with tab(centre, SUPERVISOR) as page:
        assert page.get(link).json()["details"]["code"] == "recording_deleted"


def test_a_run_of_retention_that_is_killed_and_refused_ends_with_rows_that_tell_the_truth(
    centre: CallCentre,
) -> None:
    sids = [f"RE{'f' * 24}{n:08x}" for n in range(24)]
    refused = sids[::6]
    centre.sim.account(undeletable=refused)
    centre.rows("update private.settings set recording_deletion_attempts = 1")
    centre.queue(keep_recordings_days=30)
    centre.rows(
        "insert into public.voicemails (queue_id, caller_number, recording_sid, recording_url,"
        " created_at) select q.id, '+573001112233', s, private.recording_link(s),"
        " private.clock() - interval '31 days' from public.call_queues q, unnest(%s::text[]) s"
        " where q.name = 'support'",
        sids,
    )
    try:
        centre.until(lambda: commands_settled(centre, sids), "some are deleted")
        centre.stack.kill("worker")
        centre.stack.start("worker")
        query = (
            "select recording_sid, recording_status from public.voicemails"
            " where recording_sid = any (%s)"
        )
        left = f"{query} and recording_status in ('completed', 'deleting')"
        centre.until(lambda: not centre.rows(left, sids), "the run is over", 60)
        rows = {row["recording_sid"]: row["recording_status"] for row in centre.rows(query, sids)}
    finally:
        for table in ("public.voicemails", "private.recording_deletions"):
            centre.rows(f"delete from {table} where recording_sid = any (%s)", sids)
        centre.queue(keep_recordings_days=None)
    assert rows == {sid: "delete_failed" if sid in refused else "deleted" for sid in sids}
    assert sorted(commands_settled(centre, sids)) == sids


def commands_settled(centre: CallCentre, sids: list[str]) -> list[str]:
    """Those of the recordings of whose deletion Twilio has said what came of it."""
    query = (
        "select target from private.telephony_commands"
        " where kind = 'delete_recording' and state in ('done', 'failed') and target = any (%s)"
    )
    return [row["target"] for row in centre.rows(query, sids)]


class Bucket:
    """A private bucket of the stack's Storage, that recordings are copied to meanwhile."""

    def __init__(self, centre: CallCentre) -> None:
        self._centre = centre
        key = centre.stack.env["SUPABASE_SERVICE_ROLE_KEY"]
        self._api = httpx.Client(
            base_url=f"{centre.stack.layout.url('gateway')}/storage/v1",
            headers={"apikey": key, "Authorization": f"Bearer {key}"},
            timeout=20,
        )

    def __enter__(self) -> Bucket:
        self._api.post("/bucket", json={"name": "recordings", "public": False})
        self._centre.rows(
            "update private.settings set recordings_bucket = 'recordings', keep_at_twilio_hours = 0"
        )
        return self

    def __exit__(self, *_: object) -> None:
        self.faults()
        self._api.close()

    def faults(self, **faults: object) -> None:
        httpx.post(f"{self._centre.stack.layout.url('storage')}/_devstack/faults", json=faults)

    def has(self, path: str) -> bool:
        answer = self._api.get(f"/object/authenticated/recordings/{path}")
        return answer.status_code == 200


def test_a_copied_recording_is_heard_from_storage_and_deleted_in_both_places(
    centre: CallCentre,
) -> None:
    query = "select * from private.recording_copies where recording_sid = %s"
    with Bucket(centre) as bucket, tab(centre, AGENT) as page, tab(centre, OTHER) as stranger:
        bucket.faults(held=True, written=True)
        link = recorded(centre)
        sid = link[-34:]
        die_while_copying(centre, sid)
        bucket.faults()
        centre.stack.start("worker")

        def moved() -> bool:
            forget_the_dead(centre, sid)
            return bool(centre.row(query, sid)["state"] == "moved")

        centre.until(moved, "it is in Storage alone", 60)
        path, size = centre.row(query, sid)["path"], centre.row(query, sid)["bytes"]
        assert bucket.has(path)
        assert sid not in {recording["sid"] for recording in centre.sim.recordings()}
        whole = page.get(link)
        assert (whole.status_code, len(whole.content)) == (200, size)
        part = page.get(link, headers={"Range": "bytes=72-143"})
        assert (part.status_code, part.content) == (206, whole.content[72:144])
        assert page.head(link).headers["Content-Length"] == str(size)
        assert page.get(f"{link}.wav").json()["details"]["code"] == "only_mp3"
        assert stranger.get(link).json()["details"]["code"] == "no_such_recording"
        centre.rows(
            "update public.call_records set ended_at = ended_at - interval '9 days'"
            " where recording_sid = %s",
            sid,
        )
        centre.queue(keep_recordings_days=7)
        told = "select recording_status from public.call_records where recording_sid = %s"
        centre.until(
            lambda: centre.row(told, sid)["recording_status"] == "deleted", "it is deleted", 60
        )
        assert (centre.row(query, sid)["state"], bucket.has(path)) == ("gone", False)
        assert page.get(link).json()["details"]["code"] == "recording_deleted"


def die_while_copying(centre: CallCentre, sid: str) -> None:
    """The worker is killed with a copy in hand."""
    query = (
        "select 1 from private.telephony_commands"
        " where kind = 'copy_recording' and target = %s and state = 'claimed'"
    )
    centre.until(lambda: centre.rows(query, sid), "it is being copied", 60)
    centre.stack.kill("worker")
    centre.rows(
        "update private.telephony_commands set claimed_by = 'dead'"
        " where kind = 'copy_recording' and state = 'claimed'"
    )


def forget_the_dead(centre: CallCentre, sid: str) -> None:
    """As if the dead worker's time were over, and that until the next attempt."""
    centre.rows(
        "update private.telephony_commands set lease_until = private.clock()"
        " where claimed_by = 'dead'"
    )
    centre.rows(
        "update private.recording_copies set due_at = private.clock() where recording_sid = %s"
        " and refusal is not null and due_at > private.clock()"
        " and not private.is_under_way('copy_recording', recording_sid)",
        sid,
    )


def test_what_twilio_does_not_give_is_said_in_our_words(centre: CallCentre) -> None:
    link = recorded(centre)
    with tab(centre, AGENT) as page:
        centre.sim.faults(rest_5xx=1.0)
        away = page.get(link)
        assert (away.status_code, away.json()["details"]["code"]) == (502, "twilio_silent")
        centre.sim.faults(rest_429=1.0)
        busy = page.get(link)
        assert (busy.status_code, busy.headers["Retry-After"]) == (503, "2")
        centre.sim.faults()
        beyond = page.get(link, headers={"Range": "bytes=99999999-"})
        assert (beyond.status_code, beyond.json()["details"]["code"]) == (416, "beyond_the_end")
        assert beyond.headers["Content-Range"].startswith("bytes */")
        assert page.get("/api/twilio/recordings/RE1").status_code == 400
        size = page.head(link)
        assert (size.status_code, size.content) == (200, b"")
        assert int(size.headers["Content-Length"]) > 0
