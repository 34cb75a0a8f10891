import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Where } from './draft.ts';
import { deepIssues, refusedPaths, shapeDiagnostics } from './issues.ts';
import { mend } from './mend.ts';
import { normalise } from './normalise.ts';
import { RULES } from './rules/registry.ts';
import { configSchema } from './schema.ts';
import type { Config } from './types.ts';

export interface Validation {
  /** Undefined if anything is an error. */
  readonly config: Config | undefined;
  /** In the order of the rules; errors and warnings. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * What a configuration means and everything that is wrong with it, all at once. Pure: no file is looked at.
 *
 *     unknown → shape (zod) → defaults, names, paths → rules → Config, diagnostics
 */
export function validate(user: unknown, where: Where): Validation {
  const shape = configSchema.safeParse(user);
  if (shape.success) {
    const draft = normalise(shape.data, [...shape.data.hosts.keys()], where);
    const diagnostics = unique(
      RULES.flatMap((rule) => rule(draft)),
      where.file,
    );
    const wrong = diagnostics.some(({ severity }) => severity === 'error');
    return { config: wrong ? undefined : draft.config, diagnostics };
  }
  const issues = deepIssues(shape.error.issues);
  const wrong = shapeDiagnostics(configSchema, user, issues);
  const mended = mend(user, refusedPaths(issues));
  const rest = configSchema.safeParse(mended?.input);
  const draft = mended && rest.success ? normalise(rest.data, mended.kept, where) : undefined;
  const more = draft ? RULES.flatMap((rule) => rule(draft)) : [];
  return { config: undefined, diagnostics: unique([...wrong, ...more], where.file) };
}

/** A value of `defaults` is wrong once, however many hosts have it. */
function unique(diagnostics: readonly Diagnostic[], file: string): Diagnostic[] {
  const seen = new Map<string, Diagnostic>();
  for (const found of diagnostics) {
    const key = JSON.stringify([found.code, found.place.path, found.args]);
    if (!seen.has(key)) seen.set(key, { ...found, place: { ...found.place, file } });
  }
  return [...seen.values()];
}
