// What Twilio's Voice SDK plays by itself: a ring, while a call comes in and none is talked on.

/** Device.audio, as far as that goes. */
export class Sounds {
  #rings = true

  incoming(enabled) {
    if (typeof enabled === 'boolean') this.#rings = enabled
    return this.#rings
  }

  /** Rings until what it returns is called. */
  ring() {
    if (!this.#rings || !globalThis.AudioContext) return () => {}
    const audio = new AudioContext()
    const tone = audio.createOscillator()
    const volume = audio.createGain()
    volume.gain.value = 0.05
    tone.connect(volume).connect(audio.destination)
    tone.start()
    return () => { if (audio.state !== 'closed') audio.close() }
  }
}
