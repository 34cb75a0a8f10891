import { dirname } from 'node:path';
import { diagnostic, fail } from '../../diagnostics/diagnostic.ts';
import type { ApplyOptions } from '../../engine/types.ts';
import type { Secret } from '../../kernel/secret.ts';
import type { World } from '../../kernel/ports.ts';
import { networkFileSystem } from '../../platform/mount.ts';
import { nodeTime } from '../../platform/time.ts';
import { createWorld } from '../../platform/world.ts';
import type { WatchEvent } from '../../watch/events.ts';
import { standardSources } from '../../watch/sources.ts';
import { watchProject } from '../../watch/watch.ts';
import { selectionOf, viewOf, type Call } from '../call.ts';
import { displayFor } from '../display.ts';
import { screenFor, type Screen } from '../watch/screen.ts';
import { tellPeople } from '../watch/tell.ts';
import { keySource, processSource, type Keys } from '../watch/terminal.ts';

/** `rcssl watch`, and `rcssl apply --watch`: goes on until somebody ends it. */
export async function run(call: Call): Promise<number> {
  const { flags, io } = call;
  if (flags['dry-run']) fail('cli-flags-exclude', { one: '--watch', other: '--dry-run' });
  const screen = screenFor(call);
  const keys = keySource(io.interactive && io.live && !flags.json && !flags.quiet);
  const typed = new Map<string, Secret>();
  const fresh = (): World => worldFor(call, screen, keys, typed);
  const standard = standardSources({ fresh, time: nodeTime, poll: flags.poll ?? false });
  const sources = [...standard, keys, processSource()];
  const tell = flags.json ? await tellPrograms(call) : tellPeople(call, screen);
  try {
    warnOfMount(call, tell);
    for await (const event of watchProject({ fresh, time: nodeTime, sources }, optionsOf(call))) {
      tell(event);
      // It may have been the wrong one.
      if (event.type === 'failed') typed.clear();
      if (flags['until-complete'] && event.type === 'status' && event.complete) return 0;
    }
    return 0;
  } finally {
    screen.close();
  }
}

function optionsOf(call: Call): ApplyOptions {
  const { flags } = call;
  const display = displayFor(call);
  return {
    ...selectionOf(call),
    replaceRoot: flags['replace-root'] ?? false,
    // Lines in a log are told by the events.
    ...(display?.kind === 'live' && { display }),
  };
}

/** Each run sees the machine as it is. Who has typed a passphrase is not asked for it again. */
function worldFor({ io, signal }: Call, screen: Screen, keys: Keys, typed: Map<string, Secret>): World {
  const prompt = async (what: string, fresh: boolean): Promise<Secret> => {
    const { promptSecret } = await import('../../platform/terminal.ts');
    screen.hide();
    const secret = typed.get(what) ?? (await keys.aside(() => promptSecret(what, fresh, signal)));
    typed.set(what, secret);
    return secret;
  };
  return createWorld({ env: io.env, canAsk: () => io.interactive, prompt });
}

async function tellPrograms(call: Call): Promise<(event: WatchEvent) => void> {
  const { watchJson } = await import('../../report/watch-json.ts');
  let root = call.cwd;
  return (event) => {
    if (event.type === 'watching' && event.config !== undefined) root = dirname(event.config);
    call.io.out(`${JSON.stringify(watchJson(event, root, viewOf(call)))}\n`);
  };
}

function warnOfMount({ flags, cwd }: Call, tell: (event: WatchEvent) => void): void {
  const kind = flags.poll ? undefined : networkFileSystem(cwd);
  if (kind === undefined) return;
  tell({ type: 'notice', at: Date.now(), diagnostics: [diagnostic('watch-mount', { kind })] });
}
