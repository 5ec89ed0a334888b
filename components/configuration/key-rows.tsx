'use client'
import { Trash2 } from 'lucide-react'
import { useId, type ReactNode } from 'react'
import type { KeyGroup, KeyRow } from '#components/configuration/layer-draft'
import { PropertyHelp } from '#components/configuration/property-help'
import { AddRow } from '#components/ui/add-row'
import { IconButton } from '#components/ui/icon-button'
import { Select } from '#components/ui/select'
import { TextField } from '#components/ui/text-field'
import { environmentName } from '#lib/configuration/known-keys'
import { completions, whyWrongValue } from '#lib/configuration/property-value'
import type { ConfigProperty } from '#lib/tenants/config-property'
import { relaxedName } from '#lib/tenants/relaxed-name'

interface KeyRowsProps {
  group: KeyGroup
  rows: readonly KeyRow[]
  /** What the release says that it knows; empty where it says nothing. */
  properties: readonly ConfigProperty[]
  /** Names of secrets that a connection may refer to. */
  secrets: readonly string[]
  isReadOnly: boolean
  onChange: (rows: KeyRow[]) => void
}

const words: Record<KeyGroup, { title: string; none: string; hint: string; add: string; value: string }> = {
  connections: {
    title: 'Connections',
    none: 'None.',
    hint: 'A key and the secret that it is. Values are set under Secrets and never stand here.',
    add: 'Add a connection',
    value: 'Secret',
  },
  flags: { title: 'Feature flags', none: 'None.', hint: 'true, false or a word.', add: 'Add a flag', value: 'State' },
  variables: {
    title: 'Variables',
    none: 'None here.',
    hint: '${PORT}, ${DATA_DIR} and ${FILES_DIR} are filled in where it runs.',
    add: 'Add a variable',
    value: 'Value',
  },
}

/** One group of keys of a layer, with what the JAR says about each. */
export function KeyRows({ group, rows, properties, secrets, isReadOnly, onChange }: KeyRowsProps): ReactNode {
  const id = useId()
  const put = (changed: KeyRow): void => onChange(rows.map((row) => (row.id === changed.id ? changed : row)))
  const fresh = (): KeyRow => ({
    id: Math.max(-1, ...rows.map((row) => row.id)) + 1,
    key: '',
    value: group === 'flags' ? 'true' : '',
    deliver: 'environment',
  })
  const says = words[group]
  return (
    <fieldset className="grid gap-2">
      <legend className="mb-1 text-sm font-[550] text-ink-2">{says.title}</legend>
      <p className="-mt-1 text-sm text-ink-3">{rows.length === 0 ? `${says.none} ${says.hint}` : says.hint}</p>
      {group === 'connections' && (
        <datalist id={`${id}-secrets`}>
          {secrets.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </datalist>
      )}
      {rows.map((row) => (
        <OneKey
          key={row.id}
          group={group}
          row={row}
          properties={properties}
          secretsId={`${id}-secrets`}
          isReadOnly={isReadOnly}
          onChange={put}
          onRemove={() => onChange(rows.filter((one) => one.id !== row.id))}
        />
      ))}
      {!isReadOnly && <AddRow onAdd={() => onChange([...rows, fresh()])}>{says.add}</AddRow>}
    </fieldset>
  )
}

interface OneKeyProps extends Pick<KeyRowsProps, 'group' | 'properties' | 'isReadOnly'> {
  row: KeyRow
  secretsId: string
  onChange: (row: KeyRow) => void
  onRemove: () => void
}

function OneKey({ group, row, properties, secretsId, isReadOnly, onChange, onRemove }: OneKeyProps): ReactNode {
  const id = useId()
  const relaxed = relaxedName(row.key)
  const property = row.key === '' ? undefined : properties.find(({ name }) => relaxedName(name) === relaxed)
  const offered = property ? [] : completions(properties, row.key)
  const wrong = property && group !== 'connections' ? whyWrongValue(property, row.value) : ''
  return (
    <div
      data-row
      className="grid grid-cols-[minmax(0,1fr)_auto] items-start gap-2 max-sm:border-b max-sm:pb-2 sm:grid-cols-[minmax(0,1fr)_minmax(0,1.2fr)_auto]"
    >
      <div className="min-w-0">
        <TextField
          label={`Key of a ${group === 'connections' ? 'connection' : group === 'flags' ? 'flag' : 'variable'}`}
          isLabelHidden
          isMono
          placeholder="KEY"
          autoComplete="off"
          spellCheck={false}
          readOnly={isReadOnly}
          list={`${id}-keys`}
          value={row.key}
          onChange={(event) => onChange({ ...row, key: event.target.value.trim() })}
        />
        <datalist id={`${id}-keys`}>
          {offered.map(({ name, description }) => (
            <option key={name} value={environmentName(name)}>
              {name}: {description}
            </option>
          ))}
        </datalist>
      </div>
      <div className="flex min-w-0 gap-2 max-sm:col-span-2 max-sm:row-start-2">
        <div className="min-w-0 flex-1">
          <TextField
            label={row.key ? `${words[group].value} of ${row.key}` : words[group].value}
            isLabelHidden
            isMono
            placeholder={group === 'connections' ? 'name of a secret' : (property?.defaultValue ?? '') || 'value'}
            autoComplete="off"
            spellCheck={false}
            readOnly={isReadOnly}
            list={group === 'connections' ? secretsId : property?.values ? `${id}-values` : undefined}
            value={row.value}
            onChange={(event) => onChange({ ...row, value: event.target.value })}
            error={wrong === '' ? undefined : wrong}
          />
          {property?.values && (
            <datalist id={`${id}-values`}>
              {property.values.map((value) => (
                <option key={value} value={value}>
                  {value}
                </option>
              ))}
            </datalist>
          )}
        </div>
        {group === 'connections' && (
          <Select
            label={`How ${row.key || 'it'} is delivered`}
            isLabelHidden
            disabled={isReadOnly}
            className="w-auto"
            value={row.deliver}
            options={[
              { value: 'environment', label: 'as value' },
              { value: 'file', label: 'as file' },
            ]}
            onChange={(deliver) => onChange({ ...row, deliver })}
          />
        )}
      </div>
      {!isReadOnly && (
        <IconButton
          icon={Trash2}
          className="max-sm:col-start-2 max-sm:row-start-1"
          label={`Remove ${row.key || 'the empty row'}`}
          onClick={onRemove}
        />
      )}
      {property && (
        <div className="col-span-full">
          <PropertyHelp property={property} />
        </div>
      )}
    </div>
  )
}
