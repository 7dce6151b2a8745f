"""Sound for recordings, made when asked for: valid files of the right length, up to a cap."""

import io
import math
import wave
from functools import lru_cache

RATE = 8000
LONGEST = 30
TONE_HZ = 440

# MPEG-2.5 layer III, 8 kbit/s, 8 kHz, mono: 72 bytes for 72 ms. Zeros decode to silence.
_FRAME = bytes([0xFF, 0xE3, 0x18, 0xC4]) + bytes(68)
_FRAME_SECONDS = 576 / RATE


@lru_cache(maxsize=1)
def _tone() -> bytes:
    """A second of a soft tone, 16 bits a sample."""
    step = 2 * math.pi * TONE_HZ / RATE
    samples = (int(6000 * math.sin(step * index)) for index in range(RATE))
    return b"".join(sample.to_bytes(2, "little", signed=True) for sample in samples)


def wav(seconds: int) -> bytes:
    """8 kHz mono; at most 30 s, so that long recordings stay cheap."""
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(RATE)
        for _ in range(min(LONGEST, max(1, seconds))):
            writer.writeframes(_tone())
    return file.getvalue()


def mp3(seconds: int) -> bytes:
    """Silence, as an encoder would be too much machinery here."""
    return _FRAME * math.ceil(min(LONGEST, max(1, seconds)) / _FRAME_SECONDS)
