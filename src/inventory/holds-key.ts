import type { ArtifactKind } from '../desired/types.ts';

/** What holds a private key is kept as one: closed, in a closed folder, out of git. */
export function holdsKey(artifact: ArtifactKind): boolean {
  return artifact === 'key' || artifact === 'combined' || artifact === 'pfx';
}
