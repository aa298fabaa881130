// Applications known to the tenant: their secrets, and the roles that they were given on each resource.

import { errors } from '../http/errors.ts';
import { newGuid } from '../store/ids.ts';
import { isObject } from '../validation/check.ts';

export interface Application {
  readonly name: string;
  readonly clientId: string;
  readonly objectId: string;
  readonly secret: string;
  /** Resource (application id URI, without /.default) to application roles; "*" for every resource. */
  readonly roles: Readonly<Record<string, readonly string[]>>;
  /** Paths of its redirect URIs as a single-page application; absent: nobody signs in to it. */
  readonly redirectPaths?: readonly string[];
}

/** The managed identity that the product runs as. */
export const managedIdentity = { clientId: '1d2f7c52-7a31-4a0e-8b5f-3a1c0f6d9e11', objectId: '8c0a5b1e-64a7-4f0c-9f54-0e7f3d2b6a22' };

/** The registration of the queue's API: people sign in to the console with it. */
export const CONSOLE_CLIENT_ID = '6a1b9a34-91a5-4c39-a3d7-0f5f3f4e1004';

const defaults: readonly Application[] = [
  {
    name: 'sample-app',
    clientId: '6a1b9a34-91a5-4c39-a3d7-0f5f3f4e1001',
    objectId: '6a1b9a34-91a5-4c39-a3d7-0f5f3f4e2001',
    secret: 'sample-app-secret',
    roles: { '*': ['SendRequests.Create'] },
  },
  {
    name: 'other-app',
    clientId: '6a1b9a34-91a5-4c39-a3d7-0f5f3f4e1002',
    objectId: '6a1b9a34-91a5-4c39-a3d7-0f5f3f4e2002',
    secret: 'other-app-secret',
    roles: { '*': ['SendRequests.Create'] },
  },
  {
    name: 'operator',
    clientId: '6a1b9a34-91a5-4c39-a3d7-0f5f3f4e1003',
    objectId: '6a1b9a34-91a5-4c39-a3d7-0f5f3f4e2003',
    secret: 'operator-secret',
    roles: { '*': ['SendRequests.Read.All', 'SendRequests.Manage.All'] },
  },
  {
    name: 'mail-queue',
    clientId: CONSOLE_CLIENT_ID,
    objectId: '6a1b9a34-91a5-4c39-a3d7-0f5f3f4e2004',
    secret: 'mail-queue-secret',
    roles: {},
    redirectPaths: ['/console'],
  },
];

export interface Applications {
  list(): Application[];
  find(clientIdOrName: string): Application | undefined;
  put(value: unknown): Application;
  reset(): void;
}

export function createApplications(): Applications {
  let applications = [...defaults];
  const find = (name: string) => applications.find((one) => one.name === name || one.clientId === name.toLowerCase());
  return {
    list: () => [...applications],
    find,
    put(value) {
      if (!isObject(value) || typeof value['name'] !== 'string') throw errors.invalidArgument('An application has a name.');
      const old = find(value['name']);
      const application: Application = {
        name: value['name'],
        clientId: String(value['clientId'] ?? old?.clientId ?? newGuid()).toLowerCase(),
        objectId: String(value['objectId'] ?? old?.objectId ?? newGuid()),
        secret: String(value['secret'] ?? old?.secret ?? newGuid()),
        ...(old?.redirectPaths && { redirectPaths: old.redirectPaths }),
        roles: (value['roles'] as Application['roles'] | undefined) ?? old?.roles ?? {},
      };
      applications = [...applications.filter((one) => one !== old), application];
      return application;
    },
    reset() {
      applications = [...defaults];
    },
  };
}

export function rolesFor(application: Application, resource: string): readonly string[] {
  return application.roles[resource] ?? application.roles['*'] ?? [];
}
