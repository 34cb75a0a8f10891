import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { promisify } from 'node:util';
import { loadConfig } from '../../config/load.ts';
import type { Config } from '../../config/types.ts';
import type { AltName } from '../../pki/names.ts';
import { bin } from '../built.ts';
import type { Visit } from './client.ts';
import { serve, type LiveServer } from './server.ts';

/** A project that the built command has applied, with a live server for each of its hosts. */
export interface LiveProject {
  readonly config: Config;
  readonly diagnostics: Awaited<ReturnType<typeof loadConfig>>['diagnostics'];
  /** The path of the root's certificate. */
  readonly root: string;
  /** Every name of every host that a client can ask for, at that host's server. */
  readonly visits: readonly (Visit & { readonly host: string })[];
  close(): Promise<void>;
}

/** Applies the configuration at `file`, whose root has to lie in the project, and starts its servers. */
export async function startProject(
  folder: string,
  file: string,
  env: Readonly<Record<string, string>>,
): Promise<LiveProject> {
  await promisify(execFile)(process.execPath, [bin, 'apply', '--config', file], {
    cwd: folder,
    env: { ...process.env, ...env },
  });
  const { config, diagnostics } = await loadConfig({ cwd: folder, env, file });
  const servers = new Map<string, LiveServer>();
  for (const { name, output } of config.hosts) {
    if (!output.fullchain) throw new Error(`${name} has no full chain to serve`);
    servers.set(name, await serve(readFileSync(output.key.path), readFileSync(output.fullchain.path)));
  }
  if (!config.ca.output.cert) throw new Error('the root has no certificate in the project');
  return {
    config,
    diagnostics,
    root: config.ca.output.cert.path,
    visits: config.hosts.flatMap(({ name: host, names }) =>
      names.flatMap(askable).map((name) => ({ name, host, port: servers.get(host)?.port ?? 0 })),
    ),
    async close() {
      for (const server of servers.values()) await server.close();
    },
  };
}

/** A wildcard is asked for by a name that it covers; nobody connects to a URI or an e-mail address. */
function askable({ type, value }: AltName): string[] {
  if (type !== 'dns' && type !== 'ip') return [];
  return [isIP(value) ? value : value.replace(/^\*/, 'any')];
}
