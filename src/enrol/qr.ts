/** Modules of a QR code (ISO/IEC 18004) with a margin of two, row by row; true is dark. */
export type Modules = readonly (readonly boolean[])[];

/** In capitals an address needs fewer modules, and means the same: ours compares paths without their case. */
export async function qrModules(url: string): Promise<Modules> {
  const { encodeQR } = await import('qr');
  return encodeQR(url.toUpperCase(), 'raw', { ecc: 'low', border: 2 });
}
