// What transport has passed on, newest first: each mail with the outcome of its recipients.
import type { Deliveries } from '../shapes.ts';
import { byId, element, keepCurrent } from './dom.ts';
import { moment } from './moments.ts';
import { addressOf, viewOfMessageId } from './view-state.ts';
import { visible, visibleLine } from './visible.ts';

export function mountDeliveries(main: HTMLElement): void {
  main.replaceChildren(
    element('h1', { id: 'title', tabindex: -1 }, 'Handed on'),
    element('p', {}, 'The last 100 mails that transport has passed on. A mail that is here twice went out twice.'),
    element('div', { id: 'deliveries' }),
  );
}

const cell = (name: string): HTMLElement => element('th', { scope: 'col' }, name);

export function showDeliveries({ value }: Deliveries): void {
  keepCurrent(byId('deliveries'), value, () => [
    value.length === 0
      ? element('p', {}, 'Nothing yet.')
      : element(
          'table',
          {},
          element('thead', {}, element('tr', {}, cell('Time'), cell('Mailbox'), cell('Subject'), cell('Recipients'))),
          element(
            'tbody',
            {},
            ...value.map(({ handedOnDateTime, mailbox, subject, internetMessageId, recipients }) =>
              element(
                'tr',
                {},
                element('td', {}, moment(handedOnDateTime)),
                element('td', {}, mailbox),
                element(
                  'td',
                  {},
                  element(
                    'a',
                    { href: addressOf(viewOfMessageId(internetMessageId)) },
                    element('bdi', {}, visibleLine(subject, 200) || '(no subject)'),
                  ),
                ),
                element(
                  'td',
                  {},
                  ...recipients.map(({ address, outcome, status }) =>
                    element('div', {}, element('bdi', {}, visible(address)), `: ${outcome}${status === null ? '' : ` ${status}`}`),
                  ),
                ),
              ),
            ),
          ),
        ),
  ]);
}
