import type { ComponentProps } from 'react'
import { FieldError, Input, Label, TextArea, TextField } from 'react-aria-components'

export const FIELD =
  'w-full rounded-lg border border-edge bg-surface px-3 py-1.5 min-h-9 text-ink data-disabled:opacity-60'

type Props = Omit<ComponentProps<typeof TextField>, 'children' | 'className'> & {
  label: string
  hideLabel?: boolean
  placeholder?: string
  rows?: number
  /** Why what is written was refused. */
  error?: string | undefined
}

/** A text with its name above. rows: of a longer one. */
export function Field({ label, hideLabel, placeholder, rows, error, ...props }: Props) {
  return (
    <TextField {...props} isInvalid={!!error} validationBehavior="aria" className="grid content-start gap-1">
      <Label className={hideLabel ? 'sr-only' : 'text-sm text-soft'}>{label}</Label>
      {rows ? (
        <TextArea rows={rows} placeholder={placeholder} className={`${FIELD} resize-y`} />
      ) : (
        <Input placeholder={placeholder} className={FIELD} />
      )}
      <FieldError className="text-sm text-bad">{error}</FieldError>
    </TextField>
  )
}
