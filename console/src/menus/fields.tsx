import { type ReactNode, useId } from 'react'
import { FieldError, Input, Label, TextArea, TextField } from 'react-aria-components'
import { FIELD } from '../ui/fields'
import { useFault } from './faults'

interface TextProps {
  place: string
  label: string
  value: string | null | undefined
  onChange: (value: string) => void
  onBlur?: () => void
  rows?: number
  maxLength?: number
  /** Of what is a number: its keyboard on a telephone. */
  inputMode?: 'numeric' | 'tel'
  hint?: string
}

/** A text, with what the database would say of it beneath. */
export function TextAt({ place, label, value, rows, hint, ...props }: TextProps) {
  const fault = useFault(place)
  return (
    <TextField
      {...props}
      value={value ?? ''}
      isInvalid={!!fault}
      validationBehavior="aria"
      className="grid content-start gap-1"
    >
      <Label className="text-sm text-soft">{label}</Label>
      {rows ? (
        <TextArea rows={rows} placeholder={hint} className={`${FIELD} resize-y aria-invalid:border-bad`} />
      ) : (
        <Input placeholder={hint} className={`${FIELD} aria-invalid:border-bad`} />
      )}
      <FieldError className="text-sm font-medium text-bad">{fault}</FieldError>
    </TextField>
  )
}

interface SelectProps {
  label: string
  value: string
  onChange: (value: string) => void
  children: ReactNode
  /** Why the choice can't stay so. */
  fault?: string
  /** Of the element that says why, where it stands elsewhere. */
  saidIn?: string
}

/** One of a list, with what the database would say of it beneath. */
export function SelectAt({ place, ...props }: SelectProps & { place: string }) {
  return <Select {...props} fault={useFault(place)} />
}

/** One of a list. */
export function Select({ label, value, onChange, children, fault, saidIn }: SelectProps) {
  const id = useId()
  return (
    <div className="grid content-start gap-1">
      <label htmlFor={id} className="text-sm text-soft">
        {label}
      </label>
      <select
        id={id}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        aria-invalid={!!fault}
        aria-describedby={fault && (saidIn ?? `${id}-fault`)}
        className={`${FIELD} aria-invalid:border-bad`}
      >
        {children}
      </select>
      {fault && !saidIn && (
        <p id={`${id}-fault`} className="text-sm font-medium text-bad">
          {fault}
        </p>
      )}
    </div>
  )
}

/** The choices of a list of names; one that is written and not among them stays to be seen. */
export function Names({ names, value, none }: { names: string[]; value: string; none: string }) {
  return (
    <>
      <option value="">{none}</option>
      {value && !names.includes(value) && <option value={value}>{value}</option>}
      {names.map((name) => (
        <option key={name} value={name}>
          {name}
        </option>
      ))}
    </>
  )
}
