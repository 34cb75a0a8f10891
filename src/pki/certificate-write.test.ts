import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { DAY } from '../kernel/duration.ts';
import { isSignedBy, publicKeyOf, readCertificate } from './certificate-read.ts';
import { issueLeaf, issueRoot, type Issuer, type LeafRequest } from './certificate-write.ts';
import { DEVELOPMENT, widen } from './constraints.ts';
import { generateKey, type KeyPair } from './keys.ts';
import { KEY_KINDS, signatureAlgorithmFor } from './key-kinds.ts';
import { parseName, type AltName } from './names.ts';

const notBefore = Date.UTC(2026, 10, 24, 3, 5, 38);
const notAfter = notBefore + 365 * DAY - 1000;

const name = (text: string): AltName => {
  const parsed = parseName(text);
  if (!('name' in parsed)) throw new Error(text);
  return parsed.name;
};

let key: KeyPair;
let rsa: KeyPair;
let issuer: Issuer;
let leaf: LeafRequest;

beforeAll(async () => {
  key = await generateKey('ecdsa-p256');
  rsa = await generateKey('rsa-2048');
  const certificate = await issueRoot({ ...root(), subject: { organization: 'Issuer' } });
  issuer = { certificate, key };
  leaf = {
    commonName: 'chat.test',
    subject: {},
    names: [name('chat.test')],
    usage: ['server'],
    spki: key.spki,
    keyKind: 'ecdsa-p256',
    notBefore,
    notAfter,
    issuer,
  };
});

function root(): Parameters<typeof issueRoot>[0] {
  return { key, commonName: 'Development Root', subject: {}, notBefore, notAfter, constraints: undefined };
}

describe('a root', () => {
  test('says what strict clients want, and its name tells its key', async () => {
    const facts = readCertificate(await issueRoot(root()));
    expect(facts).toMatchObject({
      version: 3,
      notBefore,
      notAfter,
      publicKey: key.publicKey,
      keyKind: 'ecdsa-p256',
      signatureAlgorithm: 'ecdsa-with-SHA256',
      names: [],
      basicConstraints: { ca: true, pathLength: 0, critical: true },
      keyUsage: { uses: ['keyCertSign', 'cRLSign'], critical: true },
      extendedKeyUsage: undefined,
      nameConstraints: undefined,
      unknownCritical: [],
      subject: [
        ['OU', `rcssl ${facts.subjectKeyId?.slice(0, 8)}`],
        ['CN', 'Development Root'],
      ],
    });
    expect(facts.issuerDer).toBe(facts.subjectDer);
    expect(facts.subjectKeyId).toHaveLength(40);
  });

  test('has the user’s unit where there is one, and every attribute in its order', async () => {
    const subject = {
      commonName: 'ignored',
      country: 'BR',
      state: 'Rio Grande do Sul',
      locality: 'Porto Alegre',
      organization: 'Rocket.Chat – Bücher',
      organizationalUnit: 'Development',
    };
    const facts = readCertificate(await issueRoot({ ...root(), subject }));
    expect(facts.subject.map(([attribute]) => attribute)).toEqual(['C', 'ST', 'L', 'O', 'OU', 'CN']);
    expect(facts.subject.map(([, value]) => value)).toEqual([
      'BR',
      'Rio Grande do Sul',
      'Porto Alegre',
      'Rocket.Chat – Bücher',
      'Development',
      'Development Root',
    ]);
    // RFC 5280 appendix A.1: the country is a PrintableString (0x13), the others UTF8String (0x0c).
    expect(facts.subjectDer).toContain('55040613024252');
    expect(facts.subjectDer).toContain('55040a0c');
  });

  test('a renewal keeps the encoding of the name', async () => {
    // CN as PrintableString, as other tools write it.
    const subjectDer = Buffer.from('300c310a30080603550403130178', 'hex');
    const facts = readCertificate(await issueRoot({ ...root(), subjectDer }));
    expect(facts.subjectDer).toBe(subjectDer.toString('hex'));
    expect(facts.issuerDer).toBe(subjectDer.toString('hex'));
  });

  test('carries its constraints, critical, and no empty ones', async () => {
    const constraints = widen(DEVELOPMENT, { dns: ['mydomain.com'], ip: ['8.8.8.8/32'] });
    const facts = readCertificate(await issueRoot({ ...root(), constraints }));
    expect(facts.nameConstraints).toEqual({ ...constraints, critical: true });
    const none = readCertificate(await issueRoot({ ...root(), constraints: { dns: [], ip: [] } }));
    expect(none.nameConstraints).toBeUndefined();
  });
});

