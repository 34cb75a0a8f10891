import { fail } from '../../diagnostics/diagnostic.ts';
import { enrol, type EnrolOptions } from '../../enrol/enrol.ts';
import type { EnrolEvent } from '../../enrol/events.ts';
import { qrModules } from '../../enrol/qr.ts';
import { parseDuration } from '../../kernel/duration.ts';
import { nodeWeb } from '../../platform/node-web.ts';
import { nodeTime } from '../../platform/time.ts';
import { happeningText, leaveText, listeningText, stoppedText } from '../../report/enrol.ts';
import { qrText } from '../../report/qr.ts';
import { projectOf, viewOf, warn, worldOf, type Call } from '../call.ts';
import type { FlagName } from '../flags.ts';

/** `rcssl enrol`: serves until somebody ends it, or the time is over. */
export async function run(call: Call): Promise<number> {
  const { flags, args } = call;
  if (args[0] === 'android-config') {
    exclude(call, 'android-config', ['for', 'host', 'port', 'network', 'yes', 'android-emulator', 'ios-simulator']);
    return (await import('../enrol/android-config.ts')).run(call);
  }
  if (flags.out !== undefined) fail('cli-unexpected-argument', { argument: '--out', command: 'enrol' });
  if (flags['android-emulator'] || flags['ios-simulator']) {
    const one = flags['android-emulator'] ? '--android-emulator' : '--ios-simulator';
    exclude(call, one, ['for', 'host', 'port', 'network']);
    return (await import('../enrol/emulate.ts')).run(call);
  }
  const tell = flags.json ? await tellPrograms(call) : tellPeople(call);
  const ports = { world: worldOf(call), web: nodeWeb, timer: nodeTime };
  const unread = new AbortController();
  const leave = ({ code }: NodeJS.ErrnoException): void => {
    if (code === 'EPIPE' || code === 'EIO') unread.abort(new Error('nobody reads'));
  };
  // Whoever started it is gone, and nobody would see who comes.
  process.stdout.on('error', leave);
  try {
    const signal = AbortSignal.any([call.signal, unread.signal]);
    for await (const event of enrol(ports, { ...optionsOf(call), signal })) await tell(event);
    return 0;
  } finally {
    process.stdout.off('error', leave);
  }
}

function exclude({ flags }: Call, one: string, others: readonly FlagName[]): void {
  const other = others.find((name) => flags[name] !== undefined);
  if (other !== undefined) fail('cli-flags-exclude', { one, other: `--${other}` });
}

function optionsOf(call: Call): EnrolOptions {
  const { flags, io } = call;
  const duration = flags.for === undefined ? undefined : durationOf(flags.for);
  return {
    ...projectOf(call),
    ...(flags.host !== undefined && { host: flags.host }),
    ...(flags.port !== undefined && { port: portOf(flags.port) }),
    ...(flags.network && { networks: flags.network }),
    ...(duration !== undefined && { for: duration }),
    async confirm(where, root) {
      if (flags.yes) return true;
      if (!io.interactive || flags.json) fail('enrol-needs-leave', { address: where.address });
      const { confirm } = await import('../../platform/terminal.ts');
      io.err(`${leaveText(where, root, viewOf(call))}\n`);
      const answer = await confirm('Serve this network?', call.signal);
      io.err('\n');
      return answer;
    },
  };
}

function durationOf(value: string): number {
  return parseDuration(value) ?? fail('cli-bad-duration', { flag: '--for', value });
}

/** The check needs the next one. */
function portOf(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  return port >= 1 && port <= 65534 ? port : fail('enrol-bad-port', { port: text });
}

async function tellPrograms({ io, cwd }: Call): Promise<(event: EnrolEvent) => void> {
  const { enrolJson } = await import('../../report/enrol-json.ts');
  return (event) => io.out(`${JSON.stringify(enrolJson(event, cwd))}\n`);
}

function tellPeople(call: Call): (event: EnrolEvent) => Promise<void> {
  const { io, flags } = call;
  const say = (text: string): void => {
    if (!flags.quiet) io.out(text);
  };
  return async (event) => {
    const view = viewOf(call);
    switch (event.type) {
      case 'listening': {
        warn(call, event.diagnostics);
        // For this computer alone nobody takes a picture.
        const code = io.live && !event.isLocal && !flags.quiet ? qrText(await qrModules(event.url), view) : '';
        return say(`${code}${code === '' ? '' : '\n'}${listeningText(event, view)}\n`);
      }
      case 'stopped':
        return say(`\n${stoppedText(event)}`);
      default:
        return say(happeningText(event, view));
    }
  };
}
