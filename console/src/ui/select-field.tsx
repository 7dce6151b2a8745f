import { useId } from 'react'
import { FIELD } from './fields'

interface Props {
  label: string
  hideLabel?: boolean
  value: string
  /** Values and what they are called, in order. */
  options: [string, string][]
  onChange: (value: string) => void
}

/** One of a few, chosen as the device has people choose. */
export function SelectField({ label, hideLabel, value, options, onChange }: Props) {
  const id = useId()
  return (
    <div className="grid content-start gap-1">
      <label htmlFor={id} className={hideLabel ? 'sr-only' : 'text-sm text-soft'}>
        {label}
      </label>
      <select id={id} value={value} onChange={(event) => onChange(event.target.value)} className={FIELD}>
        {options.map(([option, text]) => (
          <option key={option} value={option}>
            {text}
          </option>
        ))}
      </select>
    </div>
  )
}
