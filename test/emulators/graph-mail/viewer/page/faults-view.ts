// Faults as buttons that say what they will do, those in force, and the stages of transport to hold and release.
import { faultPresets, stageWords } from '../fault-presets.ts';
import type { Overview } from '../shapes.ts';
import { control } from './api.ts';
import { byId, element, keepCurrent } from './dom.ts';

/** Runs what a button asks for, and says how it went. */
async function act(words: string, work: () => Promise<unknown>): Promise<void> {
  const told = byId('told');
  try {
    await work();
    told.textContent = words;
  } catch (error) {
    told.textContent = `That failed: ${(error as Error).message}`;
  }
}

const chosenIn = (id: string): string => (byId(id) as HTMLSelectElement).value;

async function arm(id: string): Promise<void> {
  const mailbox = chosenIn('fault-mailbox');
  const times = chosenIn('fault-times') === 'always' ? null : Number(chosenIn('fault-times'));
  for (const fault of faultPresets.find((one) => one.id === id)?.faults ?? []) {
    await control('POST', 'faults', { ...fault, id: `${id} (${fault.operation})`, times, ...(mailbox === '' ? {} : { mailbox }) });
  }
}

const presets = (): HTMLElement[] =>
  faultPresets.map(({ id, title, does }) =>
    element(
      'li',
      {},
      element(
        'button',
        { type: 'button', id: `arm-${id}`, 'aria-describedby': `does-${id}`, click: () => void act(`In force: ${title}`, () => arm(id)) },
        title,
      ),
      element('p', { id: `does-${id}` }, does),
    ),
  );

function inForce({ faults, controlled }: Overview): HTMLElement[] {
  if (faults.length === 0) return [element('p', {}, 'None.')];
  const rows = faults.map(({ id, operation, mailbox, when, fired, times }) =>
    element(
      'li',
      {},
      `${id}: ${operation} of ${mailbox ?? 'all mailboxes'}, ${when} the mail is taken; has fired ${fired} of ${times ?? 'any number of'} times `,
      controlled &&
        element(
          'button',
          {
            type: 'button',
            'aria-label': `Remove ${id}`,
            click: () => void act(`Removed: ${id}`, () => control('DELETE', `faults/${encodeURIComponent(id)}`)),
          },
          'Remove',
        ),
    ),
  );
  const all = element(
    'button',
    { type: 'button', click: () => void act('All faults are removed.', () => control('DELETE', 'faults')) },
    'Remove all',
  );
  return controlled ? [element('ul', {}, ...rows), all] : [element('ul', {}, ...rows)];
}

function stageRow({ name, waiting, held }: Overview['stages'][number], controlled: boolean): HTMLElement {
  const { title, does } = stageWords[name] ?? { title: name, does: '' };
  const button = (action: 'hold' | 'release' | 'advance', text: string, isShown: boolean) =>
    controlled &&
    isShown &&
    element(
      'button',
      {
        type: 'button',
        id: `${action}-${name}`,
        'aria-label': `${text}: ${title}`,
        click: () => void act(`${title}: ${text}`, () => control('POST', `stages/${action}`, { stage: name })),
      },
      text,
    );
  const isHeld = held.length > 0;
  return element(
    'li',
    {},
    element('h3', {}, title),
    element(
      'p',
      {},
      `${isHeld ? `Held for ${held.map((mailbox) => mailbox ?? 'all mailboxes').join(', ')}.` : 'Runs by itself.'} ${waiting} waiting. If it is held: ${does}`,
    ),
    button('hold', 'Hold', !held.includes(null)),
    button('release', 'Release', isHeld),
    button('advance', 'Let through what waits', isHeld && waiting > 0),
  );
}

export function mountFaults(main: HTMLElement): void {
  main.replaceChildren(
    element('h1', { id: 'title', tabindex: -1 }, 'Faults and holds'),
    element('p', { id: 'told', role: 'status' }),
    element('section', { id: 'faults-section', 'aria-labelledby': 'faults-title' }),
    element(
      'section',
      { 'aria-labelledby': 'in-force-title' },
      element('h2', { id: 'in-force-title' }, 'In force'),
      element('div', { id: 'in-force' }),
    ),
    element(
      'section',
      { 'aria-labelledby': 'stages-title' },
      element('h2', { id: 'stages-title' }, 'Hold and release'),
      element('ul', { id: 'stages', class: 'cards' }),
    ),
  );
}

const choice = (value: string, text: string): HTMLElement => element('option', { value }, text);

export function showFaults(overview: Overview): void {
  const { controlled, mailboxes, faults, stages } = overview;
  keepCurrent(byId('faults-section'), [controlled, mailboxes.map(({ address }) => address)], () => [
    element('h2', { id: 'faults-title' }, 'Add a fault to the next submission'),
    ...(controlled
      ? [
          element(
            'p',
            { class: 'fields' },
            element(
              'label',
              {},
              'Mailbox ',
              element(
                'select',
                { id: 'fault-mailbox' },
                choice('', 'all mailboxes'),
                ...mailboxes.map(({ address }) => choice(address, address)),
              ),
            ),
            element(
              'label',
              {},
              'How often ',
              element(
                'select',
                { id: 'fault-times' },
                choice('1', 'once'),
                choice('3', 'three times'),
                choice('always', 'until it is removed'),
              ),
            ),
          ),
          element('ul', { class: 'cards' }, ...presets()),
        ]
      : [element('p', {}, 'The emulator was started without --control: faults and holds can only be seen.')]),
  ]);
  keepCurrent(byId('in-force'), [controlled, faults], () => inForce(overview));
  keepCurrent(byId('stages'), [controlled, stages], () => stages.map((stage) => stageRow(stage, controlled)));
}
