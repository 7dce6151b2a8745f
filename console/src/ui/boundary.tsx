import { Component, type ReactNode } from 'react'
import { useWords } from '../words'
import { Reload } from './loading'

interface Props {
  children: ReactNode
}

/** Keeps a part that can't be shown, or whose file can't be had, from taking everything with it. */
export class Boundary extends Component<Props, { broken: boolean }> {
  override state = { broken: false }

  static getDerivedStateFromError() {
    return { broken: true }
  }

  override render() {
    return this.state.broken ? <Broken /> : this.props.children
  }
}

function Broken() {
  const words = useWords()
  return (
    <div role="alert" className="grid min-h-40 place-items-center gap-4 p-8 text-center">
      <Reload text={words.broken} />
    </div>
  )
}
