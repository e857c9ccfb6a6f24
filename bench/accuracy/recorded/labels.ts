// The labels of recorded sets: what each series is in truth, by set and domain.

export interface Label {
  readonly isFlux: boolean
  /** `double`, `none`: the kind as the labels call it. */
  readonly kind: string
  readonly className: string
  /** Empty for benign series. */
  readonly campaign: string
}

/** By `set domain`. Throws when the file is not of the form `set,domain,label,kind,class,campaign`. */
export function parseLabels(text: string): ReadonlyMap<string, Label> {
  const [header, ...rows] = text.split('\n').filter((line) => line.trim() !== '')
  if (header !== 'set,domain,label,kind,class,campaign') throw new Error(`unexpected header ${header}`)
  return new Map(
    rows.map((row) => {
      const [set = '', domain = '', label = '', kind = '', className = '', campaign = ''] = row.split(',')
      return [`${set} ${domain}`, { isFlux: label === 'flux', kind, className, campaign }]
    }),
  )
}
