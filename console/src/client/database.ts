import { createClient, type SupabaseClient } from '@supabase/supabase-js'
import type { Config } from './config'
import { fetchWithin, PATIENCE } from './patience'
import type { components as of_database } from './types/database'
import type { components as of_service } from './types/service'

type Tables = of_database['schemas']
export type Document = of_service['schemas']

/** A row as PostgREST answers it: what may be missing in its description is null. */
export type Row<Table extends keyof Tables> = {
  [C in keyof Tables[Table]]-?: undefined extends Tables[Table][C]
    ? Exclude<Tables[Table][C], undefined> | null
    : Tables[Table][C]
}

/** A row to be taken in: columns of a contact, each as its column holds it, and the line by which it is known. */
export type ContactRow = { line: number } & Record<string, unknown>

interface Call<Arguments, Answer> {
  Args: Arguments
  Returns: Answer
}

export interface Database {
  public: {
    Tables: {
      [T in keyof Tables]: {
        Row: Row<T>
        Insert: Partial<Row<T>>
        Update: Partial<Row<T>>
        Relationships: []
      }
    }
    Views: Record<never, never>
    Functions: {
      desk: Call<Record<never, never>, Document['Desk']>
      wallboard: Call<Record<never, never>, Document['Wallboard']>
      pending_work: Call<Record<never, never>, Document['PendingWork']>
      directory: Call<Record<never, never>, Document['Directory']>
      call_routing: Call<{ p_call_id: string }, Document['CallRouting']>
      today_by_quarter: Call<{ p_queue_id: string | null }, Document['TodayByQuarter']>
      set_targets: Call<{ p_targets: Partial<Document['Targets']> }, Document['Targets']>
      search_contacts: Call<
        {
          p_query: string | null
          p_contact_type: string | null
          p_limit: number
          p_before: string | null
          p_before_id: string | null
        },
        Row<'crm_contacts'>[]
      >
      merge_contacts: Call<{ p_keep: string; p_other: string; p_take: string[] }, Row<'crm_contacts'>>
      import_contacts: Call<{ p_rows: ContactRow[] }, Document['ContactImport']>
      check_ivr_script: Call<{ p_script: unknown; p_language: string }, Document['ScriptFault'][]>
      walk_ivr_script: Call<
        { p_script: unknown; p_answers: unknown; p_at: string | null },
        Document['WalkedStep'][]
      >
      ivr_script_usage: Call<{ p_script_id: string }, Document['ScriptUsage']>
    }
  }
}

export type Supabase = SupabaseClient<Database>

/** The project, for a browser that stays open all day. */
export function openDatabase(config: Config): Supabase {
  return createClient<Database>(config.supabase_url, config.supabase_key, {
    auth: { storageKey: 'callcenter-session' },
    global: { fetch: fetchWithin(PATIENCE) },
    realtime: {
      // Heartbeats from tabs in the background, too.
      worker: true,
      reconnectAfterMs: (tries: number) => (0.5 + Math.random()) * Math.min(1000 * 2 ** tries, 30_000),
    },
  })
}
