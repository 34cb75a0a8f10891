import type { Checked, DoctorResult } from '../engine/doctor.ts';
import { describe } from '../diagnostics/diagnostic.ts';
import { formatInstant } from '../kernel/instant.ts';
import { pathFrom } from '../kernel/path.ts';
import { diagnosticsJson } from './diagnostics.ts';
import { wrapWords } from './rows.ts';
import type { Role, View } from './view.ts';
import { count, visible } from './words.ts';

type Verdict = Checked['verdict'];
type DoctorView = Pick<View, 'width' | 'unicode' | 'paint' | 'verbose'>;

const SIGNS: Readonly<Record<Verdict, readonly [unicode: string, ascii: string, role: Role]>> = {
  good: ['✔', 'ok', 'good'],
  doubt: ['!', '! ', 'change'],
  bad: ['✘', '!!', 'bad'],
  idle: ['·', '--', 'dim'],
  'not-looked': ['·', '--', 'dim'],
};

/** The widest title, `certificate`, and a gap. */
const COLUMN = 13;
/** Below this the words go under the title. */
const NARROW = 50;

/** The screen of `rcssl doctor`: a line a finding, with its fix where it has one. */
export function doctorText(result: DoctorResult, view: DoctorView): string {
  const lines = together(result.checks).flatMap((checks) => checkLines(checks, view));
  return `${[...lines, '', summary(result)].join('\n')}\n`;
}

/** Checks that wait for the same one stand together, on the line of the first. */
function together(checks: readonly Checked[]): (readonly [Checked, ...Checked[]])[] {
  return checks.flatMap((check) => {
    if (check.waitsFor === undefined) return [[check] as const];
    const [first, ...others] = checks.filter(({ waitsFor }) => waitsFor === check.waitsFor);
    return first === check ? [[check, ...others] as const] : [];
  });
}

/** Facts that are neither good nor bad, and checks that had nothing to look at, are for those who ask for more. */
function checkLines(
  [{ title, verdict, findings, waitsFor }, ...others]: readonly [Checked, ...Checked[]],
  view: DoctorView,
): string[] {
  if (waitsFor !== undefined) {
    const more = others.length > 0 ? `; nor ${others.map((other) => other.title).join(', ')}` : '';
    return row('not-looked', title, `not looked at: mend the ${waitsFor} first${more}`, undefined, view);
  }
  const shown = findings.filter((each) => each.verdict !== 'idle' || verdict === 'idle' || view.verbose);
  return shown.flatMap((each, i) => {
    const { text, hint } = describe(each.told);
    return row(
      each.verdict,
      i === 0 || view.width < NARROW ? title : '',
      text,
      each.verdict === 'good' ? undefined : hint,
      view,
    );
  });
}

function row(verdict: Verdict, title: string, text: string, fix: string | undefined, view: DoctorView): string[] {
  const { width, unicode, paint } = view;
  const [sign, ascii, role] = SIGNS[verdict];
  const head = unicode ? sign : ascii;
  const left = head.length + 3;
  const indent = width < NARROW ? left : left + COLUMN;
  const wrapped = (words: string): string[] => wrapWords(visible(words), Math.max(20, width - indent));
  const [first = '', ...rest] = wrapped(text);
  const more = [...rest, ...(fix === undefined ? [] : wrapped(`fix: ${fix}`))].map((line) => ' '.repeat(indent) + line);
  const start = `  ${paint(role, head)} `;
  if (width < NARROW) return [`${start}${title}`.trimEnd(), ' '.repeat(left) + first, ...more];
  return [`${start}${title.padEnd(COLUMN)}${first}`, ...more];
}

function summary({ checks, failed }: DoctorResult): string {
  const looked = checks.filter(({ findings }) => findings.length > 0).length;
  const doubts = checks.filter(({ verdict }) => verdict === 'doubt').length;
  const doubted = doubts > 0 ? `, ${doubts} in doubt` : '';
  return failed > 0
    ? `${failed} of ${count(looked, 'check')} failed${doubted}`
    : `${count(looked, 'check')} passed${doubted}`;
}

/** The value of `rcssl doctor --json` and `rcssl proxy check --json`. */
export function doctorJson({ command, now, cwd, config, url, checks, failed, diagnostics }: DoctorResult): object {
  return {
    formatVersion: 1,
    command,
    now: formatInstant(now),
    ...(config !== undefined && { config: pathFrom(cwd, config) }),
    ...(url !== undefined && { url }),
    failed,
    checks: checks.map(({ id, title, verdict, findings, waitsFor }) => ({
      id,
      title,
      verdict: verdict === 'idle' && findings.length === 0 ? 'nothing-to-look-at' : verdict,
      ...(waitsFor !== undefined && { waitsFor }),
      findings: findings.map(({ verdict: each, told }) => {
        const { text, hint } = describe(told);
        return { verdict: each, code: told.code, text, ...(hint !== undefined && { fix: hint }), args: told.args };
      }),
    })),
    diagnostics: diagnosticsJson(diagnostics, cwd),
  };
}
