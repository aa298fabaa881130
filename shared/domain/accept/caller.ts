// Who calls: an application, the roles it was given, and whether it acts for a signed-in person.

/** Application roles of the app registration. Create: its own mail; the two others are for operators. */
export const ROLES = ['SendRequests.Create', 'SendRequests.Read.All', 'SendRequests.Manage.All'] as const;
export type Role = (typeof ROLES)[number];

export interface Caller {
  /** Client id of the application; `function-key` or `anonymous` if callers cannot be distinguished. */
  application: string;
  roles: readonly Role[];
  /** Its token names a person: allowed only if the sender policy says so. */
  delegated: boolean;
  /** That person's object id in Microsoft Entra ID. */
  user?: string;
}

/** Roles of operators: the first sees, the second acts. */
export const OPERATOR_ROLES = ['SendRequests.Read.All', 'SendRequests.Manage.All'] as const satisfies readonly Role[];

export const hasRole = ({ roles }: Caller, role: Role): boolean => roles.includes(role);

/** Whether the caller may see this application's send requests. */
export const maySee = (caller: Caller, application: string): boolean =>
  caller.application === application || hasRole(caller, 'SendRequests.Read.All');

/** Whether the caller may cancel and resend this application's send requests. */
export const mayManage = (caller: Caller, application: string): boolean =>
  (caller.application === application && hasRole(caller, 'SendRequests.Create')) || hasRole(caller, 'SendRequests.Manage.All');
