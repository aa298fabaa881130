// Line numbers of the places in a JSON text, so that a rule can be pointed at: `applications[0].mailboxes[1]` is on line 12.

/** From place to line, for every value in a valid JSON text; the text itself is the place ''. */
export function linesOf(text: string): ReadonlyMap<string, number> {
  const lines = new Map<string, number>();
  let at = 0;
  let line = 1;

  function blank(): void {
    for (; at < text.length && ' \t\r\n'.includes(text[at] as string); at++) if (text[at] === '\n') line++;
  }
  function string(): string {
    const from = at++;
    while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
    return JSON.parse(text.slice(from, ++at)) as string;
  }
  /** The members of an object or the items of a list, each by `one`, up to the closing bracket. */
  function each(close: string, one: (index: number) => void): void {
    at++;
    for (let index = 0; ; index++) {
      blank();
      if (text[at] === close) break;
      one(index);
      blank();
      if (text[at] === ',') at++;
    }
    at++;
  }
  function value(place: string): void {
    blank();
    lines.set(place, line);
    if (text[at] === '"') string();
    else if (text[at] === '[') each(']', (index) => value(`${place}[${index}]`));
    else if (text[at] === '{')
      each('}', () => {
        const name = string();
        blank();
        at++;
        value(place ? `${place}.${name}` : name);
      });
    else while (at < text.length && !',]} \t\r\n'.includes(text[at] as string)) at++;
  }

  if (text.startsWith('\uFEFF')) at++;
  value('');
  return lines;
}
