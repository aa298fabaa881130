// People of the tenant who can sign in to an application, with the roles that they were given on it.

export interface Person {
  readonly name: string;
  readonly userPrincipalName: string;
  readonly objectId: string;
  readonly roles: readonly string[];
}

export const people: readonly Person[] = [
  {
    name: 'Olga Operator',
    userPrincipalName: 'olga@contoso.com',
    objectId: '7d3f2a10-5b8e-4c61-9a37-2e4f6b8d1001',
    roles: ['SendRequests.Read.All', 'SendRequests.Manage.All'],
  },
  {
    name: 'Rita Reader',
    userPrincipalName: 'rita@contoso.com',
    objectId: '7d3f2a10-5b8e-4c61-9a37-2e4f6b8d1002',
    roles: ['SendRequests.Read.All'],
  },
  { name: 'Norbert Noel', userPrincipalName: 'norbert@contoso.com', objectId: '7d3f2a10-5b8e-4c61-9a37-2e4f6b8d1003', roles: [] },
];

export const personNamed = (userPrincipalName: string): Person | undefined =>
  people.find((one) => one.userPrincipalName === userPrincipalName);
