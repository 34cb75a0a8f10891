import { ask } from '../ask.ts';
import type { Place, TrustStore } from '../types.ts';

/**
 * Windows' own certutil, which counts every certificate in `Root` as trusted. It finds them by their SHA-1; a name may
 * match several. In the user's store a window asks on adding and on deleting, and waits for ever where nobody sees it.
 */
function rootStore(
  title: string,
  chosen: TrustStore['chosen'],
  place: Pick<Place, 'at' | 'needs'>,
  scope: readonly string[],
): TrustStore {
  const certutil = (...args: readonly string[]) => ['certutil', ...scope, ...args];
  const { needs } = place;
  return {
    title,
    chosen,
    detect: async ({ computer }) =>
      computer().system === 'windows' ? { places: [place] } : { skip: { code: 'elsewhere' } },
    async isTrusted(ports, _place, { sha1, id }) {
      // Any failure means that it is not there: the codes differ from version to version.
      const trusted = await ask(ports, certutil('-verifystore', 'Root', sha1)).then(
        () => true,
        () => false,
      );
      return { trusted, ...(trusted && { name: id }) };
    },
    install: (_place, { file }) => [{ do: 'run', argv: certutil('-addstore', '-f', 'Root', file), needs }],
    remove: (_place, { sha1 }) => [{ do: 'run', argv: certutil('-delstore', 'Root', sha1), needs }],
  };
}

export const windowsUser = rootStore(
  'Windows, this user',
  'always',
  { at: String.raw`CurrentUser\Root`, needs: 'dialog' },
  ['-user'],
);

export const windowsMachine = rootStore(
  'Windows, all users',
  'named',
  { at: String.raw`LocalMachine\Root`, needs: 'root' },
  [],
);
