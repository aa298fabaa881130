// Checks KQL with Kusto's own language service, against the columns of the tables that Application Insights fills.
import '@kusto/language-service-next/bridge.min.js';
import '@kusto/language-service-next/Kusto.Language.Bridge.min.js';

/** Columns of the workspace's tables, https://learn.microsoft.com/azure/azure-monitor/reference/tables/apptraces and its siblings. */
const COMMON = [
  'TimeGenerated: datetime',
  'Type: string',
  '_ResourceId: string',
  'ItemCount: int',
  'OperationId: string',
  'OperationName: string',
  'ParentId: string',
  'AppRoleName: string',
  'AppRoleInstance: string',
  'Properties: dynamic',
];
const TABLES: Record<string, readonly string[]> = {
  AppTraces: ['Message: string', 'SeverityLevel: int'],
  AppRequests: ['Id: string', 'Name: string', 'Url: string', 'Success: bool', 'ResultCode: string', 'DurationMs: real'],
  AppExceptions: ['ProblemId: string', 'ExceptionType: string', 'OuterMessage: string', 'OuterType: string', 'SeverityLevel: int'],
};

interface List<T> {
  Count: number;
  getItem(index: number): T;
}

interface KustoCode {
  GetDiagnostics(): List<{ Code: string; Severity: string; Message: string; Start: number }>;
  ResultType: { Columns: List<{ Name: string }> } | null;
}

interface KustoNamespace {
  Language: {
    Symbols: {
      TableSymbol: { $ctor7: new (name: string, schema: string, description: null) => object };
      DatabaseSymbol: { ctor: new (name: string, members: readonly object[]) => object };
    };
    GlobalState: { Default: { WithDatabase(database: object): object } };
    KustoCode: { ParseAndAnalyze(text: string, globals: object): KustoCode };
  };
}

// The two imports make these globals, in this order.
const { Language } = (globalThis as unknown as { Kusto: KustoNamespace }).Kusto;

const tables = Object.entries(TABLES).map(
  ([name, columns]) => new Language.Symbols.TableSymbol.$ctor7(name, `(${[...columns, ...COMMON].join(', ')})`, null),
);
const globals = Language.GlobalState.Default.WithDatabase(new Language.Symbols.DatabaseSymbol.ctor('workspace', tables));

const all = <T>(list: List<T> | undefined): T[] => Array.from({ length: list?.Count ?? 0 }, (_, i) => (list as List<T>).getItem(i));

/** What is wrong with a query, and the columns of its result. A workbook's `{Parameter}` stands for any text. */
export function analyse(query: string): { problems: string[]; columns: string[] } {
  const text = query.replace(/\{\w+\}/g, 'text');
  const code = Language.KustoCode.ParseAndAnalyze(text, globals);
  const problems = all(code.GetDiagnostics()).map((d) => `${d.Code} ${d.Message} (at "${text.slice(d.Start, d.Start + 30)}")`);
  return { problems, columns: all(code.ResultType?.Columns).map((c) => c.Name) };
}
