// node floor.mjs ROOT-KEY KIND COUNT: what the cryptography of COUNT hosts takes, both cores busy, and nothing else.
import { createPrivateKey, generateKeyPair, randomBytes, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';

const [rootFile, kind, count] = process.argv.slice(2);
const root = createPrivateKey(readFileSync(rootFile));
const generate = promisify(generateKeyPair);
const signed = promisify(sign);

// As long as what is signed of a certificate is.
const tbs = randomBytes(1000);

async function host() {
  if (kind === 'ecdsa-p256') await generate('ec', { namedCurve: 'P-256' });
  else await generate('rsa', { modulusLength: 2048 });
  await signed('sha256', tbs, root);
}

await Promise.all(Array.from({ length: Number(count) }, host));
