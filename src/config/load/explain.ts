import { readFileSync } from 'node:fs';
import { relative, dirname, isAbsolute } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fail, RcsslError, type Place } from '../../diagnostics/diagnostic.ts';
import { findSyntaxError } from '../locate/script.ts';
import { positionAt } from '../locate/position.ts';

/** Turns what running a configuration threw into a diagnostic: what, in which of its files, at which line. */
export function explainFailure(error: unknown, file: string, files: readonly string[]): never {
  if (error instanceof RcsslError) throw error;
  if (!(error instanceof Error)) return fail('config-threw', { message: oneLine(String(error)) }, { file });
  const options = { cause: error };
  const code = 'code' in error ? String(error.code) : '';
  // Lower case as all that rcssl says, but not in a name such as TypeScript.
  const why = oneLine(error.message).replace(/^[A-Z](?=[a-z]+ )/, (letter) => letter.toLowerCase());
  if (code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND') {
    const { specifier, parent } = missingImport(error.message, file);
    return fail('config-import-missing', { specifier }, { file: parent, ...mention(parent, specifier) }, options);
  }
  const marked = markedPlace(error);
  if (code === 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX') {
    return fail('config-unsupported-syntax', { why }, marked ?? { file }, options);
  }
  if (code === 'ERR_INVALID_TYPESCRIPT_SYNTAX') return fail('config-syntax', { why }, marked ?? { file }, options);
  if (error instanceof SyntaxError) {
    // Of an ES module Node's error has no place at all.
    const place = marked ?? files.map((read) => findSyntaxError(read)).find((found) => found !== undefined);
    if (place) return fail('config-syntax', { why }, place, options);
  }
  return fail('config-threw', { message: oneLine(error.message) }, throwingPlace(error, files) ?? { file }, options);
}

/** A message must not drive the terminal, nor fill it. */
function oneLine(message: string): string {
  const plain = message.replaceAll(/[\s\u0000-\u001f\u007f-\u009f]+/g, ' ').trim();
  return plain.length > 300 ? `${plain.slice(0, 299)}…` : plain;
}

/** `Cannot find module '/p/nope.ts' imported from /p/rcssl.config.ts`, `Cannot find package 'x' …`, `Cannot find module './x'\nRequire stack:\n- /p/…` */
function missingImport(message: string, file: string): { specifier: string; parent: string } {
  const specifier = /'([^']*)'/.exec(message)?.[1] ?? '';
  const parent = /(?:imported from |Require stack:\n- )(.*)/.exec(message)?.[1]?.replace(/\?.*$/, '') ?? file;
  if (!isAbsolute(specifier)) return { specifier, parent };
  const near = relative(dirname(parent), specifier).replaceAll('\\', '/');
  return { specifier: near.startsWith('.') ? near : `./${near}`, parent };
}

/** The line that names the import. */
function mention(file: string, specifier: string): Place {
  try {
    const text = readFileSync(file, 'utf8');
    const offset = [`'${specifier}'`, `"${specifier}"`].map((quoted) => text.indexOf(quoted)).find((at) => at >= 0);
    return offset === undefined ? {} : positionAt(text, offset);
  } catch {
    return {};
  }
}

/** Node puts the file, the line and a caret before the stack of most syntax errors. */
function markedPlace(error: Error): Place | undefined {
  const match = /^(.+?)(?:\?[^:\n]*)?:(\d+)\n(?:.*\n)+?([ \t]*)\^/.exec(error.stack ?? '');
  if (!match) return undefined;
  const [, name = '', line, indent = ''] = match;
  return { file: pathOf(name), line: Number(line), column: indent.length + 1 };
}

/** The innermost frame of the stack that lies in one of the files of the configuration. */
function throwingPlace(error: Error, files: readonly string[]): Place | undefined {
  for (const frame of (error.stack ?? '').split('\n')) {
    const match = /(?:\(|at (?:async )?)([^()]+?)(?:\?[^:()]*)?:(\d+):(\d+)\)?$/.exec(frame);
    const file = match?.[1] === undefined ? undefined : pathOf(match[1]);
    if (file !== undefined && files.includes(file))
      return { file, line: Number(match?.[2]), column: Number(match?.[3]) };
  }
  return undefined;
}

function pathOf(name: string): string {
  return name.startsWith('file:') ? fileURLToPath(name) : name;
}
