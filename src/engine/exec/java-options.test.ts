import { describe, expect, it } from 'vitest';
import { trustStoreIn, withTrustStore } from './java-options.ts';

const none = (): boolean => false;

describe('JAVA_TOOL_OPTIONS', () => {
  it.each([
    [undefined, undefined],
    ['-Xmx1g', undefined],
    ['-Djavax.net.ssl.trustStore=/a', '/a'],
    ['-Djavax.net.ssl.trustStore=/a -Xmx1g -Djavax.net.ssl.trustStore=/b', '/b'],
    ['"-Djavax.net.ssl.trustStore=/a b/c"', '/a b/c'],
    ["-Djavax.net.ssl.trustStore='/a b'/c", '/a b/c'],
  ])('%s names %s', (options, store) => {
    expect(trustStoreIn(options)).toBe(store);
  });

  it('keeps what the user has there', () => {
    expect(withTrustStore(undefined, '/s', none)).toBe('-Djavax.net.ssl.trustStore=/s');
    expect(withTrustStore(' ', '/s', none)).toBe('-Djavax.net.ssl.trustStore=/s');
    expect(withTrustStore('-Xmx1g "-Da=b c"', '/s', none)).toBe('-Xmx1g "-Da=b c" -Djavax.net.ssl.trustStore=/s');
  });

  it('is the same when it is made of itself', () => {
    const isOurs = (path: string): boolean => path.startsWith('/p/');
    const once = withTrustStore('-Xmx1g "-Da=b c"', '/p/s t', isOurs);
    expect(once).toBe('-Xmx1g "-Da=b c" "-Djavax.net.ssl.trustStore=/p/s t"');
    expect(withTrustStore(once, '/p/s t', isOurs)).toBe(once);
  });

  it('knows no way to write a path with quotes of both kinds', () => {
    expect(trustStoreIn(withTrustStore('', `/it's`, none))).toBe(`/it's`);
    expect(withTrustStore('', `/it's "so"`, none)).toBeUndefined();
  });
});
