// Elements as expressions. All text is set as text: nothing that comes from a mail is ever read as HTML.

type Child = Node | string | null | undefined | false;
type Attribute = string | number | boolean | null | undefined | ((event: Event) => void);

/** A function listens to the event of its name, true sets an empty attribute, false, null and undefined set none. */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Readonly<Record<string, Attribute>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === 'function') made.addEventListener(key, value);
    else if (value === true) made.setAttribute(key, '');
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(key, String(value));
  }
  made.append(...children.filter((child): child is Node | string => child !== null && child !== undefined && child !== false));
  return made;
}

export function byId(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`there is no #${id}`);
  return found;
}

/** Replaces what an element holds; focus and scroll position stay with what has the same id before and after. */
export function replaceContent(parent: HTMLElement, ...children: readonly Child[]): void {
  const focused = document.activeElement?.id ?? '';
  const { scrollTop } = parent;
  parent.replaceChildren(...children.filter((child): child is Node | string => child !== null && child !== undefined && child !== false));
  parent.scrollTop = scrollTop;
  if (focused !== '' && document.activeElement?.id !== focused) document.getElementById(focused)?.focus({ preventScroll: true });
}

const shown = new WeakMap<HTMLElement, string>();

/** Replaces it only if the data has changed since the last time. */
export function keepCurrent(parent: HTMLElement, data: unknown, content: () => readonly Child[]): void {
  const signature = JSON.stringify(data);
  if (shown.get(parent) === signature) return;
  shown.set(parent, signature);
  replaceContent(parent, ...content());
}
