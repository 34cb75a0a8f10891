import * as z from 'zod/mini';
import { KEY_KINDS } from '../pki/key-kinds.ts';
import { STORE_WORDS } from '../trust/store-ids.ts';
import { HOST_LINT_IDS, ROOT_LINT_IDS } from './client-ids.ts';
import { onChange } from './schema-hooks.ts';
import { folder, output, outputOrFalse } from './schema-output.ts';
import { argv, doc, duration, FILE_PATH, flag, listOf, object, oneOf, text } from './schema-parts.ts';
import { proxies } from './schema-proxies.ts';

// zod/mini: the same checks as zod's at half the start-up. `error` says what is expected, in the words of the
// diagnostic; descriptions are what an editor shows on hover, defaults are filled in by normalise.ts.

/** RFC 5280 appendix A.1: the upper bounds of the attributes. Control characters are legal and only deceive. */
function attribute(limit: number) {
  return text(`a text of 1 to ${limit} characters`, new RegExp(`^[^\\x00-\\x1f\\x7f]{1,${limit}}$`));
}

const short = attribute(64);
const long = attribute(128);
const attributes = object(
  {
    organization: doc(z.optional(short), 'O: the organization.'),
    organizationalUnit: doc(z.optional(short), 'OU: the part of the organization.'),
    locality: doc(z.optional(long), 'L: the town.'),
    state: doc(z.optional(long), 'ST: the state or province.'),
    country: doc(
      z.optional(text('two capital letters (ISO 3166), such as BR', /^[A-Z]{2}$/)),
      'C: the country, as two capital letters (ISO 3166).',
    ),
  },
  'an object with organization, organizationalUnit, locality, state or country',
);

function subject() {
  return z.optional(attributes);
}

const REFERENCE = '{ env: NAME }, { file: PATH }, { command: [PROGRAM, …] } or { prompt: true }';

function passphrase() {
  const only = <S extends z.core.$ZodLooseShape>(shape: S) => object(shape, REFERENCE);
  const variable = text('the name of an environment variable', /^[^\0=]+$/);
  return z.optional(
    z.union(
      [
        only({ env: doc(variable, 'The environment variable that holds it.') }),
        only({
          file: doc(text("a file's path", FILE_PATH), 'The file whose content it is, relative to this configuration.'),
        }),
        only({ command: doc(argv.check(), 'The program and its arguments that print it; no shell.') }),
        only({ prompt: doc(z.literal(true, { error: () => 'true' }), 'Ask on the terminal.') }),
      ],
      { error: () => REFERENCE },
    ),
  );
}

const name = () => z.string({ error: () => 'a name' });
const RENEW_BEFORE_DEFAULT = 'Default: the lesser of 30d and a third of the validity.';

const keyKind = oneOf(KEY_KINDS);

/** What `defaults` and a host have in common. */
const settings = {
  lan: doc(flag(), "Add this machine's private addresses and its .local name, found whenever a plan is made.", false),
  key: doc(z.optional(keyKind), 'The kind of key.', 'rsa-2048'),
  validity: doc(duration(), 'How long the certificate is valid: 90s, 10m, 12h, 365d, 2w or 2y.', '365d'),
  renewBefore: doc(duration(), `How long before its end the certificate is renewed. ${RENEW_BEFORE_DEFAULT}`),
  reuseKey: doc(flag(), 'Keep the key when the certificate is renewed or its names change.', true),
  layout: doc(
    z.optional(oneOf(['files', 'atomic'])),
    'How the files change: one after the other, or all at one instant, as a folder of their own that is a link.',
    'files',
  ),
  usage: doc(
    z.optional(
      listOf(oneOf(['server', 'client']), "a list of 'server' and 'client'").check(
        z.minLength(1, { error: () => "a list of 'server' and 'client'" }),
      ),
    ),
    'What the certificate is for: to serve, to log in as a client, or both.',
    ['server'],
  ),
  subject: doc(subject(), "More about who the host belongs to: the subject's attributes beside the common name."),
  accept: doc(
    z.optional(listOf(oneOf(HOST_LINT_IDS), 'a list of ids of warnings')),
    'Client warnings that the team has decided to live with, by their ids.',
  ),
};

const hostOutput = object(
  {
    key: doc(output(), 'The private key: a path relative to this file, or an object.'),
    csr: doc(outputOrFalse(), 'The certificate signing request; false leaves it out.'),
    cert: doc(output(), 'The certificate.'),
    fullchain: doc(
      outputOrFalse(),
      'The certificate and what stands between it and the root, as nginx and the like want it; false leaves it out.',
    ),
    combined: doc(
      output(),
      'The full chain and the private key in one file, as HAProxy wants it; made where a proxy needs it, or a path is given.',
    ),
    pfx: doc(
      output(),
      'The same as PKCS#12 with an empty passphrase, as Windows and IIS want it; made where a proxy needs it, or a path is given.',
    ),
  },
  'an object with key, csr, cert, fullchain, combined or pfx',
);

