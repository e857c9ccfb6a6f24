// "The machines are proxies that hide the real host." The one mark that DNS never shows.
import type { Characteristic } from '../../model/explanation.ts'

export function hiddenHost(): Characteristic {
  return {
    id: 'hidden-host',
    title: 'Proxies hide the real host',
    observed: 'unknown',
    text: 'Not visible by DNS: it shows the addresses that clients are sent to, never what stands behind them.',
  }
}
