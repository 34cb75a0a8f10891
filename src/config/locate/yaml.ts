import { EVENT_ID, getScalarValue, parseEvents } from 'js-yaml';
import type { Spot } from './spot.ts';

interface Open {
  readonly children: Map<PropertyKey, Spot>;
  readonly spot: Spot;
  readonly isMap: boolean;
  /** Of a mapping, the key whose value comes next. */
  key: { text: string; offset: number } | undefined;
}

/** Where everything stands in a YAML text (and so in JSON). */
export function yamlSpots(text: string): Spot | undefined {
  const stack: Open[] = [];
  let top: Spot | undefined;
  /** Hangs a value into what is open, under its key or index. */
  const add = (value: number, children: Map<PropertyKey, Spot>, computed: boolean): Spot => {
    const open = stack.at(-1);
    const spot = { key: open?.key?.offset, value, children, computed };
    if (!open) top ??= spot;
    else if (open.isMap && open.key) open.children.set(open.key.text, spot);
    else if (!open.isMap) open.children.set(open.children.size, spot);
    if (open) open.key = undefined;
    return spot;
  };
  for (const event of parseEvents(text, {})) {
    const open = stack.at(-1);
    if (event.type === EVENT_ID.SCALAR) {
      if (open?.isMap && !open.key)
        open.key = { text: getScalarValue(text, event), offset: quoteStart(text, event.valueStart) };
      else add(quoteStart(text, event.valueStart), new Map(), false);
    } else if (event.type === EVENT_ID.ALIAS) {
      add(event.anchorStart, new Map(), true);
    } else if (event.type === EVENT_ID.MAPPING || event.type === EVENT_ID.SEQUENCE) {
      const children = new Map<PropertyKey, Spot>();
      const spot = add(event.start, children, false);
      stack.push({ children, spot, isMap: event.type === EVENT_ID.MAPPING, key: undefined });
    } else if (event.type === EVENT_ID.POP) {
      stack.pop();
    }
  }
  return top;
}

/** The value of a quoted scalar begins after its quote. */
function quoteStart(text: string, offset: number): number {
  return offset > 0 && /["']/.test(text[offset - 1] ?? '') ? offset - 1 : offset;
}
