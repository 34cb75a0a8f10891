import * as z from 'zod/mini';
import { diagnostic, type Diagnostic } from '../diagnostics/diagnostic.ts';
import { nearest } from '../kernel/near-miss.ts';
import { formatPath, valueAt, type Path } from './path.ts';

type Issue = z.core.$ZodIssue;

/** What the shape of a configuration gets wrong: one diagnostic an issue, at the deepest place that is useful. */
export function shapeDiagnostics(schema: z.ZodMiniType, input: unknown, issues: readonly Issue[]): Diagnostic[] {
  const unknown = issues.flatMap((issue) => (issue.code === 'unrecognized_keys' ? unknownKeys(schema, issue) : []));
  const meant = new Set(unknown.map((key) => key.meant));
  const rest = issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys') return [];
    const path = formatPath(issue.path);
    // A misspelt key is one mistake: it is not missing as well.
    return meant.has(path) && valueAt(input, issue.path) === undefined ? [] : [valueDiagnostic(input, issue, path)];
  });
  return [...unknown.map((key) => key.diagnostic), ...rest];
}

/** The places that the issues are about. */
export function refusedPaths(issues: readonly Issue[]): Path[] {
  return issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...issue.path, key]) : [issue.path],
  );
}

/** The issues with their whole paths and without unions: of a union the one branch that was meant. */
export function deepIssues(issues: readonly Issue[]): Issue[] {
  return issues.flatMap((issue) => flatten(issue, []));
}

/** A union stays where none of its branches stands out. */
function flatten(issue: Issue, at: Path): Issue[] {
  const here = { ...issue, path: [...at, ...issue.path] };
  if (issue.code !== 'invalid_union') return [here];
  const branches = issue.errors.filter((errors) => !errors.some(isOfAnotherKind));
  const ranked = branches.map((errors) => ({ errors, rank: rank(errors) })).sort((a, b) => a.rank - b.rank);
  const [best, second] = ranked;
  if (!best || best.rank === second?.rank) return [here];
  return best.errors.flatMap((inner) => flatten(inner, here.path));
}

/** A string where the branch is an object: this branch was not meant. */
function isOfAnotherKind({ code, path }: Issue): boolean {
  return path.length === 0 && (code === 'invalid_type' || code === 'invalid_value');
}

/** The fewer keys are foreign to a branch, the likelier it was meant; a near miss is hardly foreign. */
function rank(errors: readonly Issue[]): number {
  const missing = errors.flatMap((issue) => (issue.path.length === 1 ? [String(issue.path[0])] : []));
  const unknown = errors.flatMap((issue) => (issue.code === 'unrecognized_keys' ? issue.keys : []));
  return unknown.reduce((sum, key) => sum + (nearest(key, missing) === undefined ? 10 : 1), errors.length / 100);
}

function unknownKeys(schema: z.ZodMiniType, issue: z.core.$ZodIssueUnrecognizedKeys) {
  const known = keysAt(schema, issue.path);
  return issue.keys.map((key) => {
    const near = nearest(key, known);
    const path = formatPath([...issue.path, key]);
    return {
      meant: near === undefined ? undefined : formatPath([...issue.path, near]),
      diagnostic: diagnostic('config-unknown-key', { key, near, known }, { path }),
    };
  });
}

/** The keys that an object at this place may have. */
function keysAt(schema: unknown, path: Path): string[] {
  if (schema instanceof z.ZodMiniOptional) return keysAt(schema.def.innerType, path);
  if (schema instanceof z.ZodMiniLazy) return keysAt(schema.def.getter(), path);
  if (schema instanceof z.ZodMiniUnion) return schema.def.options.flatMap((option) => keysAt(option, path));
  const [step, ...deeper] = path;
  if (schema instanceof z.ZodMiniArray) return keysAt(schema.def.element, deeper);
  if (!(schema instanceof z.ZodMiniObject)) return [];
  return step === undefined ? Object.keys(schema.def.shape) : keysAt(schema.def.shape[String(step)], deeper);
}

function valueDiagnostic(input: unknown, issue: Issue, path: string): Diagnostic {
  const value = valueAt(input, issue.path);
  const secret = issue.path.includes('passphrase');
  if (secret && typeof value === 'string' && issue.path.at(-1) === 'passphrase') {
    return diagnostic('config-passphrase-value', {}, { path });
  }
  const expected = issue.message;
  if (value === undefined && path !== '') return diagnostic('config-missing', { expected }, { path });
  const got = isObjectOfUnion(issue, value) ? 'this object' : secret ? kindOf(value) : shown(value);
  const near = typeof value === 'string' && !secret ? nearest(value, optionsOf(issue)) : undefined;
  return diagnostic('config-bad-value', { expected, got, near }, { path });
}

function optionsOf(issue: Issue): string[] {
  if (issue.code === 'invalid_value') return issue.values.map(String);
  return issue.code === 'invalid_union' ? issue.errors.flat().flatMap(optionsOf) : [];
}

/** An object where an object is expected: what is wrong are its keys. */
function isObjectOfUnion(issue: Issue, value: unknown): boolean {
  return issue.code === 'invalid_union' && typeof value === 'object' && value !== null && !Array.isArray(value);
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  return (
    { string: 'a text', number: 'a number', object: 'an object', function: 'a function' }[String(typeof value)] ??
    typeof value
  );
}

const SHOWN = 60;

/** Scalars as they were written, as far as they are readable on a line. */
function shown(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  // JSON escapes control characters: an error message must not drive the terminal.
  if (typeof value === 'string' && value.length <= SHOWN) return JSON.stringify(value);
  return kindOf(value);
}
