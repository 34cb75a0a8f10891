import { ProbeFault } from '../kernel/ports.ts';
import { readCertificates } from '../pki/certificate-read.ts';
import type { CertificateFacts } from '../pki/facts.ts';
import { PkiError } from '../pki/pki-error.ts';
import type { Case } from './case.ts';

/** What a server shows: its own certificate first. */
export interface Served {
  readonly leaf: CertificateFacts;
  readonly chain: readonly { readonly der: Buffer; readonly facts: CertificateFacts }[];
  /** Why it does not verify under the root of the project, or without one under the public ones. */
  readonly fault: string | undefined;
}

/** Undefined where there is no server, or it shows no certificate that can be read: `https` and `served` say so. */
export async function servedBy({ server }: Case): Promise<Served | undefined> {
  const found = await server?.looks.tls();
  if (!found || found instanceof ProbeFault) return undefined;
  try {
    const chain = found.chain.flatMap((der) => readCertificates(der));
    const [leaf] = chain;
    return leaf && { leaf: leaf.facts, chain, fault: found.fault };
  } catch (error) {
    if (error instanceof PkiError) return undefined;
    throw error;
  }
}
