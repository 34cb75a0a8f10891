import { isWild } from './precedence.ts';
import {
  Unwritable,
  urlOf,
  bracketed,
  IDLE_SECONDS,
  hostNames,
  nameless,
  namePattern,
  portSuffix,
  secondAddress,
  type Listener,
  type ReverseProxy,
  type Route,
  type Site,
  type SiteHost,
} from './site.ts';
import { block, textOf, type Lines } from './text.ts';

/*
 * Facts: https://learn.microsoft.com/iis/ for URL Rewrite 2.1 and Application Request Routing 3; not run by the tests,
 * which have no Windows. URL Rewrite cannot answer 308: 307 keeps the method too, and is not remembered. UNENCODED_URL has
 * the query with it, and would be encoded once more but for useOriginalURLEncoding="false".
 */

export const iis: ReverseProxy = {
  title: 'IIS',
  write,
  check: undefined,
  reload: () => undefined,
  places: [
    {
      system: 'Windows',
      file: 'C:\\inetpub\\rcssl\\web.config, the folder of a site called rcssl',
      enable: 'the commands at the top of the file',
    },
  ],
  limits: (site) => [
    'a redirect answers 307, which browsers do not remember, since URL Rewrite has no 308',
    'a body that is too long gets 404.13',
    ...(site.maxBody > MOST ? ['a body may have 4 GB at most'] : []),
    'the commands in the file set Application Request Routing for the whole server: no buffer of answers, and twelve hours in place of two minutes',
    'the commands in the file import and bind the pair, after a renewal too',
    ...(site.hosts.some(({ routes }) => routes.some(({ upstreams }) => upstreams.length > 1))
      ? ['of several upstreams the first is used: a server farm of ARR is not declared in web.config']
      : []),
    ...(site.hosts.some(({ clientAuth }) => clientAuth)
      ? [
          "mutual TLS is a setting of the whole site: all of its hosts ask, plain HTTP gets 403 in place of the redirect, and Windows takes the clients of every root in the machine's store",
        ]
      : []),
    ...(site.hosts.some(({ domains }) => domains.some(isWild)) ? ['a binding of a wildcard needs IIS 10'] : []),
    ...(nameless(site)
      ? ['clients that connect by address send no server name, and unknown names see the certificate of the address']
      : []),
    ...secondAddress(site),
  ],
};

const SERVER_VARIABLES = [
  'HTTP_X_FORWARDED_FOR',
  'HTTP_X_FORWARDED_PROTO',
  'HTTP_X_FORWARDED_HOST',
  'HTTP_X_FORWARDED_PORT',
  'HTTP_X_REAL_IP',
  'HTTP_FORWARDED',
];

/** Of ARR, for the whole server: answers are not held back, sockets may idle, and the rules alone say who the client is. */
const PROXY_SETTINGS = [
  ['enabled', '$true'],
  ['preserveHostHeader', '$true'],
  ['reverseRewriteHostInResponseHeaders', '$false'],
  ['responseBufferThreshold', '0'],
  ['timeout', `'${IDLE_SECONDS / 3600}:00:00'`],
  ['xForwardedForHeaderName', "''"],
] as const;

/** Bytes: `maxAllowedContentLength` is a 32-bit number. */
const MOST = 4_294_967_295;

/** Nothing ends a comment of XML but two hyphens, and nothing a literal of PowerShell but its quotation mark. */
function literal(path: string): string {
  if (/[\u0000-\u001f\u007f-\u009f]/.test(path))
    throw new Unwritable(path, 'a path with control characters does not fit into a command on one line');
  if (/-(?:-|$)/.test(path))
    throw new Unwritable(path, 'a comment of XML cannot name a path with two hyphens in a row, or one at its end');
  return `'${path.replaceAll(/['\u2018\u2019\u201a\u201b]/g, '$&$&')}'`;
}

function attribute(text: string): string {
  return `"${text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')}"`;
}

function write(site: Site, origin: string): string {
  return textOf(
    '<?xml version="1.0" encoding="UTF-8"?>',
    block('<!--', [origin, commands(site)], '-->'),
    block(
      '<configuration>',
      block(
        '<system.webServer>',
        [
          block(
            '<security>',
            block(
              '<requestFiltering>',
              `<requestLimits maxAllowedContentLength=${attribute(String(Math.min(site.maxBody, MOST)))} />`,
              '</requestFiltering>',
            ),
            '</security>',
          ),
          site.hsts !== undefined &&
            block(
              '<httpProtocol>',
              block(
                '<customHeaders>',
                `<add name="Strict-Transport-Security" value="max-age=${site.hsts}" />`,
                '</customHeaders>',
              ),
              '</httpProtocol>',
            ),
          block(
            '<rewrite>',
            block(
              '<rules useOriginalURLEncoding="false">',
              [site.hosts.map((host, h) => rules(site, host, h)), refusal()],
              '</rules>',
            ),
            '</rewrite>',
          ),
        ],
        '</system.webServer>',
      ),
      '</configuration>',
    ),
  );
}

/**
 * As an administrator; the WebSocket Protocol feature, URL Rewrite and ARR are installed. Every line may be run again.
 * WebAdministration gives objects without methods to PowerShell 7.
 */
