import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';

// Preloaded into the built command: the id of a journal, six random bytes, is zero, so that staged files have names that
// strace can be told beforehand.

const { randomBytes } = crypto;
crypto.randomBytes = (size, ...more) => (size === 6 ? Buffer.alloc(6) : randomBytes(size, ...more));
syncBuiltinESMExports();
