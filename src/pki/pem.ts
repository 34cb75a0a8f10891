import { malformed } from './pki-error.ts';

/** RFC 7468 in the strict form: 64 columns, LF, a final newline. */
export function encodePem(label: string, der: Buffer): string {
  const base64 = der.toString('base64');
  let body = '';
  for (let at = 0; at < base64.length; at += 64) body += `${base64.slice(at, at + 64)}\n`;
  return `-----BEGIN ${label}-----\n${body}-----END ${label}-----\n`;
}

export interface PemBlock {
  readonly label: string;
  readonly der: Buffer;
  /** The block encrypts itself the old way (RFC 1421 headers `Proc-Type`, `DEK-Info`): `der` is ciphertext. */
  readonly headers: boolean;
  /** The block as it stands, with its first and last line. */
  readonly text: string;
}

/** As RFC 7468's labels are, and short, so that a search for the end cannot be made slow. */
const BEGIN = /^-----BEGIN ([A-Z0-9][A-Z0-9 ]{0,40})-----[ \t]*$/;

/**
 * The blocks of a PEM file, in order. Tolerant of CRLF, a byte order mark and text around the blocks; strict on base64.
 * Throws `PkiError` where a block is broken or where there is none.
 */
export function splitPem(bytes: Buffer): PemBlock[] {
  const blocks: PemBlock[] = [];
  const lines = bytes
    .toString('latin1')
    .replace(/^\xef\xbb\xbf/, '')
    .split(/\r?\n/);
  for (let at = 0; at < lines.length; at++) {
    const label = BEGIN.exec(lines[at] ?? '')?.[1];
    if (label === undefined) continue;
    let end = at + 1;
    while (end < lines.length && !lines[end]?.startsWith('-----')) end++;
    if (lines[end]?.trimEnd() !== `-----END ${label}-----`) throw malformed(`${label}: no END line in PEM`);
    const body = lines.slice(at + 1, end);
    const headers = body.findLastIndex((line) => line.includes(':'));
    blocks.push({
      label,
      der: decodeBase64(body.slice(headers + 1), label),
      headers: headers >= 0,
      text: `${lines.slice(at, end + 1).join('\n')}\n`,
    });
    at = end;
  }
  if (blocks.length === 0) throw malformed('no PEM block');
  return blocks;
}

function decodeBase64(lines: readonly string[], label: string): Buffer {
  const text = lines.map((line) => line.trim()).join('');
  if (text === '' || text.length % 4 || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) throw malformed(`${label}: bad base64`);
  const der = Buffer.from(text, 'base64');
  // Bits left over in the last character would be lost in silence.
  if (der.toString('base64') !== text) throw malformed(`${label}: bad base64`);
  return der;
}
