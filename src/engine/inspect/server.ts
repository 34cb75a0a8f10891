import { fail } from '../../diagnostics/diagnostic.ts';
import { ProbeFault, type Presented, type TlsProbe, type World } from '../../kernel/ports.ts';
import { readCertificates } from '../../pki/certificate-read.ts';
import { SECOND } from '../../kernel/duration.ts';
import type { Found } from './file.ts';
import { certifies } from '../../pki/certifies.ts';
import { judge, roleOf } from './judge.ts';
import { coversName, matchServed } from './match.ts';
import type { Project } from './project.ts';
import { formatEndpoint, type Endpoint } from './target.ts';
import type { Match } from './types.ts';

/** Connection and handshake together. */
const TIMEOUT = 5 * SECOND;

/** Asks a TLS server what it shows to clients that want `endpoint.host`. Throws `inspect-unreachable` and `inspect-no-tls`. */
export async function inspectServer(
  world: World,
  tls: TlsProbe,
  endpoint: Endpoint,
  project: Project | undefined,
  signal: AbortSignal | undefined,
): Promise<Found> {
  const root = project?.root;
  const anchors = root && [root];
  const presented = await tls
    .probe({ ...endpoint, anchors, timeout: TIMEOUT, ...(signal && { signal }) })
    .catch((error: unknown) => unreachable(endpoint, error));
  const certificates = presented.chain.flatMap((der) => readCertificates(der));
  const [leaf] = certificates;
  if (!leaf) return fail('inspect-no-tls', { endpoint: formatEndpoint(endpoint), why: 'no certificate' });
  const { address, protocol, cipher } = presented;
  return {
    source: { kind: 'server', endpoint: formatEndpoint(endpoint), ...endpoint, address, protocol, cipher },
    items: certificates.map(({ facts }) => ({ kind: 'certificate', role: roleOf(facts), facts })),
    matches: [
      { code: 'name', name: endpoint.host, covered: coversName(leaf.facts.names, endpoint.host) },
      verdict(presented, root !== undefined),
      ...(project && root
        ? [
            {
              code: 'root',
              name: project.plan.ca.name,
              signed: certifies(root, certificates.at(-1)?.der ?? leaf.der),
            } as const,
          ]
        : []),
      ...(project ? matchServed(leaf.facts, endpoint.host, project.owned) : []),
    ],
    diagnostics: certificates.flatMap(({ facts }) => judge(facts, world.clock.now(), {})),
  };
}

function verdict({ fault }: Presented, underRoot: boolean): Match {
  return { code: 'verifies', under: underRoot ? 'project-root' : 'public-roots', fault };
}

function unreachable(endpoint: Endpoint, error: unknown): never {
  if (!(error instanceof ProbeFault)) throw error;
  const code = error.stage === 'connection' ? 'inspect-unreachable' : 'inspect-no-tls';
  return fail(code, { endpoint: formatEndpoint(endpoint), why: error.code }, {}, { cause: error });
}
