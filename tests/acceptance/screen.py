"""Somebody at a screen: signed in to Supabase, and asking the service for what they want."""

from __future__ import annotations

from typing import Any

import httpx
from supabase import Client, ClientOptions, create_client

from devstack.stack import Stack

Json = dict[str, Any]


class Screen:
    """The existing frontend's way to work, as one of the seed's people."""

    def __init__(self, stack: Stack, email: str) -> None:
        env = stack.env
        options = ClientOptions(auto_refresh_token=False, persist_session=False)
        self.supabase: Client = create_client(
            env["SUPABASE_URL"], env["SUPABASE_ANON_KEY"], options
        )
        signed_in = self.supabase.auth.sign_in_with_password(
            {"email": email, "password": stack.credentials.user_password}
        )
        assert signed_in.session
        assert signed_in.user
        self.user_id = signed_in.user.id
        self.token = signed_in.session.access_token
        self._http = httpx.Client(
            base_url=stack.layout.url("web"),
            headers={"Authorization": f"Bearer {self.token}"},
            timeout=20,
        )

    def table(self, name: str) -> Any:
        return self.supabase.table(name)

    def agent(self) -> Json:
        rows = self.table("call_center_agents").select("*").eq("user_id", self.user_id)
        return dict(rows.single().execute().data)

    def asks(self, method: str, path: str, **body: Any) -> httpx.Response:
        return self._http.request(method, f"/api/{path}", json=body)

    def does(self, path: str, **body: Any) -> Json:
        """What is answered to an operation that must succeed."""
        answer = self.asks("POST", path, **body)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def sees(self, call: str) -> Json:
        answer = self.asks("GET", f"calls/{call}")
        assert answer.status_code == 200, answer.text
        return dict(answer.json()["call"])
