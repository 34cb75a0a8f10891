/** The name of the root that all of the configurations here declare. */
export const ROOT = 'Bench Root';
export const ROOT_KEY = 'certs/root.key';
export const ROOT_CERTIFICATE = 'certs/root.crt';

export type HostKey = 'rsa-2048' | 'ecdsa-p256';

export function hostNames(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `host-${String(index + 1).padStart(4, '0')}.test`);
}

/** `rcssl.config.json` of so many hosts with defaults, and a root of the default kind in the project. */
export function jsonConfig(count: number, key: HostKey): Readonly<Record<string, string>> {
  const config = {
    ca: { name: ROOT, output: { key: ROOT_KEY, cert: ROOT_CERTIFICATE } },
    defaults: { key },
    hosts: hostNames(count),
  };
  return { 'rcssl.config.json': `${JSON.stringify(config, null, 2)}\n` };
}
