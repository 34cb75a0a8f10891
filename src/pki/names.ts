import { createHash } from 'node:crypto';
import { domainToASCII, domainToUnicode } from 'node:url';
import { formatIp, parseIp } from './ip.ts';

/** A subject alternative name in its encoded form: A-labels in lower case, addresses as RFC 5952 writes them. */
export interface AltName {
  readonly type: 'dns' | 'ip' | 'uri' | 'email';
  readonly value: string;
}

export type NameProblemCode =
  | 'empty'
  | 'spaces'
  | 'control-character'
  /** A path separator, or nothing but dots. */
  | 'path'
  /** An address range where one address is wanted. */
  | 'range'
  /** `host:3000` */
  | 'port'
  /** `[::1]` */
  | 'brackets'
  /** `fe80::1%eth0` */
  | 'zone-id'
  /** Ends in a number as an IPv4 address does, and is none. */
  | 'bad-ip'
  | 'trailing-dot'
  | 'empty-label'
  | 'label-too-long'
  | 'too-long'
  | 'bad-label'
  /** `*` */
  | 'wildcard-alone'
  /** `a.*.b`, `f*.x` */
  | 'wildcard-place'
  /** `192.168.1.*` */
  | 'wildcard-ip'
  | 'bad-uri'
  | 'bad-email';

/** Why a text is no name; `detail` is the part of it that is to blame, or what to write instead. */
export interface NameProblem {
  readonly problem: NameProblemCode;
  readonly detail?: string;
}

/** What a user may write as a name: DNS (a wildcard or IDN too), IPv4, IPv6, an absolute URI, an e-mail address. */
export function parseName(text: string): { name: AltName } | NameProblem {
  if (text === '') return { problem: 'empty' };
  if (/[\u0000-\u001f\u007f-\u009f]/.test(text)) return { problem: 'control-character' };
  if (/\s/u.test(text)) return { problem: 'spaces' };
  if (/^([a-z][a-z0-9+.-]*:\/\/|urn:)/i.test(text)) return parseUri(text);
  if (text.includes('@')) return parseEmail(text);
  const ip = parseIp(text);
  if (ip) return { name: { type: 'ip', value: formatIp(ip) } };
  return notHost(text) ?? parseDns(text);
}

/** What people write that looks like a host and is another thing. */
function notHost(text: string): NameProblem | undefined {
  const bracketed = /^\[(.*)\](:\d+)?$/.exec(text)?.[1];
  if (bracketed !== undefined) return { problem: 'brackets', detail: bracketed };
  const zone = /^([0-9a-f:.]+)%/i.exec(text)?.[1];
  if (zone?.includes(':')) return { problem: 'zone-id', detail: zone };
  if (/^[0-9a-f:.]+\/\d+$/i.test(text)) return { problem: 'range', detail: text.slice(0, text.indexOf('/')) };
  if (/[/\\]/.test(text) || /^\.+$/.test(text)) return { problem: 'path' };
  const port = /^([^:]+):\d*$/.exec(text)?.[1];
  if (port !== undefined) return { problem: 'port', detail: port };
  if (text.includes(':')) return { problem: /^[0-9a-f:.]+$/i.test(text) ? 'bad-ip' : 'bad-label', detail: text };
  if (/^\*\.?\d[\d.]*$|^[\d.*]+\.\*$/.test(text)) return { problem: 'wildcard-ip' };
  return undefined;
}

function parseDns(text: string): { name: AltName } | NameProblem {
  if (text === '*' || text === '*.') return { problem: 'wildcard-alone' };
  const wildcard = text.startsWith('*.');
  const typed = wildcard ? text.slice(2) : text;
  if (typed.includes('*')) return { problem: 'wildcard-place' };
  const host = toAscii(typed);
  if (host === undefined) return { problem: 'bad-label', detail: typed };
  const problem = dnsProblem(host);
  if (problem) return problem;
  const value = wildcard ? `*.${host}` : host;
  return value.length > 253 ? { problem: 'too-long' } : { name: { type: 'dns', value } };
}

/** Lower case, with U-labels as A-labels (UTS #46); undefined where that cannot be done. */
function toAscii(host: string): string | undefined {
  const lower = host.toLowerCase();
  // Plain names are left alone: domainToASCII would read `0x7f.1` as an address.
  if (/^[\u0000-\u007f]*$/.test(lower)) return lower;
  return domainToASCII(lower) || undefined;
}

