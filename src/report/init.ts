import { basename, relative } from 'node:path';
import type { InitResult } from '../engine/init.ts';
import type { View } from './view.ts';

const TITLES = { 'rocket.chat': 'Rocket.Chat', vite: 'Vite', next: 'Next' } as const;

type Found = InitResult['found'][number];

/** The screen of `rcssl init`: what was written, what it was fitted to, and what to type next. */
export function initText(result: InitResult, { width, command }: Pick<View, 'width' | 'command'>): string {
  const config = basename(result.config);
  const ignore = basename(result.ignore.path);
  const column = Math.max(config.length, ignore.length) + 2;
  const found = result.found.map(foundText).join(', ');
  const rows = [
    row('wrote ', config, found && `(found: ${found})`, column, width),
    result.ignore.added.length > 0
      ? row('wrote ', ignore, `+ ${result.ignore.added.join(', ')}`, column, width)
      : row('kept  ', ignore, 'it has every line already', column, width),
  ];
  return `${rows.join('\n')}\n\nnext: ${command} apply\n`;
}

/** One row; where the detail does not fit beside the name it goes to lines of its own, broken between its items. */
function row(verb: string, name: string, detail: string, column: number, width: number): string {
  if (detail === '') return verb + name;
  const beside = verb + name.padEnd(column) + detail;
  if (beside.length <= width) return beside;
  const lines = [''];
  for (const item of detail.split(/(?<=,) /)) {
    const last = lines.at(-1) ?? '';
    const longer = last === '' ? `  ${item}` : `${last} ${item}`;
    if (last === '' || longer.length <= width) lines[lines.length - 1] = longer;
    else lines.push(`  ${item}`);
  }
  return [verb + name, ...lines].join('\n');
}

function foundText(found: Found): string {
  if (found.kind !== 'compose') return `${TITLES[found.kind]} in ${found.file}`;
  const [first, ...others] = found.services;
  return `${others.length === 0 ? `service ${first}` : `${found.services.length} services`} in ${found.file}`;
}

/** The value of `rcssl init --json`, paths relative to `cwd`. */
export function initJson(result: InitResult, cwd: string): object {
  const shown = (path: string): string => relative(cwd, path).replaceAll('\\', '/');
  return {
    formatVersion: 1,
    command: 'init',
    config: shown(result.config),
    found: result.found.map(({ port, ...found }) => ({ ...found, ...(port !== undefined && { port }) })),
    ignore: { ...result.ignore, path: shown(result.ignore.path) },
    next: ['rcssl apply'],
  };
}
