// The public suffixes of two labels that people do use, from the ICANN section of https://publicsuffix.org/list/; the
// whole list is 200 kB and changes weekly, too much for a warning. Chromium leaves the private section (github.io) alone.
const SECOND_LEVEL: Readonly<Record<string, string>> = {
  ar: 'com gob net org',
  arpa: 'home',
  au: 'com edu gov id net org',
  br: 'app art blog com dev eco edu gov ind net org tec',
  cn: 'ac com edu gov net org',
  co: 'com edu gov net org',
  hk: 'com edu gov net org',
  id: 'ac co go my or web',
  il: 'ac co gov net org',
  in: 'ac co edu firm gen gov ind net org',
  jp: 'ac ad co ed go gr lg ne or',
  ke: 'ac co go me ne or',
  kr: 'ac co go ne or pe re',
  mx: 'com edu gob net org',
  my: 'com edu gov net org',
  ng: 'com edu gov net org',
  nz: 'ac co geek gen govt net org school',
  pe: 'com edu gob net nom org',
  ph: 'com edu gov net org',
  pl: 'com edu gov net org',
  pt: 'com edu gov org',
  sg: 'com edu gov net org',
  th: 'ac co go in net or',
  tr: 'com edu gen gov net org web',
  tw: 'com edu gov idv net org',
  ua: 'com edu gov in net org',
  uk: 'ac co gov ltd me net nhs org plc police sch',
  uy: 'com edu gub net org',
  ve: 'co com edu gob net org web',
  vn: 'com edu gov net org',
  za: 'ac co edu gov law net nom org school web',
};

const SUFFIXES = new Set(
  Object.entries(SECOND_LEVEL).flatMap(([top, labels]) => labels.split(' ').map((label) => `${label}.${top}`)),
);

/** A domain under which anybody can register one: `co.uk`, `com.br`. A short list of two-label ones only. */
export function isPublicSuffix(domain: string): boolean {
  return SUFFIXES.has(domain);
}
