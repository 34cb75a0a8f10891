/** Small pictures of what a step looks like, in the colours of the page; the text beside each says it all. */

const GREY = 'class="g"';
const MARK = 'class="m"';

const frame = '<rect class="f" x="1" y="1" width="94" height="62" rx="8"/>';
const line = (x: number, y: number, width: number, how = GREY): string =>
  `<rect ${how} x="${x}" y="${y}" width="${width}" height="4" rx="2"/>`;
const tick = (x: number, y: number): string => `<path class="t" d="M${x} ${y}l3 3 6-7"/>`;

const DRAWINGS = {
  /** An arrow into a tray. */
  download: `${frame}<path class="a" d="M48 14v22m-9-9 9 9 9-9M30 46h36"/>`,
  /** One row of a list of settings. */
  row: `${frame}${line(12, 11, 40)}<rect ${MARK} x="8" y="21" width="80" height="16" rx="5"/><rect class="o" x="14" y="27" width="44" height="4" rx="2"/><path class="p" d="M78 25l4 4-4 4"/>${line(12, 45, 54)}${line(12, 53, 34)}`,
  /** A switch that is on. */
  switch: `${frame}${line(12, 13, 52)}${line(12, 30, 36)}<rect ${MARK} x="62" y="22" width="26" height="18" rx="9"/><circle class="k" cx="79" cy="31" r="7"/>${line(12, 50, 60)}`,
  /** A field to search in, and what it finds. */
  search: `${frame}<rect class="f" x="10" y="9" width="76" height="15" rx="7.5"/><circle class="a" cx="20" cy="16" r="3.5"/><path class="a" d="M22.6 18.6l3 3"/>${line(31, 14, 34)}<rect ${MARK} x="10" y="31" width="76" height="14" rx="4"/><rect class="o" x="16" y="36" width="40" height="4" rx="2"/>${line(16, 52, 48)}`,
  /** One of several choices. */
  choose: `${frame}<circle class="c" cx="17" cy="16" r="4.5"/>${line(29, 14, 46)}<circle class="m" cx="17" cy="32" r="5"/><circle class="k" cx="17" cy="32" r="2"/>${line(29, 30, 54, MARK)}<circle class="c" cx="17" cy="48" r="4.5"/>${line(29, 46, 38)}`,
  /** A box that is ticked, and OK. */
  tick: `${frame}<rect ${MARK} x="11" y="12" width="14" height="14" rx="3"/>${tick(14, 18)}${line(32, 17, 50)}${line(32, 27, 34)}<rect ${MARK} x="60" y="42" width="27" height="13" rx="4"/><rect class="o" x="67" y="46.5" width="13" height="4" rx="2"/>`,
} as const satisfies Record<string, string>;

export type Drawing = keyof typeof DRAWINGS;

export function drawing(name: Drawing): string {
  return `<svg viewBox="0 0 96 64" width="96" height="64" aria-hidden="true" focusable="false">${DRAWINGS[name]}</svg>`;
}
