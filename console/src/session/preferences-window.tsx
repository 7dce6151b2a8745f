import { Label, Radio, RadioGroup, Switch } from 'react-aria-components'
import { Window } from '../ui/dialog'
import { type Preferences, usePreference } from '../ui/preferences'
import { useWords } from '../words'

export default function PreferencesWindow({ onClose }: { onClose: () => void }) {
  const words = useWords().preferences
  return (
    <Window title={words.title} isOpen onClose={onClose}>
      <Choice name="theme" label={words.theme} options={words.themes} />
      <Choice
        name="language"
        label={words.language}
        options={{ browser: words.browser, es: 'Español', en: 'English' }}
      />
      <Toggle name="shortcuts" label={words.shortcuts} />
      <Toggle name="ring" label={words.ring} />
    </Window>
  )
}

function Choice<Name extends 'theme' | 'language'>(props: {
  name: Name
  label: string
  options: Record<Preferences[Name], string>
}) {
  const [value, setValue] = usePreference(props.name)
  const options = Object.entries(props.options) as [Preferences[Name], string][]
  return (
    <RadioGroup
      value={value}
      onChange={(chosen) => setValue(chosen as Preferences[Name])}
      className="grid gap-1"
    >
      <Label className="text-sm text-soft">{props.label}</Label>
      <div className="flex flex-wrap gap-2">
        {options.map(([option, text]) => (
          <Radio
            key={option}
            value={option}
            className="cursor-pointer rounded-lg border border-edge px-3 py-1.5 data-selected:border-accent data-selected:bg-accent data-selected:text-on-accent"
          >
            {text}
          </Radio>
        ))}
      </div>
    </RadioGroup>
  )
}

function Toggle({ name, label }: { name: 'shortcuts' | 'ring'; label: string }) {
  const [on, setOn] = usePreference(name)
  return (
    <Switch isSelected={on} onChange={setOn} className="group flex cursor-pointer items-center gap-3 py-1">
      <span
        aria-hidden
        className="h-5 w-9 rounded-full border border-edge bg-raised p-0.5 motion-safe:transition-colors group-data-selected:bg-accent"
      >
        <span className="block size-3.5 rounded-full bg-edge motion-safe:transition-transform group-data-selected:translate-x-4 group-data-selected:bg-on-accent" />
      </span>
      {label}
    </Switch>
  )
}
