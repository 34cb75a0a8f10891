import { isIP } from 'node:net';
import type { Case, DoctorProject, Server } from '../doctor/case.ts';
import { type Finding, type Verdict } from '../doctor/check.ts';
import { CHECK_IDS, PROXY_CHECK_IDS, type CheckId } from '../doctor/ids.ts';
import { httpsUrl } from '../doctor/https-url.ts';
import { proxiesFor } from '../doctor/proxies.ts';
import { CHECKS } from '../doctor/registry.ts';
import { runChecks } from '../doctor/run.ts';
import { fail, type Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Instant } from '../kernel/instant.ts';
import type { Network, World } from '../kernel/ports.ts';
import { looksAt, upstreamLook } from './doctor/looks.ts';
import { projectForDoctor } from './doctor/project.ts';
import { doctorTarget, type DoctorTarget } from './doctor/target.ts';
import { judge } from './inspect/judge.ts';
import type { ProjectOptions } from './types.ts';

export interface DoctorOptions extends ProjectOptions {
  /** A host, HOST:PORT or a URL; without it the project and this computer are looked at. */
  readonly target?: string;
  /** Dialled in place of what the name resolves to. */
  readonly address?: string;
}

/** A check and what came of it. */
export interface Checked {
  readonly id: CheckId;
  readonly title: string;
  readonly verdict: Verdict | 'not-looked';
  readonly findings: readonly Finding[];
  /** The title of the check that has to be mended first. */
  readonly waitsFor: string | undefined;
}

export interface DoctorResult {
  readonly command: 'doctor' | 'proxy check';
  readonly now: Instant;
  /** The folder that paths are shown relative to. */
  readonly cwd: string;
  /** The configuration, absolute; undefined if there is none. */
  readonly config: string | undefined;
  /** What was looked at: `https://chat.local:8443`; undefined where no server was named. */
  readonly url: string | undefined;
  readonly checks: readonly Checked[];
  /** Checks that are bad. */
  readonly failed: number;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Looks for what keeps a client from reaching a server, and for what is wrong with the project and this computer.
 *
 *     target, project → case → checks, each after what it stands on → verdicts with reason and fix
 *
 * Reads only; the network is used only where a server is named, or an app behind a declared proxy is asked whether it lives.
 * Throws `doctor-bad-target` and, without a target, what is wrong with the configuration.
 */
export function diagnose(world: World, network: Network, options: DoctorOptions): Promise<DoctorResult> {
  return look(world, network, options, 'doctor', CHECK_IDS);
}

/** The same of a reverse proxy alone: whether what runs on a port really serves the declared certificate. */
export function checkProxy(
  world: World,
  network: Network,
  options: DoctorOptions & { readonly target: string },
): Promise<DoctorResult> {
  return look(world, network, options, 'proxy check', PROXY_CHECK_IDS);
}

async function look(
  world: World,
  network: Network,
  options: DoctorOptions,
  command: DoctorResult['command'],
  ids: readonly CheckId[],
): Promise<DoctorResult> {
  const { signal } = options;
  const target = options.target === undefined ? undefined : doctorTarget(options.target);
  const { project, diagnostics } = await projectForDoctor(world, options, target !== undefined);
  const now = world.clock.now();
  const patient: Case = {
    now,
    ports: world,
    signal,
    project,
    server: target && serverOf(network, target, project, options),
    upstream: upstreamLook(network, target?.path ?? '/', signal),
    refusals: (facts) => judge(facts, now, {}),
  };
  const results = await runChecks(patient, ids);
  return {
    command,
    now,
    cwd: options.cwd,
    config: project?.config.file,
    url: patient.server?.url,
    checks: results.map(({ id, verdict, findings, waits }) => ({
      id,
      title: CHECKS[id].title,
      verdict,
      findings,
      waitsFor: waits && CHECKS[waits].title,
    })),
    failed: results.filter(({ verdict }) => verdict === 'bad').length,
    diagnostics,
  };
}

/** Where no port was written it is that of the declared proxy, else 443: `https://` is what is looked for. */
function serverOf(
  network: Network,
  { host, port: written, path, typed }: DoctorTarget,
  project: DoctorProject | undefined,
  { address, signal }: DoctorOptions,
): Server {
  const port = written ?? (project && portOfProxy(host, project)) ?? 443;
  if (address !== undefined && isIP(address) === 0) fail('doctor-bad-address', { asked: address });
  const anchors = project?.root && [project.root.der];
  return {
    host,
    port,
    path,
    typed,
    url: httpsUrl(host, port),
    looks: looksAt(network, { host, port, path, address, anchors, signal }),
  };
}

function portOfProxy(host: string, project: DoctorProject): number | undefined {
  return proxiesFor({ project, server: { host } })[0]?.config.listen[0]?.port;
}
