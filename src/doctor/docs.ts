import { CHECK_IDS, PROXY_CHECK_IDS } from './ids.ts';
import { CHECKS } from './registry.ts';

/** The table of docs/doctor.md, a row a check: from the registry, so that it cannot say another thing. */
export function checksTable(): string {
  const rows = CHECK_IDS.map((id) => {
    const { title, about, cure, after } = CHECKS[id];
    const waits = after.map((other) => CHECKS[other].title).join(', ');
    return [title, `\`${id}\``, about, cure, waits, PROXY_CHECK_IDS.includes(id) ? 'yes' : ''];
  });
  const head = ['check', 'in JSON', 'is well where', 'the fix', 'stands on', '`proxy check`'];
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
