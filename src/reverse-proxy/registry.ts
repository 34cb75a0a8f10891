import { apache } from './apache.ts';
import { caddyJson } from './caddy-json.ts';
import { caddy } from './caddy.ts';
import { haproxy } from './haproxy.ts';
import { lighttpd } from './lighttpd.ts';
import { nginx } from './nginx.ts';
import { composeCaddy, composeNginx, composeTraefik } from './compose-fronts.ts';
import { envoy } from './envoy.ts';
import { iis } from './iis.ts';
import { kubernetesIngress } from './kubernetes-ingress.ts';
import { kubernetes } from './kubernetes.ts';
import { snap } from './snap.ts';
import { traefik } from './traefik.ts';
import type { Registry } from './site.ts';

/** Every server whose language rcssl writes. */
export const REVERSE_PROXIES: Registry = {
  nginx,
  apache,
  caddy,
  'caddy-json': caddyJson,
  haproxy,
  lighttpd,
  traefik,
  envoy,
  iis,
  snap,
  compose: composeNginx,
  'compose-caddy': composeCaddy,
  'compose-traefik': composeTraefik,
  kubernetes,
  'kubernetes-ingress': kubernetesIngress,
};
