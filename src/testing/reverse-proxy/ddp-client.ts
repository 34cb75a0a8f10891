import { DDPSDK } from '@rocket.chat/ddp-client';

/*
 * What Rocket.Chat's own client gets from the DDP server behind `wss://…`, as JSON on the standard output. A process of its
 * own, since Node reads NODE_EXTRA_CA_CERTS when it starts.
 */

const [, , url = ''] = process.argv;
const sdk = await DDPSDK.createAndConnect(url, { retryCount: 0, retryTime: 100 });
const echoed: unknown = await sdk.client.callAsync('echo', 'grüße', { deep: [1, 2] });
const heard = new Promise<unknown>((resolve) => {
  sdk.client.onCollection('stream-room-messages', (data) => resolve('fields' in data ? data.fields : data));
});
const subscription = sdk.client.subscribe('stream-room-messages', 'GENERAL', false);
await subscription.ready();
const unknown = await sdk.client.callAsync('no-such-method').catch((error: unknown) => error);
const result = { echoed, heard: await heard, unknown, pongs: (await sdk.client.callAsync('pongs')) as unknown };
process.stdout.write(JSON.stringify(result));
sdk.connection.close();
sdk.timeoutControl.stop();
