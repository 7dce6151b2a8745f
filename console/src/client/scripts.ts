import type { Document, Row, Supabase } from './database'

type Script = Row<'ivr_scripts'>
/** What is written of a script, saved or not. */
export type ScriptDocument = Pick<
  Script,
  'name' | 'description' | 'language' | 'welcome_message' | 'script_data' | 'active'
>
/** What a caller does at a menu; nothing of both: they say nothing. */
export interface CallerAnswer {
  digits?: string
  speech?: string
}
export type Hours = Pick<Row<'call_queues'>, 'opening_hours' | 'holidays' | 'time_zone' | 'closed_message'>

/** The menus that callers hear. Supervisors write them; the database says what is wrong with one, and plays it. */
export function scripts(supabase: Supabase) {
  const table = () => supabase.from('ivr_scripts')
  return {
    async all() {
      return (await table().select('*').order('active', { ascending: false }).order('name').throwOnError())
        .data
    },
    /** One that is no use yet, and therefore not in force. */
    async create(name: string, language: string) {
      const script_data = { menus: [{ id: 'main', message: '', options: [] }] }
      const made = { name, language, script_data, active: false }
      return (await table().insert(made).select().single().throwOnError()).data
    },
    /** As it is now; null where somebody else saved it since it was read. */
    async save({ id, updated_at }: Script, document: ScriptDocument): Promise<Script | null> {
      const saved = table().update(document).eq('id', id).eq('updated_at', updated_at)
      return (await saved.select('*').throwOnError()).data[0] ?? null
    },
    async remove(id: string) {
      await table().delete().eq('id', id).throwOnError()
    },

    async faults(document: ScriptDocument, language: string): Promise<Document['ScriptFault'][]> {
      const asked = { p_script: document, p_language: language }
      return (await supabase.rpc('check_ivr_script', asked).throwOnError()).data
    },
    /** What a caller would hear who answers so; at: another moment than now. */
    async walk(document: ScriptDocument, answers: CallerAnswer[], at: string | null) {
      const asked = { p_script: document, p_answers: answers, p_at: at }
      return (await supabase.rpc('walk_ivr_script', asked).throwOnError()).data
    },
    async usage(id: string) {
      return (await supabase.rpc('ivr_script_usage', { p_script_id: id }).throwOnError()).data
    },
    async versions(id: string) {
      const kept = supabase.from('ivr_script_versions').select('*').eq('script_id', id)
      return (await kept.order('id', { ascending: false }).limit(100).throwOnError()).data
    },

    async queues() {
      const columns = 'id, name, active, opening_hours, holidays, time_zone, closed_message'
      return (await supabase.from('call_queues').select(columns).order('name').throwOnError()).data
    },
    async saveHours(queue: string, hours: Hours) {
      await supabase.from('call_queues').update(hours).eq('id', queue).throwOnError()
    },
  }
}

export type Scripts = ReturnType<typeof scripts>
