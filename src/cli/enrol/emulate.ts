import { fail } from '../../diagnostics/diagnostic.ts';
import { emulate } from '../../enrol/emulate.ts';
import type { EmulatorPlan } from '../../enrol/emulators.ts';
import { emulatedText, emulatorPlansText } from '../../report/enrol-apps.ts';
import { present, projectOf, viewOf, worldOf, type Call } from '../call.ts';

/** `rcssl enrol --android-emulator --ios-simulator`. Exit 1 where one of them failed. */
export async function run(call: Call): Promise<number> {
  const { flags, io } = call;
  const view = viewOf(call);
  const confirm = async (plans: readonly EmulatorPlan[]): Promise<boolean> => {
    if (!flags.json && !flags.quiet) io.err(`${emulatorPlansText(plans, view)}\n`);
    if (flags.yes) return true;
    if (!io.interactive || flags.json) fail('enrol-emulator-needs-leave', {});
    const terminal = await import('../../platform/terminal.ts');
    const answer = await terminal.confirm('Run these commands?', call.signal);
    io.err('\n');
    return answer;
  };
  const emulators = [
    ...(flags['android-emulator'] ? (['android'] as const) : []),
    ...(flags['ios-simulator'] ? (['ios'] as const) : []),
  ];
  const result = await emulate(worldOf(call), { ...projectOf(call), emulators, confirm });
  await present(call, {
    text: () => emulatedText(result, view),
    json: async () => (await import('../../report/enrol-json.ts')).emulateJson(result, call.cwd),
    diagnostics: result.diagnostics,
  });
  return result.emulated.some(({ outcome }) => outcome === 'failed') ? 1 : 0;
}
