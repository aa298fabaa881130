// What a mail adds to the log that is billed, counted as Azure Monitor counts it: the text of a row's columns, without those that begin with an underscore, and Type.
// https://learn.microsoft.com/azure/azure-monitor/logs/cost-logs#data-size-calculation

/** Columns that every row of Application Insights has, with values as long as real ones. https://learn.microsoft.com/azure/azure-monitor/reference/tables/apptraces */
const COMMON = {
  AppRoleInstance: '0123456789abcdef0123456789abcdef0123456789abcdef',
  AppRoleName: 'func-mail-queue-0123456789abc',
  ClientIP: '0.0.0.0',
  ClientType: 'PC',
  IKey: '00000000-0000-0000-0000-000000000000',
  ItemCount: '1',
  OperationId: '0af7651916cd43dd8448eb211c80319c',
  OperationName: 'submit-send-request',
  ParentId: 'b7ad6b7169203331',
  ResourceGUID: '00000000-0000-0000-0000-000000000000',
  SDKVersion: 'azurefunctions: 4.1037.0.0',
  SourceSystem: 'Azure',
  TenantId: '00000000-0000-0000-0000-000000000000',
  TimeGenerated: '2026-01-31T08:00:00.000Z',
};

/** What the host writes into the column Properties of a function's rows. */
const INVOCATION = {
  Category: 'Function.submit-send-request.User',
  HostInstanceId: '00000000-0000-0000-0000-000000000000',
  InvocationId: '00000000-0000-0000-0000-000000000000',
  LogLevel: 'Information',
  ProcessId: '1234',
};

const length = (columns: Record<string, string>): number => Object.values(columns).reduce((sum, text) => sum + Buffer.byteLength(text), 0);

/** A line that the app has written: AppTraces. */
export const ownLineBytes = (message: string): number =>
  length(COMMON) + length({ SeverityLevel: '1', Message: message, Properties: JSON.stringify(INVOCATION) });

/** A line of the host's about an invocation. It repeats the line's parts, and its template, in Properties. */
function hostLineBytes(message: string): number {
  const parts = { prop__functionName: 'Functions.submit-send-request', prop__message: message, 'prop__{OriginalFormat}': message };
  return length(COMMON) + length({ SeverityLevel: '1', Message: message, Properties: JSON.stringify({ ...INVOCATION, ...parts }) });
}

/** An invocation: AppRequests. */
export const REQUEST_BYTES =
  length(COMMON) +
  length({
    Id: 'b7ad6b7169203331',
    Name: 'submit-send-request',
    Url: 'https://func-mail-queue-0123456789abc.azurewebsites.net/v1.0/users/sender@contoso.com/sendMail',
    Success: 'true',
    ResultCode: '202',
    DurationMs: '290.1234',
    Properties: JSON.stringify({
      ...INVOCATION,
      FullName: 'Functions.submit-send-request',
      TriggerReason: "(null) New ServiceBus message detected on 'send-requests'.",
      HttpMethod: 'POST',
      HttpPath: '/v1.0/users/sender@contoso.com/sendMail',
    }),
  });

/** The line of a function that the host lets through to Application Insights. */
const FUNCTION_LINE = /^\[functions\] \[(?!host\])(\S+) \S+\] information (.*)$/;

/** What these lines of the stack's log, and so many invocations, add to the bill. */
export function billed(lines: readonly string[], invocations: number): number {
  const messages = lines.flatMap((line) => FUNCTION_LINE.exec(line)?.[2] ?? []);
  const bytes = messages.map((message) => (message.startsWith('{"event":') ? ownLineBytes(message) : hostLineBytes(message)));
  return bytes.reduce((sum, size) => sum + size, invocations * REQUEST_BYTES);
}
