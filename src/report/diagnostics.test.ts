import { describe, expect, it } from 'vitest';
import { diagnostic } from '../diagnostics/diagnostic.ts';
import { diagnosticsJson, diagnosticsSummary, formatDiagnostics, formatPlace } from './diagnostics.ts';

const unknown = diagnostic(
  'config-unknown-key',
  { key: 'alNames', near: 'altNames', known: [] },
  { file: '/project/rcssl.config.ts', line: 14, column: 7, path: 'hosts[1].alNames' },
);
const empty = diagnostic('config-binary', {}, { file: '/elsewhere/x.yaml' });

describe('formatDiagnostics', () => {
  it('has a line for the text and one for the hint, where there is one', () => {
    expect(formatDiagnostics([unknown, empty], { root: '/project' })).toBe(
      'error: rcssl.config.ts:14:7 hosts[1].alNames: unknown key\n' +
        'hint: did you mean altNames\n' +
        'error: /elsewhere/x.yaml: is not a text\n',
    );
  });

  it('paints the words that say what a line is, and nothing else', () => {
    const paint = (role: string, text: string): string => `<${role}>${text}</>`;
    expect(formatDiagnostics([unknown], { root: '/project', paint })).toBe(
      '<bad>error:</> rcssl.config.ts:14:7 hosts[1].alNames: unknown key\n<dim>hint:</> did you mean altNames\n',
    );
  });

  it('wraps at the width of a terminal, between words', () => {
    const paint = (role: string, text: string): string => `<${role}>${text}</>`;
    expect(formatDiagnostics([unknown], { root: '/project', width: 30, paint })).toBe(
      '<bad>error:</> rcssl.config.ts:14:7\nhosts[1].alNames: unknown key\n<dim>hint:</> did you mean altNames\n',
    );
  });

  it('needs no place', () => {
    expect(formatDiagnostics([diagnostic('config-binary', {})], { root: '/' })).toBe('error: is not a text\n');
  });
});

describe('formatPlace', () => {
  it.each([
    [{ file: '/project/a.ts', line: 3 }, 'a.ts:3'],
    [{ file: '/project/a.ts', path: 'hosts' }, 'a.ts hosts'],
    [{ path: 'hosts[0]' }, 'hosts[0]'],
    [{ file: '/project-2/a.ts' }, '/project-2/a.ts'],
    [{ file: '/project/..a.ts' }, '..a.ts'],
    [{ file: '/project' }, '/project'],
    [{}, ''],
  ])('%j', (place, text) => {
    expect(formatPlace(place, '/project')).toBe(text);
  });
});

describe('the other views', () => {
  it('count by severity', () => {
    const warning = diagnostic('client-warning', { id: 'apple-825', text: '', fix: '', unless: '' });
    expect(diagnosticsSummary([unknown, empty, warning])).toBe('2 errors, 1 warning');
    expect(diagnosticsSummary([warning])).toBe('1 warning');
  });

  it('are data with the same words', () => {
    expect(diagnosticsJson([unknown, diagnostic('config-binary', {})], '/project')).toEqual([
      {
        code: 'config-unknown-key',
        severity: 'error',
        place: { file: 'rcssl.config.ts', line: 14, column: 7, path: 'hosts[1].alNames' },
        text: 'unknown key',
        hint: 'did you mean altNames',
        args: { key: 'alNames', near: 'altNames', known: [] },
      },
      { code: 'config-binary', severity: 'error', place: {}, text: 'is not a text', args: {} },
    ]);
  });
});
