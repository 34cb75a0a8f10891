import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { english } from './english.ts';
import { GUIDES } from './guides.ts';
import { checkedPage, page, pagePolicy, type PageCheck, type PageFacts } from './page.ts';
import { fill } from './texts.ts';

const READY: PageCheck = {
  state: 'ready',
  url: 'https://192.168.1.20:8721/abc23/check',
  verdict: '/abc23/verdict',
  port: 8721,
};
const FACTS: PageFacts = {
  root: 'Dev Root',
  fingerprint: '0f'.repeat(32),
  files: { mobileconfig: '/abc23/dev-root.mobileconfig', crt: '/abc23/dev-root.crt', pem: '/abc23/dev-root.pem' },
  guide: 'ios',
  wantsSafari: false,
  check: READY,
};

it.each(GUIDES)(
  '%s: no external resource, no inline handler, no style that the policy refuses, under 60 KB',
  (guide) => {
    const html = page({ ...FACTS, guide }, english);
    expect(Buffer.byteLength(html)).toBeLessThan(60_000);
    const addresses = [...html.matchAll(/(?:href|src|action|url)\s*=?\s*["'(]([^"')]+)/g)].map(
      ([, address]) => address,
    );
    expect(addresses.filter((address) => !/^(?:\/abc23\/|\?for=|data:,$)/.test(address ?? ''))).toEqual([
      // The check itself: what the script asks, and the link for those without one.
      READY.state === 'ready' ? READY.url : '',
      READY.state === 'ready' ? READY.url : '',
    ]);
    expect(html).not.toMatch(/ (?:style|on\w+)=/);
    expect(html).not.toMatch(/\{\w+\}(?![^<]*<\/(?:script|style)>)/);
    expect(html).toContain(`data-guide="${guide}"`);
  },
);

it('its policy has the hashes of its own style and script, and one connection', () => {
  const html = page(FACTS, english);
  const policy = pagePolicy(READY);
  for (const tag of ['style', 'script']) {
    const inside = html.split(`<${tag}>`)[1]?.split(`</${tag}>`)[0] ?? '';
    expect(policy).toContain(`${tag}-src 'sha256-${createHash('sha256').update(inside).digest('base64')}'`);
  }
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("connect-src 'self' https://192.168.1.20:8721;");
  expect(pagePolicy({ state: 'unmade', host: 'a' })).toContain("connect-src 'self';");
});

it('a root by whatever name stays text', () => {
  const root = '<script>alert(1)</script>" *bold* {file} `x`';
  const names = ['"><img src=x>'];
  for (const html of [
    page({ ...FACTS, root, check: { state: 'undeclared', names, declare: '<b>' } }, english),
    page({ ...FACTS, root, check: { state: 'unmade', host: '<i>' } }, english),
    checkedPage(root, english),
  ]) {
    expect(html).not.toMatch(/<(?:script>alert|img|i>|b>"|b>bold|code>x)/);
    expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;&quot; *bold* {file} `x`');
  }
});

it('says what to declare where nothing is, and what to run where it is not made', () => {
  const undeclared = page(
    { ...FACTS, check: { state: 'undeclared', names: ['192.168.1.20'], declare: 'lan: true' } },
    english,
  );
  expect(undeclared).toContain('<pre><code>lan: true</code></pre>');
  expect(undeclared).toContain('192.168.1.20');
  expect(undeclared).not.toContain('<button');
  expect(page({ ...FACTS, check: { state: 'unmade', host: 'chat.local' } }, english)).toContain('rcssl apply');
});

it('shows every step with what it fills in, and the whole fingerprint', () => {
  const html = page({ ...FACTS, guide: 'macos' }, english);
  expect(html).toContain('~/Downloads/dev-root.crt');
  expect(html.match(/<span>0F<\/span>/g)).toHaveLength(32);
  expect(page({ ...FACTS, wantsSafari: true }, english)).toContain('Open the address of this page in Safari');
});

it('fills in what it knows and nothing else', () => {
  expect(fill('{a} {b} {constructor}', { a: '{b}' })).toBe('{b} {b} {constructor}');
});
