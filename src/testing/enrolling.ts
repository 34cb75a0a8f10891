import { onTestFinished } from 'vitest';
import { enrol, type EnrolOptions } from '../enrol/enrol.ts';
import type { EnrolEvent } from '../enrol/events.ts';
import { nodeWeb } from '../platform/node-web.ts';
import { nodeTime } from '../platform/time.ts';
import { scratchProject, type ScratchProject } from './project.ts';

type Of<T extends EnrolEvent['type']> = Extract<EnrolEvent, { readonly type: T }>;

/** An enrolment that runs in this process, on the loopback address. Ends with the test. */
export interface Enrolling {
  readonly listening: Of<'listening'>;
  /** All that has happened since, as `type` with what matters. */
  readonly events: EnrolEvent[];
  stop(): Promise<void>;
}

/** A root and a host that the loopback check can use. */
export const ENROL_CONFIG = {
  ca: { name: 'Rocket.Chat Development Root', key: 'ecdsa-p256', output: { key: 'certs/root.key' } },
  hosts: [{ name: 'chat.local', key: 'ecdsa-p256', altNames: ['127.0.0.1'] }],
};

export async function enrolling(project: ScratchProject, options: Partial<EnrolOptions> = {}): Promise<Enrolling> {
  const ended = new AbortController();
  const ports = { world: project.world, web: nodeWeb, timer: nodeTime };
  const confirm = (): Promise<boolean> => Promise.resolve(true);
  const run = enrol(ports, { cwd: project.folder, host: '127.0.0.1', confirm, signal: ended.signal, ...options });
  const first = await run.next();
  if (first.done || first.value.type !== 'listening') throw new Error('it does not listen');
  const events: EnrolEvent[] = [];
  const reading = (async () => {
    for await (const event of run) events.push(event);
  })();
  const stop = async (): Promise<void> => {
    ended.abort(new Error('stopped'));
    await reading;
  };
  onTestFinished(stop);
  return { listening: first.value, events, stop };
}

/** An applied project of that configuration. */
export async function enrolProject(config: object = ENROL_CONFIG): Promise<ScratchProject> {
  const project = scratchProject(config);
  await project.apply();
  return project;
}
