import type { Check } from './check.ts';
import { chain } from './checks/chain.ts';
import { clients } from './checks/clients.ts';
import { clock } from './checks/clock.ts';
import { covers } from './checks/covers.ts';
import { domain } from './checks/domain.ts';
import { expiry } from './checks/expiry.ts';
import { files } from './checks/files.ts';
import { hsts } from './checks/hsts.ts';
import { https } from './checks/https.ts';
import { keys } from './checks/keys.ts';
import { multicast } from './checks/multicast.ts';
import { name } from './checks/name.ts';
import { port } from './checks/port.ts';
import { proxy } from './checks/proxy.ts';
import { redirect } from './checks/redirect.ts';
import { served } from './checks/served.ts';
import { trust } from './checks/trust.ts';
import { upstream } from './checks/upstream.ts';
import { websocket } from './checks/websocket.ts';
import type { CheckId } from './ids.ts';

/** Everything that `rcssl doctor` looks at. */
export const CHECKS: Readonly<Record<CheckId, Check>> = {
  name,
  multicast,
  port,
  https,
  served,
  covers,
  expiry,
  chain,
  proxy,
  redirect,
  websocket,
  upstream,
  files,
  keys,
  trust,
  clients,
  clock,
  hsts,
  domain,
};
