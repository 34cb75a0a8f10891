/** The two clocks of a machine, and its timers. */
export interface Time {
  /** Milliseconds since 1970: people set it, and it goes on while the machine sleeps. */
  wall(): number;
  /** Milliseconds since some moment: nobody sets it. */
  steady(): number;
  /** Calls once, after so many milliseconds awake; gives the way to take it back. */
  after(wait: number, call: () => void): () => void;
}

/** One call that is to come; another one takes its place. */
export interface Alarm {
  set(wait: number, call: () => void): void;
  clear(): void;
  isSet(): boolean;
}

export function alarm(time: Time): Alarm {
  let cancel: (() => void) | undefined;
  const clear = (): void => {
    cancel?.();
    cancel = undefined;
  };
  return {
    set(wait, call) {
      clear();
      cancel = time.after(Math.max(0, wait), () => {
        cancel = undefined;
        call();
      });
    },
    clear,
    isSet: () => cancel !== undefined,
  };
}
