import type { InspectResult, Match } from '../engine/inspect/types.ts';
import { ownerName } from '../kernel/ids.ts';
import type { Instant } from '../kernel/instant.ts';
import { reasonText } from './reason.ts';

/** A statement about what was inspected: fine, not fine, or merely so. */
export interface Line {
  readonly tone: 'good' | 'bad' | 'neutral';
  readonly text: string;
}

/** How a path is shown. */
export type PathText = (path: string) => string;

/** What the matches say; where the plan keeps everything that it was asked about, one line for all of it. */
export function matchLines({ matches, config, source, now }: InspectResult, shown: PathText): Line[] {
  const declared = matches.filter((match) => match.code === 'declared');
  const others = matches.filter((match) => match.code !== 'declared');
  const kept = declared.length > 0 && declared.every(({ action }) => action === 'keep');
  const configName = config === undefined ? '' : shown(config);
  return [
    ...others.map((match) => lineOf(match, shown)),
    ...(kept
      ? [good(`${declaredName(declared)} is as ${configName} wants it`)]
      : declared.flatMap((match) => pending(match, shown, now))),
    ...(config === undefined && source.kind !== 'server' ? [neutral('no configuration to compare it with')] : []),
    ...(config !== undefined && declared.length === 0 && source.kind === 'file'
      ? [neutral(`${configName} does not declare this file`)]
      : []),
  ];
}

type Declared = Extract<Match, { code: 'declared' }>;

function declaredName([first, ...more]: readonly Declared[]): string {
  if (!first) return '';
  return more.length === 0 ? `this ${first.artifact} of ${ownerName(first.owner)}` : `all of ${ownerName(first.owner)}`;
}

function pending({ action, path, reasons }: Declared, shown: PathText, now: Instant): Line[] {
  if (action === 'keep') return [];
  const file = shown(path);
  const why = reasons.map((reason) => reasonText(reason, { path: file, now, shown })).join('; ');
  return [bad(`${file}: ${action === 'blocked' ? 'blocked' : `apply will ${action} it`} (${why})`)];
}

function lineOf(match: Exclude<Match, Declared>, shown: PathText): Line {
  switch (match.code) {
    case 'name':
      return match.covered ? good(`it is for ${match.name}`) : bad(`it is not for ${match.name}`);
    case 'verifies': {
      const under = match.under === 'project-root' ? "this project's root" : 'the public roots';
      return match.fault === undefined
        ? good(`it verifies under ${under}`)
        : bad(`it does not verify under ${under}: ${match.fault}`);
    }
    case 'root':
      return match.signed
        ? good(`signed by ${match.name}, this project's root`)
        : neutral(`not signed by ${match.name}, this project's root`);
    case 'on-disk':
      return match.same
        ? good(`the same certificate as ${shown(match.path)}`)
        : bad(`another certificate than ${shown(match.path)}, which ${ownerName(match.owner)} has`);
    case 'key-of':
      return good(`the key of ${shown(match.path)}`);
    case 'pair':
      return match.ok ? good('key and certificate belong together') : bad('key and certificate do not belong together');
    case 'order':
      return match.ok
        ? good('each certificate is signed by the next')
        : neutral('the certificates are not a chain: not every one is signed by the next');
  }
}

const good = (text: string): Line => ({ tone: 'good', text });
const bad = (text: string): Line => ({ tone: 'bad', text });
const neutral = (text: string): Line => ({ tone: 'neutral', text });
