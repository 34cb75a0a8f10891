/** A variable by which programs are told what to trust, without a change to the system. */
export interface TrustVariable {
  /** Who reads it; for docs/exec.md. */
  readonly readBy: string;
  /**
   * `adds`: its file is trusted beside what the program trusts anyway. `replaces`: instead of it, so that the file needs
   * the system's roots too.
   */
  readonly kind: 'adds' | 'replaces';
  /** At least the first of its readers was tried, November 2026 on Debian 12; the others are from their documentation. */
  readonly isTried?: true;
  /** Variables that its readers take where it is not set: their file is what it would replace. */
  readonly else?: readonly string[];
}

export type TrustVariableName =
  | 'NODE_EXTRA_CA_CERTS'
  | 'DENO_CERT'
  | 'SSL_CERT_FILE'
  | 'REQUESTS_CA_BUNDLE'
  | 'CURL_CA_BUNDLE'
  | 'GIT_SSL_CAINFO'
  | 'AWS_CA_BUNDLE'
  | 'PIP_CERT'
  | 'CARGO_HTTP_CAINFO'
  | 'NIX_SSL_CERT_FILE'
  | 'GRPC_DEFAULT_SSL_ROOTS_FILE_PATH'
  | 'CLOUDSDK_CORE_CUSTOM_CA_CERTS_FILE'
  | 'HTTPLIB2_CA_CERTS'
  | 'BUNDLE_SSL_CA_CERT';

/**
 * Left alone: SSL_CERT_DIR (its folder stays trusted beside the file), NODE_OPTIONS (an old Node refuses to start
 * with a flag that it does not know), WGETRC (it would hide the user's own), NODE_TLS_REJECT_UNAUTHORIZED (never).
 */
export const TRUST_VARIABLES: Readonly<Record<TrustVariableName, TrustVariable>> = {
  NODE_EXTRA_CA_CERTS: { readBy: 'Node, Bun, Deno 2.8 and newer', kind: 'adds', isTried: true },
  DENO_CERT: { readBy: 'Deno', kind: 'adds', isTried: true },
  SSL_CERT_FILE: {
    readBy: 'OpenSSL, Python, httpx, curl, Go on Linux, .NET on Linux, rustls, Ruby, PHP',
    kind: 'replaces',
    isTried: true,
  },
  REQUESTS_CA_BUNDLE: { readBy: "Python's requests", kind: 'replaces', isTried: true, else: ['CURL_CA_BUNDLE'] },
  CURL_CA_BUNDLE: { readBy: 'curl', kind: 'replaces', isTried: true, else: ['SSL_CERT_FILE'] },
  GIT_SSL_CAINFO: { readBy: 'git', kind: 'replaces', isTried: true },
  AWS_CA_BUNDLE: { readBy: 'the AWS CLI and boto3', kind: 'replaces', else: ['REQUESTS_CA_BUNDLE'] },
  PIP_CERT: { readBy: 'pip', kind: 'replaces', else: ['REQUESTS_CA_BUNDLE', 'CURL_CA_BUNDLE'] },
  CARGO_HTTP_CAINFO: { readBy: 'cargo', kind: 'replaces', else: ['SSL_CERT_FILE'] },
  NIX_SSL_CERT_FILE: { readBy: 'Nix', kind: 'replaces', else: ['SSL_CERT_FILE'] },
  GRPC_DEFAULT_SSL_ROOTS_FILE_PATH: { readBy: 'gRPC', kind: 'replaces' },
  CLOUDSDK_CORE_CUSTOM_CA_CERTS_FILE: { readBy: 'gcloud', kind: 'replaces' },
  HTTPLIB2_CA_CERTS: { readBy: "Python's httplib2", kind: 'replaces' },
  BUNDLE_SSL_CA_CERT: { readBy: "Ruby's Bundler", kind: 'replaces' },
};

/** Its file is an option in a text of options, so that it is made and read in another way. */
export const JAVA_VARIABLE = 'JAVA_TOOL_OPTIONS';
