import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Desired } from '../desired/types.ts';

/** A folder that rcssl keeps its own files in, and the folder that paths in its manifest are relative to. */
export interface StatePlace {
  readonly folder: string;
  readonly base: string;
}

export interface StatePlaces {
  readonly project: StatePlace;
  /** Of a root that all projects share; undefined where the project holds its root. */
  readonly shared: StatePlace | undefined;
}

export function projectState({ root, ca }: Desired): StatePlaces {
  const { sharedFolder } = ca;
  return {
    project: { folder: join(root, '.rcssl'), base: root },
    shared: sharedFolder === undefined ? undefined : { folder: sharedFolder, base: sharedFolder },
  };
}

/** Where the manifest and the archive of the root are. */
export function rootState(desired: Desired): StatePlace {
  const { project, shared } = projectState(desired);
  return shared ?? project;
}

/** Held by whoever changes what lies in a folder of state. */
export function lockPath(folder: string): string {
  return join(folder, 'lock');
}

/** Bundles of certificates for `rcssl exec`; no secrets, and made again whenever they are wanted. */
export function execFolder({ folder }: StatePlace): string {
  return join(folder, 'exec');
}

/** What `rcssl exec` calls its files: bundles, Java's trust stores, and drafts of a run that was killed. */
export function isExecFile(name: string): boolean {
  return /^(?:(?:system|[0-9a-f]{8})\.pem|java(?:-[0-9a-f]{8})?)(?:\.\d+)?(?:\.\d+\.tmp)?$/.test(name);
}

/** What is known of a trust store for Java that lies there, in the user's data folder. */
export function execRecord(dataFolder: string, store: string): string {
  return join(dataFolder, 'exec', createHash('sha256').update(store).digest('hex').slice(0, 16));
}
