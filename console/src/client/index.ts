/** All that a frontend asks of Supabase, the service and Twilio. Nothing here knows of React or of pages. */
import { operations } from './calls'
import { type Config, readConfig } from './config'
import { contacts } from './contacts'
import { openDatabase } from './database'
import { openDesk } from './desk'
import { saverOfPartingNotes } from './parting'
import { whoIs } from './people'
import { records } from './records'
import { scripts } from './scripts'
import { openService } from './service'
import { telephone } from './telephone'
import { openWallboard } from './wallboard'

export type { Contact, ContactChange } from './contacts'
export type { ContactRow, Document, Row } from './database'
export type { DeskState } from './desk'
export type { Liveness } from './live.mjs'
export type { Person } from './people'
export type { CallerAnswer, Hours, ScriptDocument } from './scripts'
export { Refused } from './service'
export type { Store } from './store'
export { store } from './store'
export type { TelephoneState } from './telephone'
export { isOfMicrophone } from './telephone'
export type { WallboardState } from './wallboard'

export async function openClient() {
  return clientOf(await readConfig())
}

export function clientOf(config: Config) {
  const supabase = openDatabase(config)
  const calls = operations(openService(config, supabase))
  return {
    config,
    auth: supabase.auth,
    calls,
    contacts: contacts(supabase),
    records: records(supabase),
    savePartingNotes: saverOfPartingNotes(config, supabase),
    scripts: scripts(supabase),
    telephone: telephone(config, calls),
    whoIs: (user: { id: string; email?: string | undefined }) => whoIs(supabase, user),
    openDesk: (agentId: string) => openDesk(supabase, agentId),
    openWallboard: () => openWallboard(supabase),
  }
}

export type Client = Awaited<ReturnType<typeof openClient>>
