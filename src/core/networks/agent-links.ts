// Who has which agent, both ways, in typed arrays: 100,000 names with some hundred agents each are millions of links, and an object
// for each would not fit. Names are numbers here; what a link means is decided elsewhere.
import { ipv4Number } from '../net/address.ts'
import { exclusivity } from './link-weight.ts'

const NONE = 0

/** A growable array of unsigned 32-bit numbers. */
class Column {
  cells = new Uint32Array(1024)

  reserve(length: number): void {
    if (length <= this.cells.length) return
    const grown = new Uint32Array(Math.max(length, Math.ceil(this.cells.length * 1.5)))
    grown.set(this.cells)
    this.cells = grown
  }
}

/** Links are numbered from 1 on, freed ones are used again. Times in seconds since the epoch. */
export class AgentLinks {
  // IPv4 as a signed number: that fits into a word, a text does not.
  readonly #v4 = new Map<number, number>()
  readonly #v6 = new Map<string, number>()
  readonly #v6Texts = new Map<number, string>()
  readonly #v4Numbers = new Column()
  /** First link, links, strangers and when they were told; by address. */
  readonly #head = new Column()
  readonly #names = new Column()
  readonly #strangers = new Column()
  readonly #told = new Column()
  #freeAddresses: number[] = []
  #addresses = 1

  readonly #member = new Column()
  readonly #address = new Column()
  readonly #last = new Column()
  readonly #nextOfMember = new Column()
  readonly #nextOfAddress = new Column()
  readonly #previousOfAddress = new Column()
  #freeLinks: number[] = []
  #links = 1

  readonly #memberHead = new Column()

  get links(): number {
    return this.#links - 1 - this.#freeLinks.length
  }

  get addresses(): number {
    return this.#addresses - 1 - this.#freeAddresses.length
  }

  /** The number of an address that some name has; 0 for one that nobody has. */
  find(address: string): number {
    const number = ipv4Number(address)
    return (number === null ? this.#v6.get(address) : this.#v4.get(number | 0)) ?? NONE
  }

  textOf(address: number): string {
    const text = this.#v6Texts.get(address)
    if (text !== undefined) return text
    const number = this.#v4Numbers.cells[address]!
    return `${number >>> 24}.${(number >>> 16) & 0xff}.${(number >>> 8) & 0xff}.${number & 0xff}`
  }

  /** Names that have it. */
  namesAt(address: number): number {
    return this.#names.cells[address]!
  }

  /** How far the address counts between two names that have it; 0…1. */
  weightOf(address: number): number {
    return exclusivity(this.#names.cells[address]!, this.#strangers.cells[address]!)
  }

  strangersAt(address: number): number {
    return this.#strangers.cells[address]!
  }

  /** What was told of strangers last counts. `at`: seconds. */
  tellStrangers(address: number, strangers: number, at: number): void {
    const told = this.#told.cells[address]!
    if (at < told || (at === told && strangers <= this.#strangers.cells[address]!)) return
    this.#strangers.cells[address] = strangers
    this.#told.cells[address] = at
  }

  firstOfMember(member: number): number {
    return this.#memberHead.cells[member] ?? NONE
  }

  nextOfMember(link: number): number {
    return this.#nextOfMember.cells[link]!
  }

  firstOfAddress(address: number): number {
    return this.#head.cells[address]!
  }

  nextOfAddress(link: number): number {
    return this.#nextOfAddress.cells[link]!
  }

  memberOf(link: number): number {
    return this.#member.cells[link]!
  }

  addressOf(link: number): number {
    return this.#address.cells[link]!
  }

  /** Seconds. */
  lastOf(link: number): number {
    return this.#last.cells[link]!
  }

  setLast(link: number, seconds: number): void {
    this.#last.cells[link] = seconds
  }

  /** A link that is not there yet. Gives the address's number. */
  add(member: number, text: string, last: number): number {
    const address = this.find(text) || this.#newAddress(text)
    const link = this.#freeLinks.pop() ?? this.#links++
    for (const column of [
      this.#member,
      this.#address,
      this.#last,
      this.#nextOfMember,
      this.#nextOfAddress,
      this.#previousOfAddress,
    ])
      column.reserve(link + 1)
    this.#memberHead.reserve(member + 1)
    this.#member.cells[link] = member
    this.#address.cells[link] = address
    this.#last.cells[link] = last
    this.#nextOfMember.cells[link] = this.#memberHead.cells[member]!
    this.#memberHead.cells[member] = link
    const next = this.#head.cells[address]!
    this.#nextOfAddress.cells[link] = next
    this.#previousOfAddress.cells[link] = NONE
    if (next !== NONE) this.#previousOfAddress.cells[next] = link
    this.#head.cells[address] = link
    this.#names.cells[address]! += 1
    return address
  }

  /** Takes away those of a member's links that `isGone` says; gives how many stay. */
  remove(member: number, isGone: (link: number) => boolean): number {
    let kept = 0
    let before = NONE
    let link = this.firstOfMember(member)
    while (link !== NONE) {
      const next = this.#nextOfMember.cells[link]!
      if (isGone(link)) {
        if (before === NONE) this.#memberHead.cells[member] = next
        else this.#nextOfMember.cells[before] = next
        this.#leaveAddress(link)
        this.#freeLinks.push(link)
      } else {
        kept += 1
        before = link
      }
      link = next
    }
    return kept
  }

  #leaveAddress(link: number): void {
    const address = this.#address.cells[link]!
    const next = this.#nextOfAddress.cells[link]!
    const previous = this.#previousOfAddress.cells[link]!
    if (previous === NONE) this.#head.cells[address] = next
    else this.#nextOfAddress.cells[previous] = next
    if (next !== NONE) this.#previousOfAddress.cells[next] = previous
    this.#names.cells[address]! -= 1
    if (this.#names.cells[address] === 0) this.#forgetAddress(address)
  }

  #newAddress(text: string): number {
    const address = this.#freeAddresses.pop() ?? this.#addresses++
    for (const column of [this.#v4Numbers, this.#head, this.#names, this.#strangers, this.#told])
      column.reserve(address + 1)
    const number = ipv4Number(text)
    if (number === null) {
      this.#v6.set(text, address)
      this.#v6Texts.set(address, text)
    } else {
      this.#v4.set(number | 0, address)
      this.#v4Numbers.cells[address] = number
    }
    return address
  }

  #forgetAddress(address: number): void {
    const text = this.#v6Texts.get(address)
    if (text === undefined) this.#v4.delete(this.#v4Numbers.cells[address]! | 0)
    else {
      this.#v6.delete(text)
      this.#v6Texts.delete(address)
    }
    for (const column of [this.#head, this.#names, this.#strangers, this.#told]) column.cells[address] = 0
    this.#freeAddresses.push(address)
  }
}
