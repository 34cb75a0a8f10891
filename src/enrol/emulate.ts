import { diagnostic, fail, type Diagnostic } from '../diagnostics/diagnostic.ts';
import { openEnrolment } from '../engine/enrolment.ts';
import type { ProjectOptions } from '../engine/types.ts';
import type { World } from '../kernel/ports.ts';
import { emulatorPlan, type Emulator, type EmulatorPlan } from './emulators.ts';

const TIMEOUT = 60_000;

export interface EmulateOptions extends ProjectOptions {
  readonly emulators: readonly Emulator[];
  /** Asked with the commands, before the first of them. */
  readonly confirm: (plans: readonly EmulatorPlan[]) => Promise<boolean>;
}

interface Emulated {
  readonly emulator: Emulator;
  /** `system`: trusted. `by-hand`: the file is there, and `byHand` is left to do. `failed`: the diagnostic says why. */
  readonly outcome: 'system' | 'by-hand' | 'failed';
  readonly ran: readonly (readonly string[])[];
  readonly byHand: string | undefined;
  readonly undo: string;
}

export interface EmulateResult {
  readonly root: string;
  readonly emulated: readonly Emulated[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Makes emulators and simulators on this computer trust the root. One that fails does not stop the others. */
export async function emulate(world: World, options: EmulateOptions): Promise<EmulateResult> {
  const { root, diagnostics } = await openEnrolment(world, options);
  const plans = options.emulators.map((emulator) => emulatorPlan(emulator, root.path, root.facts));
  if (!(await options.confirm(plans))) fail('enrol-declined', {});
  const failed: Diagnostic[] = [];
  const emulated: Emulated[] = [];
  for (const plan of plans) emulated.push(await carryOut(world, plan, options, (found) => failed.push(found)));
  return { root: root.name, emulated, diagnostics: [...diagnostics, ...failed] };
}

async function carryOut(
  world: World,
  plan: EmulatorPlan,
  options: EmulateOptions,
  tell: (found: Diagnostic) => void,
): Promise<Emulated> {
  const { emulator, instead } = plan;
  let { undo } = plan;
  const ran: (readonly string[])[] = [];
  let [left, outcome, byHand] = [[...plan.commands], 'system' as Emulated['outcome'], undefined as string | undefined];
  while (left.length > 0) {
    const [argv = []] = left.splice(0, 1);
    const { why, output } = await runOne(world, argv, options);
    ran.push(argv);
    if (instead && ran.length === 1 && output.includes(instead.says)) {
      left = [...instead.commands];
      [outcome, byHand, undo] = ['by-hand', instead.byHand, instead.undo];
    } else if (why !== undefined) {
      tell(diagnostic('enrol-command-failed', { command: argv.join(' '), why, output: output.trim() }));
      return { emulator, outcome: 'failed', ran, byHand: undefined, undo };
    }
  }
  return { emulator, outcome, ran, byHand, undo };
}

async function runOne(
  { exec }: World,
  argv: readonly string[],
  { cwd, signal }: ProjectOptions,
): Promise<{ readonly why: string | undefined; readonly output: string }> {
  try {
    const { code, stdout, stderr } = await exec.run(argv, { cwd, timeout: TIMEOUT, ...(signal && { signal }) });
    const why = code === 0 ? undefined : code === null ? 'it took too long' : `exit ${code}`;
    return { why, output: `${stdout.toString()}${stderr.toString()}` };
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    signal?.throwIfAborted();
    return { why: String(error.code), output: '' };
  }
}
