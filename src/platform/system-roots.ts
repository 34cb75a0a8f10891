/** `getCACertificates` is Node's since 22.15 and 23.10; it reads keychains and Windows' stores, and OpenSSL's files elsewhere. */
export async function systemRoots(): Promise<readonly string[]> {
  const tls = await import('node:tls');
  return tls.getCACertificates('system');
}
