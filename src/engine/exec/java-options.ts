const TRUST_STORE = '-Djavax.net.ssl.trustStore=';

/**
 * The words of JAVA_TOOL_OPTIONS as the JVM reads them (HotSpot's `Arguments::parse_options_buffer`): broken at white
 * space, quotes of both kinds hold together and are taken away, and nothing is escaped.
 */
function words(options: string): string[] {
  const found = options.matchAll(/(?:[^\s"']|"[^"]*"|'[^']*'|["'])+/g);
  return Array.from(found, ([word]) => word.replaceAll(/"([^"]*)"|'([^']*)'/g, (_, one = '', two = '') => one || two));
}

/** The trust store that the options name, as the JVM takes it: the last one; undefined where they name none. */
export function trustStoreIn(options: string | undefined): string | undefined {
  return words(options ?? '')
    .findLast((word) => word.startsWith(TRUST_STORE))
    ?.slice(TRUST_STORE.length);
}

/**
 * The options with this trust store as their last word, all that the user has there before it; what an earlier call has
 * added (`isOurs`) is not said twice. Undefined where no quotes can hold the path.
 */
export function withTrustStore(
  options: string | undefined,
  store: string,
  isOurs: (path: string) => boolean,
): string | undefined {
  const word = quotedWord(`${TRUST_STORE}${store}`);
  if (word === undefined) return undefined;
  const own = words(options ?? '').filter(
    (each) => !each.startsWith(TRUST_STORE) || !isOurs(each.slice(TRUST_STORE.length)),
  );
  const isUnchanged = own.length === words(options ?? '').length;
  const before = isUnchanged ? (options ?? '').trim() : own.map((each) => quotedWord(each) ?? each).join(' ');
  return before === '' ? word : `${before} ${word}`;
}

function quotedWord(word: string): string | undefined {
  if (!/[\s"']/.test(word)) return word;
  const quote = ['"', "'"].find((each) => !word.includes(each));
  return quote === undefined ? undefined : `${quote}${word}${quote}`;
}
