import type { Config } from './config'
import type { Supabase } from './database'

/** Saves a call's notes while the page goes away, when nothing can be waited for: not for who is signed in, which
 * supabase-js asks anew each time, and not for an answer. */
export function saverOfPartingNotes(config: Config, supabase: Supabase) {
  let token: string | undefined
  supabase.auth.onAuthStateChange((_event, session) => {
    token = session?.access_token
  })
  return (call: string, notes: string) => {
    if (!token) return
    void fetch(`${config.supabase_url}/rest/v1/call_records?id=eq.${call}`, {
      method: 'PATCH',
      keepalive: true,
      headers: {
        apikey: config.supabase_key,
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        prefer: 'return=minimal',
      },
      body: JSON.stringify({ notes }),
    }).catch(() => {})
  }
}
