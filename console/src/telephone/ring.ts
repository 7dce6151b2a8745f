/** Rings, softly, until what it returns is called. Browsers are silent before the page was touched once. */
export function startRinging(): () => void {
  const audio = new AudioContext()
  const volume = audio.createGain()
  volume.gain.value = 0
  volume.connect(audio.destination)
  for (const frequency of [440, 480]) {
    const tone = audio.createOscillator()
    tone.frequency.value = frequency
    tone.connect(volume)
    tone.start()
  }
  const ring = () => {
    const at = audio.currentTime
    volume.gain.setTargetAtTime(0.06, at, 0.03)
    volume.gain.setTargetAtTime(0, at + 1, 0.05)
  }
  ring()
  const repeating = setInterval(ring, 3000)
  return () => {
    clearInterval(repeating)
    void audio.close()
  }
}
