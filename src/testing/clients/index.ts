import { chromium } from './chromium.ts';
import type { Client } from './client.ts';
import { curl, gnutls, opensslStrict } from './command-line.ts';
import { node } from './node.ts';
import { java, python } from './scripted.ts';

/** Every client that a test can run here; the facts tell of the others. */
export const clients = { opensslStrict, gnutls, curl, python, java, node, chromium } satisfies Record<string, Client>;
