import { checkProxy, diagnose, type DoctorResult } from '../../engine/doctor.ts';
import { nodeNetwork } from '../../platform/network.ts';
import { doctorJson, doctorText } from '../../report/doctor.ts';
import { present, projectOf, tellWait, viewOf, worldOf, type Call } from '../call.ts';

/** `rcssl doctor [HOST|URL]`: exits 1 where a check is bad. */
export async function run(call: Call): Promise<number> {
  const [target] = call.args;
  tellWait(call, 'looking ...');
  const options = { ...optionsOf(call), ...(target !== undefined && { target }) };
  return tell(call, await diagnose(worldOf(call), nodeNetwork, options));
}

/** `rcssl proxy check URL`. */
export async function runProxyCheck(call: Call): Promise<number> {
  tellWait(call, 'looking ...');
  return tell(call, await checkProxy(worldOf(call), nodeNetwork, { ...optionsOf(call), target: call.args[0] ?? '' }));
}

function optionsOf(call: Call) {
  const { address } = call.flags;
  return { ...projectOf(call), ...(address !== undefined && { address }) };
}

async function tell(call: Call, result: DoctorResult): Promise<number> {
  await present(call, {
    text: () => doctorText(result, viewOf(call)),
    json: () => doctorJson(result),
    // What keys and files have of them is a check's to tell.
    diagnostics: result.diagnostics.filter(({ code }) => code === 'inspect-without-config'),
  });
  return result.failed > 0 ? 1 : 0;
}
