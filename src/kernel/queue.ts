/** Values from whoever has them to one who awaits them, in order. */
export interface Queue<T> {
  push(value: T): void;
  /** After what is in it comes nothing more. */
  end(): void;
  values(): AsyncGenerator<T, void>;
}

export function queue<T>(): Queue<T> {
  const waiting: T[] = [];
  let ended = false;
  let wake = (): void => undefined;
  return {
    push(value) {
      waiting.push(value);
      wake();
    },
    end() {
      ended = true;
      wake();
    },
    async *values() {
      for (;;) {
        for (let value = waiting.shift(); value !== undefined; value = waiting.shift()) yield value;
        if (ended) return;
        await new Promise<void>((resolve) => (wake = resolve));
      }
    },
  };
}
