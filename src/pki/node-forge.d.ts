/** The parts of node-forge by themselves: the whole takes longer to load than a certificate to make. */
declare module 'node-forge/lib/asn1.js' {
  import type { asn1 } from 'node-forge';

  // The published types lack the options of `fromDer`.
  interface BerOptions {
    readonly strict: boolean;
    readonly parseAllBytes: boolean;
    readonly decodeBitStrings: boolean;
  }
  const part: Omit<typeof asn1, 'fromDer'> & { fromDer(bytes: string, options: BerOptions): asn1.Asn1 };
  export default part;
}

declare module 'node-forge/lib/rc2.js' {
  import type { rc2 } from 'node-forge';

  const part: { createDecryptionCipher(key: string, bits: number): rc2.cipher };
  export default part;
}

declare module 'node-forge/lib/util.js' {
  import type { util } from 'node-forge';

  const part: typeof util;
  export default part;
}
