import { resolve } from 'node:path';
import { configPlaces } from '../config/load.ts';
import { artifactsOf } from '../inventory/inventory.ts';
import { manifestPath } from '../inventory/manifest.ts';
import { projectState } from '../inventory/state.ts';
import { loadAsn1 } from '../pki/asn1.ts';
import type { Project } from './project.ts';
import type { ProjectOptions } from './types.ts';

/** Where the configuration is or may come: its own files are told by whoever loads it. */
export function placesOfConfig({ cwd, config }: ProjectOptions, found: string | undefined): string[] {
  return config === undefined ? configPlaces(cwd, found) : [resolve(cwd, config)];
}

/** What a plan reads beside the configuration: artifacts, and what rcssl recorded of them. */
export function artifactFiles({ desired }: Project): string[] {
  const { project, shared } = projectState(desired);
  const manifests = [project, shared].flatMap((place) => (place ? [manifestPath(place.folder)] : []));
  return [...artifactsOf(desired).map(({ path }) => path), ...manifests];
}

/** Files that a root's passphrase comes from. */
export function passphraseFiles({ config, desired }: Project): string[] {
  const { passphrase } = desired.ca.key;
  return passphrase && 'file' in passphrase ? [resolve(config.root, passphrase.file)] : [];
}

/** A host wants the addresses of this machine. */
export function followsNetwork({ config }: Project): boolean {
  return config.hosts.some(({ lan }) => lan);
}

/** Loads what an apply needs, so that it works also while node_modules is being made anew. */
export async function preloadApply(): Promise<void> {
  await Promise.all([
    import('../apply/carry-out.ts'),
    import('../apply/lock.ts'),
    import('../apply/finish.ts'),
    import('../apply/check-proxies.ts'),
    loadAsn1(),
  ]);
}

/** Makes ready to read the configuration again soon; gives the way to be ready no longer. */
export async function prepareConfig(file: string): Promise<() => Promise<void>> {
  if (!/\.[cm]?[jt]s$/.test(file)) return () => Promise.resolve();
  const { dropPrepared, prepareIsolated } = await import('../config/load/isolated.ts');
  prepareIsolated();
  return dropPrepared;
}
