"""Everything one simulator holds: its parts wired together, and the account's state."""

from devstack.twilio.account import Account
from devstack.twilio.applications import Applications
from devstack.twilio.bins import Bins
from devstack.twilio.calls import Call
from devstack.twilio.clock import Clock
from devstack.twilio.conferences import Conferences
from devstack.twilio.config import Config
from devstack.twilio.engine import basic, dial, enqueue, gather, record
from devstack.twilio.engine.flow import Verb
from devstack.twilio.exchange import Exchange
from devstack.twilio.faults import Faults
from devstack.twilio.feed import Feed
from devstack.twilio.ids import new_sid
from devstack.twilio.messages import Messages
from devstack.twilio.messaging_services import MessagingServices
from devstack.twilio.numbers import Numbers
from devstack.twilio.people import Person
from devstack.twilio.queues import Queues
from devstack.twilio.recordings import Recordings
from devstack.twilio.softphones import Softphones
from devstack.twilio.tasks import Tasks
from devstack.twilio.transcriptions import Transcriptions
from devstack.twilio.webhooks import Webhooks

# Ended calls are forgotten beyond this many, so that a long load test keeps its memory.
KEPT_CALLS = 20_000

VERBS: dict[str, Verb] = {
    "Say": basic.say,
    "Play": basic.play,
    "Pause": basic.pause,
    "Redirect": basic.redirect,
    "Hangup": basic.hangup,
    "Reject": basic.reject,
    "Leave": basic.leave,
    "Gather": gather.gather,
    "Record": record.record,
    "Enqueue": enqueue.enqueue,
    "Dial": dial.dial,
}


class World:
    verbs = VERBS

    def __init__(self, config: Config) -> None:
        self.config = config
        self.account = self._account()
        self.clock = Clock(config.speed, config.since)
        self.tasks = Tasks()
        self.feed = Feed(self.clock)
        self.faults = Faults()
        self.webhooks = Webhooks(config.auth_token, self.clock, self.feed, self.faults, self.tasks)
        self.numbers = Numbers(config, self.clock)
        self.applications = Applications(config, self.clock)
        self.softphones = Softphones(self)
        self.exchange = Exchange(self)
        self.conferences = Conferences(self)
        self.queues = Queues(self.clock)
        self.recordings = Recordings(self, config.data_dir / "recordings")
        self.transcriptions = Transcriptions(self, config.data_dir / "transcription.json")
        self.messages = Messages(self)
        self.messaging_services = MessagingServices(config)
        self.bins = Bins(config.base_url)
        self.people: dict[str, Person] = {}
        # Softphones of people, which nobody has open now.
        self.unregistered: set[str] = set()
        self.calls: dict[str, Call] = {}

    def _account(self) -> Account:
        """As it is before a test changes it."""
        return Account(
            calls_per_second=self.config.cps,
            messaging_services=self.config.messaging_services,
        )

    async def open(self) -> None:
        self.numbers.load()
        self.applications.load()
        self.messaging_services.load()
        self.recordings.load()
        self.transcriptions.load()
        await self.webhooks.open()

    async def close(self) -> None:
        await self.softphones.close()
        await self.tasks.cancel_all()
        await self.webhooks.close()

    def person(self, address: str) -> Person:
        """A phone nobody registered rings on; a softphone nobody opened does not, and one that is
        open in a browser waits for whoever sits there.
        """
        is_open = self.softphones.is_registered(address)
        person = None if address in self.unregistered else self.people.get(address)
        if person and not (is_open and (person.steps_aside or "unreachable" in person.on_ring)):
            return person
        waits = is_open or address.startswith("+")
        return Person(address, on_ring={"ignore": True} if waits else {"unreachable": True})

    def is_caller_id(self, number: str) -> bool:
        """Whether the account may show a number: its own, or one it has verified."""
        return number in self.numbers.by_number or number in self.account.caller_ids

    def new_call(self, from_: str, to: str, direction: str, parent: Call | None) -> Call:
        call = Call(new_sid("CA"), from_, to, direction, self.clock, self.feed, parent)
        self.calls[call.sid] = call
        if len(self.calls) > KEPT_CALLS:
            self._forget_oldest()
        return call

    def _forget_oldest(self) -> None:
        ended = [sid for sid, call in self.calls.items() if call.over]
        for sid in ended[: KEPT_CALLS // 10]:
            del self.calls[sid]

    async def reset(self, people: bool, numbers: bool) -> None:
        """Hangs up on everybody and forgets what happened; recordings on disk stay."""
        for call in list(self.calls.values()):
            call.subscription = None
            self.exchange.end(call)
        await self.tasks.cancel_all()
        self.calls.clear()
        self.conferences = Conferences(self)
        self.queues = Queues(self.clock)
        self.messages = Messages(self)
        self.recordings.forget_unfinished()
        self.transcriptions.forget_jobs()
        self.feed.clear()
        self.webhooks.log.clear()
        self.exchange.forget_queue()
        self.account = self._account()
        self.bins.clear()
        self.faults.configure({})
        self.unregistered.clear()
        if people:
            self.people.clear()
        if numbers:
            self.numbers.forget()
            self.applications.forget()
            self.messaging_services.forget()
