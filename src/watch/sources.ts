import type { World } from '../kernel/ports.ts';
import { fileSource } from './files.ts';
import { networkSource } from './network.ts';
import { scheduleSource } from './schedule.ts';
import type { Source } from './source.ts';
import type { Time } from './time.ts';

/** What every watch follows; who sits at a terminal adds its keys. */
export function standardSources({
  fresh,
  time,
  poll,
}: {
  readonly fresh: () => World;
  readonly time: Time;
  readonly poll: boolean;
}): Source[] {
  return [
    fileSource({ files: fresh().files, time, poll }),
    scheduleSource(time),
    networkSource(time, () => fresh().machine()),
  ];
}
