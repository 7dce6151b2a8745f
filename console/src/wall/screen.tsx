import { Maximize, Target } from 'lucide-react'
import { lazy, Suspense, useDeferredValue, useEffect, useMemo, useState, useSyncExternalStore } from 'react'
import { useClient } from '../session/client'
import type { Session } from '../session/session'
import { TelephoneBar } from '../telephone/bar'
import { Button } from '../ui/button'
import { Connection } from '../ui/connection'
import { Loading } from '../ui/loading'
import { Clock } from '../ui/time'
import { Agents } from './agents'
import { Alarms } from './alarms'
import { Calls } from './calls'
import { Figures } from './figures'
import { OtherTelephone } from './listening'
import { Queues } from './queues'
import { Supervising } from './supervising'
import { WallContext } from './wall'
import { useWallWords } from './words'

const Today = lazy(() => import('./today'))
const TargetsWindow = lazy(() => import('./targets'))

/** The supervisor's wall: everything on it is the wallboard of docs/live.md. */
export default function WallScreen({ session }: { session: Session }) {
  const client = useClient()
  const wall = useWallWords()
  const [aiming, setAiming] = useState(false)
  const opened = useMemo(() => client.openWallboard(), [client])
  useEffect(() => () => void opened.stop(), [opened])
  const state = useSyncExternalStore(opened.state.subscribe, opened.state.get)
  const { live, error } = state
  // What a message changes is drawn between frames: hundreds of rows are no reason to hold one up.
  const board = useDeferredValue(state.board)
  if (!board) return <Loading failed={error} />
  const telephone = session.person.agent?.phone_number ?? null
  return (
    <WallContext value={board}>
      <OtherTelephone value={telephone}>
        <Clock at={board.at} zone={board.time_zone}>
          <div className="grid gap-4 p-4 max-sm:p-2">
            <Connection live={live} />
            <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
              <h1 className="text-lg">{wall.title}</h1>
              {/* One row, whatever the line says: nothing beneath it moves. */}
              <div className="order-last min-w-0 basis-full sm:*:flex-nowrap sm:*:whitespace-nowrap xl:order-none xl:grow xl:basis-0 in-[:fullscreen]:hidden">
                <TelephoneBar telephone={telephone} onDemand />
              </div>
              <div className="ml-auto flex flex-wrap items-center gap-2 in-[:fullscreen]:hidden">
                <Button icon={Target} onPress={() => setAiming(true)}>
                  {wall.targets.open}
                </Button>
                {document.fullscreenEnabled && (
                  <Button icon={Maximize} onPress={fillScreen}>
                    {wall.fullScreen}
                  </Button>
                )}
              </div>
            </div>
            <Figures />
            <Alarms />
            <Supervising />
            <div className="grid items-start gap-4 xl:grid-cols-2">
              <Queues />
              <Agents />
            </div>
            <Calls />
            <Suspense>
              <Today />
            </Suspense>
            {aiming && (
              <Suspense>
                <TargetsWindow onClose={() => setAiming(false)} />
              </Suspense>
            )}
          </div>
        </Clock>
      </OtherTelephone>
    </WallContext>
  )
}

/** For a television. The whole page, so that menus, windows and notices, which stand beside the wall in it, are seen. */
const fillScreen = () => void document.documentElement.requestFullscreen()
