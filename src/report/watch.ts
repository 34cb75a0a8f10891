import type { ApplyResult } from '../engine/types.ts';
import type { Instant } from '../kernel/instant.ts';
import { pathFrom } from '../kernel/path.ts';
import type { WatchEvent, WatchStatus } from '../watch/events.ts';
import type { Cause } from '../watch/machine.ts';
import { changesOf } from './change.ts';
import { LONG } from './plan.ts';
import { NARROW, wrapWords } from './rows.ts';
import { signOf } from './signs.ts';
import { clockText, distanceText, tookText } from './time.ts';
import type { View } from './view.ts';
import { count } from './words.ts';

type Of<T extends WatchEvent['type']> = Extract<WatchEvent, { readonly type: T }>;

const CAUSE_COLUMN = 20;
const GAP = '  ';

/** `watching rcssl.config.ts, hosts.ts and 14 files`. */
export function watchingText({ sources, artifacts }: Of<'watching'>, root: string): string {
  const shown = sources.slice(0, 3).map((path) => pathFrom(root, path));
  const more = sources.length - shown.length + artifacts;
  const files = count(more, shown.length > 0 && sources.length > 3 ? 'other file' : 'file');
  if (shown.length === 0) return `watching ${files}`;
  return `watching ${shown.join(', ')}${more > 0 ? ` and ${files}` : ''}`;
}

/** What a run did, a line a change, with when and why. */
export function appliedText({ at, causes, result }: Of<'applied'>, view: View): string {
  const changes = changesOf(result.plan, result);
  const shown = view.verbose ? changes : changes.slice(0, LONG);
  const lines = shown.map(({ verb, name, details }) => {
    const { sign, role } = signOf(verb, view.unicode);
    return { sign, role, text: `${name}${GAP}${details.join('; ')}` };
  });
  const more = changes.length - shown.length;
  if (more > 0) lines.push({ sign: ' ', role: 'dim', text: `and ${count(more, 'other')}` });
  if (lines.length === 0 && result.ran.length === 0)
    lines.push({ sign: ' ', role: 'dim', text: result.complete ? 'nothing to do' : 'not complete' });
  const last = lines.at(-1);
  if (last && result.done.length > 0) last.text += `${GAP}${tookText(result.took)}`;
  lines.push(...ranLines(result, view));
  return history(at, causeText(causes, result.root), lines, view);
}

/** The hooks that ran, with what they printed where everything is to be seen; why one failed is told with the errors. */
function ranLines({ ran }: ApplyResult, { unicode, verbose }: View): Line[] {
  return ran.flatMap(({ label, ok, why, output }) => {
    const sign = ok ? (why === undefined ? 'done' : 'skipped') : 'blocked';
    const end = ok ? why : 'failed';
    const line = { ...signOf(sign, unicode), text: `${label}${end === undefined ? '' : `${GAP}${end}`}` };
    const said = verbose && ok && output.trim() !== '' ? output.trimEnd().split('\n') : [];
    return [line, ...said.map((text) => ({ sign: ' ', role: 'dim' as const, text }))];
  });
}

/** That a run failed; what was wrong is told beneath it. */
export function failedText({ at, causes }: Of<'failed'>, root: string, view: View): string {
  const lines = [{ sign: view.unicode ? '✘' : '!!', role: 'bad' as const, text: 'failed; the set is kept as it is' }];
  return history(at, causeText(causes, root), lines, view);
}

/** How things stand, as one line that fits, and is not to be broken. */
export function statusText(status: WatchStatus, now: Instant, view: View, keys: string): string {
  const { role, sign } = status.complete
    ? { role: 'good' as const, sign: view.unicode ? '●' : '*' }
    : { role: 'bad' as const, sign: view.unicode ? '✘' : '!!' };
  const room = view.width - 1 - sign.length - 1;
  // What matters least stands last.
  const parts = standing(status, now).split(', ');
  while (parts.length > 1 && parts.join(', ').length > room) parts.pop();
  const words = parts.join(', ').slice(0, room);
  const gap = room - words.length - keys.length;
  const help = keys !== '' && gap >= 2 ? ' '.repeat(gap) + view.paint('dim', keys) : '';
  return `${view.paint(role, sign)} ${words}${help}`;
}

/** `complete, 4 hosts, next renewal in 23 days`. */
export function standing({ complete, failed, hosts, blocked, nextChange }: WatchStatus, now: Instant): string {
  if (failed) return 'not complete, the last run failed, tried again soon';
  if (blocked > 0) return `not complete, ${count(blocked, 'file')} blocked`;
  if (!complete) return 'not complete';
  const next = nextChange ? `, next renewal ${distanceText(nextChange.at, now)}` : '';
  return `complete, ${count(hosts, 'host')}${next}`;
}

interface Line {
  readonly sign: string;
  readonly role: Parameters<View['paint']>[0];
  text: string;
}

/** Columns of when, why and what; where it is narrow, what stands beneath. */
function history(at: Instant, cause: string, lines: readonly Line[], { width, paint }: View): string {
  const when = clockText(at);
  const narrow = width < NARROW;
  const column = shortened(cause, narrow ? width - when.length - 2 : CAUSE_COLUMN);
  const left = narrow ? 2 : when.length + GAP.length + CAUSE_COLUMN + GAP.length;
  const head = `${paint('dim', when)}${GAP}${narrow ? column : column.padEnd(CAUSE_COLUMN) + GAP}`;
  const body = lines.flatMap(({ sign, role, text }) => {
    const indent = ' '.repeat(left + sign.length + 1);
    const [first = '', ...rest] = wrapWords(text, Math.max(16, width - indent.length));
    return [`${' '.repeat(left)}${paint(role, sign)} ${first}`, ...rest.map((line) => indent + line)];
  });
  const [first = '', ...rest] = body;
  return `${(narrow ? [head, ...body] : [head + first.slice(left), ...rest]).join('\n')}\n`;
}

/** The end of a path says more than its beginning. */
function shortened(text: string, width: number): string {
  return text.length <= width ? text : `..${text.slice(text.length - width + 2)}`;
}

/** The cause that says most, in a few words. */
function causeText(causes: readonly Cause[], root: string): string {
  const [first] = [...causes].sort((a, b) => WEIGHT.indexOf(a.code) - WEIGHT.indexOf(b.code));
  switch (first?.code) {
    case 'files': {
      const [path = '', ...others] = first.paths;
      return `${pathFrom(root, path)}${others.length > 0 ? ` +${others.length}` : ''}`;
    }
    case 'due':
      return 'renewal due';
    case 'clock':
      return first.by > 0 ? 'slept or clock set' : 'clock set back';
    case 'network':
      return first.added[0] === undefined ? 'network' : `network ${first.added[0]}`;
    case 'asked':
      return { run: 'asked', force: 'forced', reload: 'reload' }[first.for];
    case 'retry':
      return 'tried again';
    default:
      return 'start';
  }
}

const WEIGHT: readonly Cause['code'][] = ['asked', 'files', 'network', 'due', 'clock', 'retry', 'start'];
