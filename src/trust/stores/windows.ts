import { ask } from '../ask.ts';
import { StoreFault, type Place, type TrustPorts, type TrustStore } from '../types.ts';

/** NTE_NOT_FOUND and CRYPT_E_NOT_FOUND, which certutil prints in every language. */
const NOT_FOUND = /0x(?:80090011|80092004)/i;

/** Asks by `-verifystore`, which fails where there is none. Any other failure says nothing of it: throws `StoreFault`. */
export async function isInRootStore(ports: TrustPorts, argv: readonly string[]): Promise<boolean> {
  try {
    await ask(ports, argv);
    return true;
  } catch (error) {
    if (error instanceof StoreFault && NOT_FOUND.test(error.output)) return false;
    throw error;
  }
}

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
      const trusted = await isInRootStore(ports, certutil('-verifystore', 'Root', sha1));
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
