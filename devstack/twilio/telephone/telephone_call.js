// A call of the telephone: Call as in Twilio's Voice SDK 2.x, and its event `caption`.
import { InvalidArgumentError, TwilioError, named } from './telephone_errors.js'
import { Emitter } from './telephone_signalling.js'

export class Call extends Emitter {
  static State = {
    Closed: 'closed', Connecting: 'connecting', Open: 'open', Pending: 'pending', Reconnecting: 'reconnecting', Ringing: 'ringing',
  }
  static CallDirection = { Incoming: 'INCOMING', Outgoing: 'OUTGOING' }

  #stream
  #options
  #status = 'pending'
  #muted = false
  #reconnect
  #heard

  /** Incoming: {callsid, parameters, reconnect}; outgoing: {params}. */
  constructor(stream, options, { callsid, parameters, reconnect, params }) {
    super()
    this.#stream = stream
    this.#options = options
    this.#reconnect = reconnect
    this.direction = callsid ? 'INCOMING' : 'OUTGOING'
    this.parameters = { ...parameters }
    this.outboundConnectionId = callsid ? undefined : `TJ${crypto.randomUUID()}`
    const given = params ?? Object.fromEntries(new URLSearchParams(parameters.Params))
    this.customParameters = new Map(Object.entries(given).map(([name, value]) => [name, String(value)]))
    this.#listen()
  }

  status() { return this.#status }
  isMuted() { return this.#muted }
  toString() { return '[Twilio.Call instance]' }

  accept() {
    if (this.#status !== 'pending') return
    this.#status = 'connecting'
    this.beforeAccept()
    if (this.direction === 'INCOMING') return this.#send('answer')
    const params = new URLSearchParams(Object.fromEntries(this.customParameters)).toString()
    this.#send('invite', { twilio: { params } })
  }

  reject() {
    if (this.#status !== 'pending') return
    this.#send('reject')
    this.#close()
    this.emit('reject')
  }

  /** Rings on elsewhere; it is told by nothing, as in the SDK, until the call is cancelled. */
  ignore() {
    if (this.#status !== 'pending') return
    this.#status = 'closed'
    this.silence?.()
  }

  disconnect() {
    if (this.#status === 'pending' || this.#status === 'closed') return
    this.#send('hangup')
    this.#end()
  }

  mute(shouldMute = true) {
    if (this.#muted === shouldMute) return
    this.#muted = shouldMute
    if (this.#status === 'open') this.#send('mute', { muted: shouldMute })
    this.emit('mute', shouldMute, this)
  }

  sendDigits(digits) {
    if (/[^0-9*#w]/.test(digits)) throw new InvalidArgumentError('Illegal character passed into sendDigits')
    if (this.#stream.isOpen) this.#send('dtmf', { dtmf: digits })
    else this.emit('error', new TwilioError(31005, 'Could not send DTMF: Signaling channel is disconnected'))
  }

  #send(type, more = {}) {
    this.#stream.send(type, { callsid: this.parameters.CallSid ?? this.outboundConnectionId, ...more })
  }

  #listen() {
    const mine = (then) => (payload) => {
      const names = [payload.callsid, payload.temporary]
      if (names.includes(this.parameters.CallSid ?? this.outboundConnectionId)) then(payload)
    }
    this.#heard = {
      ringing: mine(({ callsid }) => this.#onRinging(callsid)),
      answer: mine((payload) => this.#onAnswer(payload)),
      caption: mine(({ at, kind, text }) => this.emit('caption', { at, kind, text })),
      cancel: mine(() => { this.#close(); this.emit('cancel') }),
      hangup: mine(({ error }) => this.#onHangup(error)),
      transportClose: () => this.#onTransportClose(),
      connected: () => { if (this.#status === 'reconnecting') this.#send('invite', { reconnect: this.#reconnect }) },
    }
    for (const [event, listener] of Object.entries(this.#heard)) this.#stream.on(event, listener)
  }

  #onRinging(callsid) {
    this.parameters.CallSid = callsid
    if (this.#status !== 'connecting' && this.#status !== 'ringing') return
    this.#status = 'ringing'
    this.emit('ringing', false)
  }

  #onAnswer({ callsid, reconnect }) {
    if (this.#status === 'closed') return
    this.parameters.CallSid = callsid
    this.#reconnect = reconnect
    const event = this.#status === 'reconnecting' ? 'reconnected' : 'accept'
    this.#status = 'open'
    if (this.#muted) this.#send('mute', { muted: true })
    this.emit(event, this)
  }

  #onHangup(error) {
    if (this.#status === 'closed') return
    if (error) this.emit('error', named(error, this.#options, 31005))
    this.#end()
  }

  #onTransportClose() {
    this.emit('transportClose')
    if (this.#status === 'closed') return
    this.#status = this.#reconnect ? 'reconnecting' : 'closed'
    if (this.#reconnect) this.emit('reconnecting', new TwilioError(53001))
  }

  #end() {
    if (this.#status === 'closed') return
    this.#close()
    this.emit('disconnect', this)
  }

  #close() {
    this.#status = 'closed'
    for (const [event, listener] of Object.entries(this.#heard)) this.#stream.off(event, listener)
  }
}
