import { useWords } from '../words'

export default function WallScreen() {
  const words = useWords()
  return <h1 className="p-4">{words.wall.title}</h1>
}
