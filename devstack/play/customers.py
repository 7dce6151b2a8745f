"""Customers: who they are, and what each wants of their call."""

from __future__ import annotations

import random
from dataclasses import dataclass

from devstack.twilio.client import Script

# Numbers of the simulated country that nobody else here has.
_FIRST_NUMBER = 573_205_550_100
_FIRST_NAMES = ("Ana", "Luis", "María", "Carlos", "Lucía", "Jorge", "Paula", "Andrés", "Sofía")
_LAST_NAMES = ("Gómez", "Rojas", "Díaz", "Torres", "Mora", "Peña", "Vega", "Castro")
_PATIENCE = 900
_QUEUES = {"1": 3, "2": 5, "3": 1, "0": 1}
# What they say to the agent, by the key they pressed.
_SAID = {
    "1": (
        "Buenas, quisiera saber cuánto cuesta el plan de fibra para la casa.",
        "¿Y la instalación tiene algún costo?",
        "Bueno, lo hablo en la casa y vuelvo a llamar. Gracias.",
    ),
    "2": (
        "Buenas, desde ayer en la noche no tengo internet.",
        "Sí, ya reinicié el módem y sigue la luz roja.",
        "Listo, ya volvió. Muchas gracias por la ayuda.",
    ),
    "3": (
        "Buenas, llamo por la vacante de técnico que publicaron.",
        "Tengo tres años de experiencia en instalaciones.",
        "Perfecto, envío la hoja de vida hoy mismo. Gracias.",
    ),
    "0": (
        "Buenas, necesito cambiar la dirección de mi factura.",
        "Es la carrera 15 con calle 93, en Bogotá.",
        "Eso era todo, muy amable.",
    ),
}
# Somebody who wanted to wait may meet an agent at once: the agent ends that call.
_IN_LINE = {"until_heard": "en la fila|joined", "timeout": _PATIENCE}
_TO_THE_END = {"until": "ended", "timeout": _PATIENCE}


@dataclass(frozen=True)
class Customer:
    """Rings from `number` and follows the script; who is rung back follows `when_rung`."""

    number: str
    name: str
    intent: str
    script: Script
    when_rung: Script


class Customers:
    """Who rings next: each number is one person, however often they ring."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._names = [f"{first} {last}" for last in _LAST_NAMES for first in _FIRST_NAMES]
        self._ringing = list(range(len(self._names)))
        chance.shuffle(self._ringing)

    def everybody(self) -> list[tuple[str, str]]:
        """All numbers with their owners' names."""
        return [(_number(place), name) for place, name in enumerate(self._names)]

    def next(self) -> Customer:
        """Nobody rings again before all others have."""
        place = self._ringing.pop(0)
        self._ringing.append(place)
        intents = {"talk": 60, "abandon": 15, "voicemail": 10, "callback": 15}
        (intent,) = self._chance.choices([*intents], [*intents.values()])
        (key,) = self._chance.choices([*_QUEUES], [*_QUEUES.values()])
        talks: Script = [
            *({"talk": self._chance.randint(5, 20), "text": line} for line in _SAID[key]),
            {"hangup": True},
        ]
        wants: dict[str, Script] = {
            "talk": [{"until": "bridged", "timeout": _PATIENCE}, *talks],
            "abandon": [{"wait": self._chance.randint(5, 40)}, {"hangup": True}],
            "voicemail": _LEAVES_A_MESSAGE,
            "callback": _ASKS_TO_BE_RUNG,
        }
        return Customer(
            _number(place),
            self._names[place],
            intent,
            [
                {"until_heard": "Soporte", "timeout": 60},
                {"wait": 1},
                {"press": key},
                *wants[intent],
            ],
            [{"until": "conference", "timeout": 60}, *talks],
        )


_LEAVES_A_MESSAGE: Script = [
    _IN_LINE,
    {"wait": 1},
    {"press": "2"},
    {"until_heard": "beep", "timeout": _PATIENCE},
    {"talk": 8, "text": "Buenas, llámenme por favor, es sobre un cobro que no entiendo."},
    {"hangup": True},
]
_ASKS_TO_BE_RUNG: Script = [
    _IN_LINE,
    {"wait": 1},
    {"press": "1"},
    {"until_heard": "Le llamaremos al", "timeout": _PATIENCE},
    {"press": "1"},
    _TO_THE_END,
]


def _number(place: int) -> str:
    return f"+{_FIRST_NUMBER + place}"
