// The names of the owners of the population's networks, made up: a brand, and words of the trade in several languages. How many of
// them the product's word list (network-kind.ts of the features) can read, and how many it reads wrongly, is drawn here; which
// network gets which name is population-plan.ts's business.
import type { NetworkKind } from '../autonomous-systems.ts'
import type { Dice } from '../random.ts'
import type { Split } from './member.ts'

/**
 * `readable`: says its trade in words that the list knows · `misleading`: in words of the other trade · `silent`: a brand, or a word
 * in a language that the list does not speak.
 */
type Wording = 'readable' | 'misleading' | 'silent'

/** Shares of the names, ratio 0…1; the rest is silent. Hand-set: nobody published how well such lists read real AS names. */
export const READABLE_SHARE: Readonly<Record<Split, Readonly<Record<'access' | 'server', number>>>> = {
  fit: { access: 0.65, server: 0.7 },
  report: { access: 0.6, server: 0.65 },
}
export const MISLEADING_SHARE: Readonly<Record<Split, number>> = { fit: 0.05, report: 0.06 }

/** No beginning is in both halves, so that no name can be. */
const BEGINNINGS: Readonly<Record<Split, readonly string[]>> = {
  fit: 'Al Bor Cel Dan El Fal Gor Hal Ir Jan Kal Lum'.split(' '),
  report: 'Mar Nor Ost Pel Quin Ran Sol Tur Ul Ver Wes Zan'.split(' '),
}
const MIDDLES = 'a be di lo ne sto ri va mi du te go'.split(' ')
const ENDINGS = 'ra nia lis mont dor vik ska ton rix gate mar via'.split(' ')
const LEGAL_FORMS = [
  '',
  '',
  '',
  ' Ltd',
  ' S.A.',
  ' JSC',
  ' GmbH',
  ' Inc.',
  ' Ltda',
  ' AS',
  ' PJSC',
  ' s.r.o.',
]

const list = (text: string): readonly string[] => text.split('|')

const TRADES: Readonly<
  Record<Exclude<NetworkKind, 'registry'>, Readonly<Record<Wording, readonly string[]>>>
> = {
  consumer: {
    readable: list(
      'Telecom|Telekom|Telecommunications|Telecomunicacoes|Broadband|Cable|Cable Television|Fiber|Fibre Optic|Communications|Mobile|Wireless|Internet Services|Residential Internet|FTTH Network',
    ),
    misleading: list(
      'Colombia|Cloud and Home|Data Center and Internet|Servers and Home Networks|College Town Net|Research Park Networks',
    ),
    silent: list(
      '|||Internet|Online|Netz|Kabelnetz|Reseaux|Provedor de Acesso|Banda Larga|Svyaz|Iletisim|Comunicaciones|Breitband|Interkom|Sieci|Net',
    ),
  },
  hosting: {
    readable: list(
      'Hosting|Web Hosting|Cloud|Data Center|Datacenters|Servers|Dedicated Servers|VPS|Colocation',
    ),
    misleading: list('Communications|Telecom|Internet Services|Wireless and Networks'),
    silent: list('|Networks|Solutions|Systems|Digital|Rechenzentrum|Hebergement|Technologies|Infra|IT'),
  },
  volunteer: {
    readable: list(
      'University|University of Technology|College|Research Network|Academic Network|Institute of Technology|Volunteer Network',
    ),
    misleading: list('Community Broadband|Wireless Community|Society for Telecommunications'),
    silent: list(
      'Politechnika|Universidad|Hochschule|Uniwersytet|Daigaku|Freifunk|Community Network|e.V.|Foundation|Akademia',
    ),
  },
  cloud: {
    readable: list('Cloud|Cloud Services|Cloud Compute'),
    misleading: list('Communications|Telecom'),
    silent: list('Web Services|Compute|Platform|Technologies'),
  },
  cdn: {
    readable: list('CDN|Edge CDN|Cloud Delivery'),
    misleading: list('Communications'),
    silent: list('Edge|Content Delivery|Acceleration|Networks'),
  },
}

/** `count` different names of owners of that kind. No name of one split or one kind is in another. */
export function ownerNames(
  kind: Exclude<NetworkKind, 'registry'>,
  count: number,
  split: Split,
  dice: Dice,
): readonly string[] {
  const readable = Math.round(READABLE_SHARE[split][kind === 'consumer' ? 'access' : 'server'] * count)
  const misleading = Math.round(MISLEADING_SHARE[split] * count)
  const wordings: Wording[] = Array.from({ length: count }, (_, index) =>
    index < readable ? 'readable' : index < readable + misleading ? 'misleading' : 'silent',
  )
  const brands = brandsOf(kind, count, split, dice)
  return dice.shuffled(wordings, 'wording', kind).map((wording, index) => {
    const pick = (items: readonly string[], label: string): string =>
      items[dice.below(items.length, label, kind, index)]!
    const trade = pick(TRADES[kind][wording], 'trade')
    return `${brands[index]}${trade === '' ? '' : ` ${trade}`}${pick(LEGAL_FORMS, 'legal-form')}`
  })
}

/** The middles tell the kinds apart, the beginnings the splits. */
function brandsOf(kind: string, count: number, split: Split, dice: Dice): readonly string[] {
  const brands = new Set<string>()
  const pick = (items: readonly string[], ...labels: (string | number)[]): string =>
    items[dice.below(items.length, 'brand', kind, ...labels)]!
  const middlesOfKind = MIDDLES.filter(
    (_, index) => index % KINDS.length === KINDS.indexOf(kind) % KINDS.length,
  )
  for (let index = 0; brands.size < count; index++) {
    brands.add(
      pick(BEGINNINGS[split], 'beginning', index) +
        pick(middlesOfKind, 'middle', index) +
        pick(MIDDLES, 'second-middle', index) +
        pick(ENDINGS, 'ending', index),
    )
  }
  return [...brands]
}

const KINDS: readonly string[] = ['consumer', 'hosting', 'volunteer', 'cloud', 'cdn']
