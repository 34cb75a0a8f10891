import { onTestFinished } from 'vitest';
import { nodeTime } from '../platform/time.ts';
import type { WatchEvent } from '../watch/events.ts';
import { fileSource } from '../watch/files.ts';
import { scheduleSource } from '../watch/schedule.ts';
import { watchProject } from '../watch/watch.ts';
import { scratchProject, summary, type ScratchProject } from './project.ts';

/** A root and hosts that are made in no time. */
export const watchedConfig = (...names: readonly string[]) => ({
  ca: { name: 'Watched Root', key: 'ecdsa-p256', output: { key: 'certs/root.key' } },
  hosts: names.map((name) => ({ name, key: 'ecdsa-p256' })),
});

export interface Watched {
  readonly project: ScratchProject;
  readonly events: readonly WatchEvent[];
  /** What is told from the last call on, once it has begun to tell and is quiet again. */
  told(): Promise<string[]>;
  /** The same where nothing should be told. */
  quiet(): Promise<string[]>;
}

/** Longer than the quiet before a run and the look after it. */
const CALM = 350;
const PATIENCE = 20_000;

/** A watch of a scratch project, which ends with the test. */
export async function watching(config: object = watchedConfig('a.test'), poll = false): Promise<Watched> {
  const project = scratchProject(config);
  const ended = new AbortController();
  const { files } = project.world;
  const sources = [fileSource({ files, time: nodeTime, poll }), scheduleSource(nodeTime)];
  const ports = { fresh: () => project.world, time: nodeTime, sources };
  const events: WatchEvent[] = [];
  let last = performance.now();
  const done = (async () => {
    for await (const event of watchProject(ports, { cwd: project.folder, durable: false, signal: ended.signal })) {
      events.push(event);
      last = performance.now();
    }
  })();
  onTestFinished(async () => {
    ended.abort();
    await done;
  });
  let seen = 0;
  const wait = () => new Promise((resolve) => setTimeout(resolve, 10));
  const calm = async (): Promise<string[]> => {
    while (performance.now() - last < CALM) await wait();
    const since = events.slice(seen);
    seen = events.length;
    return since.flatMap(line);
  };
  const isNews = () => events.slice(seen).some((event) => event.type !== 'started' && !isRepeated(event));
  const watched: Watched = {
    project,
    events,
    async told() {
      for (const began = performance.now(); !isNews() && performance.now() - began < PATIENCE;) await wait();
      return calm();
    },
    quiet() {
      last = performance.now();
      return calm();
    },
  };
  await watched.told();
  return watched;
}

/** A failure that was tried again by the clock: a slow machine has more of these. */
function isRepeated(event: WatchEvent): boolean {
  return event.type === 'failed' && event.repeated;
}

function line(event: WatchEvent): string[] {
  if (event.type === 'applied') return [`applied ${event.result.done.length}`, ...summary(event.result)];
  if (isRepeated(event)) return [];
  if (event.type === 'failed') return [`failed ${event.diagnostics.map(({ code }) => code).join()}`];
  if (event.type === 'status') return [event.complete ? 'complete' : 'not complete'];
  return event.type === 'notice' ? [`notice ${event.diagnostics.map(({ code }) => code).join()}`] : [];
}
