import { join } from 'node:path';
import type { Files } from '../../kernel/ports.ts';
import { readCompose } from './compose.ts';

/** What stands in the folder that the first configuration is fitted to. */
export interface Finding {
  readonly kind: 'rocket.chat' | 'vite' | 'next' | 'compose';
  /** The file that says so, relative to the folder. */
  readonly file: string;
  /** The port that its plain HTTP server listens on, where the kind has one. */
  readonly port: number | undefined;
  /** Names of the services of a compose file; empty for the other kinds. */
  readonly services: readonly string[];
}

/** https://compose-spec.io (compose-file, "Compose file"): in the order in which Docker prefers them. */
const COMPOSE_FILES = ['compose.yaml', 'compose.yml', 'docker-compose.yml', 'docker-compose.yaml'] as const;

/** Bigger ones are not read: they are not written by people. */
const LIMIT = 1024 * 1024;

const ROCKET_CHAT_PORT = 3000;
const NEXT_PORT = 3000;
const VITE_PORT = 5173;

/** Looks at `package.json` and the compose file of a folder. What cannot be read or parsed says nothing. */
export function detectProject(files: Files, folder: string): Finding[] {
  const read = (name: string): string | undefined => readText(files, join(folder, name));
  const composeName = COMPOSE_FILES.find((name) => read(name) !== undefined);
  return [
    ...inPackage(read('package.json') ?? '{}'),
    ...(composeName === undefined ? [] : inCompose(composeName, read(composeName) ?? '')),
  ];
}

function readText(files: Files, path: string): string | undefined {
  try {
    return files.read(path, LIMIT)?.toString('utf8');
  } catch {
    return undefined;
  }
}

function inPackage(text: string): Finding[] {
  const { name, packages } = parsePackage(text);
  const found = (kind: Finding['kind'], port: number): Finding => ({ kind, file: 'package.json', port, services: [] });
  return [
    ...(isRocketChat(name, packages) ? [found('rocket.chat', ROCKET_CHAT_PORT)] : []),
    ...(packages.has('vite') ? [found('vite', VITE_PORT)] : []),
    ...(packages.has('next') ? [found('next', NEXT_PORT)] : []),
  ];
}

/** The repository itself is `rocket.chat`, its server `@rocket.chat/meteor`; apps depend on the apps engine. */
function isRocketChat(name: string, packages: ReadonlySet<string>): boolean {
  return /^(rocket\.chat$|@rocket\.chat\/)/i.test(name) || packages.has('@rocket.chat/apps-engine');
}

function parsePackage(text: string): { name: string; packages: ReadonlySet<string> } {
  const none = { name: '', packages: new Set<string>() };
  try {
    const value: unknown = JSON.parse(text);
    if (!isRecord(value)) return none;
    const sections = [value['dependencies'], value['devDependencies']].filter(isRecord);
    return {
      name: typeof value['name'] === 'string' ? value['name'] : '',
      packages: new Set(sections.flatMap((section) => Object.keys(section))),
    };
  } catch {
    return none;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function inCompose(file: string, text: string): Finding[] {
  const compose = readCompose(text);
  const services = compose.map((service) => service.name);
  if (compose.some((service) => isRocketChatImage(service.image))) {
    return [{ kind: 'rocket.chat', file, port: ROCKET_CHAT_PORT, services }];
  }
  return services.length === 0 ? [] : [{ kind: 'compose', file, port: undefined, services }];
}

/** `registry.rocket.chat/rocketchat/rocket.chat`, `rocketchat/rocket.chat`, Docker's own `rocket.chat`, each with or without tag. */
function isRocketChatImage(image: string): boolean {
  return /(^|[/}-])rocket\.chat(?=[:@/}]|$)/i.test(image);
}
