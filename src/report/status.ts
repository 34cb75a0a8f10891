import type { CertificateStatus, StatusResult } from '../engine/types.ts';
import { formatInstant, type Instant } from '../kernel/instant.ts';
import { diagnosticsJson } from './diagnostics.ts';
import { nextLines, screen } from './plan.ts';
import { NARROW, wrapWords } from './rows.ts';
import { distanceText, leftText, nearDayText, whenText } from './time.ts';
import type { Role, View } from './view.ts';
import { fullFingerprint, keyWords, shortFingerprint } from './words.ts';
import { pathFrom } from '../kernel/path.ts';

const BAR = 10;
const GAP = '  ';

/** The screen of `rcssl status`: the root, and what it signed indented under it. */
export function statusText(result: StatusResult, view: View): string {
  const { ca, hosts, now, complete } = result;
  const owners = [ca, ...hosts];
  const rows = owners.map((owner) => cellsOf(owner, owner === ca, now, view));
  const lines = view.width < NARROW ? rows.map((row) => stacked(row, view)) : inColumns(rows, view);
  const details = (owner: CertificateStatus): string[] => (view.verbose ? detailLines(owner, result, view) : []);
  const list = owners.flatMap((owner, i) => [...(lines[i] ?? []), ...details(owner)]);
  return screen([
    list,
    complete ? [] : nextLines(['plan', 'apply'].map((name) => `${view.command} ${name}${view.project}`)),
  ]);
}

interface Cells {
  readonly name: string;
  readonly key: string;
  readonly bar: string;
  readonly time: string;
  /** When it renews: worth its room only where there is some. */
  readonly renews: string;
  readonly role: Role;
  readonly fingerprint: string;
}

function cellsOf(status: CertificateStatus, isRoot: boolean, now: Instant, { unicode }: View): Cells {
  const { name, names, keyKind, fingerprint, state } = status;
  const more = names.length > 1 ? `  +${names.length - 1}` : '';
  const [time, role, renews = ''] = timeOf(status, now);
  return {
    name: `${isRoot ? '' : '  '}${name}${more}`,
    key: keyKind === undefined ? '' : keyWords(keyKind),
    bar: state === 'missing' ? ' '.repeat(BAR) : barOf(status, now, unicode),
    time,
    renews,
    role,
    fingerprint: fingerprint === undefined ? '' : shortFingerprint(fingerprint, unicode),
  };
}

/** What part of the validity is used. */
function barOf({ notBefore, notAfter }: CertificateStatus, now: Instant, unicode: boolean): string {
  if (notBefore === undefined || notAfter === undefined) return ' '.repeat(BAR);
  const used = Math.min(1, Math.max(0, (now - notBefore) / (notAfter - notBefore)));
  const full = Math.floor(used * BAR);
  return (unicode ? '▰' : '#').repeat(full) + (unicode ? '▱' : '.').repeat(BAR - full);
}

function timeOf(
  { state, notBefore, notAfter, renewAt }: CertificateStatus,
  now: Instant,
): [time: string, role: Role, renews?: string] {
  if (notAfter === undefined || notBefore === undefined)
    return [state === 'broken' ? 'cannot be read' : 'missing', 'bad'];
  if (notAfter < now) return [`expired ${distanceText(notAfter, now)}`, 'bad'];
  if (notBefore > now) return [`not valid yet, begins ${nearDayText(notBefore, now)}`, 'bad'];
  const left = leftText(notAfter, now);
  if (state === 'blocked') return [`${left}, blocked`, 'blocked'];
  if (renewAt !== undefined && renewAt <= now) return [`${left}, renewal due`, 'change'];
  if (state !== 'ok') return [`${left}, changes pending`, 'change'];
  return [left, 'good', renewAt === undefined ? '' : `, renews ${nearDayText(renewAt, now)}`];
}

type Cell = (row: Cells) => readonly [text: string, role?: Role];

