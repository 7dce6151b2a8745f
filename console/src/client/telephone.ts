import type { Call, Device } from '@twilio/voice-sdk'
import type { Operations } from './calls'
import type { Config } from './config'
import { Refused } from './service'
import { store } from './store'

export interface TelephoneState {
  /** off: nobody asked for it; elsewhere: another page is it; away: not registered with Twilio at the moment. */
  state: 'off' | 'connecting' | 'ready' | 'away' | 'elsewhere' | 'failed'
  why: Error | null
  /** What rings here: calls' ids, and the SIDs of the legs that ring. */
  ringing: string[]
  /** What was answered or dialled here and is not over, by the same names. */
  open: string[]
  /** What the line says, where the telephone is a simulator's that tells it in words. */
  caption: string | null
}

const ANSWERED = ['connecting', 'ringing', 'open', 'reconnecting']
const OFF: TelephoneState = { state: 'off', why: null, ringing: [], open: [], caption: null }
const SPOKEN = new Set(['say', 'voice'])
type Captioned = { on(event: 'caption', told: (caption: { kind: string; text: string }) => void): void }

/** The telephone in this tab: Twilio's Voice SDK, loaded when it is first wanted. One page at a time is a person's:
 * of a browser's tabs the first, and of browsers the newest. */
export function telephone(config: Config, operations: Operations) {
  const state = store(OFF)
  const calls = new Set<Call>()
  const page = crypto.randomUUID()
  let device: Device | null = null
  let alone: { end: () => void } | null = null
  let heartbeat: Worker | null = null
  let since = ''
  // Each time that it is turned on: what was begun before goes no further.
  let turn = 0
  let connecting = Promise.resolve()

  const tell = (change: Partial<TelephoneState> = {}) => {
    const named = (statuses: string[]) =>
      [...calls].filter((call) => statuses.includes(call.status())).flatMap(namesOf)
    state.set({ ...state.get(), ...change, ringing: named(['pending']), open: named(ANSWERED) })
  }

  function follow(call: Call) {
    calls.add(call)
    const over = () => {
      calls.delete(call)
      tell({ caption: null })
    }
    for (const event of ['cancel', 'reject', 'disconnect'] as const) call.on(event, over)
    call.on('accept', () => tell())
    call.on('error', (why: Error) => {
      // Whoever rings meanwhile could not be answered either.
      const talks = [...calls].some((other) => other !== call && ANSWERED.includes(other.status()))
      if (isOfMicrophone(why) && !talks) leaveTo('failed', why)
      else tell({ why })
    })
    ;(call as unknown as Captioned).on(
      'caption',
      ({ kind, text }) => text && SPOKEN.has(kind) && tell({ caption: text }),
    )
    tell()
  }

  /** Registers it, unless another tab is the telephone; anyway: takes it from there. What came of it is in the state. */
  function connect({ anyway = false } = {}) {
    if (!['connecting', 'ready', 'away'].includes(state.get().state)) connecting = connectAnew(anyway)
    return connecting
  }

  async function connectAnew(anyway: boolean) {
    leaveTo('connecting')
    const mine = turn
    const isOver = () => turn !== mine
    try {
      const lock = await onlyTab(anyway, () => isOver() || leaveTo('elsewhere'))
      if (isOver()) return lock?.end()
      if (!lock) return leaveTo('elsewhere')
      alone = lock
      await register(isOver)
      if (isOver()) return
      // Only now, for what rings at the page before is then rung again, and has to be heard here.
      const { softphone } = await operations.takeSoftphone(page)
      if (isOver()) return
      since = softphone.since
      heartbeat = every(softphone.heartbeat_seconds, beat)
    } catch (why) {
      if (!isOver()) leaveTo('failed', why as Error)
    }
  }

  async function register(isOver: () => boolean) {
    const [{ Device }, first] = await Promise.all([load(config), token(), askForMicrophone(config)])
    if (isOver()) return
    device = new Device(first, { closeProtection: false, allowIncomingWhileBusy: true })
    // What rings is the page's matter: whether it may, and in one tab only.
    device.audio?.incoming(false)
    device.on('registered', () => tell({ state: 'ready', why: null }))
    device.on('unregistered', () => device && tell({ state: 'away' }))
    device.on('incoming', follow)
    device.on('error', (why: Error) =>
      tell({ why, state: device?.state === 'registered' ? 'ready' : 'failed' }),
    )
    device.on('tokenWillExpire', async () => device?.updateToken(await token()))
    await device.register()
  }

  async function beat() {
    try {
      await operations.keepSoftphone(page)
    } catch (why) {
      if (why instanceof Refused && why.code === 'taken_over') leaveTo('elsewhere')
    }
  }

  function leaveTo(next: TelephoneState['state'], why: Error | null = null) {
    const left = device
    turn += 1
    device = null
    since = ''
    heartbeat?.terminate()
    heartbeat = null
    alone?.end()
    alone = null
    // Destroyed, it rejects what rings; where another page is the telephone now, that is answered there.
    if (next === 'elsewhere') for (const call of calls) call.ignore()
    calls.clear()
    left?.destroy()
    tell({ state: next, why, caption: null })
  }

  const token = async () => (await operations.softphoneToken()).token
  const find = (names: string[]) =>
    [...calls].find((call) => namesOf(call).some((name) => names.includes(name)))

  return {
    state,
    connect,
    disconnect: () => leaveTo('off'),
    /** What the line said is over. */
    forgetCaption: () => state.get().caption && tell({ caption: null }),
    /** Which page the desk says to be the telephone; an older desk may name the one before this. */
    heard(now: { device: string; since: string } | null | undefined) {
      if (device && now && now.device !== page && Date.parse(now.since) >= Date.parse(since))
        leaveTo('elsewhere')
    },
    /** Of what rings, by any of its names. */
    accept(names: string[]) {
      find(names)?.accept()
      tell()
    },
    reject: (names: string[]) => find(names)?.reject(),
    /** Places a call, with who dials on the line at once. */
    async dial(number: string) {
      if (!device) throw new Error('the telephone is off')
      follow(await device.connect({ params: { To: number } }))
    },
  }
}

