import { diagnostic, type Diagnostic } from '../../diagnostics/diagnostic.ts';
import { nameKey, parseName } from '../../pki/names.ts';
import type { HostLintId, RootLintId } from '../client-ids.ts';
import { HOST_LINTS, ROOT_LINTS, type HostLint, type RootLint } from '../clients.ts';
import type { Draft, HostDraft } from '../draft.ts';

/** What some client will refuse of a host, unless the team accepts that. */
export function clientsRefuseHost({ hosts }: Draft): Diagnostic[] {
  return hosts.flatMap((host) =>
    (Object.entries(HOST_LINTS) as [HostLintId, HostLint][]).flatMap(([id, lint]) => {
      if (!host.config || host.user.accept?.includes(id)) return [];
      const { text, fix, unless } = lint;
      return lint.find(host.config).map((found) => {
        const path = typeof found === 'string' ? host.placeOf(found) : placeOfName(host, nameKey(found));
        return diagnostic('client-warning', { id, text, fix, unless }, { path });
      });
    }),
  );
}

/** The same of the root. */
export function clientsRefuseRoot({ user, config }: Draft): Diagnostic[] {
  return (Object.entries(ROOT_LINTS) as [RootLintId, RootLint][]).flatMap(([id, lint]) => {
    const key = lint.find(config.ca);
    if (!key || user.ca?.accept?.includes(id)) return [];
    const { text, fix, unless } = lint;
    return [diagnostic('client-warning', { id, text, fix, unless }, { path: `ca.${key}` })];
  });
}

function placeOfName({ path, user, placeOf }: HostDraft, key: string): string {
  const index = (user.altNames ?? []).findIndex((text) => {
    const parsed = parseName(text);
    return 'name' in parsed && nameKey(parsed.name) === key;
  });
  const first = parseName(user.name);
  if ('name' in first && nameKey(first.name) === key) return placeOf('name');
  return index < 0 ? path : `${path}.altNames[${index}]`;
}
