import { execFileSync } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { callCli } from '../testing/call-cli.ts';
import { scratchProject, type ScratchProject } from '../testing/project.ts';

/*
 * Whatever stands where rcssl reads a file: each command ends soon and says in its own words what is wrong, and nothing
 * that was there is lost.
 */

const CA = { name: 'Root', key: 'ecdsa-p256', output: { key: 'certs/root.key' } };
const CONFIG = { ca: CA, onChange: { command: ['true'] }, hosts: [{ name: 'a.test', key: 'ecdsa-p256' }] };

const fixture = (name: string): Buffer => readFileSync(new URL(`../../fixtures/pki/${name}`, import.meta.url));

/** What is put in the place of a file. */
const INTRUDERS: Readonly<Record<string, (path: string, was: Buffer) => void>> = {
  'an empty file': (path) => writeFileSync(path, ''),
  'a folder': (path) => mkdirSync(path),
  'a FIFO': (path) => execFileSync('mkfifo', [path]),
  'a link to /dev/zero': (path) => symlinkSync('/dev/zero', path),
  'two sparse gigabytes': (path) => {
    writeFileSync(path, '');
    truncateSync(path, 2 ** 31);
  },
  'a BOM and CRLF': (path, was) => writeFileSync(path, `\uFEFF${was.toString().replaceAll('\n', '\r\n')}`),
  'another kind of PEM': (path, was) =>
    writeFileSync(path, was.includes('PRIVATE KEY') ? fixture('odd.crt') : fixture('rsa.pkcs8.key')),
  'binary nonsense': (path) => writeFileSync(path, Buffer.alloc(3000, '\0\xff\x30\x82', 'latin1')),
};

const NO_FILES = ['a folder', 'a FIFO', 'a link to /dev/zero', 'two sparse gigabytes'];

const OUTPUTS = ['root.key', 'root.crt', 'a.test.key', 'a.test.crt', 'a.test.csr', 'a.test.fullchain.pem'].map(
  (name) => `certs/${name}`,
);
const STATE = ['.rcssl/manifest.json', '.rcssl/.gitignore', '.rcssl/lock', '.rcssl/journal.json', '.rcssl/hooks.json'];
const COMMANDS = ['plan', 'status --json', 'check', 'inspect a.test', 'apply --force a.test'];

/** Milliseconds; a lock that says nothing is waited for ten seconds. */
const PATIENCE = 15_000;

async function call(project: ScratchProject, line: string): Promise<string> {
  const began = performance.now();
  const { code, out, err } = await callCli(project, line.split(' '));
  expect(performance.now() - began, line).toBeLessThan(PATIENCE);
  expect(out + err, line).not.toMatch(/this is a bug|^ {4}at /m);
  if (code === 1) expect(out + err, line).toMatch(/error/);
  return out + err;
}

function intrude(project: ScratchProject, place: string, intruder: string): void {
  const path = project.path(place);
  const was = existsSync(path) ? readFileSync(path) : Buffer.alloc(0);
  rmSync(path, { force: true });
  mkdirSync(dirname(path), { recursive: true });
  INTRUDERS[intruder]?.(path, was);
}

/** Some file of the project is these bytes. */
function holds({ folder }: ScratchProject, bytes: Buffer): boolean {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .some((path) => lstatSync(path).size === bytes.length && readFileSync(path).equals(bytes));
}

describe.skipIf(process.platform === 'win32')('in the place of', () => {
  const cases = Object.keys(INTRUDERS);

  describe.each([...OUTPUTS, ...STATE, 'rcssl.config.json', 'package.json'])('%s', (place) => {
    // Ten seconds each: one is enough of those that are no lock at all.
    it.each(place.endsWith('lock') ? ['an empty file', ...NO_FILES] : cases)('%s', async (intruder) => {
      const project = scratchProject(CONFIG);
      await project.apply();
      const root = readFileSync(project.path('certs/root.key'));
      intrude(project, place, intruder);
      const isFile = !NO_FILES.includes(intruder);
      const { ino } = lstatSync(project.path(place));
      const bytes = isFile && readFileSync(project.path(place));
      for (const line of COMMANDS) await call(project, line);
      if (!isFile) expect(lstatSync(project.path(place)).ino).toBe(ino);
      if (place !== 'certs/root.key') expect(holds(project, root)).toBe(true);
      // The same key or certificate with other line ends is put right in its place.
      if (bytes && OUTPUTS.includes(place) && intruder !== 'a BOM and CRLF') expect(holds(project, bytes)).toBe(true);
    });
  });

  it.each(cases)('the file of a passphrase: %s', async (intruder) => {
    const project = scratchProject({ ...CONFIG, ca: { ...CA, passphrase: { file: 'secret' } } });
    intrude(project, 'secret', intruder);
    for (const line of ['plan', 'apply --verbose']) await call(project, line);
  });

  describe.each(['.gitignore', 'package.json', 'compose.yaml'])('what init reads, %s', (place) => {
    it.each(cases)('%s', async (intruder) => {
      const project = scratchProject();
      intrude(project, place, intruder);
      const said = await call(project, 'init --json');
      // It has done all of it or nothing.
      expect(existsSync(project.path('rcssl.config.json'))).toBe(!said.includes('"error"'));
      if (place !== '.gitignore') expect(said).not.toContain('"error"');
    });
  });
});
