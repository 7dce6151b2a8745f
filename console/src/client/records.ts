import type { Document, Supabase } from './database'

/** What screens read and write of the rows themselves, under the policies of whoever is signed in. */
export function records(supabase: Supabase) {
  return {
    async directory() {
      return (await supabase.rpc('directory').throwOnError()).data
    },

    async pendingWork() {
      return (await supabase.rpc('pending_work').throwOnError()).data
    },

    /** Why a call went to whom. */
    async routingOf(call: string) {
      return (await supabase.rpc('call_routing', { p_call_id: call }).throwOnError()).data
    },
    /** The day so far; null: of all queues. */
    async todayByQuarter(queue: string | null) {
      return (await supabase.rpc('today_by_quarter', { p_queue_id: queue }).throwOnError()).data
    },
    /** What a wall's figures are to be. */
    async setTargets(targets: Partial<Document['Targets']>) {
      await supabase.rpc('set_targets', { p_targets: targets }).throwOnError()
    },
    /** Within how many seconds a queue is to be answered. */
    async promiseWithin(queue: string, seconds: number) {
      await supabase
        .from('call_queues')
        .update({ service_level_seconds: seconds })
        .eq('id', queue)
        .throwOnError()
    },

    async notesOf(call: string) {
      const { data } = await supabase
        .from('call_records')
        .select('notes')
        .eq('id', call)
        .maybeSingle()
        .throwOnError()
      return data?.notes ?? ''
    },
    async saveNotes(call: string, notes: string) {
      await supabase.from('call_records').update({ notes }).eq('id', call).throwOnError()
    },
    /** The words that a call's queue knows of what came of it; none: any word. */
    async dispositionsOf(queue: string) {
      const { data } = await supabase
        .from('call_queues')
        .select('dispositions, disposition_required')
        .eq('name', queue)
        .maybeSingle()
        .throwOnError()
      return { words: data?.dispositions ?? [], required: data?.disposition_required ?? false }
    },

    async voicemails() {
      const { data } = await supabase
        .from('voicemails')
        .select(
          'id, caller_number, caller_name, duration_seconds, recording_url, transcription, is_listened, created_at, queue_id',
        )
        .order('created_at', { ascending: false })
        .limit(50)
        .throwOnError()
      const names = await namesOf(supabase, [...new Set(data.map(({ caller_number }) => caller_number))])
      return data.map((voicemail) => ({
        ...voicemail,
        caller_name: names.get(voicemail.caller_number) || voicemail.caller_name,
      }))
    },
    async markListened(voicemail: string, agent: string | null) {
      await supabase
        .from('voicemails')
        .update({ is_listened: true, listened_by_agent_id: agent, listened_at: new Date().toISOString() })
        .eq('id', voicemail)
        .throwOnError()
    },
  }
}

export type Records = ReturnType<typeof records>

/** Contacts' names by their numbers. */
async function namesOf(supabase: Supabase, numbers: string[]): Promise<Map<string, string>> {
  if (numbers.length === 0) return new Map()
  const { data } = await supabase
    .from('crm_contacts')
    .select('phone_number, first_name, last_name')
    .in('phone_number', numbers)
    .throwOnError()
  return new Map(
    data.map(({ phone_number, first_name, last_name }) => [
      phone_number ?? '',
      [first_name, last_name].filter(Boolean).join(' '),
    ]),
  )
}
