// azd runs this before it provisions. It has no dependencies, since azd may not have installed any yet.
import { execFile } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

/** Azure Resource Manager of each cloud that azd knows: https://learn.microsoft.com/azure/azure-government/compare-azure-government-global-azure */
const ENDPOINTS = {
  AzureCloud: 'https://management.azure.com',
  AzureUSGovernment: 'https://management.usgovcloudapi.net',
  AzureChinaCloud: 'https://management.chinacloudapi.cn',
};
const TIMEOUT_MS = 30_000;

/**
 * Refuses a region that cannot have the redundancy that was chosen, and registers the provider that network isolation needs.
 * @param {Record<string, string | undefined>} environment the azd environment
 * @param {{ endpoint: string, token: string }} azure Azure Resource Manager and a token for it
 * @param {(line: string) => void} say
 * @returns {Promise<boolean>} whether provisioning can go on
 */
export async function preprovision(environment, { endpoint, token }, say) {
  const { AZURE_SUBSCRIPTION_ID: subscription, AZURE_LOCATION: location, STORAGE_SKU: sku = 'Standard_ZRS' } = environment;
  /** @param {string} method @param {string} path */
  const ask = async (method, path) => {
    const answer = await fetch(`${endpoint}/subscriptions/${subscription}/${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(method === 'POST' && { 'content-length': '0' }) },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    return { status: answer.status, body: answer.ok ? /** @type {any} */ (await answer.json()) : {} };
  };

  const locations = await ask('GET', 'locations?api-version=2022-12-01');
  const region = (locations.body.value ?? []).find((/** @type {{ name: string }} */ one) => one.name === location);
  if (region === undefined) say(`Could not check whether ${location} has availability zones: Azure answered ${locations.status}.`);
  const zones = region?.availabilityZoneMappings ?? [];
  if (/ZRS$/.test(sku) && region !== undefined && zones.length === 0) {
    say(
      `The region ${location} has no availability zones, so a storage account cannot be ${sku} there. Choose: azd env set STORAGE_SKU Standard_LRS`,
    );
    return false;
  }

  const provider = await ask('GET', 'providers/Microsoft.App?api-version=2022-12-01');
  if (provider.body.registrationState !== 'Registered') {
    const registered = await ask('POST', 'providers/Microsoft.App/register?api-version=2022-12-01');
    say(
      registered.status < 300
        ? 'The resource provider Microsoft.App is being registered: network isolation needs it.'
        : `Network isolation needs the resource provider Microsoft.App, but Azure answered ${registered.status} to its registration. Somebody with rights on the subscription must run: az provider register --namespace Microsoft.App`,
    );
  }
  return true;
}

const run = promisify(execFile);

/** azd's own sign-in. @returns {Promise<{ endpoint: string, token: string }>} */
async function signedIn() {
  const { stdout } = await run('azd', ['auth', 'token', '--output', 'json']);
  // Not set in the global cloud: azd ends with an error then.
  const cloud = await run('azd', ['config', 'get', 'cloud.name']).then(
    (answer) => answer.stdout.replace(/["\s]/g, ''),
    () => 'AzureCloud',
  );
  const endpoint = ENDPOINTS[/** @type {keyof typeof ENDPOINTS} */ (cloud)] ?? ENDPOINTS.AzureCloud;
  return { endpoint, token: JSON.parse(stdout).token };
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  if (!process.env['AZURE_SUBSCRIPTION_ID'] || !process.env['AZURE_LOCATION']) {
    console.log('Subscription and region are not chosen yet, so this did not check whether the region has availability zones.');
  } else {
    try {
      const azure = await signedIn();
      if (!(await preprovision(process.env, azure, console.error))) process.exitCode = 1;
    } catch (error) {
      // A check that fails must not stop a deployment that may succeed.
      const { message, cause } = /** @type {Error} */ (error);
      console.error(`Region and resource provider were not checked: ${message}${cause instanceof Error ? `: ${cause.message}` : ''}`);
    }
  }
}
