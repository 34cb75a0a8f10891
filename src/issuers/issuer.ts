import type { LeafProfile } from '../desired/types.ts';
import type { KeyPair } from '../pki/keys.ts';

/** Signs the certificates of hosts: the local root, later an ACME server. */
export interface Issuer {
  /** DER, leaf first; what stands between it and the root follows, the root is left out. */
  issue(request: { readonly profile: LeafProfile; readonly key: KeyPair }): Promise<readonly [Buffer, ...Buffer[]]>;
}
