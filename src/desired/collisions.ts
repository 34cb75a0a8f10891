import { dirname } from 'node:path';
import { diagnostic, type Diagnostic } from '../diagnostics/diagnostic.ts';
import { foldedPath, isInside, pathFrom } from '../kernel/path.ts';
import type { Desired, DesiredProxy } from './types.ts';

interface Taken {
  readonly path: string;
  readonly folded: string;
  /** Where it is declared, or whose it is. */
  readonly whose: string;
}

/**
 * Files that the proxies have beside their configurations, and the folders that servers of their own write to: each is
 * nobody else's. The rules of the configuration know the declared outputs alone. `places` are those of the proxies.
 */
export function collisions(desired: Desired, file: string, places: readonly string[]): Diagnostic[] {
  const taken = declared(desired);
  return desired.proxies.flatMap((proxy, index) => {
    const place = places[index] ?? proxy.id;
    const found = [...besides(proxy, place).flatMap(inTheWay), ...inRunFolder(proxy, place)];
    taken.push(...besides(proxy, place), ...(proxy.runFolder === undefined ? [] : [takenAt(proxy.runFolder, place)]));
    return found.map(([code, { path }, whose]) => {
      const args = { path: pathFrom(desired.root, path), other: whose };
      const at = { file, path: place };
      return code === 'same'
        ? diagnostic('config-same-path', { ...args, byCase: false }, at)
        : diagnostic('config-path-in-path', args, at);
    });
  });

  function inTheWay(one: Taken): Found[] {
    const same = taken.find(({ folded }) => folded === one.folded);
    if (same) return [['same', one, same.whose]];
    const nested = taken.find(({ folded }) => isInside(one.folded, folded) || isInside(folded, one.folded));
    return nested ? [['nested', one, nested.whose]] : [];
  }

  /** What the server writes there would go over it. */
  function inRunFolder({ runFolder }: DesiredProxy, place: string): Found[] {
    if (runFolder === undefined) return [];
    const folder = takenAt(runFolder, place);
    const guest = taken.find(({ folded }) => isInside(folder.folded, folded) || isInside(folded, folder.folded));
    return guest ? [['nested', folder, guest.whose]] : [];
  }
}

type Found = readonly [code: 'same' | 'nested', one: Taken, whose: string];

function takenAt(path: string, whose: string): Taken {
  return { path, folded: foldedPath(path), whose };
}

/** The declared outputs, of which the rules have seen to it that they are distinct. */
function declared({ ca, hosts, proxies }: Desired): Taken[] {
  const artifacts = [
    ca.key,
    ca.certificate,
    ca.copy,
    ...hosts.flatMap((host) => [host.key, host.certificate, host.csr, host.fullchain, host.combined]),
    ...proxies.map(({ files: [first] }) => first),
  ];
  return artifacts.flatMap((artifact) => (artifact ? [takenAt(artifact.path, artifact.owner)] : []));
}

function besides({ files: [, ...more], copy, runFolder }: DesiredProxy, place: string): Taken[] {
  const paths = [...more, ...(copy ? [copy] : [])].map(({ path }) => path);
  return paths.filter((path) => dirname(path) !== runFolder).map((path) => takenAt(path, place));
}
