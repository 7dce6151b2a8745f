"""`python -m devstack.storage --port N --data-dir DIR`, with SUPABASE_JWT_SECRET set."""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
from pathlib import Path

from devstack.storage.server import serve


async def _main(port: int, folder: Path) -> None:
    stopped = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stopped.set)
    await serve(folder, os.environ["SUPABASE_JWT_SECRET"], port, stopped)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m devstack.storage")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--data-dir", type=Path, required=True)
    options = parser.parse_args()
    asyncio.run(_main(options.port, options.data_dir))
