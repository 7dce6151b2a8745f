import type { Document } from '../client'
import { useMoments } from '../ui/time'
import { useWallWords } from './words'

type Sums = Document['DaySums']

// In the chart's own units, a quarter of an hour ten wide.
const STEP = 10
const BARS = 100
const LEVEL = 50
const GAP = 14
const HEIGHT = BARS + GAP + LEVEL

/** A bar a quarter of an hour (answered, abandoned, and what else was offered), and the service level beneath it. */
export function Chart({ quarters, total, target }: { quarters: Sums[]; total: Sums; target: number }) {
  const words = useWallWords().today
  const most = Math.max(...quarters.map(({ offered }) => offered), 1)
  return (
    <figure className="grid gap-2">
      <svg
        role="img"
        aria-label={words.chart(total.offered, total.answered, total.abandoned)}
        viewBox={`0 0 ${quarters.length * STEP} ${HEIGHT}`}
        preserveAspectRatio="none"
        className="h-44 w-full"
      >
        {quarters.map((sums, place) => (
          <Bar key={sums.start} sums={sums} x={place * STEP} scale={BARS / most} />
        ))}
        <Levels quarters={quarters} target={target} />
      </svg>
      <Hours quarters={quarters} />
      <figcaption className="flex flex-wrap gap-x-5 gap-y-1 text-sm text-soft">
        <Key className="bg-good" text={`${words.answered}: ${total.answered}`} />
        <Key className="bg-bad" text={`${words.abandoned}: ${total.abandoned}`} />
        <Key className="bg-edge" text={`${words.others}: ${othersOf(total)}`} />
        <Key className="h-0.5! bg-accent" text={`${words.level}, ${words.target(target)}`} />
      </figcaption>
    </figure>
  )
}

/** Left a message, asked to be called back later in vain, or went on to another queue. */
const othersOf = ({ offered, answered, abandoned }: Sums) => Math.max(0, offered - answered - abandoned)

function Bar({ sums, x, scale }: { sums: Sums; x: number; scale: number }) {
  const parts = [
    [sums.answered, 'fill-good'],
    [sums.abandoned, 'fill-bad'],
    [othersOf(sums), 'fill-edge'],
  ] as const
  let below = BARS
  return (
    <g>
      {parts.map(([count, fill]) => {
        const height = count * scale
        below -= height
        return height > 0 ? (
          <rect key={fill} x={x + 1} y={below} width={STEP - 2} height={height} className={fill} />
        ) : null
      })}
    </g>
  )
}

function Levels({ quarters, target }: { quarters: Sums[]; target: number }) {
  const y = (percent: number) => HEIGHT - (percent / 100) * LEVEL
  const line = { vectorEffect: 'non-scaling-stroke', fill: 'none' } as const
  return (
    <g>
      <path
        d={`M0 ${y(target)} H${quarters.length * STEP}`}
        className="stroke-edge"
        strokeDasharray="4 4"
        {...line}
      />
      {quarters.map(({ start, service_level }, place) =>
        service_level === null ? null : (
          <path
            key={start}
            d={`M${place * STEP} ${y(service_level)} h${STEP}`}
            className="stroke-accent"
            strokeWidth={3}
            {...line}
          />
        ),
      )}
    </g>
  )
}

/** Each moment under its bar; where all would not fit, some of them, from their bars on. */
function Hours({ quarters }: { quarters: Sums[] }) {
  const moments = useMoments()
  const every = Math.max(1, Math.ceil(quarters.length / 6))
  return (
    <div
      aria-hidden
      className="grid text-xs text-soft tabular-nums"
      style={{ gridTemplateColumns: `repeat(${quarters.length}, 1fr)` }}
    >
      {quarters.map(({ start }, place) =>
        place % every === 0 && place + every <= quarters.length ? (
          <span
            key={start}
            className={every === 1 ? 'text-center' : ''}
            style={{ gridColumn: `${place + 1} / span ${every}` }}
          >
            {moments(start ?? '')}
          </span>
        ) : null,
      )}
    </div>
  )
}

function Key({ className, text }: { className: string; text: string }) {
  return (
    <span className="inline-flex items-center gap-2">
      <span aria-hidden className={`size-3 ${className}`} />
      {text}
    </span>
  )
}
