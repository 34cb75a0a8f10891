import type { EnrolEvent, Visitor } from '../enrol/events.ts';
import type { Where } from '../enrol/where.ts';
import { wrapWords } from './rows.ts';
import { signOf } from './signs.ts';
import { clockText, distanceText } from './time.ts';
import { NARROW } from './rows.ts';
import type { Role, View } from './view.ts';
import { count, listed, shellWord } from './words.ts';

type Of<T extends EnrolEvent['type']> = Extract<EnrolEvent, { readonly type: T }>;

const LABEL = 9;
const WHO = 24;

/** What stands above the question whether a network may be served. */
export function leaveText({ address, networks, name, others }: Where, root: string, { width }: View): string {
  const lines = [
    `This serves a page and the certificate of ${root} on ${address} (${name}), to ${listed(networks)}, until you stop it. No key leaves this computer, and nothing is written.`,
    ...(others.length > 0 ? [`Another network: --host ${others.join(' or --host ')}.`] : []),
  ];
  return `${lines.flatMap((line) => wrapWords(line, width)).join('\n')}\n`;
}

/** Where the page is, and what to compare. */
export function listeningText(
  { url, networks, isLocal, fingerprint, check, until, at }: Of<'listening'>,
  view: View,
): string {
  const pairs = fingerprint.toUpperCase().match(/../g) ?? [];
  const inRow = view.width < NARROW ? 8 : 16;
  const rows = Array.from({ length: pairs.length / inRow }, (_, row) =>
    pairs.slice(row * inRow, (row + 1) * inRow).join(' '),
  );
  const serves = isLocal ? 'this computer alone' : listed(networks);
  const end = until === undefined ? 'until Ctrl-C' : `until ${clockText(until)}, ${distanceText(until, at)}`;
  return [
    `  ${view.paint('strong', url)}\n\n`,
    labelled('SHA-256', rows, view),
    labelled('check', wrapWords(checkText(check, isLocal), view.width - LABEL - 2), view),
    labelled('serves', wrapWords(`${serves}, ${end}`, view.width - LABEL - 2), view),
  ].join('');
}

function checkText(check: Of<'listening'>['check'], isLocal: boolean): string {
  switch (check.state) {
    case 'ready':
      return `with the certificate of ${check.host}, at ${new URL(check.url).host}`;
    case 'unmade':
      return `none: the certificate of ${check.host} is not as declared; rcssl apply`;
    case 'undeclared':
      return `none: no host declares ${listed(check.names)}; ${isLocal ? 'give one altNames' : 'add lan: true to one'}, then rcssl apply`;
  }
}

/** What a device did: when, who, what. */
export function happeningText(event: Of<'visit' | 'download' | 'check' | 'refused'>, view: View): string {
  const { who, role, sign, text } = lineOf(event, view);
  const when = `${view.paint('dim', clockText(event.at))}  `;
  const room = view.width - 12;
  if (view.width < NARROW) {
    const words = wrapWords(text, room - 2).map(
      (line, index) => `${' '.repeat(10)}${index === 0 ? view.paint(role, sign) : ' '} ${line}\n`,
    );
    return `${when}${who}\n${words.join('')}`;
  }
  const [first = '', ...rest] = wrapWords(text, Math.max(20, room - WHO));
  const indent = ' '.repeat(12 + WHO);
  return [`${when}${who.padEnd(WHO)}${view.paint(role, sign)} ${first}`, ...rest.map((line) => indent + line)]
    .map((line) => `${line}\n`)
    .join('');
}

interface Line {
  readonly who: string;
  readonly role: Role;
  readonly sign: string;
  readonly text: string;
}

function lineOf(event: Of<'visit' | 'download' | 'check' | 'refused'>, { unicode }: View): Line {
  const dim = { role: 'dim', sign: unicode ? '·' : '-' } as const;
  const bad = { role: 'bad', sign: unicode ? '✘' : '!!' } as const;
  switch (event.type) {
    case 'visit':
      return { ...dim, who: nameOf(event.visitor), text: `opened the page, from ${event.visitor.address}` };
    case 'download':
      return { ...dim, who: nameOf(event.visitor), text: `downloaded the ${FILES[event.file]}` };
    case 'refused':
      return { role: 'blocked', sign: '!', who: event.address, text: refusal(event) };
    case 'check': {
      const who = nameOf(event.visitor);
      if (event.passed) return { ...signOf('done', unicode), who, text: 'trusts the root' };
      return { ...bad, who, text: event.reached ? `does not trust it yet${missing(event.visitor)}` : UNREACHED };
    }
  }
}

const UNREACHED = 'could not reach the check: another network, or a firewall on this computer';

const FILES = { mobileconfig: 'profile', crt: 'certificate', pem: 'certificate as PEM' } as const;

function refusal({ why, address }: Of<'refused'>): string {
  if (why === 'network') return `is in another network; --network ${shellWord(address)} serves it too`;
  return 'was turned away: it asked for another name than this page has';
}

/** The step that is missing most often. */
function missing({ system, browser }: Visitor): string {
  if (system === 'ios') return ': the switch under Certificate Trust Settings';
  if (system === 'android')
    return browser === 'firefox' ? ': its Secret Settings' : ': CA certificate, not another kind';
  return ': or it wants a restart';
}

const SYSTEMS: Readonly<Record<Visitor['system'], string>> = {
  ios: 'iPhone or iPad',
  android: 'Android',
  macos: 'Mac',
  windows: 'Windows',
  linux: 'Linux',
  chromeos: 'Chromebook',
};
const BROWSERS: Readonly<Record<Visitor['browser'], string>> = {
  safari: 'Safari',
  chrome: 'Chrome',
  edge: 'Edge',
  firefox: 'Firefox',
  other: '',
};

function nameOf({ system, browser }: Visitor): string {
  return [SYSTEMS[system], BROWSERS[browser]].filter(Boolean).join(', ');
}

export function stoppedText({ why, visitors, trusting }: Of<'stopped'>): string {
  const reason = why === 'time' ? 'time is over' : 'stopped';
  const who =
    visitors === 0
      ? 'nobody came'
      : `${count(visitors, 'device')} came, ${trusting === 0 ? 'none trusts' : trusting === 1 ? '1 trusts' : `${trusting} trust`} the root`;
  return `${reason}: ${who}\n`;
}

function labelled(label: string, lines: readonly string[], { paint }: View): string {
  return lines
    .map((line, index) => `  ${index === 0 ? paint('dim', label.padEnd(LABEL)) : ' '.repeat(LABEL)}${line}\n`)
    .join('');
}
