import { isAbsolute, relative } from 'node:path';
import { describe, type Diagnostic, type Place } from '../diagnostics/diagnostic.ts';
import { wrapWords } from './rows.ts';
import { plain, type Paint, type Role } from './view.ts';
import { count } from './words.ts';

export interface DiagnosticsFormat {
  /** Files are shown relative to this folder, as far as they lie in it. Absolute. */
  readonly root: string;
  readonly paint?: Paint;
  /** Columns to wrap at; without it each text is one line, as editors and logs want it. */
  readonly width?: number | undefined;
}

const ROLES = { error: 'bad', warning: 'change', note: 'dim' } as const;

/**
 * Diagnostics as text, a line each and one for the hint, every line ended:
 *
 *     error: rcssl.config.ts:14:7 hosts[1].alNames: unknown key
 *     hint: did you mean altNames
 */
export function formatDiagnostics(
  diagnostics: readonly Diagnostic[],
  { root, paint = plain, width = Infinity }: DiagnosticsFormat,
): string {
  return diagnostics
    .map((found) => {
      const { text, hint } = describe(found);
      const place = formatPlace(found.place, root);
      // The first word is painted after the lines are laid out: colours have no width.
      const line = (role: Role, head: string, rest: string): string =>
        `${paint(role, head)}${wrapWords(`${head} ${rest}`, width).join('\n').slice(head.length)}\n`;
      const said = line(ROLES[found.severity], `${found.severity}:`, `${place === '' ? '' : `${place}: `}${text}`);
      return hint === undefined ? said : said + line('dim', 'hint:', hint);
    })
    .join('');
}

/** The same for programs: the code and its facts, and the words that a person would read. */
export function diagnosticsJson(diagnostics: readonly Diagnostic[], root: string): object[] {
  return diagnostics.map((found) => {
    const { text, hint } = describe(found);
    const { file, ...place } = found.place;
    return {
      code: found.code,
      severity: found.severity,
      place: { ...(file !== undefined && { file: shownFile(file, root) }), ...place },
      text,
      ...(hint !== undefined && { hint }),
      args: found.args,
    };
  });
}

/** What a command prints with `--json` where it fails; `command` is null where none was understood. */
export function failureJson(command: string | null, diagnostics: readonly Diagnostic[], root: string): object {
  return { formatVersion: 1, command, diagnostics: diagnosticsJson(diagnostics, root) };
}

/** `2 errors, 1 warning`. */
export function diagnosticsSummary(diagnostics: readonly Diagnostic[]): string {
  return (['error', 'warning', 'note'] as const)
    .map((severity) => ({ severity, n: diagnostics.filter((found) => found.severity === severity).length }))
    .filter(({ n }) => n > 0)
    .map(({ severity, n }) => count(n, severity))
    .join(', ');
}

/** `rcssl.config.ts:14:7 hosts[1].alNames`, as much of it as is known; the file as editors and terminals link it. */
export function formatPlace({ file, line, column, path }: Place, root: string): string {
  const position = [line, column].filter((number) => number !== undefined).map((number) => `:${number}`);
  const where = file === undefined ? '' : shownFile(file, root) + position.join('');
  return [where, path ?? ''].filter((part) => part !== '').join(' ');
}

function shownFile(file: string, root: string): string {
  const way = relative(root, file);
  const inside = way !== '' && !isAbsolute(way) && !/^\.\.(?:[/\\]|$)/.test(way);
  return (inside ? way : file).replaceAll('\\', '/');
}
