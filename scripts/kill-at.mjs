import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { Worker } from 'node:worker_threads';

/*
 * Preloaded into the built command (`node --import`), and no TypeScript, which would cost a third of its time: kills it
 * with SIGKILL at a moment of a phase, from a thread of its own, so that the moment falls wherever the main thread is
 * just then. RCSSL_KILL is `PHASE MILLISECONDS`. The lengths of the phases are written to the file RCSSL_PHASES.
 */

const KILLER = `
  const { workerData: { armed, wait } } = require('node:worker_threads');
  Atomics.wait(armed, 0, 0);
  const until = performance.now() + wait;
  if (wait > 2) Atomics.wait(armed, 0, 1, wait - 2);
  while (performance.now() < until);
  process.kill(process.pid, 'SIGKILL');
`;

const { RCSSL_KILL: wanted = '', RCSSL_PHASES: file } = process.env;
const [killPhase, wait] = wanted.split(' ');
const armed = new Int32Array(new SharedArrayBuffer(4));
if (killPhase) new Worker(KILLER, { eval: true, workerData: { armed, wait: Number(wait) } }).unref();

/** start, making, staging, renames, settling, ending, end */
let phase = 'start';
let since = 0;
const lengths = {};

function enter(next) {
  const now = performance.now();
  lengths[phase] = now - since;
  phase = next;
  since = now;
  if (phase !== killPhase) return;
  Atomics.store(armed, 0, 1);
  Atomics.notify(armed, 0);
}

/** A place is cleared or taken, or a journal or a lock goes. */
function place(path) {
  if (/[\\/]lock(?:\.break)?$/.test(path)) return;
  if (path.endsWith('journal.json')) {
    if (phase === 'settling') enter('ending');
  } else if (phase === 'staging') enter('renames');
}

/** A lock comes, then staged files. */
function begin(path) {
  const isStaged = path.includes('.rcssl-');
  if (phase === 'start' && !isStaged) enter('making');
  if (phase === 'making' && isStaged) enter('staging');
}

const { openSync, renameSync, rmSync } = fs;
fs.openSync = (path, flags, mode) => {
  if (flags === 'wx') begin(String(path));
  if (phase === 'renames' && flags === 'r') enter('settling');
  return openSync(path, flags, mode);
};
fs.renameSync = (from, to) => {
  place(String(to));
  renameSync(from, to);
};
fs.rmSync = (path, options) => {
  place(String(path));
  rmSync(path, options);
};
syncBuiltinESMExports();
enter('start');

process.on('exit', () => {
  enter('end');
  if (file) fs.writeFileSync(file, JSON.stringify(lengths));
});
