// Inputs that are names, and the name that each becomes. A row: input, name, and what differs from the usual.

export interface AcceptedName {
  readonly input: string
  readonly name: string
  readonly refanged: boolean
}

function plain(input: string, name: string = input): AcceptedName {
  return { input, name, refanged: false }
}

function refanged(input: string, name = 'evil.example'): AcceptedName {
  return { input, name, refanged: true }
}

const LABEL_63 = 'a'.repeat(63)
const NAME_253 = [LABEL_63, LABEL_63, LABEL_63, 'a'.repeat(61)].join('.')

export const ACCEPTED_NAMES: readonly AcceptedName[] = [
  // Plain names.
  plain('evil.example'),
  plain('example.com'),
  plain('www.example.co.uk'),
  plain('EXAMPLE.Com', 'example.com'),
  plain('example.com.', 'example.com'),
  plain('EXAMPLE.COM.', 'example.com'),
  plain('  example.com\r\n', 'example.com'),
  plain('\ufeffexample.com', 'example.com'),
  plain('\u00a0example.com\u3000', 'example.com'),
  plain('a.test'),
  plain('a.invalid'),
  plain('a.b.c.d.e.f.g.h.example'),
  plain('host.unknowntld'),
  plain(`${LABEL_63}.example`),
  plain(NAME_253),
  plain(`${NAME_253}.`, NAME_253),
  // Underscores, digits and hyphens.
  plain('_dmarc.example.com'),
  plain('a_b.example.com'),
  plain('trailing_.example.com'),
  plain('_.example.com'),
  plain('example_.com'),
  plain('r3---sn.googlevideo.com'),
  plain('ab--cd.example'),
  plain('a-b.example'),
  plain('163.com'),
  plain('1.2.3.4.example'),
  plain('1-2-3-4.dyn.example.net'),
  plain('0x7f.example'),
  plain('0xcafe.babe'),
  plain('127.0.0.1.example.com'),
  plain('1.2.3.4.5'),
  plain('deadbeef.de'),
  plain('2001-db8--1.ipv6.example'),
  plain('xn.example'),
  plain('xn-a.example'),
  // Reverse names are names.
  plain('4.3.2.1.in-addr.arpa'),
  plain('8.b.d.0.1.0.0.2.ip6.arpa'),
  // Suffixes of the private section, and names next to ICANN suffixes.
  plain('duckdns.org'),
  plain('github.io'),
  plain('blogspot.com'),
  plain('s3.amazonaws.com'),
  plain('evil.duckdns.org'),
  plain('bbc.co.uk'),
  plain('www.ck'),
  plain('city.kawasaki.jp'),
  // Names that trip up code that keeps names in plain objects.
  plain('__proto__.com'),
  plain('constructor.prototype'),
  // Unicode.
  plain('münchen.de', 'xn--mnchen-3ya.de'),
  plain('MÜNCHEN.DE', 'xn--mnchen-3ya.de'),
  plain('mu\u0308nchen.de', 'xn--mnchen-3ya.de'),
  plain('xn--mnchen-3ya.de'),
  plain('XN--MNCHEN-3YA.DE', 'xn--mnchen-3ya.de'),
  plain('faß.de', 'xn--fa-hia.de'),
  plain('日本語.jp', 'xn--wgv71a119e.jp'),
  plain('пример.рф', 'xn--e1afmkfd.xn--p1ai'),
  plain('نامه\u200cای.com', 'xn--mgba3gch31f060k.com'),
  plain('💩.la', 'xn--ls8h.la'),
  plain('evil。example', 'evil.example'),
  plain('evil．example', 'evil.example'),
  plain('evil｡example', 'evil.example'),
  plain('evil.example。', 'evil.example'),
  plain('ｅｖｉｌ.example', 'evil.example'),
  plain('ev\u00adil.example', 'evil.example'),
  plain('１６３.com', '163.com'),
  plain('_ü.example', 'xn--_-eha.example'),
  // Defanged dots.
  refanged('evil[.]example'),
  refanged('evil(.)example'),
  refanged('evil{.}example'),
  refanged('evil[dot]example'),
  refanged('evil(DOT)example'),
  refanged('evil{dot}example'),
  refanged('evil [.] example'),
  refanged('evil [ dot ] example'),
  refanged('evil[[.]]example'),
  refanged('evil[.example'),
  refanged('evil.]example'),
  refanged('evil\\.example'),
  refanged('evil[。]example'),
  refanged('evil[.]example[.]'),
  refanged('www[.]evil[.]co[.]uk', 'www.evil.co.uk'),
  refanged('4[.]3[.]2[.]1[.]in-addr[.]arpa', '4.3.2.1.in-addr.arpa'),
  refanged('m\u00fcnchen[.]de', 'xn--mnchen-3ya.de'),
  // Defanged and plain URLs.
  refanged('https://x.example/', 'x.example'),
  refanged('http://evil.example'),
  refanged('HTTP://EVIL.EXAMPLE'),
  refanged('hxxp://evil[.]example/path'),
  refanged('hXXps://evil[.]example/path?q=1#top'),
  refanged('hxxps[:]//evil[.]example'),
  refanged('hxxp[://]evil[.]example'),
  refanged('hxxps(:)//evil.example'),
  refanged('h**p://evil.example'),
  refanged('meow://evil.example'),
  refanged('ftp://evil.example/file'),
  refanged('//evil.example/script.js'),
  refanged('http:\\\\evil.example\\path'),
  refanged('http://evil.example\\@good.example/'),
  refanged('http:///evil.example'),
  refanged('https://evil.example:8443/x'),
  refanged('hxxp://evil[.]example[:]8080/x'),
  refanged('https://user:pass@evil.example/'),
  refanged('https://good.example@evil.example/'),
  refanged('https://a@b@evil.example/'),
  refanged('http://evil.example.'),
  refanged('http://evil.example?next=http://good.example'),
  refanged('http://evil.example#@good.example'),
  refanged('http://evil.example:'),
  refanged('evil.example/path'),
  refanged('evil.example:443'),
  refanged('evil.example://x'),
  refanged('evil.example?x=1'),
  refanged('evil.example#top'),
  refanged('evil.example/user@host'),
  refanged('evil.example/a:b'),
  refanged('http://münchen.de/straße', 'xn--mnchen-3ya.de'),
  // Wrappings.
  refanged('"evil.example"'),
  refanged("'evil.example'"),
  refanged('`evil[.]example`'),
  refanged('<evil.example>'),
  refanged('<https://evil.example/a>'),
  refanged('“evil.example”'),
  refanged(' "< evil.example >" '),
]