export type Telephone = ReturnType<typeof telephone>

/** The id of the call's row, where the leg brings it, and the leg's SID, which its party is named by. */
function namesOf(call: Call): string[] {
  return [call.customParameters.get('call'), call.parameters.CallSid].filter((name) => name !== undefined)
}

async function load(config: Config): Promise<typeof import('@twilio/voice-sdk')> {
  return config.telephone_url ? import(/* @vite-ignore */ config.telephone_url) : import('@twilio/voice-sdk')
}

// Of Twilio's Voice SDK: no permission, no device.
const CODES_OF_MICROPHONES = new Set([31401, 31402])
const NAMES_OF_MICROPHONES = new Set(['NotAllowedError', 'NotFoundError', 'NotReadableError'])

/** Whether there is no microphone, or none that this page may use. */
export function isOfMicrophone(why: unknown): boolean {
  const { code, name } = why as { code?: unknown; name?: string }
  if (why instanceof DOMException) return NAMES_OF_MICROPHONES.has(name ?? '')
  return typeof code === 'number' && CODES_OF_MICROPHONES.has(code)
}

/** Now, for else the browser asks its user when the first customer is being answered, who waits meanwhile. */
async function askForMicrophone(config: Config) {
  if (config.telephone_url) return
  // Where a page did not come by TLS, there is none.
  if (!navigator.mediaDevices) throw new DOMException('', 'NotAllowedError')
  const sound = await navigator.mediaDevices.getUserMedia({ audio: true })
  for (const track of sound.getTracks()) track.stop()
}

/** Calls `tick` every so many seconds, by a worker's clock: that of a page in the background runs once a minute. */
function every(seconds: number, tick: () => void): Worker {
  const clock = new Blob([`setInterval(() => postMessage(0), ${1000 * seconds})`], {
    type: 'text/javascript',
  })
  const url = URL.createObjectURL(clock)
  const worker = new Worker(url)
  worker.onmessage = () => {
    URL.revokeObjectURL(url)
    tick()
  }
  return worker
}

/** Makes this tab the one of its browser, until `end`; null: another is it. `taken`: another took that over. */
async function onlyTab(anyway: boolean, taken: () => void): Promise<{ end: () => void } | null> {
  // There are no locks where a page did not come by TLS.
  if (!navigator.locks) return { end: () => {} }
  const { promise: over, resolve: end } = Promise.withResolvers<void>()
  return new Promise((resolve) => {
    navigator.locks
      .request('callcenter-telephone', anyway ? { steal: true } : { ifAvailable: true }, (lock) => {
        resolve(lock ? { end } : null)
        return lock ? over : undefined
      })
      .catch(taken)
  })
}
