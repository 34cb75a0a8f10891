/**
 * As much of Meteor's DDP as a client needs that connects, calls and subscribes
 * (https://github.com/meteor/meteor/blob/devel/packages/ddp/DDP.md). One of these per connection: message in, messages out.
 */
export function ddpSession(): (text: string) => string[] {
  let pongs = 0;
  const methods: Readonly<Record<string, (params: readonly unknown[]) => unknown>> = {
    echo: (params) => params,
    pongs: () => pongs,
  };
  return (text) => answers(JSON.parse(text) as Asked).map((answer) => JSON.stringify(answer));

  function answers({ msg, id = '', method = '', name = '', params = [] }: Asked): object[] {
    switch (msg) {
      case 'connect':
        return [
          { msg: 'connected', session: 'rcssl' },
          { msg: 'ping', id: 'alive' },
        ];
      case 'ping':
        return [{ msg: 'pong', id }];
      case 'pong':
        pongs += 1;
        return [];
      case 'method': {
        const run = methods[method];
        const outcome = run ? { result: run(params) } : { error: { error: 404, errorType: 'Meteor.Error' } };
        return [
          { msg: 'result', id, ...outcome },
          { msg: 'updated', methods: [id] },
        ];
      }
      case 'sub':
        return [
          { msg: 'ready', subs: [id] },
          { msg: 'changed', collection: name, id: 'id', fields: { eventName: params[0], args: ['first'] } },
        ];
      case 'unsub':
        return [{ msg: 'nosub', id }];
      default:
        return [{ msg: 'error', reason: 'Bad request' }];
    }
  }
}

interface Asked {
  readonly msg: string;
  readonly id?: string;
  readonly method?: string;
  readonly name?: string;
  readonly params?: readonly unknown[];
}
