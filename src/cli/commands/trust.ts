import { fail } from '../../diagnostics/diagnostic.ts';
import { present, viewOf, type Call } from '../call.ts';
import { runTrust, trustOptionsOf, trustWorldOf } from '../trust.ts';

/** `rcssl trust`. */
export async function run(call: Call): Promise<number> {
  const { flags } = call;
  refuseTogether(call);
  if (flags.status) return showStatus(call);
  if (flags.print) return printScript(call);
  return runTrust(call);
}

function refuseTogether({ flags }: Call): void {
  const modes = (['status', 'print', 'dry-run'] as const).filter((name) => flags[name]);
  const [one, other] = modes;
  if (one && other) fail('cli-flags-exclude', { one: `--${one}`, other: `--${other}` });
  if (flags.all && !flags.status) fail('cli-flag-needs', { flag: '--all', other: '--status' });
  if (flags.os && !flags.print) fail('cli-flag-needs', { flag: '--os', other: '--print' });
}

/** Exits 0 whatever the stores say: it is asked to tell. */
async function showStatus(call: Call): Promise<number> {
  const { trustStatus } = await import('../../engine/trust/status.ts');
  const result = await trustStatus(trustWorldOf(call), trustOptionsOf(call));
  await present(call, {
    text: async () => (await import('../../report/trust-status.ts')).trustStatusText(result, viewOf(call)),
    json: async () => (await import('../../report/trust-json.ts')).trustStatusJson(result),
    diagnostics: result.diagnostics,
  });
  return 0;
}

async function printScript(call: Call): Promise<number> {
  const { trustScript } = await import('../../engine/trust/script.ts');
  const { os, script } = await trustScript(trustWorldOf(call), { ...trustOptionsOf(call), os: call.flags.os });
  await present(call, {
    text: () => script,
    json: async () => (await import('../../report/trust-json.ts')).trustScriptJson(os, script),
    diagnostics: [],
  });
  return 0;
}