describe('a leaf', () => {
  test('of an EC key', async () => {
    const der = await issueLeaf(leaf);
    const by = readCertificate(issuer.certificate);
    expect(readCertificate(der)).toMatchObject({
      version: 3,
      subject: [['CN', 'chat.test']],
      issuerDer: by.subjectDer,
      authorityKeyId: by.subjectKeyId,
      names: leaf.names,
      sanCritical: false,
      basicConstraints: { ca: false, pathLength: undefined, critical: true },
      keyUsage: { uses: ['digitalSignature'], critical: true },
      extendedKeyUsage: ['serverAuth'],
      nameConstraints: undefined,
      unknownCritical: [],
    });
    expect(isSignedBy(der, publicKeyOf(issuer.certificate))).toBe(true);
  });

  test('of an RSA key may encipher keys', async () => {
    const facts = readCertificate(
      await issueLeaf({ ...leaf, spki: rsa.spki, keyKind: 'rsa-2048', usage: ['server', 'client'] }),
    );
    expect(facts.keyUsage?.uses).toEqual(['digitalSignature', 'keyEncipherment']);
    expect(facts.extendedKeyUsage).toEqual(['serverAuth', 'clientAuth']);
    expect(facts.publicKey).toBe(rsa.publicKey);
  });

  test('without a subject has a critical SAN', async () => {
    const facts = readCertificate(await issueLeaf({ ...leaf, commonName: undefined }));
    expect(facts).toMatchObject({ subject: [], sanCritical: true });
    const named = readCertificate(await issueLeaf({ ...leaf, commonName: undefined, subject: { organization: 'x' } }));
    expect(named).toMatchObject({ subject: [['O', 'x']], sanCritical: false });
  });

  test('an issuer without a key identifier is named by that of its key', async () => {
    const bare = Buffer.from(issuer.certificate.toString('hex').replace('0603551d0e', '0603551d7e'), 'hex');
    expect(readCertificate(bare).subjectKeyId).toBeUndefined();
    const facts = readCertificate(await issueLeaf({ ...leaf, issuer: { certificate: bare, key } }));
    expect(facts.authorityKeyId).toBe(readCertificate(issuer.certificate).subjectKeyId);
  });

  test('times: UTCTime through 2049, GeneralizedTime from 2050, parts of a second dropped', async () => {
    const border = Date.UTC(2050, 0, 1);
    const der = await issueLeaf({ ...leaf, notBefore: border - 1000 + 999, notAfter: border });
    expect(der.includes('170d' + Buffer.from('491231235959Z').toString('hex'), 0, 'hex')).toBe(true);
    expect(der.includes('180f' + Buffer.from('20500101000000Z').toString('hex'), 0, 'hex')).toBe(true);
    expect(readCertificate(der)).toMatchObject({ notBefore: border - 1000, notAfter: border });
  });

  test.each([Date.UTC(10_000, 0), Date.UTC(1949, 0), Number.NaN, Number.MAX_VALUE])(
    'no certificate tells the time %d',
    async (instant) => {
      await expect(issueLeaf({ ...leaf, notAfter: instant })).rejects.toThrow('a time outside of 1950 to 9999');
    },
  );

  test('serials are positive, of at most 16 octets, and never the same', async () => {
    const serials = await Promise.all(
      Array.from({ length: 200 }, async () => readCertificate(await issueLeaf(leaf)).serial),
    );
    expect(new Set(serials).size).toBe(serials.length);
    expect(serials.every((serial) => /^([0-7][0-9a-f])?[0-9a-f]{0,30}$/.test(serial) && /[1-9a-f]/.test(serial))).toBe(
      true,
    );
    expect(serials.some((serial) => serial.length === 32)).toBe(true);
  });

  test('says what was asked for, whatever that is', async () => {
    const altName = fc
      .oneof(
        fc.domain(),
        fc.domain().map((domain) => `*.${domain}`),
        fc.ipV4(),
        fc.ipV6(),
        fc.constantFrom('https://a.test/x?y#z', 'urn:a-b:c', 'dev@chat.test', 'straße.test', 'my_host.test'),
      )
      .map((text) => parseName(text))
      .filter((parsed) => 'name' in parsed)
      .map(({ name: parsed }) => parsed);
    const word = fc.string({ unit: 'grapheme-composite', minLength: 1, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(altName, { minLength: 1, maxLength: 40 }),
        fc.option(word, { nil: undefined }),
        fc.record({ organization: word, locality: word }, { requiredKeys: [] }),
        fc.subarray(['server', 'client'] as const, { minLength: 1 }),
        fc.integer({ min: Date.UTC(1951, 0) / 1000, max: Date.UTC(9998, 0) / 1000 }),
        async (names, commonName, subject, usage, from) => {
          const times = { notBefore: from * 1000, notAfter: from * 1000 + DAY };
          const facts = readCertificate(await issueLeaf({ ...leaf, names, commonName, subject, usage, ...times }));
          expect(facts).toMatchObject({ names, ...times });
          expect(facts.extendedKeyUsage).toEqual(usage.map((use) => `${use}Auth`));
          const { locality, organization } = subject;
          const said = [
            ['L', locality],
            ['O', organization],
            ['CN', commonName],
          ].filter(([, value]) => value !== undefined);
          expect(facts.subject).toEqual(said);
        },
      ),
    );
  });
});

test('every kind of root signs with the algorithm that its kind is said to use', async () => {
  for (const kind of KEY_KINDS.filter((each) => each === 'rsa-2048' || !each.startsWith('rsa'))) {
    const own = kind === 'rsa-2048' ? rsa : await generateKey(kind);
    const certificate = await issueRoot({ ...root(), key: own });
    expect(readCertificate(certificate).signatureAlgorithm).toBe(signatureAlgorithmFor(kind));
    expect(isSignedBy(certificate, publicKeyOf(certificate))).toBe(true);
  }
});
