import { backupTemplates } from './backup-templates.ts';
import { configTemplates } from './config-templates.ts';
import { cliTemplates } from './cli-templates.ts';
import { doctorProjectTemplates } from './doctor-project-templates.ts';
import { doctorProxyTemplates, doctorServerTemplates } from './doctor-templates.ts';
import { execTemplates } from './exec-templates.ts';
import { enrolTemplates } from './enrol-templates.ts';
import { projectTemplates } from './project-templates.ts';
import { trustTemplates } from './trust-templates.ts';
import type { Severity, Template } from './template.ts';

/** Everything that a user may be told, by its stable code; the text stands in one catalogue a part of the house. */
const catalogue = {
  ...configTemplates,
  ...projectTemplates,
  ...backupTemplates,
  ...trustTemplates,
  ...execTemplates,
  ...enrolTemplates,
  ...cliTemplates,
  ...doctorServerTemplates,
  ...doctorProxyTemplates,
  ...doctorProjectTemplates,
};

export type Code = keyof typeof catalogue;
type ArgsOf<C extends Code> = (typeof catalogue)[C] extends Template<infer A> ? A : never;

/** Where it is: a file (absolute), its line and column (from 1), the path inside the configuration (`hosts[1].alNames`). */
export interface Place {
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  readonly path?: string;
}

/** A thing to tell the user: data, so that text and JSON are two views of it. Never holds a secret. */
export interface Diagnostic {
  readonly code: Code;
  readonly severity: Severity;
  readonly place: Place;
  readonly args: object;
}

export function diagnostic<C extends Code>(code: C, args: ArgsOf<C>, place: Place = {}): Diagnostic {
  return { code, severity: catalogue[code].severity, place, args: args as object };
}

/** The words for a diagnostic, without its place. */
export function describe(d: Diagnostic): { text: string; hint: string | undefined } {
  // The arguments fit their template by `diagnostic`'s signature.
  const { text, hint } = catalogue[d.code] as Template<object>;
  return { text: text(d.args), hint: hint?.(d.args) };
}

function whereOf({ file, line, column, path }: Place): string {
  const position = [file, line, column].filter((part) => part !== undefined).join(':');
  const where = [position, path].filter(Boolean).join(' ');
  return where === '' ? '' : `${where}: `;
}

/** The one error class: carries everything that is wrong, all at once. */
export class RcsslError extends Error {
  readonly diagnostics: readonly Diagnostic[];

  constructor(diagnostics: readonly Diagnostic[], options?: ErrorOptions) {
    super(diagnostics.map((d) => `${whereOf(d.place)}${describe(d).text}`).join('\n'), options);
    this.name = 'RcsslError';
    this.diagnostics = diagnostics;
  }
}

export function fail<C extends Code>(code: C, args: ArgsOf<C>, place: Place = {}, options?: ErrorOptions): never {
  throw new RcsslError([diagnostic(code, args, place)], options);
}
