type EmitWarning = typeof process.emitWarning;

/**
 * Keeps what Node says about the way it loads a configuration from the user, who can do nothing about it: that type
 * stripping is experimental (Node 22), that a package.json has no type. Gives back the way to undo it.
 */
export function silenceLoaderWarnings(): () => void {
  const original = process.emitWarning;
  const emit = original as (...args: unknown[]) => void;
  const quiet = (warning: string | Error, ...rest: unknown[]): void => {
    if (!isOfLoader(rest)) emit.call(process, warning, ...rest);
  };
  process.emitWarning = quiet as EmitWarning;
  return () => {
    if (process.emitWarning === quiet) process.emitWarning = original;
  };
}

function isOfLoader([typeOrOptions, code]: readonly unknown[]): boolean {
  const options = typeof typeOrOptions === 'object' && typeOrOptions !== null ? typeOrOptions : {};
  const type = 'type' in options ? options.type : typeOrOptions;
  const named = 'code' in options ? options.code : code;
  return type === 'ExperimentalWarning' || named === 'MODULE_TYPELESS_PACKAGE_JSON';
}
