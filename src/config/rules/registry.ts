import { clientsRefuseHost, clientsRefuseRoot } from './clients.ts';
import { hostsAreDistinct, namesAreNames, permitsAreSubtrees, wildcardsHaveTwoLabels } from './names.ts';
import { atomicFoldersAreOwn } from './layout.ts';
import {
  keysAreClosed,
  pathsAreDistinct,
  pathsAreFree,
  pathsAreSpelledOut,
  pathsDoNotNest,
  pathsStayInProject,
} from './paths.ts';
import { hooksAreOneThing } from './hooks.ts';
import {
  fragmentsHaveListenersOfTheirOwn,
  listenersAreAddresses,
  routesAreDistinct,
  proxiesAreDistinct,
  proxyHostsAreDeclared,
  proxyNamesAreOfOneHost,
  upstreamsAreAddresses,
} from './proxies.ts';
import type { Rule } from './rule.ts';
import { leavesEndBeforeRoot, renewalsComeLater } from './times.ts';

/** What has to fit together in a configuration, beyond its shape. */
export const RULES: readonly Rule[] = [
  namesAreNames,
  wildcardsHaveTwoLabels,
  hostsAreDistinct,
  permitsAreSubtrees,
  pathsAreDistinct,
  pathsDoNotNest,
  pathsAreFree,
  pathsStayInProject,
  pathsAreSpelledOut,
  keysAreClosed,
  atomicFoldersAreOwn,
  proxiesAreDistinct,
  proxyHostsAreDeclared,
  upstreamsAreAddresses,
  listenersAreAddresses,
  routesAreDistinct,
  proxyNamesAreOfOneHost,
  fragmentsHaveListenersOfTheirOwn,
  leavesEndBeforeRoot,
  renewalsComeLater,
  hooksAreOneThing,
  clientsRefuseHost,
  clientsRefuseRoot,
];
