import { describe, expect, it } from 'vitest';
import { decodeQR } from 'qr/decode.js';
import { qrModules } from '../enrol/qr.ts';
import type { EnrolEvent } from '../enrol/events.ts';
import { happeningText, leaveText, listeningText, stoppedText } from './enrol.ts';
import { qrText } from './qr.ts';
import { ansi, plain, type View } from './view.ts';

const VIEW: View = {
  width: 80,
  paint: plain,
  unicode: true,
  verbose: false,
  command: 'rcssl',
  project: '',
  selection: '',
};
const AT = Date.parse('2026-11-25T12:00:00Z');
const URL = 'http://192.168.178.200:8720/k7m2pq4t';

const listening: Extract<EnrolEvent, { type: 'listening' }> = {
  type: 'listening',
  at: AT,
  root: 'Dev Root',
  fingerprint: '3fa1'.repeat(16),
  url: URL,
  networks: ['192.168.178.0/24'],
  isLocal: false,
  check: { state: 'ready', host: 'chat.local', url: 'https://192.168.178.200:8721/k7m2pq4t/check' },
  until: undefined,
  diagnostics: [],
};

describe('the QR code', () => {
  /** What a camera makes of the letters: each is two modules, drawn six pixels wide. */
  function read(text: string, isPaper: boolean): string {
    const rows = text
      .replaceAll(/\u001B\[[\d;]*m/g, '')
      .trimEnd()
      .split('\n')
      .map((line) => Array.from(line.slice(2)));
    const size = Math.max(...rows.map((row) => row.length));
    const scale = 6;
    // Beyond what is drawn: the paper of the code's own colour.
    const margin = 4;
    const side = (size + 2 * margin) * scale;
    const data = new Uint8Array(side * side * 4).fill(255);
    for (let y = 0; y < side; y += 1) {
      for (let x = 0; x < side; x += 1) {
        const [column, row] = [Math.floor(x / scale) - margin, Math.floor(y / scale) - margin];
        const letter = rows[Math.floor(row / 2)]?.[column] ?? (isPaper ? ' ' : '█');
        const ink = letter === '█' || letter === (row % 2 === 0 ? '▀' : '▄');
        data.fill((ink ? isPaper : !isPaper) ? 0 : 255, (y * side + x) * 4, (y * side + x) * 4 + 3);
      }
    }
    return decodeQR({ width: side, height: side, data });
  }

  it.each([
    [true, ansi],
    [false, plain],
  ] as const)('is read by a camera, in colour or not (%s), and fits 40 columns', async (isPaper, paint) => {
    const text = qrText(await qrModules(URL), { ...VIEW, width: 40, paint });
    expect(text).not.toBe('');
    expect(read(text, isPaper)).toBe(URL.toUpperCase());
  });

  it('is left out where it does not fit, or the locale has no blocks', async () => {
    const modules = await qrModules(URL);
    expect(qrText(modules, { ...VIEW, width: 24 })).toBe('');
    expect(qrText(modules, { ...VIEW, unicode: false })).toBe('');
  });
});

const visitor = { address: '192.168.178.34', system: 'ios', browser: 'safari' } as const;
const events: Parameters<typeof happeningText>[0][] = [
  { at: AT, type: 'visit', visitor },
  { at: AT, type: 'download', visitor, file: 'mobileconfig' },
  { at: AT, type: 'check', visitor, passed: false, reached: true },
  { at: AT, type: 'check', visitor, passed: false, reached: false },
  { at: AT, type: 'check', visitor, passed: true, reached: true },
  { at: AT, type: 'refused', address: '10.0.0.7', why: 'network' },
  { at: AT, type: 'refused', address: '192.168.178.66', why: 'host' },
];

/** By the clock on the wall, whose zone is the machine's. */
const untimed = (text: string): string => text.replaceAll(/\d\d:\d\d:\d\d/g, 'hh:mm:ss');

describe.each([80, 40])('at %i columns', (width) => {
  const view = { ...VIEW, width };

  it('is laid out so', async () => {
    const shown = [
      listeningText(listening, view),
      listeningText(
        {
          ...listening,
          check: { state: 'undeclared', names: ['192.168.178.200', 'laptop.local'] },
          until: AT + 600_000,
        },
        view,
      ),
      events.map((event) => happeningText(event, view)).join(''),
      stoppedText({ at: AT, type: 'stopped', why: 'signal', visitors: 1, trusting: 1 }),
      stoppedText({ at: AT, type: 'stopped', why: 'time', visitors: 0, trusting: 0 }),
      leaveText(
        {
          address: '192.168.178.200',
          kind: 'lan',
          name: 'wlan0',
          networks: ['192.168.178.0/24'],
          names: [],
          others: ['10.8.0.2'],
        },
        'Dev Root',
        view,
      ),
    ].join('\n');
    await expect(untimed(shown)).toMatchFileSnapshot(`../../fixtures/enrol/screen-${width}.txt`);
  });

  it('has no line that is too long', () => {
    const text = [listeningText(listening, view), ...events.map((event) => happeningText(event, view))].join('');
    expect(text.split('\n').filter((line) => line.length > width)).toEqual([]);
  });
});