const host = object(
  {
    name: doc(
      name(),
      'The common name and the first of the names: a domain, a wildcard, an address, a .local name, a URI or an e-mail address.',
    ),
    altNames: doc(
      z.optional(listOf(name(), 'a list of names')),
      'More names of the same server. International names are written as typed.',
    ),
    ...settings,
    onChange: onChange('files of this host have changed'),
    output: doc(z.optional(hostOutput), 'Where the files go. Default: in outDir, called after the name.'),
  },
  'a name, or an object with a name',
);

const constraints = z.union(
  [
    z.enum(['auto', 'none']),
    object(
      {
        permit: doc(
          listOf(name(), 'a list of domains and addresses'),
          'Domains (with all under them), addresses or CIDR ranges that the root may sign for beside the declared names.',
        ),
      },
      '{ permit: [DOMAIN, …] }',
    ),
  ],
  { error: () => "'auto', 'none' or { permit: [DOMAIN, …] }" },
);

const ca = object(
  {
    name: doc(
      z.optional(attribute(64)),
      'The common name of the root, as trust stores show it. A root without output.key is shared by this name.',
      'Development Root',
    ),
    key: doc(
      z.optional(keyKind),
      "The kind of the root's key; another one makes a new root, which every device has to trust anew.",
      'rsa-4096',
    ),
    validity: doc(duration(), "How long the root's certificate is valid: 90s, 10m, 12h, 365d, 2w or 2y.", '1024d'),
    renewBefore: doc(duration(), `How long before its end the root is renewed with its key. ${RENEW_BEFORE_DEFAULT}`),
    subject: doc(subject(), "More about who the root belongs to: the subject's attributes beside the common name."),
    passphrase: doc(
      passphrase(),
      "Where the passphrase that encrypts the root's key comes from, never the passphrase itself. Without it the key is not encrypted.",
    ),
    constraints: doc(
      z.optional(constraints),
      'What the root may sign for. auto: the development namespaces and the names declared here; permit adds more in advance; none: anything.',
      'auto',
    ),
    accept: doc(
      z.optional(listOf(oneOf(ROOT_LINT_IDS), 'a list of ids of warnings')),
      'Client warnings about the root that the team has decided to live with.',
    ),
    output: doc(
      z.optional(
        object(
          {
            key: doc(output(), "The root's private key: a path relative to this file, or an object."),
            cert: doc(output(), "The root's certificate, to hand out. Default: beside output.key, ending in .crt."),
          },
          'an object with key or cert',
        ),
      ),
      "Where the root's files go. Without key the root lives in your data folder, shared by all projects.",
    ),
  },
  'an object with name, key, validity and so on',
);

const trust = object(
  {
    stores: doc(
      listOf(oneOf(STORE_WORDS), 'a list of trust stores').check(
        z.minLength(1, { error: () => 'a list of trust stores' }),
      ),
      "The stores, such as system, chromium, firefox and java; those of other systems are passed over. system is this computer's own.",
    ),
  },
  '{ stores: [STORE, …] }',
);

/** What a user may write: the shape alone; what fits together is the rules' part. */
export const configSchema = object(
  {
    $schema: doc(
      z.optional(z.string({ error: () => 'the address of a JSON Schema' })),
      'The JSON Schema that editors complete this file with.',
    ),
    ca: doc(z.optional(ca), 'The root that signs every host of this project.'),
    defaults: doc(
      z.optional(object(settings, 'an object with the keys of a host')),
      'What holds for every host that does not say otherwise.',
    ),
    hosts: doc(
      listOf(z.union([name(), host], { error: () => 'a name, or an object with a name' }), 'a list of hosts'),
      'The servers that get a certificate: a name, or an object where the defaults do not fit.',
    ),
    proxies: doc(proxies(), 'The reverse proxies that use the certificates: rcssl writes their configurations.'),
    onChange: onChange('anything has changed'),
    trust: doc(
      z.optional(trust),
      "The trust stores of this computer that are to have the root, as { stores: ['system', 'chromium', 'firefox', 'java'] }: part of the plan, and done by apply --trust alone.",
    ),
    outDir: doc(folder(), 'The folder for files whose path is not given, relative to this file.', 'certs'),
  },
  'an object with hosts',
);
