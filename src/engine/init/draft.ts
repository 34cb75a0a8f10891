import type { Finding } from './detect.ts';

/** The first configuration as data: what every format of it says. */
export interface Draft {
  readonly ca: { readonly name: string } | undefined;
  readonly hosts: readonly [{ readonly name: string; readonly altNames: readonly string[]; readonly lan: boolean }];
  /** What people may want to know beside it, for the formats that have comments; a line each. */
  readonly advice: readonly string[];
}

/**
 * Fits the first configuration to what was found. `localhost` with its loopback addresses serves this computer, `lan`
 * the phones beside it; only Rocket.Chat gets a root of its own, since its apps on phones are what the root is trusted for.
 */
export function draftConfig(findings: readonly Finding[]): Draft {
  const rocketChat = findings.some((finding) => finding.kind === 'rocket.chat');
  return {
    ca: rocketChat ? { name: 'Rocket.Chat Development Root' } : undefined,
    hosts: [{ name: 'localhost', altNames: ['127.0.0.1', '::1'], lan: true }],
    advice: findings.flatMap(adviceFor),
  };
}

function adviceFor(finding: Finding): string[] {
  switch (finding.kind) {
    case 'rocket.chat':
      return [
        `Rocket.Chat listens on port ${finding.port} without TLS: put a reverse proxy with these files in front of it,`,
        'and set its ROOT_URL to one of the names, https://localhost for instance.',
      ];
    case 'vite':
      // https://vite.dev/config/server-options#server-https: the options of node:https, contents or paths
      return ["Vite: server: { https: { key: 'certs/localhost.key', cert: 'certs/localhost.fullchain.pem' } }"];
    case 'next':
      // https://nextjs.org/docs/app/api-reference/cli/next#using-https-during-development
      return [
        'Next: next dev --experimental-https --experimental-https-key certs/localhost.key \\',
        '  --experimental-https-cert certs/localhost.fullchain.pem',
      ];
    case 'compose':
      return [`Containers reach each other by service name: add ${finding.services.join(', ')} where one speaks TLS.`];
  }
}
