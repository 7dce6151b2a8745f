import type { ContactRow, Row, Supabase } from './database'

export type Contact = Row<'crm_contacts'>
/** What is the user's to write. */
export type ContactChange = Partial<Omit<Contact, 'id' | 'created_at' | 'updated_at'>>

const PAGE = 50
const CALLS = 20
const EXPORTED = 1000

/** Contacts, under the policies of whoever is signed in. Errors are PostgREST's: what a column refuses is said as
 * "column: reason". */
export function contacts(supabase: Supabase) {
  const table = () => supabase.from('crm_contacts')
  return {
    /** Those who match all words (none: everybody), of a type (null: any): a page, the newest first, after the last
     * one of the page before. */
    async search(query: string, type: string | null, last?: Contact) {
      const { data } = await supabase
        .rpc('search_contacts', {
          p_query: query.trim() || null,
          p_contact_type: type,
          p_limit: PAGE,
          p_before: last?.created_at ?? null,
          p_before_id: last?.id ?? null,
        })
        .throwOnError()
      return { found: data, more: data.length === PAGE }
    },
    async read(id: string) {
      return (await table().select('*').eq('id', id).maybeSingle().throwOnError()).data
    },
    async add(contact: ContactChange) {
      return (await table().insert(contact).select('*').single().throwOnError()).data
    },
    async save(id: string, change: ContactChange) {
      await table().update(change).eq('id', id).throwOnError()
    },
    async remove(id: string) {
      await table().delete().eq('id', id).throwOnError()
    },
    /** Makes two one: `take` are the columns of which the other's value stays where both have one. */
    async merge(keep: string, other: string, take: string[]) {
      return (
        await supabase.rpc('merge_contacts', { p_keep: keep, p_other: other, p_take: take }).throwOnError()
      ).data
    },
    /** Takes in up to 500 rows; twice does no harm. */
    async takeIn(rows: ContactRow[]) {
      return (await supabase.rpc('import_contacts', { p_rows: rows }).throwOnError()).data
    },
    /** Everybody, a page at a time, in an order in which none is missed and none comes twice. */
    async *everybody() {
      let last = '00000000-0000-0000-0000-000000000000'
      for (;;) {
        const { data } = await table().select('*').gt('id', last).order('id').limit(EXPORTED).throwOnError()
        const end = data.at(-1)
        if (!end) return
        yield data
        last = end.id
      }
    },

    /** A contact's calls, of those that who asks may see, the newest first, with the notes on each; `before`: when the
     * last one of the page before began. */
    async callsOf(contact: string, before?: string) {
      let asked = supabase
        .from('call_records')
        .select(
          'id, call_direction, call_status, queue_name, disposition, notes, started_at, ended_at, duration_seconds, recording_url',
        )
        .eq('contact_id', contact)
      if (before) asked = asked.lt('started_at', before)
      const { data } = await asked.order('started_at', { ascending: false }).limit(CALLS).throwOnError()
      const notes = await supabase
        .from('call_notes')
        .select('id, call_record_id, note_text, note_type, created_at')
        .in(
          'call_record_id',
          data.map(({ id }) => id),
        )
        .order('created_at')
        .throwOnError()
      const calls = data.map((call) => ({
        ...call,
        written: notes.data.filter(({ call_record_id }) => call_record_id === call.id),
      }))
      return { calls, more: calls.length === CALLS }
    },
    /** The newest messages that were left from these numbers. */
    async voicemailsOf(numbers: string[]) {
      const { data } = await supabase
        .from('voicemails')
        .select('id, caller_number, duration_seconds, recording_url, transcription, is_listened, created_at')
        .in('caller_number', numbers)
        .order('created_at', { ascending: false })
        .limit(CALLS)
        .throwOnError()
      return data
    },
  }
}
