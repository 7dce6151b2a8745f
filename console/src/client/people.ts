import type { Row, Supabase } from './database'

/** Who is signed in, and what they are here. */
export interface Person {
  id: string
  email: string
  name: string | null
  isSupervisor: boolean
  /** Null for who takes no calls. */
  agent: { id: string; extension: string; phone_number: string | null } | null
}

/** Who a user is: their role, and the agent that they are. */
export async function whoIs(
  supabase: Supabase,
  user: { id: string; email?: string | undefined },
): Promise<Person> {
  const [profile, agent] = await Promise.all([
    supabase.from('profiles').select('role, full_name').eq('id', user.id).maybeSingle().throwOnError(),
    supabase
      .from('call_center_agents')
      .select('id, extension, phone_number')
      .eq('user_id', user.id)
      .maybeSingle()
      .throwOnError(),
  ])
  return {
    id: user.id,
    email: user.email ?? '',
    name: profile.data?.full_name ?? null,
    isSupervisor: profile.data?.role === 'supervisor' || profile.data?.role === 'gerente',
    agent: agent.data as Pick<Row<'call_center_agents'>, 'id' | 'extension' | 'phone_number'> | null,
  }
}