function dnsProblem(host: string): NameProblem | undefined {
  if (host.endsWith('.')) return { problem: 'trailing-dot', detail: host.replace(/\.+$/, '') };
  const labels = host.split('.');
  for (const label of labels) {
    if (label === '') return { problem: 'empty-label' };
    if (label.length > 63) return { problem: 'label-too-long', detail: label };
    // RFC 1123 section 2.1; the underscore is no host name's, but most clients take it.
    if (!/^[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?$/.test(label)) return { problem: 'bad-label', detail: label };
    // An A-label that stands for nothing stays as it is, or is nothing (Node 22).
    if (label.startsWith('xn--') && ['', label].includes(domainToUnicode(label)))
      return { problem: 'bad-label', detail: label };
  }
  // Browsers read a host that ends in a number as IPv4 (WHATWG URL, "ends in a number checker").
  if (/^(\d+|0x[0-9a-f]*)$/.test(labels.at(-1) ?? '')) return { problem: 'bad-ip', detail: host };
  return undefined;
}

/** RFC 3986: a scheme, and an authority or a path; in a certificate it must not be relative (RFC 5280 section 4.2.1.6). */
function parseUri(text: string): { name: AltName } | NameProblem {
  // An IDN may be typed; the rest has to be percent-encoded already.
  const match = /^([a-z][a-z0-9+.-]*):(?:\/\/([^/?#]*))?([^#]*(?:#[^#]*)?)$/i.exec(text);
  const [, scheme = '', authority, rest = ''] = match ?? [];
  if (!match || !/^(?:[\w\-.~:/?#@!$&'()*+,;=]|%[0-9a-f]{2})*$/i.test(rest))
    return { problem: 'bad-uri', detail: text };
  const lower = scheme.toLowerCase();
  if (authority === undefined) {
    return /^urn:[a-z0-9][a-z0-9-]{0,31}:.+/i.test(text)
      ? uri(`${lower}:${rest}`)
      : { problem: 'bad-uri', detail: text };
  }
  const [, host = '', port = ''] = /^(\[[^\]]*\]|[^:]*)(:\d*)?$/.exec(authority) ?? [];
  const parsed = /^\[.*\]$/.test(host) ? parseName(host.slice(1, -1)) : parseName(host);
  if (!('name' in parsed) || parsed.name.value.startsWith('*')) return { problem: 'bad-uri', detail: text };
  const { type, value } = parsed.name;
  if (type !== 'dns' && type !== 'ip') return { problem: 'bad-uri', detail: text };
  return uri(`${lower}://${value.includes(':') ? `[${value}]` : value}${port}${rest}`);
}

function uri(value: string): { name: AltName } {
  return { name: { type: 'uri', value } };
}

/** RFC 5280 section 4.2.1.6: `local@host`. A local part beyond ASCII would need another SAN type (RFC 9598). */
function parseEmail(text: string): { name: AltName } | NameProblem {
  const at = text.lastIndexOf('@');
  const local = text.slice(0, at);
  const parsed = parseDns(text.slice(at + 1));
  const fits = local.length <= 64 && /^[\w!#$%&'*+/=?^`{|}~-]+(\.[\w!#$%&'*+/=?^`{|}~-]+)*$/.test(local);
  if (!fits || !('name' in parsed) || isWildcard(parsed.name)) return { problem: 'bad-email', detail: text };
  return { name: { type: 'email', value: `${local}@${parsed.name.value}` } };
}

/** One text a name, to compare and to look up by: `dns:chat.local`. */
export function nameKey(name: AltName): string {
  return `${name.type}:${name.value}`;
}

/** As people read it. */
export function formatName(name: AltName): string {
  return name.value;
}

export function isWildcard(name: AltName): boolean {
  return name.type === 'dns' && name.value.startsWith('*.');
}

/** A client that asks for `asked` accepts `pattern`: RFC 9525 section 6.3, a wildcard is the whole left-most label. */
export function covers(pattern: AltName, asked: AltName): boolean {
  if (pattern.type !== asked.type) return false;
  if (pattern.value === asked.value) return true;
  if (!isWildcard(pattern) || isWildcard(asked)) return false;
  const dot = asked.value.indexOf('.');
  return dot > 0 && asked.value.slice(dot) === pattern.value.slice(1);
}

/** Leaves room for `.fullchain.pem` in the 255 bytes that file systems give a name. */
const LONGEST_FILE = 200;

/**
 * The stem of a file that is called after a name, as mkcert does it: `*.x` is `_wildcard.x`, `::1` is `__1`. Never a
 * path separator, never a name that Windows keeps for a device.
 */
export function fileNameFor(name: AltName): string {
  const stem = name.value.replace(/^\*/, '_wildcard').replace(/[^A-Za-z0-9._@+-]/g, '_');
  // Windows: CON, NUL and the like, with any extension; a leading dot hides a file elsewhere.
  const safe = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(stem) ? `_${stem}` : stem.replace(/^\.+|\.+$/g, '_');
  if (safe.length <= LONGEST_FILE) return safe;
  const digest = createHash('sha256').update(nameKey(name)).digest('hex');
  return `${safe.slice(0, LONGEST_FILE - 17)}-${digest.slice(0, 16)}`;
}
