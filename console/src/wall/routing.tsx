import { useQuery } from '@tanstack/react-query'
import type { Document } from '../client'
import { useClient } from '../session/client'
import { Chip } from '../ui/card'
import { Window } from '../ui/dialog'
import { Loading } from '../ui/loading'
import { useMoments } from '../ui/time'
import { useWords } from '../words'
import { useWallWords } from './words'

type Decision = Document['RoutingDecision']
type Candidate = Document['Candidate']

/** Why a call went to whom: what the router decided, each candidate and why they lost. */
export default function Routing({
  call,
  name,
  onClose,
}: {
  call: string
  name: string
  onClose: () => void
}) {
  const words = useWallWords().routing
  const { records } = useClient()
  const { data, failureReason } = useQuery({
    queryKey: ['routing', call],
    queryFn: () => records.routingOf(call),
    staleTime: 0,
    refetchInterval: 5000,
  })
  return (
    <Window title={words.title(name)} isOpen onClose={onClose}>
      {data ? (
        <div className="grid gap-4">
          {data.now && (
            <section aria-label={words.now}>
              <h3>
                {words.now} · {data.now.queue}
              </h3>
              <Candidates decision={data.now} />
            </section>
          )}
          {data.decisions.map((decision) => (
            <Decided key={decision.at} decision={decision} />
          ))}
          {data.decisions.length === 0 && <p className="text-soft">{words.none}</p>}
          <p className="text-sm text-soft">{words.kept}</p>
        </div>
      ) : (
        <Loading failed={failureReason} />
      )}
    </Window>
  )
}

function Decided({ decision }: { decision: Decision }) {
  const words = useWords()
  const { routing } = useWallWords()
  const moments = useMoments()
  const rung = decision.candidates.find(({ why }) => why === 'chosen')
  const { outcome } = decision
  return (
    <section className="grid gap-1">
      <h3>
        {routing.to(rung?.name ?? rung?.extension ?? words.unknown, moments(decision.at))} · {decision.queue}
      </h3>
      <p className="text-soft">
        {outcome ? (routing.outcomes[outcome] ?? words.outcomes[outcome] ?? outcome) : routing.rings}
      </p>
      <Candidates decision={decision} />
    </section>
  )
}

function Candidates({ decision }: { decision: Decision }) {
  const words = useWallWords().routing
  if (decision.candidates.length === 0) return <p className="text-soft">{words.nobody}</p>
  return (
    <ol aria-label={words.candidates} className="grid">
      {decision.candidates.map((candidate) => (
        <li key={candidate.agent_id} className="flex items-center gap-3 border-t border-line py-1">
          <span className="min-w-0 grow truncate font-medium">
            {candidate.name ?? candidate.extension} <span className="text-soft">{candidate.extension}</span>
          </span>
          <Why candidate={candidate} />
        </li>
      ))}
    </ol>
  )
}

const TONES = { chosen: 'good', free: 'busy', passed_over: 'busy', ranked_lower: 'busy' } as const

function Why({ candidate: { why, detail } }: { candidate: Candidate }) {
  const words = useWords()
  const { routing } = useWallWords()
  const named = detail && (words.outcomes[detail] ?? words.status.states[detail] ?? detail)
  return (
    <Chip tone={why in TONES ? TONES[why as keyof typeof TONES] : 'soft'}>{routing.why[why](named)}</Chip>
  )
}
