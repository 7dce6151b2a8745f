import { type Api, answer } from './service'
import type { components } from './types/service'

type Body = components['schemas']

/** The operations of docs/http-api.md by their names. `call` is a call's id, `to` a number, an extension or a
 * queue's name. Each answers how the call, or the agent's state, is now, and throws Refused. */
export function operations(api: Api) {
  const of = (call: string) => ({ params: { path: { call } } })
  const once = () => ({ header: { 'Idempotency-Key': crypto.randomUUID() } })
  return {
    readMe: () => answer(api.GET('/api/me')),
    setStatus: (body: Body['NewStatus']) => answer(api.POST('/api/me/status', { body })),
    setNextStatus: (body: Body['NextStatus']) => answer(api.POST('/api/me/next-status', { body })),
    extendWrapUp: (seconds: number) => answer(api.POST('/api/me/wrap-up/extend', { body: { seconds } })),
    finishWrapUp: () => answer(api.POST('/api/me/wrap-up/finish')),

    leave: (call: string) => answer(api.POST('/api/calls/{call}/leave', of(call))),
    end: (call: string) => answer(api.POST('/api/calls/{call}/end', of(call))),
    hold: (call: string) => answer(api.POST('/api/calls/{call}/hold', { ...of(call), body: {} })),
    resume: (call: string) => answer(api.POST('/api/calls/{call}/resume', { ...of(call), body: {} })),
    mute: (call: string) => answer(api.POST('/api/calls/{call}/mute', { ...of(call), body: {} })),
    unmute: (call: string) => answer(api.POST('/api/calls/{call}/unmute', { ...of(call), body: {} })),
    pressDigits: (call: string, digits: string) =>
      answer(
        api.POST('/api/calls/{call}/digits', { params: { path: { call }, ...once() }, body: { digits } }),
      ),
    pauseRecording: (call: string) => answer(api.POST('/api/calls/{call}/recording/pause', of(call))),
    resumeRecording: (call: string) => answer(api.POST('/api/calls/{call}/recording/resume', of(call))),

    transfer: (call: string, to: string) =>
      answer(api.POST('/api/calls/{call}/transfer', { ...of(call), body: { to } })),
    consult: (call: string, to: string) =>
      answer(api.POST('/api/calls/{call}/consult', { ...of(call), body: { to } })),
    cancelConsult: (call: string) => answer(api.POST('/api/calls/{call}/consult/cancel', of(call))),
    swapConsult: (call: string) => answer(api.POST('/api/calls/{call}/consult/swap', of(call))),
    mergeConsult: (call: string) => answer(api.POST('/api/calls/{call}/consult/merge', of(call))),
    completeConsult: (call: string) => answer(api.POST('/api/calls/{call}/consult/complete', of(call))),
    addParty: (call: string, to: string) =>
      answer(api.POST('/api/calls/{call}/parties', { ...of(call), body: { to } })),
    removeParty: (call: string, party: string) =>
      answer(api.DELETE('/api/calls/{call}/parties/{party}', { params: { path: { call, party } } })),
    askForHelp: (call: string, reason: string | null) =>
      answer(api.POST('/api/calls/{call}/help', { ...of(call), body: { reason } })),

    setDisposition: (call: string, disposition: string) =>
      answer(api.POST('/api/calls/{call}/disposition', { ...of(call), body: { disposition } })),
    scheduleCallback: (call: string, at: string) =>
      answer(api.POST('/api/calls/{call}/callback', { ...of(call), body: { at } })),

    placeCall: (toNumber: string) =>
      answer(
        api.POST('/api/twilio/initiate-call', { params: once(), body: { toNumber, detectMachine: false } }),
      ),
    takeSoftphone: (device: string) => answer(api.POST('/api/softphone/device', { body: { device } })),
    keepSoftphone: (device: string) => answer(api.POST('/api/softphone/heartbeat', { body: { device } })),
    softphoneToken: () => answer(api.POST('/api/softphone/token')),

    /** Where a recording (by its SID) is heard: an address that needs no header, good for ten minutes. */
    linkTo: (recording: string) =>
      answer(api.POST('/api/recordings/{recording}/link', { params: { path: { recording } } })),

    readCall: (call: string) => answer(api.GET('/api/calls/{call}', of(call))),
    supervise: (call: string, mode: Body['Supervision']['mode']) =>
      answer(api.POST('/api/calls/{call}/supervise', { ...of(call), body: { mode } })),
    stopSupervising: (call: string) => answer(api.DELETE('/api/calls/{call}/supervise', of(call))),
    takeOver: (call: string) => answer(api.POST('/api/calls/{call}/take-over', of(call))),
    /** Another queue, by its name, for a caller who waits. */
    move: (call: string, to: string) =>
      answer(api.POST('/api/calls/{call}/move', { ...of(call), body: { to } })),
    setStatusOf: (agent: string, body: Body['NewStatus']) =>
      answer(api.POST('/api/agents/{agent}/status', { params: { path: { agent } }, body })),
    finishWrapUpOf: (agent: string) =>
      answer(api.POST('/api/agents/{agent}/wrap-up/finish', { params: { path: { agent } } })),
  }
}

export type Operations = ReturnType<typeof operations>
