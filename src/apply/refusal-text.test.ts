import { expect, it } from 'vitest';
import { refusalText } from './refusal-text.ts';

it('is the end of what a check printed', () => {
  const long = Array.from({ length: 40 }, (_, n) => `{"level":"info","ts":${n},"msg":"using config from file"}`);
  expect(refusalText([...long, 'Error: adapting config: unknown directive'].join('\n'), '/p/c')).toBe(
    'Error: adapting config: unknown directive',
  );
  const noise = Array.from({ length: 60 }, (_, n) => `line ${n} of no use to anybody`);
  const said = refusalText([...noise, 'the reason'].join('\n'), '/p/c');
  expect(said).toMatch(/^….*the reason$/);
  expect(said.length).toBe(501);
});

it('leaves out what HAProxy and Caddy remark by the way, unless there is nothing else', () => {
  const haproxy = [
    '[NOTICE]   (12) : haproxy version is 3.0',
    '[WARNING]  (12) : config : missing timeouts',
    "[ALERT]    (12) : config : parsing [/p/c/configuration:3] : unknown keyword 'x'",
  ];
  expect(refusalText(haproxy.join('\n'), '/p/c')).toBe(
    "[ALERT] (12) : config : parsing [configuration:3] : unknown keyword 'x'",
  );
  expect(refusalText('2026/11/25 19:00:00.000\tINFO\tusing config\nError: no', '/p/c')).toBe('Error: no');
  expect(refusalText(haproxy[0] ?? '', '/p/c')).toBe('[NOTICE] (12) : haproxy version is 3.0');
});

it('drives no terminal', () => {
  expect(refusalText('a\u001b[31mred\u009b\r\n b', '/p')).toBe('a [31mred b');
});
