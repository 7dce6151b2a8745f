// The connection of a telephone to the simulator, whose socket is beside its modules.

const SIGNALLING = new URL('signal', import.meta.url).href.replace(/^http/, 'ws')
const FIRST_BACK_OFF = 100, LONGEST_BACK_OFF = 20_000

/** Events as Node's EventEmitter has them. */
export class Emitter {
  #listeners = new Map()

  on(event, listener) {
    this.#listeners.set(event, [...this.listeners(event), listener])
    return this
  }

  once(event, listener) {
    const first = (...told) => { this.off(event, first); listener(...told) }
    first.listener = listener
    return this.on(event, first)
  }

  off(event, listener) {
    const left = this.listeners(event).filter((one) => one !== listener && one.listener !== listener)
    this.#listeners.set(event, left)
    return this
  }

  addListener(event, listener) { return this.on(event, listener) }
  removeListener(event, listener) { return this.off(event, listener) }
  listeners(event) { return this.#listeners.get(event) ?? [] }

  removeAllListeners(event) {
    event === undefined ? this.#listeners.clear() : this.#listeners.delete(event)
    return this
  }

  emit(event, ...told) {
    const listeners = this.listeners(event)
    if (event === 'error' && !listeners.length) throw told[0]
    for (const listener of listeners) listener.apply(this, told)
    return listeners.length > 0
  }
}

/** Emits each message by its type, transportClose, offline and closed. Connects again by itself until closed. */
export class Signalling extends Emitter {
  #socket
  #waiting = []
  #closed = false
  #backOff = FIRST_BACK_OFF

  constructor(token) {
    super()
    this.token = token
    this.#open()
  }

  get isOpen() { return this.#socket.readyState === WebSocket.OPEN }

  setToken(token) {
    this.token = token
    if (this.isOpen) this.#write('listen', { token })
  }

  /** What can't be sent now is sent later, where that makes sense. */
  send(type, payload, later = true) {
    if (this.isOpen) this.#write(type, payload)
    else if (later) this.#waiting.push([type, payload])
  }

  close() {
    this.#closed = true
    this.#socket.close()
    this.emit('closed')
  }

  #write(type, payload) { this.#socket.send(JSON.stringify({ type, payload })) }

  #open() {
    if (this.#closed) return
    const socket = this.#socket = new WebSocket(SIGNALLING)
    socket.onopen = () => {
      this.#backOff = FIRST_BACK_OFF
      this.#write('listen', { token: this.token })
      for (const [type, payload] of this.#waiting.splice(0)) this.#write(type, payload)
    }
    socket.onmessage = ({ data }) => {
      const { type, payload } = JSON.parse(data)
      if (!this.#closed) this.emit(type === 'error' ? 'refusal' : type, payload)
    }
    socket.onclose = () => {
      if (this.#closed) return
      this.emit('transportClose')
      this.emit('offline')
      this.emit('refusal', { error: { code: 31005, message: 'The socket was closed unexpectedly' } })
      setTimeout(() => this.#open(), this.#backOff * (0.5 + Math.random()))
      this.#backOff = Math.min(2 * this.#backOff, LONGEST_BACK_OFF)
    }
  }
}
