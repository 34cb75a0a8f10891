import { readFileSync } from 'node:fs';
import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { checkServerIdentity, connect } from 'node:tls';
import type { Client, Verdict, Visit } from './client.ts';

export const node: Client = {
  title: 'Node',
  programs: [],
  visit: (visits, { root }) => Promise.all(visits.map((visit) => handshake(visit, readFileSync(root, 'utf8')))),
};

/** Node 22.23 asks `domainToASCII`, which makes nothing of an IPv6 address, and refuses every certificate for one. */
const KNOWS_IPV6 =
  checkServerIdentity('::1', { subject: {}, subjectaltname: 'IP Address:0:0:0:0:0:0:0:1' } as never) === undefined;

function refusal(certificate: X509Certificate, address: string): Error | undefined {
  return certificate.checkIP(address) === undefined ? new Error(`not for ${address}`) : undefined;
}

function handshake(visit: Visit, ca: string): Promise<Verdict> {
  return new Promise((resolve) => {
    const socket = connect({
      host: '127.0.0.1',
      port: visit.port,
      ca,
      ...(isIP(visit.name) === 0 && { servername: visit.name }),
      // Without a server name Node would check for the address that it dialled.
      checkServerIdentity: (_, certificate) =>
        isIP(visit.name) === 6 && !KNOWS_IPV6
          ? refusal(new X509Certificate(certificate.raw), visit.name)
          : checkServerIdentity(visit.name, certificate),
    });
    const end = (accepted: boolean, said: string): void => {
      socket.destroy();
      resolve({ visit, accepted, said });
    };
    socket.once('secureConnect', () => end(socket.authorized, String(socket.authorizationError)));
    socket.once('error', (error) => end(false, error.message));
  });
}
