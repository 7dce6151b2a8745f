"""Runs the simulator until SIGTERM or SIGINT."""

import asyncio
import logging
import os
import signal
import sys

from aiohttp import web

from devstack.twilio.config import Config, load_config
from devstack.twilio.server import create_app

log = logging.getLogger("twilio-sim")


async def serve(config: Config) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    runner = web.AppRunner(
        create_app(config), access_log=None, shutdown_timeout=0.2, handler_cancellation=True
    )
    await runner.setup()
    try:
        await web.TCPSite(runner, config.host, config.port, backlog=1024).start()
        log.warning("Twilio simulator on %s, speed %g", config.base_url, config.speed)
        await stop.wait()
    finally:
        await runner.cleanup()


def main() -> int:
    config = load_config(sys.argv[1:], os.environ)
    logging.basicConfig(
        stream=sys.stderr,
        level=logging.INFO if config.verbose else logging.WARNING,
        format="%(asctime)s %(levelname)s %(name)s %(message)s",
    )
    try:
        asyncio.run(serve(config))
    except OSError as error:
        log.error("port %s of %s can't be used: %s", config.port, config.host, error.strerror)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