function commands(site: Site): Lines {
  const { hosts, listen, redirectFrom } = site;
  const open = nameless(site);
  const asking = hosts.flatMap(({ clientAuth }) => clientAuth ?? []);
  const bind = (protocol: 'http' | 'https', listeners: readonly Listener[], name: string): string[] =>
    listeners.map(({ address, port }) => {
      const at = address === undefined ? '*' : bracketed(address);
      return `Bind ${protocol} '${at}' ${port} '${name}' ${protocol === 'https' && name !== '' ? 1 : 0}`;
    });
  // Who names no host in the handshake is bound to none.
  const boundTo = (host: SiteHost): string[] => [...host.domains, ...(host === open ? [''] : [])];
  return [
    'Once, and after each renewal, in Windows PowerShell 5.1 (powershell.exe, not pwsh) as an administrator:',
    'Import-Module WebAdministration',
    "$server = @{ PSPath = 'MACHINE/WEBROOT/APPHOST' }",
    PROXY_SETTINGS.map(
      ([name, value]) =>
        `Set-WebConfigurationProperty @server -Filter system.webServer/proxy -Name ${name} -Value ${value}`,
    ),
    "$variables = 'system.webServer/rewrite/allowedServerVariables'",
    `foreach ($name in ${SERVER_VARIABLES.map((name) => `'${name}'`).join(', ')}) {`,
    `  if (!(Get-WebConfiguration @server -Filter "$variables/add[@name='$name']")) { Add-WebConfigurationProperty @server -Filter $variables -Name . -Value @{ name = $name } }`,
    '}',
    'function Bind($protocol, $ip, $port, $name, $flags) {',
    "  $of = @{ Name = 'rcssl'; Protocol = $protocol }",
    '  $same = { $_.bindingInformation -eq "${ip}:${port}:$name" }',
    '  if (!(Get-WebBinding @of | Where-Object $same)) { New-WebBinding @of -IPAddress $ip -Port $port -HostHeader $name -SslFlags $flags }',
    "  if ($protocol -eq 'https') { (Get-WebBinding @of | Where-Object $same).AddSslCertificate($pfx.Thumbprint, 'My') }",
    '}',
    hosts.map((host) => [
      `$pfx = [Security.Cryptography.X509Certificates.X509Certificate2]::new(${literal(host.pfx)}, '', 'MachineKeySet,PersistKeySet')`,
      "$store = [Security.Cryptography.X509Certificates.X509Store]::new('My', 'LocalMachine'); $store.Open('ReadWrite'); $store.Add($pfx); $store.Close()",
      boundTo(host).flatMap((name) => [...bind('https', listen, name), ...bind('http', redirectFrom, name)]),
    ]),
    asking.length > 0 &&
      `Set-WebConfigurationProperty @server -Location rcssl -Filter system.webServer/security/access -Name sslFlags -Value 'Ssl,SslNegotiateCert${asking.every(({ optional }) => optional) ? '' : ',SslRequireCert'}'`,
  ];
}

function rules(site: Site, host: SiteHost, h: number): Lines {
  const known = `^(?:${hostNames(host).map(namePattern).join('|')})(?::[0-9]+)?$`;
  const condition = (input: string, pattern: string): string =>
    `<add input=${attribute(input)} pattern=${attribute(pattern)} />`;
  const redirect = block(
    `<rule name="rcssl ${h} to https" stopProcessing="true">`,
    [
      '<match url=".*" />',
      block('<conditions>', [condition('{HTTPS}', '^OFF$'), condition('{HTTP_HOST}', known)], '</conditions>'),
      `<action type="Redirect" redirectType="Temporary" appendQueryString="false" url=${attribute(`https://{SERVER_NAME}${portSuffix(site)}{UNENCODED_URL}`)} />`,
    ],
    '</rule>',
  );
  return [
    site.redirectFrom.length > 0 ? redirect : [],
    host.routes.map((route, r) => forward(site, route, `${h} ${r}`, condition('{HTTP_HOST}', known))),
  ];
}

function forward(site: Site, { path, upstreams }: Route, name: string, condition: string): Lines {
  const [first] = upstreams;
  if (!first) return [];
  const url = path === '/' ? '.*' : `^${path.slice(1).replaceAll('.', '[.]')}(?:/|$)`;
  const values: Record<string, string> = {
    HTTP_X_FORWARDED_FOR: '{REMOTE_ADDR}',
    HTTP_X_FORWARDED_PROTO: 'https',
    HTTP_X_FORWARDED_HOST: '{HTTP_HOST}',
    HTTP_X_FORWARDED_PORT: String(site.listen[0]?.port ?? 443),
    HTTP_X_REAL_IP: '{REMOTE_ADDR}',
    HTTP_FORWARDED: '',
  };
  return block(
    `<rule name="rcssl ${name}" stopProcessing="true">`,
    [
      `<match url=${attribute(url)} />`,
      block('<conditions>', [condition, '<add input="{HTTPS}" pattern="^ON$" />'], '</conditions>'),
      block(
        '<serverVariables>',
        SERVER_VARIABLES.map((key) => `<set name="${key}" value=${attribute(values[key] ?? '')} />`),
        '</serverVariables>',
      ),
      `<action type="Rewrite" appendQueryString="false" url=${attribute(`${urlOf(first)}{UNENCODED_URL}`)} />`,
    ],
    '</rule>',
  );
}

function refusal(): Lines {
  return block(
    '<rule name="rcssl refuses others" stopProcessing="true">',
    ['<match url=".*" />', '<action type="CustomResponse" statusCode="421" statusReason="Misdirected Request" />'],
    '</rule>',
  );
}
