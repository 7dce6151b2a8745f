import { fetchWithin } from './patience'

/** What the console is told when it starts, by whoever serves it. Nothing in it is secret. */
export interface Config {
  supabase_url: string
  supabase_key: string
  service_url: string
  /** A module with the surface of Twilio's Voice SDK, to be loaded instead of it. */
  telephone_url: string | null
  /** The country of numbers that are written without one, such as CO. */
  region: string
}

/** Reads config.json beside the page; throws with the server's own words where it has none. */
export async function readConfig(): Promise<Config> {
  const answer = await fetchWithin(5_000)(new URL('config.json', document.baseURI))
  const body = await answer.json().catch(() => null)
  if (!answer.ok) throw new Error(body?.error ?? `config.json: ${answer.status}`)
  return body
}
