import { diagnostic, type Diagnostic } from '../../diagnostics/diagnostic.ts';
import { parsePermit } from '../../pki/constraints.ts';
import { isWildcard, nameKey, parseName, type NameProblemCode } from '../../pki/names.ts';
import type { Draft, HostDraft } from '../draft.ts';
import { explainName } from '../name-problems.ts';

/** Every name as the user wrote it, with its place. A string host is its own name. */
function written({ path, user, placeOf }: HostDraft): { path: string; text: string }[] {
  const others = (user.altNames ?? []).map((text, index) => ({ path: `${path}.altNames[${index}]`, text }));
  return [{ path: placeOf('name'), text: user.name }, ...others];
}

/** A name that is none, or that no client would match, or that would leave the output folder as a file's name. */
export function namesAreNames({ hosts }: Draft): Diagnostic[] {
  return hosts.flatMap(written).flatMap(({ path, text }) => {
    const parsed = parseName(text);
    return 'name' in parsed ? [] : [diagnostic('config-bad-name', explainName(text, parsed), { path })];
  });
}

/** `*.com`, `*.local`, `*.localhost`: all clients but Go and Java refuse a wildcard directly under a top-level name. */
export function wildcardsHaveTwoLabels({ hosts }: Draft): Diagnostic[] {
  return hosts.flatMap(written).flatMap(({ path, text }) => {
    const parsed = parseName(text);
    const refused = 'name' in parsed && isWildcard(parsed.name) && !parsed.name.value.slice(2).includes('.');
    return refused ? [diagnostic('config-wildcard-top-level', { name: parsed.name.value }, { path })] : [];
  });
}

/** Two hosts of one first name, as clients compare names: they would have one id and one set of files. */
export function hostsAreDistinct({ hosts }: Draft): Diagnostic[] {
  const seen = new Map<string, string>();
  return hosts.flatMap(({ path, user, placeOf }) => {
    const parsed = parseName(user.name);
    if (!('name' in parsed)) return [];
    const other = seen.get(nameKey(parsed.name));
    if (other === undefined) {
      seen.set(nameKey(parsed.name), path);
      return [];
    }
    return [diagnostic('config-duplicate-host', { name: parsed.name.value, other }, { path: placeOf('name') })];
  });
}

const NO_SUBTREES: Partial<Record<NameProblemCode, string>> = {
  'bad-ip': 'neither an address nor a range of them',
  'bad-uri': 'a URI is no domain',
  'bad-email': 'an e-mail address is no domain',
};

/** What the root may sign for in advance has to be a domain, an address or a range. */
export function permitsAreSubtrees({ user }: Draft): Diagnostic[] {
  const constraints = user.ca?.constraints;
  if (typeof constraints !== 'object') return [];
  return constraints.permit.flatMap((text, index) => {
    const parsed = parsePermit(text);
    if (!('problem' in parsed)) return [];
    const { name, why } = explainName(text, parsed);
    const kind = NO_SUBTREES[parsed.problem] ?? why;
    return [diagnostic('config-bad-permit', { text: name, why: kind }, { path: `ca.constraints.permit[${index}]` })];
  });
}
