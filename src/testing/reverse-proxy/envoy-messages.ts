import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Enum, MapField, Root, util, type Field, type ReflectionObject, type Type } from 'protobufjs';

/* Envoy's messages as gRPC carries them along: https://www.envoyproxy.io/docs/envoy/latest/api-v3/api */

const require = createRequire(import.meta.url);
const grpc = dirname(dirname(dirname(require.resolve('@grpc/grpc-js-xds'))));
const FOLDERS = [
  ...['envoy-api', 'googleapis', 'protoc-gen-validate', 'xds'].map((name) => join(grpc, 'deps', name)),
  dirname(require.resolve('protobufjs')),
];

const FILES = [
  'config/bootstrap/v3/bootstrap',
  'service/discovery/v3/discovery',
  'extensions/filters/http/router/v3/router',
  'extensions/filters/listener/tls_inspector/v3/tls_inspector',
  'extensions/filters/network/http_connection_manager/v3/http_connection_manager',
  'extensions/transport_sockets/tls/v3/tls',
];

/** The rules of protoc-gen-validate that a message may break by leaving something out. */
interface Rules {
  readonly message?: { readonly required?: boolean };
  readonly string?: { readonly min_len?: number };
  readonly repeated?: { readonly min_items?: number };
}

export interface EnvoyMessages {
  /** What Envoy would refuse of this value (as JSON or YAML has it) for the message of that name, each with its place. */
  readonly faults: (name: string, value: unknown) => string[];
}

/** Reads the messages; what is not among `FILES` and what they import is unknown. */
export function envoyMessages(): EnvoyMessages {
  const root = new Root();
  root.resolvePath = (_, target) => FOLDERS.map((folder) => join(folder, target)).find(existsSync) ?? null;
  root.loadSync(
    FILES.map((name) => `envoy/${name}.proto`),
    { keepCase: true },
  );
  root.resolveAll();
  return { faults: (name, value) => faultsOf(root.lookupType(name), value, name) };
}

type Faults = (value: unknown, at: string) => string[];
type Members = Readonly<Record<string, unknown>>;

const isMembers = (value: unknown): value is Members => util.isObject(value) && !Array.isArray(value);
const check =
  (what: string, isRight: (value: unknown) => boolean): Faults =>
  (value, at) =>
    isRight(value) ? [] : [`${at}: ${JSON.stringify(value)} is no ${what}`];

const string = check('string', (value) => typeof value === 'string');
const boolean = check('boolean', (value) => typeof value === 'boolean');
const whole = check('whole number', Number.isSafeInteger);

/** JSON of the well-known types: https://protobuf.dev/programming-guides/json/ */
const WELL_KNOWN: Readonly<Record<string, Faults>> = {
  '.google.protobuf.Duration': check('duration', (value) => typeof value === 'string' && /^\d+(\.\d+)?s$/.test(value)),
  '.google.protobuf.BoolValue': boolean,
  '.google.protobuf.UInt32Value': whole,
};
const SCALARS: Readonly<Record<string, Faults>> = { string, bool: boolean, uint32: whole, int32: whole };

function faultsOf(type: Type, value: unknown, at: string): string[] {
  if (!isMembers(value)) return [`${at}: not a ${type.name}`];
  if (type.fullName === '.google.protobuf.Any') {
    const { '@type': url, ...rest } = value;
    return faultsOf(type.root.lookupType(String(url).replace('type.googleapis.com/', '')), rest, at);
  }
  const names = Object.keys(value);
  return [
    ...names.filter((name) => !(name in type.fields)).map((name) => `${at}.${name}: unknown to ${type.name}`),
    ...type.oneofsArray.flatMap((oneof) => {
      const set = oneof.oneof.filter((name) => names.includes(name));
      if (set.length > 1) return [`${at}: ${set.join(' and ')}`];
      return set.length === 0 && optionOf(oneof, '(validate.required)') ? [`${at}: no ${oneof.name}`] : [];
    }),
    ...type.fieldsArray.flatMap((field) => fieldFaults(field, value[field.name], `${at}.${field.name}`)),
  ];
}

function fieldFaults(field: Field, value: unknown, at: string): string[] {
  const rules = optionOf(field, '(validate.rules)') as Rules | undefined;
  const isLacking = !field.partOf && (rules?.message?.required || rules?.string?.min_len || rules?.repeated?.min_items);
  if (value === undefined || value === '') return isLacking ? [`${at}: missing`] : [];
  if (field instanceof MapField) return [`${at}: nothing reads maps here`];
  if (!field.repeated) return valueFaults(field, value, at);
  if (!Array.isArray(value)) return [`${at}: no list`];
  if (value.length < (rules?.repeated?.min_items ?? 0)) return [`${at}: too few`];
  return value.flatMap((one, n) => valueFaults(field, one, `${at}[${n}]`));
}

function valueFaults({ type, resolvedType }: Field, value: unknown, at: string): string[] {
  if (resolvedType === null) return (SCALARS[type] ?? check(`${type} that this test knows`, () => false))(value, at);
  if (resolvedType instanceof Enum)
    return check(resolvedType.name, (name) => String(name) in resolvedType.values)(value, at);
  return WELL_KNOWN[resolvedType.fullName]?.(value, at) ?? faultsOf(resolvedType, value, at);
}

function optionOf({ parsedOptions }: ReflectionObject, name: string): unknown {
  const options = (parsedOptions ?? []) as Members[];
  return options.map((option) => option[name]).find((option) => option !== undefined);
}
