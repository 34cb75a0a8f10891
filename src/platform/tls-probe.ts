import { isIP } from 'node:net';
import { connect, type DetailedPeerCertificate, type TLSSocket } from 'node:tls';
import { ProbeFault, type Presented, type TlsProbe } from '../kernel/ports.ts';

/** Anything longer is a loop or a joke: RFC 5280 chains of development have two or three. */
const LONGEST_CHAIN = 10;

/** One TLS handshake by node:tls, whatever the certificate; nothing is sent over it. */
export const nodeTlsProbe: TlsProbe = {
  probe: ({ host, address, port, anchors, timeout, signal }) =>
    new Promise<Presented>((resolve, reject) => {
      let connected = false;
      const socket = connect({
        host: address ?? host,
        port,
        // RFC 6066 section 3: addresses are not permitted as server name.
        ...(isIP(host) === 0 && { servername: host }),
        ...(anchors && { ca: anchors.map(toPem) }),
        rejectUnauthorized: false,
        // Names are judged apart from the chain.
        checkServerIdentity: () => undefined,
        ALPNProtocols: ['http/1.1'],
      });
      const timer = setTimeout(() => socket.destroy(new Error('ETIMEDOUT')), timeout);
      const abort = (): void => void socket.destroy(new Error('ABORT_ERR'));
      signal?.addEventListener('abort', abort, { once: true });
      if (signal?.aborted) abort();
      const finish = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', abort);
        socket.destroy();
      };
      socket.once('connect', () => (connected = true));
      socket.once('error', (error) => {
        finish();
        reject(new ProbeFault(connected ? 'handshake' : 'connection', codeOf(error), { cause: error }));
      });
      socket.once('secureConnect', () => {
        const presented = describe(socket);
        finish();
        resolve(presented);
      });
    }),
};

function describe(socket: TLSSocket): Presented {
  return {
    address: socket.remoteAddress ?? '',
    protocol: socket.getProtocol() ?? 'unknown',
    cipher: socket.getCipher().standardName,
    chain: chainOf(socket.getPeerCertificate(true)),
    fault: socket.authorized ? undefined : String(socket.authorizationError),
  };
}

/** Leaf first. Node completes a chain with a root of its own store, which cannot be told from a root that was sent: it is left out. */
function chainOf(leaf: DetailedPeerCertificate): Buffer[] {
  const chain: Buffer[] = [];
  let certificate: DetailedPeerCertificate | undefined = leaf;
  while (certificate?.raw && chain.length < LONGEST_CHAIN) {
    const isSelfIssued: boolean = certificate.issuerCertificate === certificate;
    if (!isSelfIssued || chain.length === 0) chain.push(certificate.raw);
    certificate = isSelfIssued ? undefined : certificate.issuerCertificate;
  }
  return chain;
}

function toPem(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}

/** Happy Eyeballs gives an AggregateError, whose own code is that of one of its attempts. */
export function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message;
}
