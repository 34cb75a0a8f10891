import type { AndroidConfigResult } from '../enrol/android-config.ts';
import type { EmulateResult } from '../enrol/emulate.ts';
import type { Emulator, EmulatorPlan } from '../enrol/emulators.ts';
import { pathFrom } from '../kernel/path.ts';
import { screen } from './plan.ts';
import { rowLines, wrapWords } from './rows.ts';
import { signOf } from './signs.ts';
import type { View } from './view.ts';
import { shellWord } from './words.ts';

const ATTRIBUTE = 'android:networkSecurityConfig="@xml/network_security_config"';

/** The screen of `rcssl enrol android-config`, paths relative to `cwd`. */
export function androidConfigText({ files, manifest }: AndroidConfigResult, cwd: string, view: View): string {
  const lines = files.map(({ path, state }) => `${state === 'written' ? 'wrote' : 'kept '} ${pathFrom(cwd, path)}`);
  const where = manifest === undefined ? 'the manifest of its debug builds' : pathFrom(cwd, manifest);
  return screen([
    lines,
    [...wrapWords(`next: name it in ${where}`, view.width), ...manifestLines()],
    wrapWords('Debuggable builds alone trust the root then; a release build does not look at it.', view.width),
  ]);
}

function manifestLines(): string[] {
  return [
    '<manifest xmlns:android="http://schemas.android.com/apk/res/android">',
    `  <application ${ATTRIBUTE} />`,
    '</manifest>',
  ].map((line) => `  ${line}`);
}

const NAMES: Readonly<Record<Emulator, string>> = { android: 'Android emulator', ios: 'iOS simulators' };

/** What stands above the question: every command, as it will be run. */
export function emulatorPlansText(plans: readonly EmulatorPlan[], view: View): string {
  return screen(
    plans.map(({ emulator, commands, instead, undo }) => [
      `${NAMES[emulator]}:`,
      ...commands.map(commandLine),
      ...(instead ? ['  or, where the image has Google Play:', ...instead.commands.map(commandLine)] : []),
      ...wrapWords(`  undone by: ${undo}`, view.width),
    ]),
  );
}

/** As a shell would have it. */
function commandLine(argv: readonly string[]): string {
  return `  $ ${argv.map(shellWord).join(' ')}`;
}

/** What became of each; why one failed is told with the errors. */
export function emulatedText({ emulated, root }: EmulateResult, view: View): string {
  const rows = emulated.map(({ emulator, outcome, byHand, undo }) => {
    const name = NAMES[emulator];
    if (outcome === 'failed') return { ...signOf('blocked', view.unicode), name, detail: 'failed' };
    if (outcome === 'by-hand')
      return { ...signOf('blocked', view.unicode), name, detail: `${byHand ?? ''}; undone by: ${undo}` };
    return { ...signOf('done', view.unicode), name, detail: `trusts ${root}; undone by: ${undo}` };
  });
  return screen([rowLines(rows, view)]);
}
