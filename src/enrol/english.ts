import type { Texts } from './texts.ts';

/** Names of menus: Chromium 156 and Firefox 153 as they are; those of other systems were not gone through on a device (docs/enrol.md). */
export const english: Texts = {
  language: 'en',
  title: 'Trust {root}',
  intro:
    'Follow these steps, and this device accepts the servers that your team runs for development. It takes about a minute, and you can undo it.',
  fingerprint: {
    title: 'Is it the right one?',
    text: 'This has to be the fingerprint that the terminal shows where `rcssl enrol` runs. If it differs, stop here.',
  },
  check: {
    title: 'Check',
    text: 'This opens a secure connection to the computer that serves this page.',
    button: 'Check this device',
    running: 'Checking.',
    passed: 'This device trusts {root}. You are done.',
    refused: 'This device does not trust {root} yet.',
    unreached:
      'The check could not be reached. Is this device on the same network as the computer, and does the firewall of the computer let port {port} through?',
    byHand: 'Without JavaScript, open this: if there is no warning, this device trusts {root}.',
    undeclared:
      'There is nothing to check with: no host of `rcssl.config.ts` declares {names}. Add this to a host there:',
    undeclaredThen: 'Then run `rcssl apply`, and `rcssl enrol` again.',
    unmade:
      'There is nothing to check with: the certificate of {host} is not as `rcssl.config.ts` wants it. Run `rcssl apply`, and `rcssl enrol` again.',
    opened: 'If you saw no warning before this page, this device trusts {root}.',
  },
  undo: 'How to undo it',
  others: 'Another device or browser',
  otherFiles: 'The certificate as a file',
  footer:
    'Served by rcssl on a computer of your network for as long as it runs there. This page holds a certificate, which is public. It asks for no password, and neither should anybody who sends you here.',
  profile: {
    description:
      'Lets this device accept the servers that your team runs for development. It holds one root certificate.',
  },
  onlySafari: 'Only Safari can install a profile. Open the address of this page in Safari.',
  guides: {
    ios: {
      name: 'iPhone and iPad',
      button: 'Download the profile',
      steps: [
        { text: 'Tap the button, then *Allow*.', drawing: 'download' },
        {
          text: 'Open *Settings* and tap *Profile Downloaded* near the top, then *Install*. Enter your passcode and tap *Install* again. Do it now: a few minutes later the profile is gone, and step 1 has to be done again.',
          drawing: 'row',
        },
        {
          text: 'In *Settings* go to *General*, *About*, and at the very bottom *Certificate Trust Settings*. Switch on *{root}*. Without this switch nothing is trusted.',
          drawing: 'switch',
        },
      ],
      refused:
        'Most likely the switch of step 3 is off: *Settings*, *General*, *About*, *Certificate Trust Settings*. If {root} is not in that list, the profile is not installed: begin with step 1.',
      undo: '*Settings*, *General*, *VPN & Device Management*, the profile, *Remove Profile*.',
    },
    android: {
      name: 'Android',
      button: 'Download the certificate',
      steps: [
        { text: 'Tap the button. If you are asked, keep the file *{file}*.', drawing: 'download' },
        {
          text: 'Open *Settings* and search for *CA certificate*. By hand it is *Security & privacy*, *More security settings*, *Encryption & credentials*, *Install a certificate*; makers name some of these differently.',
          drawing: 'search',
        },
        {
          text: 'Tap *CA certificate*, not one of the others, then *Install anyway*, and choose *{file}*. Android asks for your screen lock, and wants one to be set if there is none.',
          drawing: 'choose',
        },
      ],
      note: 'Chrome and most browsers trust it then. Firefox wants a switch of its own: *Settings*, *About Firefox*, tap the logo seven times, go back, *Secret Settings*, *Use third party CA certificates*. Other apps do not trust it unless they were built to; their developers run `rcssl enrol android-config`.',
      refused:
        'Step 3 is missing, or the file was installed as another kind than *CA certificate*. In Firefox it may be its switch, and in a browser within an app that apps ignore what their owners install.',
      undo: '*Settings*, search for *User credentials*, choose {root}, *Uninstall*.',
    },
    macos: {
      name: 'Mac',
      button: 'Download the certificate',
      steps: [
        {
          text: 'Click the button and open *{file}* in your downloads. *Keychain Access* opens: add it to the keychain *login*.',
          drawing: 'download',
        },
        {
          text: 'Find *{root}* in *Keychain Access*, double-click it, unfold *Trust*, and choose *Always Trust* at the top. Close the window and enter your password.',
          drawing: 'choose',
        },
      ],
      typed: {
        title: 'Or, once it is downloaded, in Terminal',
        lines: [
          {
            command:
              'security add-trusted-cert -r trustRoot -p ssl -p basic -k ~/Library/Keychains/login.keychain-db ~/Downloads/{file}',
          },
        ],
      },
      note: 'Chrome and Safari look there. Firefox does too, after a restart.',
      refused:
        'In *Keychain Access*, {root} has to say *This certificate is marked as trusted* (step 2). Then reload this page.',
      undo: 'In *Keychain Access*, delete {root} from the keychain *login*.',
    },
    windows: {
      name: 'Windows',
      button: 'Download the certificate',
      steps: [
        { text: 'Click the button and open *{file}*. If the browser hesitates, keep the file.', drawing: 'download' },
        {
          text: 'Choose *Install Certificate*, *Current User*, *Place all certificates in the following store*, *Browse*, *Trusted Root Certification Authorities*.',
          drawing: 'choose',
        },
        { text: '*Finish*, and *Yes* to the warning. Then restart the browser.', drawing: 'tick' },
      ],
      typed: {
        title: 'Or, once it is downloaded, in a terminal in that folder',
        lines: [{ command: 'certutil -user -addstore Root {file}' }],
      },
      refused:
        'The certificate has to lie in *Trusted Root Certification Authorities* (step 2); Windows chooses another store by itself. Restart the browser after that.',
      undo: 'Open *certmgr.msc*, *Trusted Root Certification Authorities*, *Certificates*, and delete {root}.',
    },
    linux: {
      name: 'Linux',
      button: 'Download the certificate',
      steps: [
        { text: 'Click the button; the file is *{file}*.', drawing: 'download' },
        {
          text: 'For Chrome and Chromium: open *chrome://certificate-manager*, *Local certificates*, *Installed by you*, *Trusted Certificates*, *Import*.',
          drawing: 'choose',
        },
      ],
      typed: {
        title: 'For programs that use the store of the system',
        lines: [
          {
            text: 'Debian and Ubuntu:',
            command:
              'sudo install -m 644 ~/Downloads/{file} /usr/local/share/ca-certificates/{id}.crt && sudo update-ca-certificates',
          },
          { text: 'Fedora and Arch:', command: 'sudo trust anchor --store ~/Downloads/{file}' },
        ],
      },
      note: 'Firefox has a store of its own: open this page in it.',
      refused:
        'Browsers on Linux do not look into the store of the system: this one needs step 2, and perhaps a restart.',
      undo: 'Delete it where you have put it; on Debian and Ubuntu run `sudo update-ca-certificates --fresh` after that.',
    },
    chromeos: {
      name: 'Chromebook',
      button: 'Download the certificate',
      steps: [
        { text: 'Click the button; the file is *{file}*.', drawing: 'download' },
        {
          text: 'Open *Settings*, *Privacy and security*, *Security*, *Manage certificates*, *Authorities*, *Import*, and choose *{file}*.',
          drawing: 'search',
        },
        { text: 'Tick *Trust this certificate for identifying websites* and choose *OK*.', drawing: 'tick' },
      ],
      note: 'Android apps and Linux on a Chromebook have stores of their own.',
      refused:
        'The box of step 3 is missing, or the certificate was imported under another heading than *Authorities*.',
      undo: 'In the same place, under *Authorities*, delete {root}.',
    },
    firefox: {
      name: 'Firefox',
      button: 'Download the certificate',
      steps: [
        { text: 'Click the button; the file is *{file}*.', drawing: 'download' },
        {
          text: 'Open the *Settings* of Firefox, search them for *certificates*, and open *View Certificates*. There it is *Authorities*, *Import*, and *{file}*.',
          drawing: 'search',
        },
        { text: 'Tick *Trust this CA to identify websites* and choose *OK*.', drawing: 'tick' },
      ],
      note: 'This is for Firefox alone. For the other browsers of this computer, open this page in one of them.',
      refused: 'The box of step 3 is missing, most likely: under *Authorities* choose {root} and *Edit Trust*.',
      undo: 'In the same place, under *Authorities*, choose {root} and *Delete or Distrust*.',
    },
  },
};
