type PkiErrorCode = 'malformed' | 'passphrase-needed' | 'passphrase-wrong' | 'unsupported';

/** Bytes that are not what they should be. The message reads like a diagnostic's text and never holds bytes of a key. */
export class PkiError extends Error {
  readonly code: PkiErrorCode;

  constructor(code: PkiErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'PkiError';
    this.code = code;
  }
}

export function malformed(message: string): PkiError {
  return new PkiError('malformed', message);
}
