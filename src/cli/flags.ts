/** The one table of flags: it feeds the parser, the help, the completions and docs/cli.md. */
export interface Flag {
  readonly type: 'boolean' | 'string';
  readonly short?: string;
  /** What stands for the value in the help; a string flag has one. */
  readonly placeholder?: string;
  /** May be given again, or be followed by several values. */
  readonly multiple?: true;
  /** What a shell completes the value with. */
  readonly completes?: 'file' | 'folder';
  readonly description: string;
}

export const FLAGS = {
  json: { type: 'boolean', description: 'print one JSON object, formatVersion 1, instead of text' },
  quiet: { type: 'boolean', short: 'q', description: 'print nothing but errors' },
  verbose: { type: 'boolean', description: 'say more: every file, and the stack of an unexpected error' },
  cwd: {
    type: 'string',
    placeholder: 'DIR',
    completes: 'folder',
    description: 'work as if started in DIR',
  },
  config: {
    type: 'string',
    placeholder: 'FILE',
    completes: 'file',
    description: 'use this configuration instead of searching for one',
  },
  help: { type: 'boolean', short: 'h', description: 'show help' },
  version: { type: 'boolean', short: 'v', description: 'show the version' },
  'dry-run': { type: 'boolean', description: 'show the plan and write nothing' },
  only: {
    type: 'string',
    placeholder: 'HOST',
    multiple: true,
    description: 'look at these hosts and their root alone',
  },
  force: {
    type: 'string',
    placeholder: 'HOST',
    multiple: true,
    description: 'a new key and certificate though nothing is wrong; ca:NAME is the root',
  },
  prune: { type: 'boolean', description: 'remove files of rcssl that the configuration no longer declares' },
  adopt: {
    type: 'string',
    placeholder: 'PATH',
    multiple: true,
    completes: 'file',
    description: 'take over files that rcssl did not write; they are archived before they are replaced',
  },
  yes: { type: 'boolean', description: 'answer yes to questions, but never to the replacement of a root' },
  'replace-root': { type: 'boolean', description: 'allow a new key for the root, which every device must trust anew' },
  'no-wait': { type: 'boolean', description: 'fail at once where another rcssl is at work here' },
  watch: { type: 'boolean', description: 'go on, and do it again whenever something changes: rcssl watch' },
  poll: { type: 'boolean', description: 'look at the files twice a second, where the system does not tell of changes' },
  'until-complete': { type: 'boolean', description: 'exit 0 as soon as the set is complete, for scripts' },
  within: {
    type: 'string',
    placeholder: 'DURATION',
    description: 'count a certificate as due when it ends this soon: 30d, 12h',
  },
  'config-only': {
    type: 'boolean',
    description: 'judge the configuration alone, as a clone without keys can; a bare --config means the same',
  },
  address: {
    type: 'string',
    placeholder: 'ADDRESS',
    description: 'ask this address in place of what the name resolves to',
  },
  list: { type: 'boolean', description: 'list the servers, where their files go and what makes them read those' },
  upstream: {
    type: 'string',
    placeholder: 'URL[,URL...]',
    description: 'where the app listens; default http://127.0.0.1:3000',
  },
  listen: {
    type: 'string',
    placeholder: 'ADDRESS[,...]',
    description: 'where the server speaks HTTPS: a port, or 127.0.0.1:8443, [::1]:8443; default 443',
  },
  'redirect-from': {
    type: 'string',
    placeholder: 'ADDRESS[,...]',
    description: 'where plain HTTP is sent on to HTTPS, or none; default 80',
  },
  yaml: { type: 'boolean', description: 'write the configuration as YAML' },
  store: {
    type: 'string',
    placeholder: 'NAME',
    multiple: true,
    description: 'these trust stores alone: system, chromium, firefox, java, bundle, … (docs/trust.md has them all)',
  },
  trust: { type: 'boolean', description: 'make this computer trust the root as well, as rcssl trust does' },
  user: { type: 'boolean', description: 'nothing that needs root' },
  status: { type: 'boolean', description: 'show which stores trust the root, and change nothing' },
  all: { type: 'boolean', description: 'every root that rcssl ever put somewhere, even if its project is gone' },
  print: { type: 'boolean', description: 'print a script that does it on another machine' },
  os: {
    type: 'string',
    placeholder: 'SYSTEM',
    description: 'the system that the script is for: linux, macos or windows; this one without it',
  },
  'shared-root': { type: 'boolean', description: 'take a root along that other projects share' },
  for: { type: 'string', placeholder: 'DURATION', description: 'end by itself after this long: 10m, 1h' },
  host: {
    type: 'string',
    placeholder: 'ADDRESS',
    description:
      'the address of this computer to serve on, which is leave to serve its network; 127.0.0.1 for this computer alone',
  },
  port: {
    type: 'string',
    placeholder: 'PORT',
    description: 'the port of the page; the check has the next one. 8720 without it, or any that is free',
  },
  network: {
    type: 'string',
    placeholder: 'RANGE',
    multiple: true,
    description: 'serve these private networks too: 10.1.0.0/16',
  },
  out: {
    type: 'string',
    placeholder: 'DIR',
    completes: 'folder',
    description:
      "android-config: the folder of resources to write to; that of the Android project's debug builds without it",
  },
  'android-emulator': {
    type: 'boolean',
    description: 'make the running Android emulator trust the root, by adb, and serve nothing',
  },
  'ios-simulator': {
    type: 'boolean',
    description: 'make the booted iOS simulators trust the root, by xcrun, and serve nothing',
  },
  'passphrase-env': {
    type: 'string',
    placeholder: 'NAME',
    description: 'the environment variable that holds the passphrase of an encrypted key or PKCS#12',
  },
  'passphrase-file': {
    type: 'string',
    placeholder: 'FILE',
    completes: 'file',
    description: 'the file that holds the passphrase; a newline at its end is no part of it',
  },
} as const satisfies Record<string, Flag>;

export type FlagName = keyof typeof FLAGS;

type ValueOf<F extends Flag> = F extends { readonly multiple: true }
  ? readonly string[]
  : F['type'] extends 'string'
    ? string
    : true;

/** What the command line said, by the flags' long names. */
export type FlagValues = { readonly [N in FlagName]?: ValueOf<(typeof FLAGS)[N]> };

/** Every command has these. */
export const SHARED = ['json', 'quiet', 'verbose', 'cwd', 'config', 'help'] as const satisfies readonly FlagName[];

export function flagNamed(name: FlagName): Flag {
  return FLAGS[name];
}
