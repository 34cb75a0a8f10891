import { ReadFault } from '../../kernel/ports.ts';
import { trustRoot } from '../../trust/root.ts';
import { storeNamed, storesMeant } from '../../trust/stores.ts';
import { STORE_IDS, type StoreId } from '../../trust/store-ids.ts';
import { StoreFault, type TrustPorts, type TrustRoot } from '../../trust/types.ts';
import { bad, doubt, good, idle, type Check, type Finding } from '../check.ts';

export const trust: Check = {
  title: 'trust',
  about: 'Each trust store of this computer is asked whether it trusts the root: the system, browsers, Java.',
  cure: '`rcssl trust`, all stores or some of them; `rcssl exec` for one command. Phones: the root has to be installed there.',
  after: [],
  async look({ project, ports }) {
    if (!project?.root) return [];
    const root = trustRoot(project.root.der, ports.machine().dataFolder);
    const declared = project.config.trust && storesMeant(project.config.trust);
    const isDeclared = declared !== undefined;
    // At once: Java takes a second to say anything.
    const all = await Promise.all((declared ?? STORE_IDS).map((id) => askStore(ports, id, root, isDeclared)));
    const asked = all.flat();
    const isTrusted = asked.some(({ verdict }) => verdict === 'good');
    if (isTrusted || asked.length === 0) return asked;
    // None at all means that everything refuses.
    return [bad('doctor-trusted-nowhere', { root: project.ca }), ...asked];
  },
};

/**
 * What it says in each of its places; nothing where it belongs to another system, or is used only when named. That one
 * does not trust the root is somebody's choice, unless the configuration declares it.
 */
async function askStore(ports: TrustPorts, id: StoreId, root: TrustRoot, isDeclared: boolean): Promise<Finding[]> {
  const store = storeNamed(id);
  if (store.chosen === 'named' && !isDeclared) return [];
  const { title } = store;
  try {
    const found = await store.detect(ports);
    if ('skip' in found) {
      const { skip } = found;
      const tool = 'tool' in skip ? skip.tool : undefined;
      return skip.code === 'elsewhere' ? [] : [idle('doctor-store-skipped', { title, why: skip.code, tool })];
    }
    const findings: Finding[] = [];
    for (const place of found.places) {
      // A folder that `rcssl trust` would make: nothing trusts anything there.
      const trusted = !place.made && (await store.isTrusted(ports, place, root)).trusted;
      findings.push(
        trusted
          ? good('doctor-store', { title, at: place.at })
          : distrusts(isDeclared, { title, at: place.at, id: place.fed ? 'system' : id }),
      );
    }
    return findings;
  } catch (error) {
    if (!(error instanceof StoreFault) && !(error instanceof ReadFault)) throw error;
    return [doubt('doctor-store-silent', { title, why: error.message.split('\n', 1).join('') })];
  }
}

function distrusts(
  isDeclared: boolean,
  args: { readonly title: string; readonly at: string; readonly id: StoreId | 'system' },
): Finding {
  return isDeclared ? bad('doctor-store-lacks', args) : doubt('doctor-store-distrusts', args);
}
