import type { Artifact } from '../desired/types.ts';
import { ownerName } from '../kernel/ids.ts';
import type { World } from '../kernel/ports.ts';
import type { Inventory } from '../inventory/types.ts';
import type { CertificateFacts } from '../pki/facts.ts';
import { formatName } from '../pki/names.ts';
import type { Action, CaPlan, HostPlan } from '../plan/types.ts';
import { resultOf } from './plan.ts';
import { look, openProject, planOptions } from './project.ts';
import type { CertificateStatus, ProjectOptions, StatusResult } from './types.ts';
import { pathFrom } from '../kernel/path.ts';

/** Every artifact as it is on the disk: names, issuer, validity, fingerprint, and what the plan thinks of it. Reads only. */
export async function statusProject(world: World, options: ProjectOptions): Promise<StatusResult> {
  const project = await openProject(world, options);
  const { inventory, plan } = look(world, project, planOptions(project, options));
  const { config, root, now, complete, diagnostics } = resultOf(world, project, inventory, plan);
  const row = (owner: CaPlan | HostPlan) => statusOf(owner, inventory, root);
  return {
    config,
    root,
    now,
    complete,
    diagnostics,
    ca: { ...row(plan.ca), shared: plan.ca.shared },
    hosts: plan.hosts.map(row),
  };
}

function statusOf(owner: CaPlan | HostPlan, inventory: Inventory, root: string): CertificateStatus {
  const facts = certificateAt(owner.certificate.target, inventory);
  const isThere = inventory.files.get(owner.certificate.target.path)?.state !== 'missing';
  const derived = 'replacesRoot' in owner ? [owner.copy] : [owner.csr, owner.fullchain, owner.combined, owner.pfx];
  const actions = [owner.key, owner.certificate, ...derived].filter((action) => action !== undefined);
  return {
    id: owner.id,
    name: ownerName(owner.id),
    path: pathFrom(root, owner.certificate.target.path),
    state: facts || !isThere ? stateOf(actions, owner.certificate, facts) : 'broken',
    keyKind: facts?.keyKind,
    names: facts?.names.map(formatName) ?? [],
    issuer: facts?.issuer.find(([attribute]) => attribute === 'CN')?.[1],
    notBefore: facts?.notBefore,
    notAfter: facts?.notAfter,
    renewAt: owner.renewAt,
    fingerprint: facts?.fingerprint,
    files: actions.map(({ kind, target }) => ({ artifact: target.artifact, path: pathFrom(root, target.path), kind })),
  };
}

function certificateAt({ path }: Artifact, { files }: Inventory): CertificateFacts | undefined {
  const file = files.get(path);
  return file?.state === 'file' && file.content.type === 'certificates' ? file.content.certificates[0] : undefined;
}

function stateOf(
  actions: readonly Action[],
  certificate: Action,
  facts: CertificateFacts | undefined,
): CertificateStatus['state'] {
  const reasons = certificate.kind === 'keep' ? [] : certificate.reasons.map(({ code }) => code);
  if (!facts) return 'missing';
  if (reasons.includes('expired')) return 'expired';
  if (actions.some(({ kind }) => kind === 'blocked')) return 'blocked';
  if (actions.every(({ kind }) => kind === 'keep')) return 'ok';
  return reasons.every((code) => code === 'expires-soon') && reasons.length > 0 ? 'due' : 'pending';
}
