"""Pushes supabase/migrations and the seed with the real Supabase CLI, only when they changed."""

from __future__ import annotations

import hashlib
import json
import subprocess
from dataclasses import dataclass
from pathlib import Path

import psycopg

from devstack.envfile import base_environment
from devstack.layout import ROOT, DevstackError
from devstack.toolchain import Toolchain

MIGRATIONS = ROOT / "supabase" / "migrations"
SEED = ROOT / "seed" / "quickstart.sql"


@dataclass(frozen=True, slots=True)
class Migrator:
    """Knows which files, with which content, one stack's database has seen."""

    tools: Toolchain
    database_url: str
    record: Path

    def pending(self) -> bool:
        """Is there a migration or a seed that this database has not seen?"""
        return not _fingerprints().keys() <= self._seen().keys()

    def edited(self) -> list[str]:
        """Files changed or removed after they had been applied here, or put before one that was."""
        now, seen = _fingerprints(), self._seen()
        changed = {name for name, print_ in seen.items() if now.get(name) != print_}
        newest = max((name for name in seen if name != SEED.name), default="")
        return sorted(changed | {name for name in now.keys() - seen.keys() if name < newest})

    def push(self, *, seed: bool) -> None:
        """Apply new migrations, and then the seed if asked."""
        content = _fingerprints()
        result = self._run(["--include-seed"] if seed else [])
        succeeded = result.returncode == 0
        # Also after a failure: the files before the one that failed have been applied.
        self._remember(content, seeded=seed and succeeded)
        if not succeeded:
            output = (result.stdout + result.stderr).replace(self.database_url, "<database>")
            raise DevstackError(f"`supabase db push` failed:\n{output[-4000:].strip()}")

    def forget(self) -> None:
        self.record.unlink(missing_ok=True)

    def _run(self, options: list[str]) -> subprocess.CompletedProcess[str]:
        command = [*self.tools.supabase, "db", "push", "--yes", *options]
        command += [f"--remote={self.database_url}?sslmode=disable", f"--workdir={ROOT}"]
        env = {**base_environment(), "DO_NOT_TRACK": "1", "SUPABASE_TELEMETRY_DISABLED": "1"}
        return subprocess.run(command, env=env, capture_output=True, text=True, cwd=ROOT)

    def _remember(self, content: dict[str, str], *, seeded: bool) -> None:
        with psycopg.connect(self.database_url) as connection:
            query = "select version from supabase_migrations.schema_migrations"
            versions = {row[0] for row in connection.execute(query)}
        applied = {
            name: print_
            for name, print_ in content.items()
            if name.partition("_")[0] in versions or (seeded and name == SEED.name)
        }
        self.record.write_text(json.dumps(applied | self._seen(), indent=1))

    def _seen(self) -> dict[str, str]:
        """File name to hash of the content that was applied."""
        if not self.record.exists():
            return {}
        seen: dict[str, str] = json.loads(self.record.read_text())
        return seen


def exist() -> bool:
    """Is there any migration to push?"""
    return any(MIGRATIONS.glob("*.sql"))


def _fingerprints() -> dict[str, str]:
    files = [*sorted(MIGRATIONS.glob("*.sql")), *([SEED] if SEED.exists() else [])]
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
