// Fits the model on collected samples and writes its file:
//   npm run fit -- samples-0.bin samples-1.bin
// The samples are collected by bench/model/collect.ts, from the `fit` half of the population only.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  BENIGN_ADDRESS_CLASSES,
  BENIGN_NAME_SERVER_CLASSES,
  FLUX_ADDRESS_CLASSES,
  FLUX_NAME_SERVER_CLASSES,
} from '../../src/core/detect/model/classes.ts'
import type { ModelFile } from '../../src/core/detect/model/model-file.ts'
import {
  ADDRESS_REGIMES,
  addressRegime,
  NAME_SERVER_REGIMES,
  nameServerRegime,
} from '../../src/core/detect/model/regime.ts'
import { A_SIGNS, NAME_SERVER_SIGNS } from '../../src/core/detect/signs/catalogue.ts'
import { DEFAULT_POLICY, MODEL_VERSION } from '../../src/core/policy.ts'
import { fitSide, readSteps } from './fit-side.ts'
import type { SideSample } from './fit-side.ts'
import { readSamples } from './samples.ts'
import type { Sample } from './samples.ts'

/** Evasions are drawn to be hard; they should not shape what ordinary flux looks like. */
const EVASION_WEIGHT = 0.1
const ITERATIONS = 200

// How often each class is met, among flux and among benign names. Among flux: hand-set, no recent measurement. Among benign
// names every class of look-alike is as likely as a plain site, which is far more than they are: an alarm has to outweigh them.
const FLUX_ADDRESS_SHARES = [0.35, 0.35, 0.12, 0.08, 0.1]
const BENIGN_ADDRESS_SHARES = BENIGN_ADDRESS_CLASSES.map(() => 1 / BENIGN_ADDRESS_CLASSES.length)
const BENIGN_NAME_SERVER_SHARES = [0.6, 0.15, 0.1, 0.1, 0.05]

const say = (line: string): void => void process.stderr.write(`${line}\n`)
const paths = process.argv.slice(2)
const addresses: SideSample[] = []
const nameServers: SideSample[] = []
const members = new Set<string>()
const addressClasses: readonly string[] = [...FLUX_ADDRESS_CLASSES, ...BENIGN_ADDRESS_CLASSES]
const nameServerClasses: readonly string[] = [...FLUX_NAME_SERVER_CLASSES, ...BENIGN_NAME_SERVER_CLASSES]
for (const path of paths) {
  for (const sample of readSamples(path)) {
    const member = `${path} ${sample.group} ${sample.member}`
    members.add(member)
    const weight = sample.isEvasion ? EVASION_WEIGHT : 1
    // What is told of A holds for AAAA; a name that fluxes in AAAA alone says nothing of A.
    if (sample.group !== 'aaaa-flux') {
      addresses.push({
        member,
        weight,
        classOf: addressClasses.indexOf(sample.addresses),
        regime: addressRegime(sample.features, 'a'),
        steps: readSteps(A_SIGNS, sample.features),
      })
    }
    nameServers.push({
      member,
      weight,
      classOf: nameServerClasses.indexOf(shownClass(sample)),
      regime: nameServerRegime(sample.features),
      steps: readSteps(NAME_SERVER_SIGNS, sample.features),
    })
  }
  say(`${path}: ${members.size} members so far`)
}

const { priors } = DEFAULT_POLICY
const model: ModelFile = {
  version: MODEL_VERSION,
  fitted: { population: 'fit', members: members.size, samples: addresses.length, iterations: ITERATIONS },
  addresses: fitSide(
    addresses,
    {
      signs: A_SIGNS,
      flux: FLUX_ADDRESS_CLASSES,
      benign: BENIGN_ADDRESS_CLASSES,
      fluxShares: FLUX_ADDRESS_SHARES,
      benignShares: BENIGN_ADDRESS_SHARES,
      prior: priors.single + priors.double,
      regimes: ADDRESS_REGIMES,
      iterations: ITERATIONS,
    },
    (line) => say(`addresses: ${line}`),
  ),
  nameServers: fitSide(
    nameServers,
    {
      signs: NAME_SERVER_SIGNS,
      flux: FLUX_NAME_SERVER_CLASSES,
      benign: BENIGN_NAME_SERVER_CLASSES,
      fluxShares: [0.5, 0.5],
      benignShares: BENIGN_NAME_SERVER_SHARES,
      prior: priors.ns + priors.double,
      regimes: NAME_SERVER_REGIMES,
      iterations: ITERATIONS,
    },
    (line) => say(`name servers: ${line}`),
  ),
}
const file = join(import.meta.dirname, `../../src/core/detect/model/${MODEL_VERSION}.json`)
writeFileSync(file, `${JSON.stringify(model)}\n`)
say(`written: ${file}`)
for (const side of [model.addresses, model.nameServers]) {
  for (const { regime, offset, tempers } of side.regimes) {
    say(
      `${regime}: offset ${offset}, ${Object.entries(tempers)
        .map((one) => one.join(' '))
        .join(', ')}`,
    )
  }
}

/** Who has not moved yet is of another class: its features are those of a set that stands still. */
function shownClass({ nameServers: truth, features }: Sample): string {
  if (features.count('ns_new_addresses') > 0) return truth
  if (truth === 'moving-name-servers') return 'unmoved-name-servers'
  return truth === 'moved-once' ? 'hosted' : truth
}
