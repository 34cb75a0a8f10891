import { expect, test } from 'vitest';
import { installedBy, withCertificate, withoutCertificate } from './policies.ts';

const BEFORE = '{"policies":{ "DisableTelemetry":true,\n"Certificates": {"ImportEnterpriseRoots": true}}}';

test('a certificate is merged into what is there, and what was there comes back byte by byte', () => {
  const one = withCertificate(BEFORE, '/a.pem');
  expect(JSON.parse(one)).toEqual({
    policies: { DisableTelemetry: true, Certificates: { ImportEnterpriseRoots: true, Install: ['/a.pem'] } },
  });
  const two = withCertificate(one, '/b.pem');
  expect(installedBy(two)).toEqual(['/a.pem', '/b.pem']);
  expect(withCertificate(two, '/b.pem')).toBe(two);
  const left = withoutCertificate(two, '/a.pem', BEFORE);
  expect(installedBy(left)).toEqual(['/b.pem']);
  expect(withoutCertificate(left ?? '', '/b.pem', BEFORE)).toBe(BEFORE);
});

test('nothing was there: nothing is left', () => {
  const text = withCertificate(undefined, '/a.pem');
  expect(withoutCertificate(text, '/a.pem', undefined)).toBeUndefined();
});

test('what others have changed meanwhile stays', () => {
  const text = withCertificate(BEFORE, '/a.pem').replace('true', 'false');
  const next = withoutCertificate(text, '/a.pem', BEFORE) ?? '';
  expect(JSON.parse(next)).toEqual({
    policies: { DisableTelemetry: false, Certificates: { ImportEnterpriseRoots: true } },
  });
});
