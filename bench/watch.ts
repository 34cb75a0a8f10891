import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ROOT, ROOT_CERTIFICATE, ROOT_KEY } from './configs.ts';
import { timesOf, type Times } from './measure.ts';
import { atMost, type Row, type Section } from './rows.ts';
import { BIN, rcssl, type Bench } from './run.ts';
import { makeProject } from './scratch.ts';

/** How long a watch waits for quiet: 20 ms for what comes with an event, 100 ms for the next one. */
const DEBOUNCE = 120;
const ALLOWED = DEBOUNCE + 150;
/** Milliseconds that it does nothing, and of the processor that it may take for that: a thousandth of a core. */
const IDLE = 60_000;
const PATIENCE = 20_000;
/** Of a tick, in which Linux counts the time of a process (`getconf CLK_TCK`: 100 wherever Node runs). */
const TICK = 10;

const CERTIFICATE = 'certs/app.test.crt';

function config(validity: string): string {
  const ca = { name: ROOT, key: 'ecdsa-p256', output: { key: ROOT_KEY, cert: ROOT_CERTIFICATE } };
  return JSON.stringify({ ca, hosts: [{ name: 'app.test', key: 'ecdsa-p256', validity }] });
}

/** A running watch: from a save to the certificate that it asks for, and what it takes while nothing happens. */
export async function watchSection(bench: Bench): Promise<Section> {
  const project = makeProject(join(bench.scratch.folder, 'watch'), { 'rcssl.config.json': config('90d') });
  await rcssl(bench, project, 'apply');
  const child = spawn(process.execPath, [BIN, 'watch', '--json'], {
    cwd: project,
    env: bench.scratch.env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise((resolve) => child.on('close', resolve));
  try {
    await new Promise((resolve) => child.stdout.once('data', resolve));
    await sleep(1000);
    const saves: number[] = [];
    // The first one loads what an apply needs.
    for (let round = 0; round <= bench.rounds; round += 1) {
      bench.signal.throwIfAborted();
      const ms = await saveToCertificate(project, config(`${80 - round}d`));
      if (round > 0) saves.push(ms);
      await sleep(500);
    }
    return {
      title: 'a watch',
      about:
        `From the save of a JSON configuration to the new certificate of a P-256 host on the disk; ${DEBOUNCE} ms of it it waits ` +
        'for quiet. Idle: the time of the processor in a minute in which nothing happens, against a thousandth of a core.',
      rows: [
        rowOfLimit('from a save to the certificate', timesOf(saves), `${ALLOWED} ms`, ALLOWED),
        await idleRow(child, bench.signal),
      ],
    };
  } finally {
    child.kill();
    await ended;
  }
}

async function saveToCertificate(project: string, text: string): Promise<number> {
  const inode = (): number => statSync(join(project, CERTIFICATE)).ino;
  const before = inode();
  const start = performance.now();
  writeFileSync(join(project, 'rcssl.config.json'), text);
  while (inode() === before) {
    if (performance.now() - start > PATIENCE) throw new Error('the watch made no new certificate');
    await sleep(2);
  }
  return performance.now() - start;
}

async function idleRow({ pid = 0 }: ChildProcess, signal: AbortSignal): Promise<Row> {
  const name = 'idle for a minute';
  if (process.platform !== 'linux') return { name, times: undefined, note: 'measured on Linux alone' };
  const before = processorTime(pid);
  await sleep(IDLE, undefined, { signal });
  return rowOfLimit(name, timesOf([processorTime(pid) - before]), '0.1 % of a core', IDLE / 1000);
}

/** Of a process, user and system, in milliseconds (proc_pid_stat(5), fields 14 and 15). */
function processorTime(pid: number): number {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK;
}

function rowOfLimit(name: string, times: Times, limit: string, most: number): Row {
  return { name, times, against: { name: limit, ratio: times.median / most }, target: atMost(1) };
}
