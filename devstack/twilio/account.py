"""What Twilio's console says of the account, and how Twilio behaves where its documents don't tell.

Each behaviour that is not proven can be played either way: a service must end well with both.
"""

from dataclasses import dataclass, field, fields
from typing import Any


@dataclass(slots=True)
class Account:
    """``calls_per_second``: how fast calls by REST start. ``countries``: ISO codes that may be
    rung; None is every country. ``trial``: only ``caller_ids`` may be rung. ``caller_ids``:
    numbers of others that the account has verified. ``messaging_services``: SIDs.

    ``runs_redirected_action``: the document that an Enqueue's action answers when the caller was
    redirected is run instead of the redirect's. ``filters_by_day``: ``StartTime>`` and ``<`` are
    read as dates. ``saves_silence``: a recording of silence is kept. ``infers_participants``: batch
    transcription finds out by itself who spoke. ``tells_parameters``: what a
    softphone is given with its address is told with To. ``serves_ranges``: a part of a recording's
    sound can be asked for. ``media_bytes_a_second``: how fast it is sent, in real time; 0 is at
    once. ``undeletable``: SIDs of recordings whose deletion is refused. ``texts``: what becomes of
    texts to a number, by Twilio's code: from 30000 on it takes them and does not deliver, below it
    refuses them. ``tells_opt_outs``: with what people write, whether they opted out by it.
    """

    calls_per_second: float = 1.0
    countries: tuple[str, ...] | None = None
    trial: bool = False
    caller_ids: tuple[str, ...] = ()
    messaging_services: tuple[str, ...] = ()
    runs_redirected_action: bool = False
    filters_by_day: bool = False
    saves_silence: bool = True
    infers_participants: bool = False
    tells_parameters: bool = False
    serves_ranges: bool = True
    media_bytes_a_second: int = 0
    undeletable: tuple[str, ...] = ()
    texts: dict[str, int] = field(default_factory=dict)
    tells_opt_outs: bool = False

    def change(self, given: dict[str, Any]) -> None:
        """Sets what is named; raises ValueError on what there is not."""
        known = {field.name for field in fields(self)}
        if unknown := set(given) - known:
            raise ValueError(f"an account has no {', '.join(sorted(unknown))}")
        if float(given.get("calls_per_second", 1)) <= 0:
            raise ValueError("calls_per_second must be above 0")
        for name, value in given.items():
            setattr(self, name, tuple(value) if isinstance(value, list) else value)

    def may_ring(self, country: str) -> bool:
        """Whether the dialling permissions hold the country of a number; "" is an unknown one."""
        return self.countries is None or country in self.countries
