import type { InspectResult, Item, Source } from '../engine/inspect/types.ts';
import { formatInstant, type Instant } from '../kernel/instant.ts';
import { ownerName } from '../kernel/ids.ts';
import { matchLines, type Line } from './inspect-matches.ts';
import { rowsOf, titleOf, type Row } from './inspect-rows.ts';
import { diagnosticsJson } from './diagnostics.ts';
import { reasonJson } from './reason-json.ts';
import { wrapWords } from './rows.ts';
import { whenText } from './time.ts';
import type { View } from './view.ts';
import { pathFrom } from '../kernel/path.ts';

type InspectView = Pick<View, 'width' | 'unicode'>;

/** The screen of `rcssl inspect`: each thing that was found, then how it stands to the rest. Warnings are printed by the caller. */
export function inspectText(result: InspectResult, view: InspectView): string {
  const shown = (path: string): string => pathFrom(result.cwd, path);
  const time = (at: Instant): string => whenText(at, result.now);
  const sections = result.items.map((item, i) => {
    const title = result.items.length > 1 ? `${i + 1}. ${titleOf(item)}` : titleOf(item);
    return [title, ...rowsOf(item, time).flatMap((row) => rowLines(row, view.width))];
  });
  const matches = matchLines(result, shown).flatMap((line) => signed(line, view));
  const blocks = [[headline(result.source, result.items, shown)], ...sections, matches].filter(
    (lines) => lines.length > 0,
  );
  return `${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

/** The value of `rcssl inspect --json`: facts and no words. Instants are RFC 3339, paths relative to the working directory. */
export function inspectJson(result: InspectResult): object {
  const shown = (path: string): string => pathFrom(result.cwd, path);
  const { source, config } = result;
  return {
    formatVersion: 1,
    command: 'inspect',
    asked: result.asked,
    ...(config !== undefined && { config: shown(config) }),
    source: 'path' in source ? { ...source, path: shown(source.path) } : source,
    items: result.items.map(itemJson),
    matches: result.matches.map((match) => ({
      ...match,
      ...('path' in match && { path: shown(match.path) }),
      ...('reasons' in match && { reasons: match.reasons.map((reason) => reasonJson(reason, shown)) }),
    })),
    diagnostics: diagnosticsJson(result.diagnostics, result.cwd),
  };
}

function itemJson(item: Item): object {
  if (item.kind !== 'certificate') return item;
  const { subjectDer, issuerDer, keyIdIsOurs, notBefore, notAfter, ...facts } = item.facts;
  return { ...item, facts: { ...facts, notBefore: formatInstant(notBefore), notAfter: formatInstant(notAfter) } };
}

function headline(source: Source, items: readonly Item[], shown: (path: string) => string): string {
  const count = items.length === 1 ? '' : `, ${items.length} parts`;
  switch (source.kind) {
    case 'file':
      return `${shown(source.path)}: ${source.container}${count}`;
    case 'owner':
      return `${ownerName(source.id)}: ${shown(source.path)}${count}`;
    case 'server':
      return `${source.endpoint}: ${source.protocol}, ${source.cipher}${source.address === source.host ? '' : `, at ${source.address}`}`;
  }
}

/** The widest label, `issuer key`, and a gap. */
const LABEL = 12;
/** Below this the values go under their label. */
const NARROW = 50;

function rowLines([label, values]: Row, width: number): string[] {
  const indent = width < NARROW ? 4 : 2 + LABEL;
  const lines = wrap(values, width - indent);
  const [first = '', ...more] = lines;
  const rest = more.map((line) => ' '.repeat(indent) + line);
  if (width < NARROW) return [`  ${label}`, ' '.repeat(indent) + first, ...rest];
  return [`  ${label.padEnd(LABEL)}${first}`, ...rest];
}

/** Items joined by commas, broken between them; an item that is longer than a line by itself is broken at a colon of its hex or anywhere. */
function wrap(values: readonly string[], width: number): string[] {
  const lines: string[] = [];
  for (const [i, value] of values.entries()) {
    const item = i < values.length - 1 ? `${value},` : value;
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + item.length <= width) lines[lines.length - 1] = `${last} ${item}`;
    else lines.push(...pieces(item, width));
  }
  return lines;
}

function pieces(text: string, width: number): string[] {
  // Pairs of hex and their colon stay together.
  const step = /^([\dA-F]{2}:)+[\dA-F]{2}$/.test(text) ? Math.floor(width / 3) * 3 : width;
  const found: string[] = [];
  for (let at = 0; at < text.length; at += step) found.push(text.slice(at, at + step));
  return found;
}

const SIGNS = { good: ['✔', 'ok'], bad: ['✘', '!!'], neutral: ['·', '--'] } as const;

function signed({ tone, text }: Line, { width, unicode }: InspectView): string[] {
  const sign = SIGNS[tone][unicode ? 0 : 1];
  const indent = ' '.repeat(sign.length + 3);
  return wrapWords(text, width - indent.length).map((line, i) => (i === 0 ? `  ${sign} ${line}` : indent + line));
}
