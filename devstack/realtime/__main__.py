"""`python -m devstack.realtime --port N`, in the environment that the stack gives its processes."""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import signal

from devstack.realtime.server import Server


async def _main(port: int) -> None:
    stopped = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stopped.set)
    await Server(os.environ).serve(port, stopped)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m devstack.realtime")
    parser.add_argument("--port", type=int, required=True)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    asyncio.run(_main(parser.parse_args().port))