const name: Cell = (row) => [row.name];
const key: Cell = (row) => [row.key];
const bar: Cell = (row) => [row.bar, row.role];
const time: Cell = (row) => [row.time];
const whole: Cell = (row) => [row.time + row.renews];
const print: Cell = (row) => [row.fingerprint, 'dim'];

/** Where the width does not do for all of it, the renewals go first, then the fingerprint, the bar and the key. */
const LAYOUTS: readonly (readonly Cell[])[] = [
  [name, key, bar, whole, print],
  [name, key, bar, time, print],
  [name, key, bar, time],
  [name, key, time],
];

function inColumns(rows: readonly Cells[], { width, paint }: View): string[][] {
  const widthsOf = (layout: readonly Cell[]) =>
    layout.map((cell) => Math.max(...rows.map((row) => cell(row)[0].length)));
  const fits = (layout: readonly Cell[]) =>
    widthsOf(layout).reduce((sum, column) => sum + column + GAP.length, -GAP.length) <= width;
  const layout = LAYOUTS.find(fits) ?? [name, time];
  const widths = widthsOf(layout);
  return rows.map((row) => {
    const cells = layout.map((cell, i) => {
      const [text, role] = cell(row);
      return (role ? paint(role, text) : text) + ' '.repeat((widths[i] ?? 0) - text.length);
    });
    return [cells.join(GAP).trimEnd()];
  });
}

/** On a narrow terminal the time stands under the name. */
function stacked({ name, time, role }: Cells, { paint }: View): string[] {
  const indent = ' '.repeat(name.length - name.trimStart().length + 2);
  return [name, indent + paint(role, time)];
}

/** With `--verbose`: every name and file, and what the row shortens. */
function detailLines(
  { names, issuer, notAfter, fingerprint, files }: CertificateStatus,
  result: StatusResult,
  view: View,
): string[] {
  const rows: [string, string][] = [
    ['names', names.join(', ')],
    ['issuer', issuer ?? ''],
    ['until', notAfter === undefined ? '' : whenText(notAfter, result.now)],
    ['SHA-256', fingerprint === undefined ? '' : fullFingerprint(fingerprint)],
    ...files.map(({ artifact, path, kind }): [string, string] => [
      artifact,
      kind === 'keep' ? path : `${path} (${kind})`,
    ]),
  ];
  return rows
    .filter(([, value]) => value !== '')
    .flatMap(([label, value]) => {
      const [first = '', ...rest] = wrapWords(value, Math.max(20, view.width - 18));
      return [`    ${label.padEnd(12)}  ${first}`, ...rest.map((line) => ' '.repeat(18) + line)];
    });
}

/** The value of `rcssl status --json`. Instants are RFC 3339, paths relative to `root` where they lie in it. */
export function statusJson(result: StatusResult): object {
  const { root, config, complete, ca, hosts, diagnostics } = result;
  return {
    formatVersion: 1,
    command: 'status',
    root,
    config: pathFrom(root, config),
    complete,
    ca: { ...rowJson(ca, result.now), shared: ca.shared },
    hosts: hosts.map((host) => rowJson(host, result.now)),
    diagnostics: diagnosticsJson(diagnostics, root),
  };
}

function rowJson(status: CertificateStatus, now: Instant): object {
  const { id, name, path, state, keyKind, names, issuer, notBefore, notAfter, renewAt, fingerprint, files } = status;
  return {
    owner: id,
    name,
    path,
    state,
    ...(keyKind !== undefined && { keyKind }),
    names,
    ...(issuer !== undefined && { issuer }),
    ...(notBefore !== undefined && { notBefore: formatInstant(notBefore) }),
    ...(notAfter !== undefined && {
      notAfter: formatInstant(notAfter),
      secondsLeft: Math.floor((notAfter - now) / 1000),
    }),
    ...(renewAt !== undefined && { renewAt: formatInstant(renewAt) }),
    ...(fingerprint !== undefined && { fingerprint }),
    files,
  };
}
