// The result as one HTML page that needs nothing else: a table for each list of rows, and a chart of bars for each of its figures.

type Row = Record<string, unknown>;

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (value: unknown): string => String(value).replace(/[&<>"]/g, (sign) => ESCAPES[sign] as string);

const isObject = (value: unknown): value is Row => typeof value === 'object' && value !== null && !Array.isArray(value);
const isRows = (value: unknown): value is Row[] => Array.isArray(value) && value.length > 0 && value.every(isObject);

/** Figures within figures get the names of both. */
function flat(row: Row, before = ''): Row {
  const entries = Object.entries(row).flatMap(([name, value]) =>
    isObject(value) ? Object.entries(flat(value, `${before}${name}: `)) : [[`${before}${name}`, value] as const],
  );
  return Object.fromEntries(entries);
}

const labelOf = (row: Row): string =>
  Object.values(row)
    .filter((value) => typeof value === 'string')
    .join(', ');

const BAR = 18;
const LABELS = 260;
const WIDTH = 640;

/** One bar for each row; the longest has the whole width. */
function chart(name: string, rows: readonly Row[]): string {
  const values = rows.map((row) => Number(row[name] ?? 0));
  const longest = Math.max(...values);
  if (longest <= 0) return '';
  const bars = values.map((value, n) => {
    const length = Math.round((value / longest) * (WIDTH - LABELS - 80));
    const y = n * BAR;
    return `<text x="${LABELS - 6}" y="${y + 13}" text-anchor="end">${escaped(labelOf(rows[n] as Row))}</text><rect x="${LABELS}" y="${y + 3}" width="${length}" height="${BAR - 6}"/><text x="${LABELS + length + 5}" y="${y + 13}">${value}</text>`;
  });
  const height = rows.length * BAR;
  return `<figure><figcaption>${escaped(name)}</figcaption><svg width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="img">${bars.join('')}</svg></figure>`;
}

function table(given: readonly Row[]): string {
  const rows = given.map((row) => flat(row));
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const line = (tag: string, cells: readonly unknown[]) =>
    `<tr>${cells.map((cell) => `<${tag}>${escaped(cell ?? '')}</${tag}>`).join('')}</tr>`;
  const body = rows.map((row) =>
    line(
      'td',
      names.map((name) => row[name]),
    ),
  );
  const figures = names.filter((name) => rows.every((row) => typeof (row[name] ?? 0) === 'number'));
  return `<table>${line('th', names)}${body.join('')}</table><div>${figures.map((name) => chart(name, rows)).join('')}</div>`;
}

function content(value: unknown): string {
  if (isRows(value)) return table(value);
  if (Array.isArray(value)) return `<ul>${value.map((one) => `<li>${escaped(one)}</li>`).join('')}</ul>`;
  if (!isObject(value)) return `<p>${escaped(value)}</p>`;
  return Object.entries(value)
    .map(([name, one]) => `<h3>${escaped(name)}</h3>${content(one)}`)
    .join('');
}

const STYLE =
  'body{font:14px sans-serif;margin:2em;max-width:90em}table{border-collapse:collapse;margin:1em 0}td,th{border:1px solid #bbb;padding:2px 8px;text-align:right}td:first-child,th:first-child{text-align:left}div{display:flex;flex-wrap:wrap}figure{margin:0 2em 1em 0}figcaption{font-weight:bold}svg{font-size:12px}rect{fill:#36c}';

/** The sets by their names, as `dist/bench.json` has them. */
export function page(result: Row): string {
  const sets = Object.entries(result).map(([name, value]) => `<h2>${escaped(name)}</h2>${content(value)}`);
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Benchmark of graph-mail-queue</title><style>${STYLE}</style></head>
<body><h1>Benchmark of graph-mail-queue</h1>
<p>Measured on one machine with emulators: compare figures of one page with each other, and not those of two machines.</p>
${sets.join('\n')}
</body></html>
`;
}
