import { describe, expect, it } from 'vitest';
import { examine } from '../../testing/doctor.ts';
import { requireProgram } from '../../testing/programs.ts';
import { RUN_SERVERS } from '../../testing/reverse-proxy/servers.ts';
import { HOST } from '../../testing/reverse-proxy/check.ts';
import { runSite } from '../../testing/reverse-proxy/site.ts';

/** `rcssl proxy check` in front of real servers that run what apply wrote for them. */

describe.each(RUN_SERVERS)('%s', (server, program) => {
  requireProgram(program);

  it('passes every check, and after a renewal without a reload is told to reload', async () => {
    const { project, at } = await runSite(server, { reload: false });
    const url = `https://${HOST}:${at.port}/websocket`;
    const look = () => examine(project, url, { address: at.address, isProxyCheck: true });
    const before = await look();
    if (server !== 'apache' && server !== 'lighttpd') {
      // It is TLS that refuses the name, whatever the port has for plain HTTP.
      const unknown = await examine(project, `https://other.test:${at.port}`, {
        address: at.address,
        isProxyCheck: true,
      });
      expect(unknown['https']).toMatchObject({ verdict: 'bad', codes: ['doctor-no-tls'] });
    }
    expect(Object.entries(before).filter(([, { verdict }]) => verdict !== 'good')).toEqual([]);
    await project.apply({ force: [HOST] });
    const after = await look();
    expect(after['served']).toMatchObject({ verdict: 'bad', codes: ['doctor-served-other'] });
    expect(after['served']?.fix).toContain('reload');
  });
});
