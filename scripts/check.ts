import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { pack } from './pack.ts';

// npm run check: every static gate, the later ones also when an earlier one fails, and a line for each.

const root = fileURLToPath(new URL('..', import.meta.url));

function run(command: string): boolean {
  return spawnSync(command, { cwd: root, shell: true, stdio: 'inherit' }).status === 0;
}

/** The package is ESM only, so what a `node10` or a CommonJS resolution makes of it is not asked. */
async function typesResolve(tarball: Uint8Array): Promise<boolean> {
  const result = await checkPackage(createPackageFromTarballData(tarball), {
    // JSON, which no types are for.
    excludeEntrypoints: ['./package.json', /^\.\/schema/],
  });
  if (!result.types) {
    console.error('attw: the package has no types');
    return false;
  }
  const problems = result.problems.filter(
    (problem) =>
      problem.kind !== 'CJSResolvesToESM' && !('resolutionKind' in problem && problem.resolutionKind === 'node10'),
  );
  for (const problem of problems) console.error('attw:', problem);
  return problems.length === 0;
}

async function packageIsSound(tarball: Uint8Array): Promise<boolean> {
  const { messages, pkg } = await publint({
    pkgDir: 'package',
    pack: { tarball: new Uint8Array(tarball).buffer },
    strict: true,
  });
  for (const message of messages) console.error(`publint: ${formatMessage(message, pkg)}`);
  return messages.length === 0;
}

const gates: Record<string, () => boolean | Promise<boolean>> = {
  tsc: () => run('tsc --noEmit'),
  oxlint: () => run('oxlint --deny-warnings'),
  oxfmt: () => run('oxfmt --check'),
  knip: () => run('knip'),
  build: () => run('tsdown --logLevel warn'),
  publint: () => packageIsSound(pack(root).bytes),
  attw: () => typesResolve(pack(root).bytes),
};

const failed: string[] = [];
for (const [name, gate] of Object.entries(gates)) {
  let passed = false;
  try {
    passed = await gate();
  } catch (error) {
    console.error(error);
  }
  if (!passed) failed.push(name);
  console.log(`check ${name}: ${passed ? 'ok' : 'FAILED'}`);
}
if (failed.length > 0) {
  console.error(`failed: ${failed.join(', ')}`);
  process.exitCode = 1;
}
