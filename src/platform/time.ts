/** The clocks and timers of this process, as a watch sees them. */
export const nodeTime = {
  wall: (): number => Date.now(),
  steady: (): number => performance.now(),
  after(wait: number, call: () => void): () => void {
    const timer = setTimeout(call, wait);
    return () => clearTimeout(timer);
  },
};
