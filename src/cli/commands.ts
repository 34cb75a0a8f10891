import { SERVERS } from '../engine/proxy-servers.ts';
import type { Call } from './call.ts';
import { SHARED, type FlagName } from './flags.ts';

interface Example {
  readonly line: string;
  readonly what: string;
}

/** A command as data; its code is imported when it is called. */
export interface Command {
  readonly summary: string;
  /** What a newcomer should know before the first use, in sentences. */
  readonly about: string;
  readonly argument?: {
    readonly placeholder: string;
    readonly required: boolean;
    readonly description: string;
    readonly choices?: readonly string[];
    /** It is a command line of somebody else: all that follows its first word belongs to it. */
    readonly rest?: true;
  };
  /** Its own flags; those that every command has are added. */
  readonly flags: readonly FlagName[];
  /** Those that it has no use for. */
  readonly without?: readonly FlagName[];
  /** Where a flag means something else here. */
  readonly meanings?: Partial<Record<FlagName, string>>;
  /** A string flag that is given without a value stands for another flag. */
  readonly bare?: Partial<Record<FlagName, FlagName>>;
  readonly examples: readonly [Example, ...Example[]];
  /** Gives the exit code. */
  readonly load: () => Promise<(call: Call) => Promise<number>>;
}

export const COMMANDS = {
  init: {
    summary: 'write a first rcssl.config.ts, and git-ignore lines for its keys',
    about:
      'Looks at the folder (Rocket.Chat, Vite, Next, a compose file) and writes a short commented configuration fitted to it. It never overwrites one.',
    flags: ['yaml'],
    without: ['config'],
    meanings: { json: 'write the configuration as JSON, and print one JSON object' },
    examples: [
      { line: 'rcssl init', what: 'a TypeScript configuration, with types and docs in the editor' },
      { line: 'rcssl init --yaml', what: 'a YAML one' },
    ],
    load: async () => (await import('./commands/init.ts')).run,
  },
  plan: {
    summary: 'show what apply would do, and why',
    about:
      'Compares the configuration with what is on disk. It reads only: nothing is written, no passphrase is asked for.',
    flags: ['only', 'force', 'adopt', 'prune'],
    examples: [
      { line: 'rcssl plan', what: 'everything that is missing, expired or changed' },
      { line: 'rcssl plan --force api.local', what: 'what issuing api.local anew would change' },
    ],
    load: async () => (await import('./commands/plan.ts')).run,
  },
  apply: {
    summary: 'make the files match the configuration',
    about:
      'Makes what is missing, renews what is near its end and repairs what is damaged; everything else stays untouched. A root is given a new key only with leave, and files that rcssl did not write are never overwritten without --adopt.',
    flags: ['dry-run', 'only', 'force', 'adopt', 'prune', 'yes', 'replace-root', 'trust', 'no-wait', 'watch', 'poll'],
    examples: [
      { line: 'rcssl apply', what: 'do what rcssl plan shows' },
      { line: 'rcssl apply --only api.local chat.local', what: 'two hosts alone' },
      { line: 'rcssl apply --adopt certs/legacy.crt', what: 'let rcssl own a file that something else wrote' },
    ],
    load: async () => (await import('./commands/apply.ts')).run,
  },
  watch: {
    summary: 'apply, and again whenever something changes',
    about:
      'Follows the configuration with all that it imports, the files themselves, the next renewal and, where lan is declared, the network. A run that fails keeps what is there and is tried again. Keys on a terminal: r runs now, p shows the plan, f forces every host, q leaves. SIGHUP reads all anew, SIGTERM ends it.',
    flags: ['until-complete', 'poll', 'only', 'adopt', 'prune', 'replace-root'],
    meanings: { json: 'print one JSON object an event, each on a line of its own' },
    examples: [
      { line: 'rcssl watch', what: 'beside the servers that use the certificates' },
      { line: 'rcssl watch --until-complete', what: 'wait for the set, then start what needs it' },
      { line: 'rcssl watch --json', what: 'for a program that follows along' },
    ],
    load: async () => (await import('./commands/watch.ts')).run,
  },
  check: {
    summary: 'exit 2 when something is due, for scripts and hooks',
    about:
      'The plan for scripts: exits 0 when everything is in order, 2 when anything is missing, changed or inside its renewal window, 1 on an error. With --config-only it judges what a clone without keys can: the configuration, with client warnings as errors unless accepted, for CI.',
    flags: ['within', 'only', 'config-only'],
    bare: { config: 'config-only' },
    examples: [
      { line: 'rcssl check --within 30d', what: 'is anything due in the next 30 days' },
      { line: 'rcssl check --config-only', what: 'is the configuration sound; needs no keys' },
    ],
    load: async () => (await import('./commands/check.ts')).run,
  },
  status: {
    summary: 'list every certificate with its names, end and fingerprint',
    about: 'Shows what is on disk: the bar is the part of its validity that a certificate has used.',
    flags: [],
    examples: [
      { line: 'rcssl status', what: 'one line a certificate' },
      { line: 'rcssl status --verbose', what: 'with every name and file' },
    ],
    load: async () => (await import('./commands/status.ts')).run,
  },
  inspect: {
    summary: 'say what a certificate, key, request or live server really is',
    about: 'Reads a file (PEM, DER, PKCS#12) or asks a server, and says whether it matches the configuration.',
    argument: {
      placeholder: 'FILE|HOST|URL',
      required: true,
      description: 'a file, a declared host, host:port or https:// address',
    },
    flags: ['passphrase-env'],
    examples: [
      { line: 'rcssl inspect certs/localhost.crt', what: 'a file' },
      { line: 'rcssl inspect localhost:8443', what: 'what a running server presents' },
    ],
    load: async () => (await import('./commands/inspect.ts')).run,
  },
  trust: {
    summary: 'make this computer trust the root',
    about:
      "Puts the root into the system's store, the databases of Chromium and Firefox, Java's, … Shows first what it would do, with the commands and which of them need root or open a window, and asks. Afterwards each store is asked whether it really trusts the root. Former roots that rcssl put there go.",
    flags: ['dry-run', 'yes', 'store', 'user', 'status', 'all', 'print', 'os', 'no-wait'],
    meanings: {
      'dry-run': 'show what it would do, and change nothing',
      all: 'with --status: every root that rcssl ever put somewhere, even if its project is gone',
    },
    examples: [
      { line: 'rcssl trust', what: 'every store that is usual here, after a question' },
      { line: 'rcssl trust --store chromium firefox --yes', what: 'browsers alone, without one' },
      { line: 'rcssl trust --status --all', what: 'what was put where, by all projects' },
      { line: 'rcssl trust --print --os windows', what: 'a script for a colleague' },
    ],
    load: async () => (await import('./commands/trust.ts')).run,
  },
  untrust: {
    summary: 'take the root out of every store where rcssl put it',
    about:
      'Takes out this root and every one that it replaced, and nothing that something else put there: a registry in your data folder remembers what went where, even when the project is gone.',
    flags: ['dry-run', 'yes', 'store', 'user', 'all', 'no-wait'],
    meanings: { 'dry-run': 'show what it would do, and change nothing' },
    examples: [
      { line: 'rcssl untrust', what: 'the roots of this project' },
      { line: 'rcssl untrust --all', what: 'every root of rcssl, with no project at hand' },
    ],
    load: async () => (await import('./commands/untrust.ts')).run,
  },
  destroy: {
    summary: 'remove everything that rcssl made here, and the trust in its root',
    about:
      'The way out. Shows what would go and asks; then the root goes into an encrypted file, as by rcssl ca backup, out of every trust store where rcssl put it, and only then go the files: those that rcssl wrote and nobody has changed since. The configuration stays, and so does a root that other projects share.',
    argument: {
      placeholder: 'FILE',
      required: false,
      description: 'the backup of the root, a file that is not there yet; named after the root and the day without it',
    },
    flags: ['dry-run', 'yes', 'shared-root', 'store', 'user', 'passphrase-env', 'passphrase-file', 'no-wait'],
    meanings: {
      'dry-run': 'show what would go, and change nothing',
      store: 'take the root out of these trust stores alone',
      'passphrase-env': 'the environment variable that holds the passphrase of the backup; asked for without it',
    },
    examples: [
      { line: 'rcssl destroy --dry-run', what: 'what would go, and what would stay' },
      { line: 'rcssl destroy', what: 'asks, then for the passphrase of the backup' },
      {
        line: 'rcssl destroy old-root.age --yes --passphrase-env BACKUP_PASSPHRASE',
        what: 'where nobody can be asked',
      },
    ],
    load: async () => (await import('./commands/destroy.ts')).run,
  },
  doctor: {
    summary: 'find out why a client refuses, and what to type',
    about:
      'Looks at a server from the name to the trust of this computer, and says of each thing how it is, why, and the exact fix; what stands on something broken is not looked at. Without an argument the project and this computer are looked at. It reads only, and exits 1 where a check fails.',
    argument: {
      placeholder: 'HOST|URL',
      required: false,
      description: 'a host, HOST:PORT or an https:// address; without a port that of the declared proxy, or 443',
    },
    flags: ['address'],
    examples: [
      { line: 'rcssl doctor chat.local', what: 'a server that some client does not reach' },
      { line: 'rcssl doctor', what: 'files, keys, trust stores, apps behind proxies, the clock' },
    ],
    load: async () => (await import('./commands/doctor.ts')).run,
  },
  exec: {
    summary: 'run a command that trusts the root, with no change to the system',
    about:
      'Sets the variables by which Node, Python, curl, git, Java and others are told what to trust: the root beside the roots of the system and those that your own variables name. Input, output, signals and the exit code are those of the command. The files that the variables name lie in .rcssl/exec/.',
    argument: {
      placeholder: '-- COMMAND...',
      required: true,
      description: 'a program and its arguments',
      rest: true,
    },
    flags: [],
    meanings: { json: 'print one JSON object where the command could not be begun; its output is its own' },
    examples: [
      { line: 'rcssl exec -- npm test', what: 'a command, and all that it starts' },
      { line: 'rcssl exec -- curl https://app.test', what: 'a look by another program' },
    ],
    load: async () => (await import('./commands/exec.ts')).run,
  },
  env: {
    summary: 'print the variables of exec, for a shell, a .env file or GitHub Actions',
    about:
      'The same variables as lines to be read by something else. What your own variables name stays trusted. Without an argument the lines are for your shell.',
    argument: {
      placeholder: 'bash|zsh|fish|powershell|dotenv|github',
      required: false,
      description: 'who reads the lines',
      choices: ['bash', 'zsh', 'fish', 'powershell', 'dotenv', 'github'],
    },
    flags: [],
    meanings: { verbose: 'say what is not covered, too' },
    examples: [
      { line: 'eval "$(rcssl env)"', what: 'in bash and zsh' },
      { line: 'rcssl env fish | source', what: 'in fish' },
      { line: 'rcssl env dotenv', what: 'into a file, for node --env-file, Compose and others' },
      { line: 'rcssl env github', what: 'added to the file $GITHUB_ENV: for all later steps of a workflow' },
    ],
    load: async () => (await import('./commands/env.ts')).run,
  },
  proxy: {
    summary: "print a reverse proxy's configuration for the declared hosts",
    about:
      'The server terminates TLS in front of the app, with the certificates that apply makes. It prints and writes nothing: declared under proxies, rcssl writes it, has the server check it, and keeps it up to date.',
    argument: {
      placeholder: 'SERVER',
      required: false,
      description: 'the server; without one they are listed',
      choices: SERVERS,
    },
    flags: ['list', 'upstream', 'listen', 'redirect-from', 'only'],
    meanings: { only: 'serve these hosts alone' },
    examples: [
      { line: 'rcssl proxy nginx', what: 'in front of an app on port 3000; > site.conf keeps it' },
      { line: 'rcssl proxy caddy --upstream http://127.0.0.1:5173 --listen 8443', what: 'another app, another port' },
      { line: 'rcssl proxy --list', what: 'where each server wants its file' },
    ],
    load: async () => (await import('./commands/proxy.ts')).run,
  },
  'proxy check': {
    summary: 'check that what runs on a port really serves the declared certificate',
    about:
      'Looks at a reverse proxy from outside: the certificate with its names, end and chain, the redirect of plain HTTP, a WebSocket at the path of the address, and the app behind it; each with the exact fix. It exits 1 where a check fails.',
    argument: { placeholder: 'URL', required: true, description: 'what is typed into a browser, or HOST:PORT' },
    flags: ['address'],
    examples: [
      { line: 'rcssl proxy check https://mydomain.com', what: 'after a reload' },
      { line: 'rcssl proxy check https://mydomain.com/websocket', what: 'where the app opens its WebSocket' },
    ],
    load: async () => (await import('./commands/doctor.ts')).runProxyCheck,
  },
  enrol: {
    summary: 'have phones, tablets and other computers trust the root',
    about:
      'Serves a page on your network for as long as it runs: a QR code leads a device there, the page says what to do on it, and a check says whether it trusts the root. It asks before it serves a network, and shows who came. No key leaves this computer. android-config writes what the debug builds of an Android app need instead.',
    argument: {
      placeholder: 'android-config',
      required: false,
      description: 'write the network security configuration of an Android app, and serve nothing',
      choices: ['android-config'],
    },
    flags: ['for', 'host', 'port', 'network', 'yes', 'android-emulator', 'ios-simulator', 'out'],
    meanings: { json: 'print one JSON object an event, each on a line of its own', yes: 'serve without a question' },
    examples: [
      { line: 'rcssl enrol', what: 'a QR code for the phone in your hand' },
      {
        line: 'rcssl enrol --host 192.168.1.20 --for 10m',
        what: 'on this network, without a question, for ten minutes',
      },
      { line: 'rcssl enrol android-config', what: 'the root in the debug builds of an Android app' },
    ],
    load: async () => (await import('./commands/enrol.ts')).run,
  },
  'ca list': {
    summary: 'list the root and those it replaced, and where each is still in use',
    about:
      'Shows the root that signs and those in the archive, whether their keys are there, and which hosts of this project have certificates by them. It reads only.',
    flags: [],
    examples: [
      { line: 'rcssl ca list', what: 'every root of this place' },
      { line: 'rcssl ca list --verbose', what: 'with fingerprints in full, to compare with a device' },
    ],
    load: async () => (await import('./commands/ca-list.ts')).run,
  },
  'ca backup': {
    summary: 'write the root and those it replaced into one encrypted file',
    about:
      'The file is opened with a passphrase, by rcssl ca restore or by age -d. It holds roots, with their keys: hosts are not in it, since apply issues them anew. It never overwrites a file.',
    argument: { placeholder: 'FILE', required: true, description: 'the backup, a file that is not there yet' },
    flags: ['passphrase-env', 'passphrase-file'],
    meanings: {
      'passphrase-env': 'the environment variable that holds the passphrase of the backup; asked for without it',
    },
    examples: [
      { line: 'rcssl ca backup dev-root.age', what: 'asks for a new passphrase, twice' },
      { line: 'rcssl ca backup dev-root.age --passphrase-env BACKUP_PASSPHRASE', what: 'where nobody can be asked' },
    ],
    load: async () => (await import('./commands/ca-backup.ts')).run,
  },
  'ca restore': {
    summary: 'put the roots of a backup back in their places',
    about:
      'The root goes where the configuration at hand declares its own, on whatever machine, and devices go on trusting it; those that it replaced go to the archive. What is there already stays: another root in its place stops it before anything is written.',
    argument: { placeholder: 'FILE', required: true, description: 'a file of rcssl ca backup' },
    flags: ['passphrase-env', 'passphrase-file', 'no-wait'],
    meanings: {
      'passphrase-env': 'the environment variable that holds the passphrase of the backup; asked for without it',
    },
    examples: [
      { line: 'rcssl ca restore dev-root.age', what: 'asks for the passphrase; then rcssl apply issues the hosts' },
      {
        line: 'rcssl ca restore dev-root.age --passphrase-file /run/secrets/backup',
        what: 'where nobody can be asked',
      },
    ],
    load: async () => (await import('./commands/ca-restore.ts')).run,
  },
  completion: {
    summary: 'print a completion script for your shell',
    about: 'The script knows the commands and flags of this version; load it again after an update.',
    argument: {
      placeholder: 'bash|zsh|fish',
      required: true,
      description: 'the shell',
      choices: ['bash', 'zsh', 'fish'],
    },
    flags: [],
    examples: [
      { line: 'source <(rcssl completion bash)', what: 'in ~/.bashrc; zsh in ~/.zshrc, after compinit' },
      { line: 'rcssl completion fish | source', what: 'in ~/.config/fish/config.fish' },
    ],
    load: async () => (await import('./commands/completion.ts')).run,
  },
} as const satisfies Record<string, Command>;

export type CommandName = keyof typeof COMMANDS;

export const COMMAND_NAMES = Object.keys(COMMANDS) as readonly CommandName[];

/** What commands of two words begin with. */
export const GROUPS = {
  ca: 'A root is worth more than all that it signed: every device that trusts it would have to trust another one. Back it up once it is made, and again when it was renewed or replaced.',
} as const satisfies Record<string, string>;

export type GroupName = keyof typeof GROUPS;

export function isGroup(word: string): word is GroupName {
  return Object.hasOwn(GROUPS, word);
}

/** The commands of a group, or those of one word. */
export function commandsIn(group: GroupName | undefined): readonly CommandName[] {
  return COMMAND_NAMES.filter((name) => (group === undefined ? !name.includes(' ') : name.startsWith(`${group} `)));
}

export function commandNamed(name: string): Command | undefined {
  return Object.hasOwn(COMMANDS, name) ? COMMANDS[name as CommandName] : undefined;
}

/** The flags that a command takes, its own first. */
export function flagsOf(command: Command): readonly FlagName[] {
  return [...command.flags, ...SHARED.filter((name) => !command.without?.includes(name))];
}
