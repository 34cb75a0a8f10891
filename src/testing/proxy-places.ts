import { LANGUAGES } from './reverse-proxy/languages.ts';

/** The table of docs/reverse-proxies/README.md: where each server wants its file, and what makes it read it. */
export function placesTable(): string {
  const rows = Object.entries(LANGUAGES).flatMap(([server, { places }]) =>
    places.map(({ system, file, enable }) => `| \`${server}\` | ${system} | \`${file}\` | \`${enable}\` |`),
  );
  return ['| server | on | file | then |', '|---|---|---|---|', ...rows, ''].join('\n');
}
