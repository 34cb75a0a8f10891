import type { Fault, SkipReason, TrustLine, TrustOutcome } from '../engine/trust/types.ts';
import { shellWord } from './words.ts';

type Words = { [C in SkipReason['code']]: (reason: Extract<SkipReason, { readonly code: C }>) => string };

const NOT_FOUND = {
  chromium: 'neither Chromium nor Chrome is here',
  firefox: 'no profile of Firefox is here',
  java: 'no Java is here, and JAVA_HOME is not set',
  system: 'rcssl does not know the store of this system',
};

const SKIPS = {
  elsewhere: () => 'belongs to another system',
  'not-found': ({ what }) => NOT_FOUND[what],
  'tool-missing': ({ tool, fix }) => `${tool} is not installed: ${fix}`,
  'takes-system': () => "takes the system's roots by itself",
  'not-json': ({ path }) => `${path} is no JSON object, and is left as it is`,
  'interop-off': () => 'certutil.exe of Windows cannot be started from here',
  nixos: () => 'NixOS is configured, not written: add the root to security.pki.certificateFiles',
  'named-only': () => 'only where it is named by --store',
  'needs-root': () => 'needs root, and --user was given',
  'no-sudo': () => 'needs root, and there is no sudo: run rcssl as root',
  'needs-dialog': () => 'a window would ask, and nobody is here to answer: run it in a terminal',
  fed: () => "is made from the system's store: --store system",
  'without-trust': ({ name, at }) =>
    `has the root as ${JSON.stringify(name)}, without trust: certutil -M -d ${shellWord(`sql:${at}`)} -n ${shellWord(name)} -t C,,`,
  'not-ours': () => 'trusts it, but not by rcssl: left as it is',
  silent: ({ output }) => `could not be asked, and has nothing by rcssl: ${output.trim().split('\n').at(-1) ?? ''}`,
} satisfies Words;

export function skipText(reason: SkipReason): string {
  // The reason fits the words by its code.
  return (SKIPS[reason.code] as (of: SkipReason) => string)(reason);
}

/** What went wrong, and what to do about it. */
export function faultWords({ argv, output }: Fault): { readonly why: string; readonly fix: string } {
  if (argv.length === 0) return { why: output, fix: 'run it again' };
  const command = argv.map(shellWord).join(' ');
  const last = output.trim().split('\n').at(-1) ?? '';
  return { why: `${command}: ${last}`, fix: fixOf(argv, output, command) };
}

function fixOf([program = '']: readonly string[], output: string, command: string): string {
  if (/a password is required|a terminal is required|no tty present/.test(output)) {
    return 'run it in a terminal, where sudo can ask for your password';
  }
  if (/\bENOENT\b/.test(output)) return `install ${program}, or leave the store out with --store`;
  if (/SEC_ERROR_(?:LEGACY_DATABASE|BAD_DATABASE|READ_ONLY|BUSY)|SEC_ERROR_IO|database is locked/i.test(output)) {
    return 'close the browser that has the database open, then run it again';
  }
  if (/SEC_ERROR_BAD_PASSWORD|incorrect password/i.test(output)) {
    return 'the database has a password of its own: run it in a terminal, where certutil asks for it';
  }
  if (/user interaction|User canceled/i.test(output))
    return 'run it at the screen of this computer, and answer its window';
  if (/denied|permission|0x80070005/i.test(output)) return `it needs more rights: run it as an administrator`;
  return `mend what it says, then run rcssl again; by hand: ${command}`;
}

/** Why a line failed, in words; undefined where it did not. */
export function failureOf(outcome: TrustOutcome): { readonly why: string; readonly fix: string } | undefined {
  if (outcome.result !== 'failed') return undefined;
  if (outcome.fault) return faultWords(outcome.fault);
  const verb = outcome.change === 'add' ? 'does not trust it' : 'has it still';
  const why = `its commands went well, and yet the store ${verb}`;
  if (outcome.fed) return { why, fix: 'the system does not pass its roots on to Java: see /etc/default/cacerts' };
  return { why, fix: `rcssl trust --status --store ${outcome.store} shows what it says` };
}

/** `~/.pki/nssdb` */
export function shownPlace(at: string, home: string): string {
  return at.startsWith(`${home}/`) ? `~${at.slice(home.length)}` : at;
}

/** What a change asks of somebody. */
export function needsText({ needs, commands }: Pick<TrustLine, 'needs' | 'commands'>): string {
  if (needs === 'dialog') return 'a window of the system asks';
  if (needs !== 'root') return '';
  return commands.some(({ argv }) => argv[0] === 'sudo') ? 'needs root: by sudo' : 'as root';
}
