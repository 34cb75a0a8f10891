import {
  Unwritable,
  urlOf,
  hostNames,
  namePattern,
  portSuffix,
  type ReverseProxy,
  type Route,
  type Site,
  type SiteHost,
} from './site.ts';
import { block, textOf, type Lines } from './text.ts';

/*
 * Facts: https://learn.microsoft.com/iis/ for URL Rewrite 2.1 and Application Request Routing 3; not run by the tests,
 * which have no Windows. URL Rewrite cannot answer 308: 307 keeps the method too, and is not remembered.
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
    'the commands in the file import and bind the pair, after a renewal too',
    ...(site.hosts.some(({ routes }) => routes.some(({ upstreams }) => upstreams.length > 1))
      ? ['of several upstreams the first is used: a server farm of ARR is not declared in web.config']
      : []),
    ...(site.hosts.some(({ clientAuth }) => clientAuth)
      ? ['mutual TLS is a setting of the site in applicationHost.config; the commands in the file set it']
      : []),
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
              `<requestLimits maxAllowedContentLength=${attribute(String(Math.min(site.maxBody, 4_294_967_295)))} />`,
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
            block('<rules>', [site.hosts.map((host, h) => rules(site, host, h)), refusal()], '</rules>'),
            '</rewrite>',
          ),
        ],
        '</system.webServer>',
      ),
      '</configuration>',
    ),
  );
}

/** As an administrator; the WebSocket Protocol feature, URL Rewrite and ARR are installed. */
function commands({ hosts, listen }: Site): Lines {
  const port = listen[0]?.port ?? 443;
  return [
    'Once, and after each renewal, in PowerShell as an administrator:',
    'Import-Module WebAdministration',
    "Set-WebConfigurationProperty 'MACHINE/WEBROOT/APPHOST' system.webServer/proxy enabled true",
    "Set-WebConfigurationProperty 'MACHINE/WEBROOT/APPHOST' system.webServer/proxy preserveHostHeader true",
    SERVER_VARIABLES.map(
      (name) =>
        `Add-WebConfigurationProperty 'MACHINE/WEBROOT/APPHOST' system.webServer/rewrite/allowedServerVariables . @{name='${name}'}`,
    ),
    hosts.flatMap(({ domains, pfx, clientAuth }, h) => [
      `$pfx = [Security.Cryptography.X509Certificates.X509Certificate2]::new(${literal(pfx)}, '', 'MachineKeySet,PersistKeySet')`,
      "$store = [Security.Cryptography.X509Certificates.X509Store]::new('My', 'LocalMachine'); $store.Open('ReadWrite'); $store.Add($pfx); $store.Close()",
      domains
        .filter((name) => !name.startsWith('*'))
        .map((name) => [
          `if (!(Get-WebBinding -Name rcssl -Protocol https -HostHeader ${name})) { New-WebBinding -Name rcssl -Protocol https -Port ${port} -HostHeader ${name} -SslFlags 1 }`,
          `(Get-WebBinding -Name rcssl -Protocol https -HostHeader ${name}).AddSslCertificate($pfx.Thumbprint, 'My')`,
        ]),
      clientAuth &&
        `# host ${h}: Set-WebConfigurationProperty -Location rcssl system.webServer/security/access sslFlags 'Ssl,SslNegotiateCert,SslRequireCert'`,
    ]),
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
      `<action type="Rewrite" url=${attribute(`${urlOf(first)}{UNENCODED_URL}`)} />`,
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
