import { basename, extname } from 'node:path';
import { valueAt } from '../path.ts';

export interface Evaluated {
  readonly value: unknown;
  /** Every file that was read, absolute; the configuration first. */
  readonly files: readonly string[];
}

/** What a configuration that is code is run with. */
export interface Run {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal?: AbortSignal | undefined;
  /** In a thread of its own: for whoever loads again and again. */
  readonly isolated?: boolean | undefined;
  /** Told of every file that it reads or wants, also where it fails. */
  readonly onFile?: ((path: string) => void) | undefined;
}

/** What a configuration file says, whatever its kind. Throws `RcsslError` where it says nothing that can be read. */
export async function evaluate(file: string, text: string, run: Run): Promise<Evaluated> {
  run.signal?.throwIfAborted();
  run.onFile?.(file);
  switch (extname(file)) {
    case '.json': {
      const value = await parseJson(file, text);
      return { value: basename(file) === 'package.json' ? valueAt(value, ['rcssl']) : value, files: [file] };
    }
    case '':
    case '.yaml':
    case '.yml': {
      const { parseYaml } = await import('./yaml.ts');
      return { value: parseYaml(file, text), files: [file] };
    }
    default: {
      if (run.isolated) return (await import('./isolated.ts')).evaluateIsolated(file, text, run);
      const { evaluateModule } = await import('./module.ts');
      return evaluateModule(file, text, run);
    }
  }
}

async function parseJson(file: string, text: string): Promise<unknown> {
  try {
    return JSON.parse(text);
  } catch {
    // Only now: most texts are JSON, and a run with nothing to do loads as little as it can.
    return (await import('./json.ts')).refuseJson(file, text);
  }
}
