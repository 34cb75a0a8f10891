import { idle, doubt, type Check } from '../check.ts';
import { isReserved, PRELOADED } from '../top-level.ts';

export const domain: Check = {
  title: 'domain',
  about:
    'The name is under a top-level domain that browsers open by `https://` alone (HSTS preloaded), or that is public.',
  cure: '`.test`, `.localhost`, `.internal` and `.local` belong to nobody, and no browser has a rule of its own for them.',
  after: [],
  look({ server, project }) {
    const declared =
      project?.certificates.flatMap(({ names }) =>
        names.flatMap(({ type, value }) => (type === 'dns' ? [value] : [])),
      ) ?? [];
    const names = server ? [server.host] : [...new Set(declared)];
    const dns = names.filter((each) => each.includes('.') && !/^[\d.]+$|:/.test(each));
    const topOf = (each: string): string => each.slice(each.lastIndexOf('.') + 1);
    const preloaded = dns.filter((each) => PRELOADED.has(topOf(each)));
    const open = dns.filter((each) => !isReserved(each) && !preloaded.includes(each));
    return [
      ...(preloaded.length > 0 ? [doubt('doctor-preloaded', { names: preloaded })] : []),
      ...(open.length > 0 ? [idle('doctor-public', { names: open })] : []),
    ];
  },
};
