import type { Call, Device } from '@twilio/voice-sdk'
import type { Operations } from './calls'
import type { Config } from './config'
import { store } from './store'

export interface TelephoneState {
  /** off: nobody asked for it; away: it is not registered with Twilio at the moment. */
  state: 'off' | 'connecting' | 'ready' | 'away' | 'failed'
  why: Error | null
  /** What rings here: calls' ids, and the SIDs of the legs that ring. */
  ringing: string[]
  /** What is talked on here, by the same names. */
  open: string[]
  /** Digits and words of the line, where the telephone is a simulator's that tells them. */
  caption: string | null
}

const OFF: TelephoneState = { state: 'off', why: null, ringing: [], open: [], caption: null }
type Captioned = { on(event: 'caption', told: (caption: { at: string; text: string }) => void): void }

/** The telephone in this tab: Twilio's Voice SDK, loaded when it is first wanted. */
export function telephone(config: Config, operations: Operations) {
  const state = store(OFF)
  const calls = new Set<Call>()
  let device: Device | null = null

  const tell = (change: Partial<TelephoneState> = {}) => {
    const named = (status: string) => [...calls].filter((call) => call.status() === status).flatMap(namesOf)
    state.set({ ...state.get(), ...change, ringing: named('pending'), open: named('open') })
  }

  function follow(call: Call) {
    calls.add(call)
    const over = () => {
      calls.delete(call)
      tell({ caption: null })
    }
    for (const event of ['cancel', 'reject', 'disconnect'] as const) call.on(event, over)
    call.on('accept', () => tell())
    call.on('error', (why: Error) => tell({ why }))
    ;(call as unknown as Captioned).on('caption', ({ text }) => tell({ caption: text }))
    tell()
  }

  /** Registers it; asks for the microphone the first time that somebody talks. */
  async function connect() {
    if (device) return
    tell({ state: 'connecting', why: null })
    try {
      const { Device } = await load(config)
      device = new Device(await token(), { closeProtection: false, allowIncomingWhileBusy: true })
      device.on('registered', () => tell({ state: 'ready', why: null }))
      device.on('unregistered', () => tell({ state: device ? 'away' : 'off' }))
      device.on('incoming', follow)
      device.on('error', (why: Error) =>
        tell({ why, state: device?.state === 'registered' ? 'ready' : 'failed' }),
      )
      device.on('tokenWillExpire', async () => device?.updateToken(await token()))
      await device.register()
    } catch (why) {
      disconnect()
      tell({ state: 'failed', why: why as Error })
    }
  }

  function disconnect() {
    const left = device
    device = null
    calls.clear()
    left?.destroy()
    tell({ state: 'off', why: null, caption: null })
  }

  const token = async () => (await operations.softphoneToken()).token
  const find = (names: string[]) =>
    [...calls].find((call) => namesOf(call).some((name) => names.includes(name)))

  return {
    state,
    connect,
    disconnect,
    /** Of what rings, by any of its names. */
    accept: (names: string[]) => find(names)?.accept(),
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
