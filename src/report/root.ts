import type { PlanResult } from '../engine/types.ts';
import { DEVELOPMENT } from '../pki/constraints.ts';
import type { Plan, Reason } from '../plan/types.ts';
import { listed } from './words.ts';

/** More domains than this are counted. */
const SHOWN = 4;

/** What a plan means for the devices that trust the root: sentences, unwrapped; none where they need not care. */
export function rootSentences({ plan }: Pick<PlanResult, 'plan'>): string[] {
  const { ca } = plan;
  const shared = ca.shared ? ['It is shared: every project of yours that uses it issues its hosts anew.'] : [];
  if (ca.replacesRoot) {
    return [
      'Every device that trusts this root has to trust the new one: this computer and every phone that does.',
      ...shared,
      ...(isLost(plan) ? [] : ['The old key and certificate go to the archive.']),
    ];
  }
  if (!ca.renewsRoot) return [];
  const added = widenedBy(plan);
  return added.length > 0
    ? [
        `The root keeps its key and name, so hosts and devices go on as they are; a device that is to accept ${listed(shortened(added))} has to trust the root's new certificate first: this computer, and phones that open these names.`,
      ]
    : [
        'The root keeps its key and name, so hosts and devices go on as they are; devices have to trust its new certificate before the old one ends.',
      ];
}

/** What a root that was just made or renewed may sign for; undefined where it has no constraints. */
export function powerSentence({ ca: { constraints } }: Plan): string | undefined {
  if (!constraints) return undefined;
  const beyond = (kind: 'dns' | 'ip'): string[] =>
    constraints[kind].filter((item) => !DEVELOPMENT[kind].includes(item));
  const namespaces = ['localhost', '.local', '.test', '.internal', 'home.arpa'];
  const addresses = beyond('ip').map((range) => range.replace(/\/(?:32|128)$/, ''));
  const names = [
    ...shortened(beyond('dns'), 'domains'),
    ...namespaces,
    'private addresses',
    ...shortened(addresses, 'addresses'),
  ];
  return `This root can only sign for ${listed(names)}.`;
}

function isLost({ ca }: Plan): boolean {
  return reasonsOf(ca.key).some(({ code }) => code === 'key-lost');
}

function widenedBy({ ca }: Plan): readonly string[] {
  return reasonsOf(ca.certificate).flatMap((reason) => (reason.code === 'constraints-widened' ? reason.added : []));
}

function reasonsOf(action: Plan['ca']['key'] | Plan['ca']['certificate']): readonly Reason[] {
  return action.kind === 'keep' ? [] : action.reasons;
}

function shortened(names: readonly string[], what = 'names'): string[] {
  const rest = names.length - SHOWN;
  return rest > 1 ? [...names.slice(0, SHOWN), `${rest} other ${what}`] : [...names];
}
