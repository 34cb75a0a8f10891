import { relative } from 'node:path';
import { ask, findTool } from '../ask.ts';
import type { Place, TrustRoot, TrustStore } from '../types.ts';
import { isInRootStore } from './windows.ts';

const SYSTEM32 = ['/mnt/c/Windows/System32'];

/** A file of Linux as Windows names it. `windowsHome` is the user's folder in its words; the root's file lies below. */
function windowsPath({ home = '', windowsHome = '' }: Place, { file }: TrustRoot): string {
  return [windowsHome, ...relative(home, file).split('/')].join('\\');
}

/** The Windows around a WSL: its browsers trust what Windows trusts, and nothing of Linux. */
export const wsl: TrustStore = {
  title: 'Windows around WSL',
  chosen: 'always',
  async detect(ports) {
    const { system, home } = ports.computer();
    if (system !== 'linux' || !ports.env['WSL_DISTRO_NAME']) return { skip: { code: 'elsewhere' } };
    const tool = findTool(ports, 'certutil.exe', SYSTEM32);
    if (tool === undefined) return { skip: { code: 'interop-off' } };
    const { text } = await ask(ports, ['wslpath', '-w', home]);
    return { places: [{ at: String.raw`CurrentUser\Root`, needs: 'dialog', tool, home, windowsHome: text.trim() }] };
  },
  async isTrusted(ports, { tool = 'certutil.exe' }, { sha1, id }) {
    const trusted = await isInRootStore(ports, [tool, '-user', '-verifystore', 'Root', sha1]);
    return { trusted, ...(trusted && { name: id }) };
  },
  install: (place, root) => [
    {
      do: 'run',
      argv: [place.tool ?? 'certutil.exe', '-user', '-addstore', '-f', 'Root', windowsPath(place, root)],
      needs: 'dialog',
    },
  ],
  remove: ({ tool = 'certutil.exe' }, { sha1 }) => [
    { do: 'run', argv: [tool, '-user', '-delstore', 'Root', sha1], needs: 'dialog' },
  ],
};
