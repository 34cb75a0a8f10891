import { createHash } from 'node:crypto';
import { escaped } from './escape.ts';
import type { Texts } from './texts.ts';

/**
 * An Apple configuration profile with exactly one payload, the root (`com.apple.security.root`; Apple Platform Deployment,
 * "Certificates device management payload settings"). Unsigned. Its ids come from the certificate: the same root makes the
 * same profile, which replaces itself.
 */
export function mobileconfig(
  root: { readonly name: string; readonly der: Buffer; readonly fingerprint: string },
  { profile }: Texts,
): Buffer {
  const { name, der, fingerprint } = root;
  const id = `rcssl.root.${fingerprint.slice(0, 24)}`;
  const data = der.toString('base64').replaceAll(/.{1,64}/g, '\n        $&');
  return Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
  <key>PayloadType</key>
  <string>Configuration</string>
  <key>PayloadVersion</key>
  <integer>1</integer>
  <key>PayloadIdentifier</key>
  <string>${id}</string>
  <key>PayloadUUID</key>
  <string>${uuid(`profile ${fingerprint}`)}</string>
  <key>PayloadDisplayName</key>
  <string>${escaped(name)}</string>
  <key>PayloadDescription</key>
  <string>${escaped(profile.description)}</string>
  <key>PayloadContent</key>
  <array>
    <dict>
      <key>PayloadType</key>
      <string>com.apple.security.root</string>
      <key>PayloadVersion</key>
      <integer>1</integer>
      <key>PayloadIdentifier</key>
      <string>${id}.certificate</string>
      <key>PayloadUUID</key>
      <string>${uuid(`certificate ${fingerprint}`)}</string>
      <key>PayloadDisplayName</key>
      <string>${escaped(name)}</string>
      <key>PayloadCertificateFileName</key>
      <string>root.crt</string>
      <key>PayloadContent</key>
      <data>${data}
      </data>
    </dict>
  </array>
</dict>
</plist>
`);
}

/** Of version 8 (RFC 9562 section 5.8): made from a hash. */
function uuid(text: string): string {
  const bytes = createHash('sha256').update(`rcssl ${text}`).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes
    .toString('hex')
    .toUpperCase()
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
