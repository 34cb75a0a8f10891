import { formatInstant } from '../kernel/instant.ts';
import type { Reason } from '../plan/types.ts';

/** A reason for programs: its code and facts. Instants are RFC 3339; `shown` turns absolute paths into what is printed. */
export function reasonJson(reason: Reason, shown: (path: string) => string): object {
  switch (reason.code) {
    case 'expired':
      return { ...reason, notAfter: formatInstant(reason.notAfter) };
    case 'expires-soon':
      return { ...reason, notAfter: formatInstant(reason.notAfter), renewAt: formatInstant(reason.renewAt) };
    case 'not-yet-valid':
      return { ...reason, notBefore: formatInstant(reason.notBefore) };
    case 'key-lost':
      return { ...reason, path: shown(reason.path) };
    case 'unswitchable':
      return { ...reason, folder: shown(reason.folder) };
    case 'moved':
      return { ...reason, from: shown(reason.from) };
    default:
      return reason;
  }
}
