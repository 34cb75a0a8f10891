import { blockedDiagnostics } from '../../report/blocked.ts';
import { recoveryNotes } from '../../report/recovery.ts';
import { fail } from '../../diagnostics/diagnostic.ts';
import { applyProject } from '../../engine/apply.ts';
import { hookDiagnostics } from '../../engine/hooks.ts';
import { planProject } from '../../engine/plan.ts';
import type { PlanResult } from '../../engine/types.ts';
import { applyText } from '../../report/apply.ts';
import { changeLines, hookLines, planText, screen } from '../../report/plan.ts';
import { rootSentences } from '../../report/root.ts';
import { wrapWords } from '../../report/rows.ts';
import { count } from '../../report/words.ts';
import { aloneOf, present, selectionOf, viewOf, warn, worldOf, type Call } from '../call.ts';
import { displayFor } from '../display.ts';
import { trustText } from './plan.ts';

/** `rcssl apply`. Exit 1 when something is blocked, since then the files are not what the configuration says. */
export async function run(call: Call): Promise<number> {
  const { flags } = call;
  if (flags.trust && (flags.watch || flags.poll)) fail('cli-flags-exclude', { one: '--trust', other: '--watch' });
  if (flags.watch || flags.poll) return (await import('./watch.ts')).run(call);
  if (flags['dry-run']) return dryRun(call);
  if (flags.trust && !flags.yes && (flags.json || !call.io.interactive)) {
    fail('trust-needs-leave', { command: 'apply --trust' });
  }
  const view = viewOf(call);
  const intro = introduction(call);
  const display = displayFor(call);
  const result = await applyProject(worldOf(call), {
    ...selectionOf(call),
    ...aloneOf(call),
    onPlan: intro.show,
    replaceRoot: flags['replace-root'] ?? (flags.json ? false : intro.ask),
    ...(call.io.interactive && !flags.json && !flags.yes && { confirmRemoval: intro.askRemoval }),
    ...(display && { display }),
  });
  const blocked = [...blockedDiagnostics(result), ...hookDiagnostics(result.ran)];
  const told = { ...result, diagnostics: [...recoveryNotes(result.recovered), ...result.diagnostics, ...blocked] };
  // The files come first: a root that is blocked is none to trust.
  const trust = flags.trust && blocked.length === 0 ? await import('../trust.ts') : undefined;
  if (flags.json) {
    const trusted = await trust?.trustAfterApply(call);
    await present(call, {
      text: () => '',
      json: async () => ({
        ...(await import('../../report/plan-json.ts')).applyJson(told, view),
        ...(trusted && { trust: trusted.json }),
      }),
      diagnostics: [],
    });
    return blocked.length > 0 || trusted?.complete === false ? 1 : 0;
  }
  if (!flags.quiet) call.io.out(applyText(result, view));
  warn(call, [...result.notes, ...blocked]);
  if (!trust) return blocked.length > 0 ? 1 : 0;
  if (!flags.quiet) call.io.out('\n');
  return trust.runTrust(call);
}

async function dryRun(call: Call): Promise<number> {
  const result = await planProject(worldOf(call), selectionOf(call));
  const view = viewOf(call);
  await present(call, {
    text: async () => planText(result, view) + (await trustText(result, view)),
    json: async () => (await import('../../report/plan-json.ts')).dryRunJson(result, view),
    diagnostics: result.diagnostics,
  });
  return 0;
}

/** What stands above the work: warnings and the changes, once, unless the plan is another one after the question. */
function introduction(call: Call): {
  readonly show: (result: PlanResult) => void;
  readonly ask: (result: PlanResult) => Promise<boolean>;
  readonly askRemoval: (result: PlanResult) => Promise<boolean>;
} {
  const view = viewOf(call);
  let shown: string | undefined;
  const show = (result: PlanResult): void => {
    if (call.flags.json) return;
    const text = result.complete ? '' : screen([changeLines(result, view), hookLines(result, view)]);
    if (shown === undefined) warn(call, result.diagnostics);
    if (text !== shown && text !== '' && !call.flags.quiet) call.io.out(`${text}\n`);
    shown = text;
  };
  const question = async (text: string): Promise<boolean> => {
    const { confirm } = await import('../../platform/terminal.ts');
    const answer = await confirm(text, call.signal);
    call.io.err('\n');
    return answer;
  };
  return {
    show,
    async askRemoval(result) {
      show(result);
      return question(`Remove ${count(result.plan.removals.length, 'file')}?`);
    },
    async ask(result) {
      show(result);
      const consequences = wrapWords(rootSentences(result).join(' '), view.width);
      if (!call.flags.quiet) call.io.err(`${consequences.join('\n')}\n`);
      if (!call.io.interactive) {
        if (!call.flags.quiet) call.io.err('\n');
        fail('root-replacement-needs-leave', { name: result.plan.ca.name });
      }
      return question('Replace the root?');
    },
  };
}
