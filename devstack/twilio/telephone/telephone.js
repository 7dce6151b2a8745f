// A telephone in the browser for the local stack: Device and Call as in Twilio's Voice SDK 2.x, quirks included. Nothing
// of what is said is heard: each call has the event `caption`, with {at, kind, text} of what its line says or plays. The simulator
// serves it.
import { Call } from './telephone_call.js'
import { InvalidArgumentError, InvalidStateError, TwilioError, named } from './telephone_errors.js'
import { Emitter, Signalling } from './telephone_signalling.js'
import { Sounds } from './telephone_sound.js'

export { Call, TwilioError }

const REGISTER_EVERY = 30_000

export class Device extends Emitter {
  static State = { Destroyed: 'destroyed', Unregistered: 'unregistered', Registering: 'registering', Registered: 'registered' }
  static EventName = {
    Error: 'error', Incoming: 'incoming', Destroyed: 'destroyed', Unregistered: 'unregistered',
    Registering: 'registering', Registered: 'registered', TokenWillExpire: 'tokenWillExpire',
  }
  static isSupported = true
  static version = 'simulated'

  audio = new Sounds()
  #token
  #options
  #state = 'unregistered'
  #identity = null
  #stream = null
  #connected = null
  #calls = []
  #active = null
  #registersAgain = false
  #registering
  #expiring
  #onPageHide = () => this.destroy()
  #onBeforeUnload = (event) => this.#confirmClose(event)

  constructor(token, options = {}) {
    super()
    this.updateToken(token)
    this.updateOptions(options)
    globalThis.addEventListener?.('pagehide', this.#onPageHide)
  }

  get state() { return this.#state }
  get token() { return this.#token }
  get identity() { return this.#identity }
  get calls() { return this.#calls }
  get isBusy() { return this.#active !== null }

  updateOptions(options = {}) {
    this.#options = { allowIncomingWhileBusy: false, tokenRefreshMs: 10_000, ...this.#options, ...options }
    if (this.#options.closeProtection) globalThis.addEventListener?.('beforeunload', this.#onBeforeUnload)
  }

  updateToken(token) {
    if (this.#state === 'destroyed') throw new InvalidStateError('Attempt to "updateToken" when device is in state "destroyed".')
    if (typeof token !== 'string') throw new InvalidArgumentError('Parameter "token" must be of type "string".')
    this.#token = token
    this.#stream?.setToken(token)
  }

  /** A token that is refused is told by an error; this promise then waits for one that is not. */
  async register() {
    this.#require('register', 'unregistered')
    this.#registersAgain = false
    this.#become('registering')
    await this.#connection()
    const settled = new Promise((resolve, reject) => {
      this.once('registered', resolve)
      this.once('unregistered', reject)
    })
    this.#presence(true)
    await settled
  }

  async unregister() {
    this.#require('unregister', 'registered')
    this.#registersAgain = false
    const stream = await this.#connection()
    const offline = new Promise((resolve) => stream.once('offline', resolve))
    this.#presence(false)
    await offline
  }

  async connect({ params = {} } = {}) {
    if (this.#state === 'destroyed') throw new InvalidStateError('Device has been destroyed.')
    if (this.#active) throw new InvalidStateError('A Call is already active')
    const stream = await this.#connection()
    const call = this.#active = this.#watch(new Call(stream, this.#options, { params }))
    for (const waiting of this.#calls.splice(0)) waiting.ignore()
    call.accept()
    return call
  }

  disconnectAll() {
    for (const call of this.#calls.splice(0)) call.disconnect()
    this.#active?.disconnect()
  }

  /** Rejects what rings, for all softphones of this identity, and ends its own call. */
  destroy() {
    if (this.#state === 'destroyed') return
    for (const call of [...this.#calls]) call.reject()
    this.disconnectAll()
    clearTimeout(this.#expiring)
    this.#stream?.close()
    this.#stream = this.#connected = null
    globalThis.removeEventListener?.('pagehide', this.#onPageHide)
    globalThis.removeEventListener?.('beforeunload', this.#onBeforeUnload)
    this.#goOffline()
    this.#become('destroyed')
    this.removeAllListeners()
  }

  toString() { return '[Twilio.Device instance]' }

  #confirmClose(event) {
    if (!this.#active) return ''
    const given = this.#options.closeProtection
    event.returnValue = typeof given === 'string' ? given
      : 'A call is currently in-progress. Leaving or reloading this page will end the call.'
    return event.returnValue
  }

  #require(what, state) {
    if (this.#state === state) return
    throw new InvalidStateError(`Attempt to ${what} when device is in state "${this.#state}". Must be "${state}".`)
  }

  #become(state) {
    if (state === this.#state) return
    this.#state = state
    this.emit(state)
  }

  #connection() {
    if (this.#connected) return this.#connected
    const stream = this.#stream = new Signalling(this.#token)
    stream.on('connected', (payload) => this.#onConnected(payload))
    stream.on('ready', () => this.#become('registered'))
    stream.on('offline', () => this.#goOffline())
    stream.on('refusal', ({ error }) => this.#onRefusal(error))
    stream.on('invite', (payload) => this.#onInvite(payload))
    return this.#connected = new Promise((resolve) => stream.once('connected', () => resolve(stream)))
  }

  #presence(audio) {
    clearInterval(this.#registering)
    const send = () => this.#stream?.send('register', { media: { audio } }, false)
    send()
    if (audio) this.#registering = setInterval(send, REGISTER_EVERY)
  }

  #onConnected({ token: { identity, ttl } }) {
    this.#identity = identity
    clearTimeout(this.#expiring)
    const left = Math.max(0, ttl * 1000 - this.#options.tokenRefreshMs)
    this.#expiring = setTimeout(() => this.emit('tokenWillExpire', this), left)
    // A refusal of it is told by an error.
    if (this.#registersAgain) this.register().catch(() => {})
  }

  #goOffline() {
    clearInterval(this.#registering)
    this.#registersAgain = this.#state !== 'unregistered'
    this.#become('unregistered')
  }

  #onRefusal(error) {
    if (error.code === 31205) clearInterval(this.#registering)
    this.emit('error', named(error, this.#options, 31000))
  }

  #onInvite({ callsid, parameters, reconnect }) {
    if (this.#active && !this.#options.allowIncomingWhileBusy) return
    const call = new Call(this.#stream, this.#options, { callsid, parameters, reconnect })
    this.#calls.push(this.#watch(call))
    this.#ring(call)
    this.emit('incoming', call)
  }

  #ring(call) {
    const stop = this.#active ? () => {} : this.audio.ring()
    call.silence = stop
    for (const end of ['accept', 'cancel', 'reject']) call.once(end, stop)
  }

  #watch(call) {
    const forget = () => {
      if (this.#active === call) this.#active = null
      this.#calls.splice(0, Infinity, ...this.#calls.filter((one) => one !== call))
    }
    call.beforeAccept = () => { if (this.#active && this.#active !== call) this.#active.disconnect() }
    call.once('accept', () => { forget(); this.#active = call })
    for (const end of ['cancel', 'reject', 'disconnect']) call.once(end, forget)
    call.on('error', () => { if (call.status() === 'closed') forget() })
    call.on('transportClose', () => { if (call.status() === 'pending') forget() })
    return call
  }
}
