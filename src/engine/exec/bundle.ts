import { createHash } from 'node:crypto';
import { isInside } from '../../kernel/path.ts';
import type { Files } from '../../kernel/ports.ts';
import { encodePem } from '../../pki/pem.ts';
import { certificatesIn } from '../../trust/system-bundle.ts';
import { join } from 'node:path';

/** Such a file holds some hundred certificates. */
const LIMIT = 16 * 1024 * 1024;
/** What it was made from stands in its first line, so that one is never made of itself. */
const FROM = '# made by rcssl: the certificates of ';

/** Why a file does not do. */
export interface Unusable {
  readonly why: string;
}

/** A file that is to hold certificates: where it belongs and what is to be in it. */
export interface Bundle {
  readonly path: string;
  readonly text: string;
}

/** The bundle with the root in it: what it has already is not said twice. `from` tells whose certificates `pem` are. */
export function bundleWith(root: Buffer, pem: string, from: string): string {
  const has = certificatesIn(pem).some((der) => der.equals(root));
  const head = `${FROM}${JSON.stringify(from)}, and the root of this project\n`;
  return `${head}${pem.trimEnd()}\n${has ? '' : encodePem('CERTIFICATE', root)}`;
}

/** A file that the user has named, with the root added, for a place in `folder`. */
export function bundleOf(files: Files, folder: string, path: string, root: Buffer): Bundle | Unusable {
  const pem = readPem(files, path);
  if (typeof pem !== 'string') return pem;
  const name = createHash('sha256').update(path).digest('hex').slice(0, 8);
  return { path: join(folder, `${name}.pem`), text: bundleWith(root, pem, path) };
}

/**
 * What a file was made from: a variable that names a file of an earlier call (one `rcssl exec` in another, `rcssl env` twice)
 * means what that one was made from. Undefined: the system's roots.
 */
export function originOf(files: Files, folder: string, path: string): { readonly path: string | undefined } {
  if (!isInside(folder, path)) return { path };
  const pem = readPem(files, path);
  const first =
    typeof pem === 'string' ? /^# made by rcssl: the certificates of (".*"), and the root/.exec(pem)?.[1] : undefined;
  const from = first === undefined ? undefined : textIn(first);
  return { path: from === SYSTEM ? undefined : from };
}

/** Undefined for what is no text of JSON: the file may be anybody's. */
function textIn(json: string): string | undefined {
  try {
    return String(JSON.parse(json));
  } catch {
    return undefined;
  }
}

/** Names the system's roots where a path would stand. */
export const SYSTEM = 'this system';

function readPem(files: Files, path: string): string | Unusable {
  try {
    const bytes = files.read(path, LIMIT);
    if (!bytes) return { why: 'is not there' };
    const pem = bytes.toString('latin1');
    return certificatesIn(pem).length > 0 ? pem : { why: 'holds no certificates' };
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    return { why: error.code === 'NOTFILE' ? 'is no file' : `cannot be read (${String(error.code)})` };
  }
}
