import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { onTestFinished } from 'vitest';
import { nodeExec } from '../../platform/node-exec.ts';
import { bin } from '../built.ts';
import type { ScratchProject } from '../project.ts';
import { environment } from '../transcript.ts';
import { hiddenKey, type Hidden, type Source } from './search.ts';

interface Ended {
  readonly code: number | null;
  readonly said: string;
}

export interface Recording {
  /** Runs the built command, and keeps what it says and what it leaves on the disk. */
  rcssl(...args: string[]): Promise<Ended>;
  add(name: string, bytes: Buffer): void;
  readonly sources: Source[];
  /** Of every key that there ever was. */
  readonly hidden: Hidden[];
}

/**
 * Everything that rcssl says and writes in a project: of its files all but private keys, wherever they lie, and the files
 * that are named `secret`, which are the test's own.
 */
export function record(
  project: ScratchProject,
  passphrases: readonly string[],
  env: Readonly<Record<string, string>>,
): Recording {
  const base = dirname(project.folder);
  const sources: Source[] = [];
  const hidden: Hidden[] = [];
  const known = new Set<string>();
  // Compiled code is no output, and lies where nothing is searched.
  const cache = mkdtempSync(join(tmpdir(), 'rcssl-cache-'));
  onTestFinished(() => rmSync(cache, { recursive: true, force: true }));

  const lookAtFiles = (after: string): void => {
    for (const entry of readdirSync(base, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile() || basename(entry.name).startsWith('secret')) continue;
      const path = join(entry.parentPath, entry.name);
      const bytes = readFileSync(path);
      const name = relative(base, path);
      const content = `${name} ${bytes.toString('latin1')}`;
      if (known.has(content)) continue;
      known.add(content);
      // Chain and key in one file: what is private in it is in the key's own file.
      if (/(?<!\.fullchain)\.pem$/.test(name)) continue;
      if (name.endsWith('.key')) hidden.push(...hiddenKey(name, bytes, passphrases));
      else sources.push({ name: `${name} after ${after}`, bytes });
    }
  };

  return {
    sources,
    hidden,
    add: (name, bytes) => void sources.push({ name, bytes }),
    async rcssl(...args) {
      const line = args.join(' ');
      const { code, stdout, stderr } = await nodeExec.run([process.execPath, bin, ...args], {
        cwd: project.folder,
        timeout: 60_000,
        env: { ...environment(project.folder), XDG_CACHE_HOME: cache, CI: '', ...env },
      });
      sources.push({ name: `stdout of ${line}`, bytes: stdout }, { name: `stderr of ${line}`, bytes: stderr });
      lookAtFiles(line);
      return { code, said: `${stdout.toString()}${stderr.toString()}` };
    },
  };
}
