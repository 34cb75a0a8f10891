import { defineConfig } from 'rcssl';

// The whole of Rocket.Chat's guide "Supporting SSL for development": npx rcssl apply --config rcssl.config.example.ts
export default defineConfig({
  ca: {
    name: 'Rocket.Chat Development Root',
    key: 'rsa-4096',
    validity: '1024d',
    output: { key: 'certs/Rocket.Chat-root.key', cert: 'certs/Rocket.Chat-root.crt' },
    // Encrypts the root's key; { file }, { command: ['op', 'read', '…'] } and { prompt: true } work too.
    // passphrase: { env: 'RCSSL_CA_PASSPHRASE' },
  },
  // Runs once files have changed: { signal, pidFile } and { url } work too, here, at a host or at one output.
  // onChange: { command: ['docker', 'compose', 'restart', 'proxy'] },
  defaults: { key: 'rsa-2048', validity: '365d' },
  hosts: [
    {
      name: 'mydomain.com',
      // Phones reach this machine by its address in the LAN, or by its .local name.
      altNames: ['*.mydomain.com', '192.168.1.20', 'rocketchat.local', 'localhost', '127.0.0.1', '::1'],
      // lan: true adds the addresses of whatever machine this runs on, so that one file serves the whole team.
      output: {
        key: 'certs/mydomain.com.key',
        csr: 'certs/mydomain.com.csr',
        cert: 'certs/mydomain.com.crt',
        fullchain: 'certs/mydomain.com.fullchain.pem',
      },
    },
  ],
  // The server in front of Rocket.Chat on port 3000; docs/reverse-proxies/ says where it goes.
  // proxies: [{ server: 'nginx' }],
});
