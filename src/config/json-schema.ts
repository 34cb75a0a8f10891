import * as z from 'zod/mini';
import { configSchema } from './schema.ts';

/** `schema/rcssl.schema.json`: what a user may write, for editors. Input side: keys with defaults are not required. */
export function configJsonSchema(): object {
  const { $schema, ...schema } = z.toJSONSchema(configSchema, { io: 'input' });
  return {
    $schema,
    title: 'rcssl configuration',
    description: 'The development certificates of a project: which root, hosts, validity and output paths it wants.',
    ...schema,
  };
}
