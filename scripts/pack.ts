import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What `npm pack` would publish from a folder whose dist is built: the tarball's bytes and the files in it. */
export interface Packed {
  readonly bytes: Uint8Array;
  /** Bytes after unpacking. */
  readonly unpackedSize: number;
  readonly files: readonly string[];
}

interface PackReport {
  readonly filename: string;
  readonly unpackedSize: number;
  readonly files: readonly { readonly path: string }[];
}

/** Packs without running scripts, so nothing is built here. Throws with npm's words when it fails. */
export function pack(root: string): Packed {
  const folder = mkdtempSync(join(tmpdir(), 'rcssl-pack-'));
  try {
    // A shell, since npm is a .cmd file on Windows.
    const command = `npm pack --ignore-scripts --json --loglevel error --pack-destination "${folder}"`;
    const npm = spawnSync(command, { cwd: root, shell: true, encoding: 'utf8' });
    if (npm.status !== 0) throw new Error(`npm pack failed:\n${npm.stderr}${npm.stdout}`);
    const parsed = JSON.parse(npm.stdout) as readonly PackReport[] | Record<string, PackReport>;
    const [report] = Object.values(parsed);
    if (report === undefined) throw new Error(`npm pack reported nothing:\n${npm.stdout}`);
    return {
      bytes: readFileSync(join(folder, report.filename)),
      unpackedSize: report.unpackedSize,
      files: report.files.map((file) => file.path),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
