import { checkConfig, checkProject } from '../../engine/check.ts';
import { fail, type Diagnostic } from '../../diagnostics/diagnostic.ts';
import { parseDuration } from '../../kernel/duration.ts';
import { isOnlyEarly } from '../../report/next.ts';
import { planText } from '../../report/plan.ts';
import { present, projectOf, selectionOf, viewOf, worldOf, type Call } from '../call.ts';

const FINE = 0;
const ERROR = 1;
const PENDING = 2;

const EARLIER = 'a longer renewBefore in the configuration lets apply renew them sooner';

/** `rcssl check`: exits 1 on an error, 2 when something is due, else 0. */
export async function run(call: Call): Promise<number> {
  const { flags } = call;
  if (flags['config-only']) return checkConfigOnly(call);
  const within = flags.within === undefined ? undefined : durationOf('--within', flags.within);
  const options = { ...selectionOf(call), ...(within !== undefined && { within }) };
  const result = await checkProject(worldOf(call), options);
  const view = viewOf(call);
  await present(call, {
    text: () => (isOnlyEarly(result) ? planText(result, view, [EARLIER]) : planText(result, view)),
    json: async () => (await import('../../report/plan-json.ts')).checkJson(result, view),
    diagnostics: result.diagnostics,
  });
  if (hasError(result.diagnostics)) return ERROR;
  return result.pending ? PENDING : FINE;
}

async function checkConfigOnly(call: Call): Promise<number> {
  if (call.flags.within !== undefined) fail('cli-flags-exclude', { one: '--config-only', other: '--within' });
  if (call.flags.only !== undefined) fail('cli-flags-exclude', { one: '--config-only', other: '--only' });
  const result = await checkConfig(worldOf(call), projectOf(call));
  const wrong = hasError(result.diagnostics);
  await present(call, {
    text: () => (wrong ? '' : `the configuration is sound\n`),
    json: async () => (await import('../../report/plan-json.ts')).checkConfigJson(result),
    diagnostics: result.diagnostics,
  });
  return wrong ? ERROR : FINE;
}

function hasError(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some(({ severity }) => severity === 'error');
}

function durationOf(flag: string, value: string): number {
  return parseDuration(value) ?? fail('cli-bad-duration', { flag, value });
}
