import { diagnostic, type Diagnostic } from '../../diagnostics/diagnostic.ts';
import { trustEnvironment } from '../../engine/environment.ts';
import { failureJson } from '../../report/diagnostics.ts';
import { runAttached } from '../../platform/attached.ts';
import { projectOf, tellWait, warn, worldOf, type Call } from '../call.ts';

/** As env(1) and shells have it: there is no such program, or it cannot be started. */
const NOT_FOUND = 127;
const NOT_STARTED = 126;

/** `rcssl exec -- COMMAND`: its exit code is that of the command. */
export async function run(call: Call): Promise<number> {
  const { io, args, cwd, flags } = call;
  const world = worldOf(call);
  const { variables, diagnostics } = await trustEnvironment(world, {
    ...projectOf(call),
    onMake: () => tellWait(call, 'making a trust store for Java ...'),
  });
  warn(
    call,
    diagnostics.filter(({ severity }) => severity !== 'note' || flags.verbose),
  );
  try {
    return await runAttached(args, { cwd, env: { ...io.env, ...variables } });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    const why = [notStarted(args[0] ?? '', String(error.code), world.computer().system === 'windows')];
    if (flags.json) io.out(`${JSON.stringify(failureJson('exec', why, cwd), null, 2)}\n`);
    else warn(call, why);
    return error.code === 'ENOENT' ? NOT_FOUND : NOT_STARTED;
  }
}

function notStarted(program: string, why: string, windows: boolean): Diagnostic {
  if (why === 'ENOENT') return diagnostic('exec-not-found', { program });
  return diagnostic('exec-not-started', { program, why, windows });
}
