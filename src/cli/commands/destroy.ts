import { diagnostic, fail, type Diagnostic } from '../../diagnostics/diagnostic.ts';
import { destroyProject, planDestroy } from '../../engine/destroy/destroy.ts';
import type { DestroyOptions, DestroyPlan } from '../../engine/destroy/types.ts';
import { destroyJson, destroyPlanJson, destroyPlanText, destroyQuestion, destroyText } from '../../report/destroy.ts';
import { aloneOf, passphraseOf, present, tellWait, viewOf, type Call } from '../call.ts';
import { failuresOf, trustOptionsOf, trustWorldOf } from '../trust.ts';

/** `rcssl destroy`. Exit 1 where a store still trusts the root; then nothing was removed. */
export async function run(call: Call): Promise<number> {
  const { flags, io } = call;
  const [world, view] = [trustWorldOf(call), viewOf(call)];
  const options: DestroyOptions = {
    ...trustOptionsOf(call),
    ...aloneOf(call),
    file: call.args[0],
    passphrase: passphraseOf(call),
    sharedRoot: flags['shared-root'] ?? false,
    onLock: () => tellWait(call, 'locking the backup, which takes seconds so that guessing takes years'),
    async confirm(plan: DestroyPlan) {
      if (!flags.json && !flags.quiet) io.out(`${destroyPlanText(plan, view)}\n`);
      if (flags.yes) return true;
      if (flags.json || !io.interactive) fail('destroy-needs-leave', {});
      const terminal = await import('../../platform/terminal.ts');
      const answer = await terminal.confirm(destroyQuestion(plan), call.signal);
      io.err('\n');
      return answer;
    },
  };
  if (flags['dry-run']) {
    const plan = await planDestroy(world, options);
    await present(call, {
      text: () => destroyPlanText(plan, view),
      json: () => destroyPlanJson(plan),
      diagnostics: plan.diagnostics,
    });
    return 0;
  }
  const result = await destroyProject(world, options);
  const why = call.signal.aborted ? 'destroy-stopped' : 'destroy-still-trusted';
  const still: Diagnostic[] = result.complete ? [] : [diagnostic(why, {})];
  const diagnostics = [...failuresOf(result.trust?.outcomes ?? []), ...still];
  await present(call, {
    text: () => destroyText(result, view),
    json: () => destroyJson({ ...result, diagnostics }, view),
    diagnostics,
  });
  return result.complete ? 0 : 1;
}
