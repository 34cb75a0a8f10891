import { mkdirSync, writeFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Client, Visit } from './client.ts';
import { run } from './run.ts';

/**
 * Chromium with a home of its own, whose NSS database trusts the root. One page fetches every name in one run: a browser takes two
 * seconds to start. Every host is mapped to the loopback address and keeps its port and its name, addresses too.
 */
export const chromium: Client = {
  title: 'Chromium',
  programs: ['chromium', 'certutil'],
  async visit(visits, { root, scratch }) {
    const home = join(scratch, 'home');
    const database = `sql:${join(home, '.pki', 'nssdb')}`;
    mkdirSync(join(home, '.pki', 'nssdb'), { recursive: true });
    await certutil('-N', '-d', database, '--empty-password');
    await certutil('-A', '-d', database, '-n', 'root', '-t', 'C,,', '-i', root);
    const page = join(scratch, 'visit.html');
    writeFileSync(page, pageFor(visits));
    const env = {
      ...process.env,
      HOME: home,
      XDG_CONFIG_HOME: join(home, 'config'),
      XDG_CACHE_HOME: join(home, 'cache'),
    };
    const { stdout, stderr } = await run('chromium', [...FLAGS, pathToFileURL(page).href], env);
    const verdicts = /<pre>(.*)<\/pre>/s.exec(stdout)?.[1]?.split('\n');
    if (verdicts?.length !== visits.length) throw new Error(`Chromium showed no verdicts: ${stdout}${stderr}`);
    // The reason is in its log alone, and without the name: a page is told no more than that the fetch failed.
    const reasons = stderr.match(/net_error -\d+/g)?.join(', ') ?? '';
    return visits.map((visit, i) => ({ visit, accepted: verdicts[i] === 'ok', said: `${verdicts[i]} (${reasons})` }));
  },
};

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-proxy-server',
  '--enable-logging=stderr',
  '--host-resolver-rules=MAP * 127.0.0.1',
  '--virtual-time-budget=20000',
  '--dump-dom',
];

function pageFor(visits: readonly Visit[]): string {
  const urls = visits.map(({ name, port }) => `https://${isIP(name) === 6 ? `[${name}]` : name}:${port}/`);
  return `<!doctype html><pre></pre><script>
Promise.all(${JSON.stringify(urls)}.map((url) => fetch(url, { mode: 'no-cors' }).then(() => 'ok', (error) => String(error))))
  .then((verdicts) => { document.querySelector('pre').textContent = verdicts.join('\\n'); });
</script>`;
}

async function certutil(...args: readonly string[]): Promise<void> {
  const { code, stderr } = await run('certutil', args);
  if (code !== 0) throw new Error(`certutil ${args.join(' ')}: ${stderr}`);
}
