import { template } from './template.ts';

export interface Expectation {
  /** In words: `a duration, such as 365d`. */
  readonly expected: string;
}

/** What can be wrong with a configuration. */
export const configTemplates = {
  'config-unknown-key': template(
    'error',
    (_: { key: string; near: string | undefined; known: readonly string[] }) => 'unknown key',
    ({ near, known }) => (near ? `did you mean ${near}` : `known here: ${known.join(', ')}`),
  ),
  'config-missing': template('error', ({ expected }: Expectation) => `missing: ${expected}`),
  'config-bad-value': template(
    'error',
    ({ expected, got }: Expectation & { got: string; near: string | undefined }) => `expected ${expected}, not ${got}`,
    ({ near }) => (near ? `did you mean ${near}` : undefined),
  ),
  'config-passphrase-value': template(
    'error',
    (_: object) => 'a passphrase is never written into a configuration',
    () => 'refer to it: { env: NAME }, { file: PATH }, { command: [PROGRAM, …] } or { prompt: true }',
  ),
  'config-bad-name': template(
    'error',
    ({ name, why }: { name: string; why: string; instead: string | undefined }) => `${name}: ${why}`,
    ({ instead }) => (instead ? `write ${instead}` : undefined),
  ),
  'config-wildcard-top-level': template(
    'error',
    ({ name }: { name: string }) => `${name}: nearly all clients refuse a wildcard directly under a top-level name`,
    ({ name }) => `declare the names themselves, or go one label deeper: *.chat${name.slice(1)}`,
  ),
  'config-duplicate-host': template(
    'error',
    ({ name, other }: { name: string; other: string }) => `same host as ${other} (${name})`,
    () => 'remove one of them, or put their names into one host',
  ),
  'config-same-path': template(
    'error',
    ({ path, other, byCase }: { path: string; other: string; byCase: boolean }) =>
      `same file as ${other} (${path}${byCase ? ', where letters have no case' : ''})`,
    () => 'give one of them another path',
  ),
  'config-path-in-path': template(
    'error',
    ({ path, other }: { path: string; other: string }) => `is a folder of ${other} (${path})`,
    () => 'give one of them another path',
  ),
  'config-path-reserved': template(
    'error',
    ({ path, what }: { path: string; what: string }) => `${path} is ${what}, and no place for an output`,
    () => 'give it another path',
  ),
  'config-path-outside': template(
    'error',
    ({ path, project }: { path: string; project: string }) => `${path} is outside the project (${project})`,
    ({ path }) => `write { path: '${path}', outside: true } to allow it`,
  ),
  'config-path-home': template(
    'error',
    ({ path }: { path: string }) => `${path}: only a shell knows what ~ is`,
    () => 'write the whole path; in a TypeScript configuration, with homedir() of node:os',
  ),
  'config-atomic-scattered': template(
    'error',
    ({ path, folder }: { path: string; folder: string }) =>
      `${path} is not in ${folder}, the folder that layout atomic switches`,
    ({ folder }) => `put it into ${folder}, or give the whole host another folder`,
  ),
  'config-atomic-shared': template(
    'error',
    ({ folder, other }: { folder: string; other: string }) =>
      `layout atomic switches the whole folder ${folder}, and ${other} is in it too`,
    () => 'give the host a folder of its own',
  ),
  'config-key-mode': template(
    'error',
    ({ mode }: { mode: string }) => `mode ${mode} lets every user of the machine at this key`,
    () => '0640 with a group lets one more at it',
  ),
  'config-hook-kind': template(
    'error',
    (_: object) => 'a hook is one of a command, a signal and a call',
    () =>
      "{ command: ['nginx', '-s', 'reload'] }, { signal: 'SIGHUP', pidFile: 'run/nginx.pid' } or { url: 'http://localhost:2019/load' }",
  ),
  'config-proxy-twice': template(
    'error',
    ({ name, other }: { name: string; other: string }) => `same name as ${other} (${name})`,
    ({ name }) => `give one of them a name of its own: name: '${name}-2'`,
  ),
  'config-proxy-shared-name': template(
    'error',
    ({ name, first, second }: { name: string; first: string; second: string }) =>
      `${first} and ${second} both have the name ${name}, and one server can show one certificate for it`,
    ({ second }) => `take the name from one of them, or leave ${second} out of hosts`,
  ),
  'config-proxy-port-shared': template(
    'error',
    ({ port, other, server }: { port: number; other: string; server: string }) =>
      `${server} listens at port ${port} for ${other} already, which answers for the whole of it`,
    () => 'declare one proxy with the hosts and routes of both, other ports, or standalone: true',
  ),
  'config-proxy-host': template(
    'error',
    ({ name }: { name: string; near: string | undefined }) => `${name} is not among the hosts of this configuration`,
    ({ near }) => (near ? `did you mean ${near}` : 'a proxy serves hosts by the names that they are declared by'),
  ),
  'config-upstream': template(
    'error',
    ({ text }: { text: string }) => `${text} is no address of an app`,
    () => 'http:// or https://, a host and a port, no path: http://127.0.0.1:3000',
  ),
  'config-upstreams-mixed': template(
    'error',
    (_: object) => 'upstreams that share the work speak either all HTTP or all HTTPS',
    () => 'write http:// or https:// before all of them',
  ),
  'config-listen': template(
    'error',
    ({ text }: { text: string }) => `${text} is no place to listen at`,
    () => "a port (8443), or an IP address with a port ('127.0.0.1:8443', '[::1]:8443')",
  ),
  'config-route-twice': template(
    'error',
    ({ path, other }: { path: string; other: string }) => `${path} has an upstream already, in ${other}`,
    () => 'leave one of them out, or give it another path or host',
  ),
  'config-listen-twice': template(
    'error',
    ({ port }: { port: number }) => `port ${port} cannot speak both HTTPS and plain HTTP`,
    () => 'give redirectFrom another port, or say redirectFrom: false',
  ),
  'config-outlives-root': template(
    'error',
    ({ validity, root }: { validity: string; root: string }) => `${validity} is longer than the root's ${root}`,
    ({ root }) => `${root} or less, or a longer ca.validity`,
  ),
  'config-renew-before': template(
    'error',
    ({ renewBefore, validity }: { renewBefore: string; validity: string }) =>
      `${renewBefore} is not shorter than the validity of ${validity}: it would be renewed at every run`,
    ({ validity }) => `less than ${validity}, or leave renewBefore out`,
  ),
  'config-bad-permit': template(
    'error',
    ({ text, why }: { text: string; why: string }) => `${text}: ${why}`,
    () => 'a domain (example.org), an address or a range (10.1.0.0/16)',
  ),
  'client-warning': template(
    'warning',
    ({ text }: { id: string; text: string; fix: string; unless: string }) => text,
    ({ id, fix, unless }) => `${fix}, or accept: ['${id}'] ${unless}`,
  ),
  'config-not-found': template(
    'error',
    ({ looked }: { looked: readonly string[] }) => `no configuration found in ${looked.join(', ')}`,
    () => 'rcssl init writes one, --config FILE names one',
  ),
  'config-file-missing': template(
    'error',
    (_: object) => 'no such file',
    () => 'rcssl init writes a configuration',
  ),
  'config-file-kind': template(
    'error',
    (_: { kinds: readonly string[] }) => 'not a kind of configuration that rcssl reads',
    ({ kinds }) => `name it ${kinds.join(', ')}`,
  ),
  'config-not-a-file': template('error', ({ what }: { what: string }) => `is ${what}, not a file`),
  'config-unreadable': template('error', ({ why }: { why: string }) => `cannot be read (${why})`),
  'config-too-big': template('error', ({ limit }: { limit: string }) => `is larger than ${limit}: not a configuration`),
  'config-binary': template('error', (_: object) => 'is not a text'),
  'config-empty': template(
    'error',
    (_: object) => 'is empty',
    () => "the least is hosts: ['localhost']",
  ),
  'config-no-package-key': template(
    'error',
    (_: object) => 'has no property rcssl',
    () => 'rcssl init writes a configuration',
  ),
  'config-no-export': template(
    'error',
    ({ named }: { named: readonly string[] }) =>
      named.length > 0 ? `exports ${named.join(', ')}, but nothing by default` : 'exports nothing by default',
    ({ named }) => `export default ${named.includes('config') ? 'config' : "defineConfig({ hosts: ['localhost'] })"}`,
  ),
  'config-syntax': template('error', ({ why }: { why: string }) => why),
  'config-unsupported-syntax': template(
    'error',
    ({ why }: { why: string }) => why,
    () => 'Node only strips types: write an object with as const, or a union of texts, in its place',
  ),
  'config-import-missing': template(
    'error',
    ({ specifier }: { specifier: string }) => `imports ${specifier}, which cannot be found`,
    ({ specifier }) =>
      /^[./]/.test(specifier)
        ? 'imports are relative and name the whole file, .ts too'
        : 'install it, or import another',
  ),
  'config-threw': template('error', ({ message }: { message: string }) => `threw: ${message}`),
  'config-hangs': template(
    'error',
    ({ seconds }: { seconds: number }) => `did not settle within ${seconds} seconds`,
    () => 'a promise in it waits for something that does not come',
  ),
  'config-shadowed': template(
    'note',
    ({ by }: { by: string }) => `is not read: ${by} is`,
    () => 'remove one of them',
  ),
};
