import type { NameProblem, NameProblemCode } from '../pki/names.ts';

interface Words {
  readonly why: string;
  /** The part of the problem's detail is what to write instead. */
  readonly instead?: true;
}

const WORDS: Readonly<Record<NameProblemCode, Words>> = {
  empty: { why: 'a name has at least one character' },
  spaces: { why: 'a name has no blanks' },
  'control-character': { why: 'a name has no control characters' },
  path: { why: 'a name is no path: its files would leave the output folder' },
  range: { why: 'a range of addresses is no name', instead: true },
  port: { why: 'certificates know no ports', instead: true },
  brackets: { why: 'the brackets belong to URLs', instead: true },
  'zone-id': { why: 'the part after % is of this machine alone', instead: true },
  'bad-ip': { why: 'clients would read it as an IP address, and it is none' },
  'trailing-dot': { why: 'most clients refuse a final dot', instead: true },
  'empty-label': { why: 'two dots in a row, or a dot at the start' },
  'label-too-long': { why: 'a label has at most 63 characters (RFC 1035)' },
  'too-long': { why: 'a name has at most 253 characters (RFC 1035)' },
  'bad-label': { why: 'labels are letters, digits and inner hyphens (RFC 1123)' },
  'wildcard-alone': { why: 'no client accepts a wildcard for everything' },
  'wildcard-place': { why: 'a wildcard is the whole left-most label (RFC 9525)' },
  'wildcard-ip': { why: 'there are no wildcards of IP addresses: declare each, or lan: true' },
  'bad-uri': { why: 'not an absolute URI (RFC 3986)' },
  'bad-email': { why: 'not an e-mail address as certificates hold them (RFC 5280)' },
};

const SHOWN = 60;

/** Why a text is no name, in the words of a diagnostic. */
export function explainName(text: string, { problem, detail }: NameProblem) {
  const { why, instead } = WORDS[problem];
  // JSON escapes control characters: a message must not drive the terminal.
  const quoted = JSON.stringify(text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text);
  const name = /^[\x21-\x7e]+$/.test(text) && text.length <= SHOWN ? text : quoted;
  return { name, why, instead: instead ? detail : undefined };
}
