import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { checkServerIdentity, connect } from 'node:tls';
import type { Client, Verdict, Visit } from './client.ts';

export const node: Client = {
  title: 'Node',
  programs: [],
  visit: (visits, { root }) => Promise.all(visits.map((visit) => handshake(visit, readFileSync(root, 'utf8')))),
};

function handshake(visit: Visit, ca: string): Promise<Verdict> {
  return new Promise((resolve) => {
    const socket = connect({
      host: '127.0.0.1',
      port: visit.port,
      ca,
      ...(isIP(visit.name) === 0 && { servername: visit.name }),
      // Without a server name Node would check for the address that it dialled.
      checkServerIdentity: (_, certificate) => checkServerIdentity(visit.name, certificate),
    });
    const end = (accepted: boolean, said: string): void => {
      socket.destroy();
      resolve({ visit, accepted, said });
    };
    socket.once('secureConnect', () => end(socket.authorized, String(socket.authorizationError)));
    socket.once('error', (error) => end(false, error.message));
  });
}
