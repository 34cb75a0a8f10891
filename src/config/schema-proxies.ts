import * as z from 'zod/mini';
import { SERVERS } from '../reverse-proxy/registry.ts';
import { output } from './schema-output.ts';
import { doc, duration, FILE_PATH, flag, listOf, object, oneOf, text } from './schema-parts.ts';

const UPSTREAM = "an address such as 'http://127.0.0.1:3000', or a list of them";
const LISTEN = "a port, an address such as '127.0.0.1:8443', or a list of them";

/** Built when a configuration has proxies: most have none. */
export function proxies() {
  return z.optional(z.lazy(() => listOf(proxy(), 'a list of proxies')));
}

function proxy() {
  return object(
    {
      server: doc(oneOf(SERVERS), 'The program that the configuration is for.'),
      name: doc(
        z.optional(text('a name of letters, digits and hyphens', /^[a-z\d][a-z\d-]{0,31}$/)),
        'What rcssl calls it, where one server is declared twice. Default: the server.',
      ),
      output: doc(output(), "The configuration. Default: in proxy/, called as the server's documentation calls it."),
      hosts: doc(
        z.optional(
          listOf(z.string({ error: () => 'the name of a host' }), 'a list of names of hosts').check(
            z.minLength(1, { error: () => 'a list of names of hosts' }),
          ),
        ),
        'The declared hosts that it serves. Default: all that are servers.',
      ),
      upstream: doc(
        upstream(),
        'Where the app listens; of several, each client stays with one.',
        'http://127.0.0.1:3000',
      ),
      routes: doc(
        z.optional(listOf(route(), 'a list of routes')),
        'Other upstreams for a host, a path and what is below it, or both.',
      ),
      listen: doc(addresses(LISTEN), 'Ports for HTTPS; without an address on all, IPv4 and IPv6.', 443),
      redirectFrom: doc(
        z.optional(z.union([...addressForms(), z.literal(false)], { error: () => `${LISTEN}, or false` })),
        'Ports for plain HTTP, which are redirected to HTTPS with path and query; false listens on none.',
        80,
      ),
      maxBody: doc(
        z.optional(text("a size such as '200mb'", /^[1-9]\d{0,5}(?:kb|mb|gb)$/i)),
        'The largest request body, as an upload has one: kb, mb or gb.',
        '200mb',
      ),
      clientAuth: doc(
        z.optional(
          z.union([z.literal(true), clientAuth()], { error: () => 'true, or an object with ca, hosts or optional' }),
        ),
        'Mutual TLS: only clients with a certificate get in; true takes those of the root of this configuration.',
      ),
      hsts: doc(
        duration(),
        'How long browsers refuse plain HTTP for the hosts. It outlives a development certificate; default: never said.',
      ),
      standalone: doc(
        flag(),
        'A whole configuration, for a server of its own that needs no root, in place of a part to include.',
        false,
      ),
      modules: doc(
        z.optional(text("a folder's path", /^[^\0]+$/)),
        "Where a standalone Apache has its modules. Default: Debian's /usr/lib/apache2/modules.",
      ),
      validate: doc(
        flag(),
        "Let the server's own check judge a new configuration before it replaces the old one.",
        true,
      ),
      reload: doc(
        z.optional(
          z.union(
            [
              z.boolean(),
              listOf(text('an argument', /^[^\0]+$/), 'a list of arguments, the program first').check(
                z.minLength(1, { error: () => 'a list of arguments, the program first' }),
              ),
            ],
            { error: () => 'true, false, or a list of arguments, the program first' },
          ),
        ),
        'What makes the server take up new files after an apply: true for its usual command, or a command as a list of arguments; no shell.',
        false,
      ),
    },
    'an object with a server',
  );
}

function upstream() {
  const one = z.string({ error: () => UPSTREAM });
  return z.optional(
    z.union([one, listOf(one, UPSTREAM).check(z.minLength(1, { error: () => UPSTREAM }))], { error: () => UPSTREAM }),
  );
}

function route() {
  return object(
    {
      host: doc(
        z.optional(z.string({ error: () => 'the name of a host' })),
        'The declared host. Default: every one that is served.',
      ),
      path: doc(
        z.optional(text("a path of letters, digits, / and -._~, such as '/api'", /^\/[\w.~/-]*$/)),
        'The path, with all below it.',
        '/',
      ),
      upstream: doc(
        z.union([z.string(), z.array(z.string()).check(z.minLength(1))], { error: () => UPSTREAM }),
        'Where that app listens; of several, each client stays with one.',
      ),
    },
    'an object with upstream, and host or path',
  );
}

function clientAuth() {
  return object(
    {
      ca: doc(
        z.optional(text("a file's path", FILE_PATH)),
        "The certificate that signed the clients'. Default: the root of this configuration.",
      ),
      hosts: doc(
        z.optional(listOf(z.string({ error: () => 'the name of a host' }), 'a list of names of hosts')),
        'The hosts that ask for it. Default: all that are served.',
      ),
      optional: doc(flag(), 'Let clients without a certificate in as well; one that is shown must be good.', false),
    },
    'an object with ca, hosts or optional',
  );
}

function addressForms() {
  const port = z
    .int({ error: () => LISTEN })
    .check(z.minimum(1, { error: () => LISTEN }), z.maximum(65_535, { error: () => LISTEN }));
  const place = z.string({ error: () => LISTEN });
  return [
    port,
    place,
    listOf(z.union([port, place], { error: () => LISTEN }), LISTEN).check(z.minLength(1, { error: () => LISTEN })),
  ] as const;
}

function addresses(expected: string) {
  return z.optional(z.union(addressForms(), { error: () => expected }));
}
