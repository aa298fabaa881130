// The mailbox viewer: one page without a framework. Everything from mails is set as text, or shown in a sandboxed frame.

const style = `
* { box-sizing: border-box } body { margin: 0; font: 14px system-ui, sans-serif; display: grid; height: 100vh;
  grid-template: auto 1fr auto / 15rem 24rem 1fr; color: #222; background: #fff }
header { grid-column: 1 / 4; padding: .5rem 1rem; background: #24425f; color: #fff; display: flex; gap: 2rem }
nav, #list, #mail { overflow: auto; border-right: 1px solid #ccc } nav h2 { font-size: 1rem; margin: .8rem .6rem .2rem }
button { display: block; width: 100%; border: 0; background: none; font: inherit; text-align: left; padding: .25rem .6rem; cursor: pointer }
button:hover, button[aria-current=true] { background: #dce8f3 } #list button { border-bottom: 1px solid #eee; padding: .5rem .6rem }
small { color: #666; display: block } #mail { display: flex; flex-direction: column } #mail dl { margin: .6rem; display: grid; grid-template-columns: 9rem 1fr; gap: .15rem }
dt { color: #666 } dd { margin: 0; overflow-wrap: anywhere } #tabs { display: flex } #tabs button { width: auto }
iframe, #mail pre { flex: 1; border: 0; margin: 0; padding: .6rem; overflow: auto; border-top: 1px solid #ccc; width: 100%; white-space: pre-wrap; overflow-wrap: anywhere }
footer { grid-column: 1 / 4; max-height: 9rem; overflow: auto; border-top: 1px solid #ccc; padding: .3rem .6rem; background: #f7f7f7 }
`;

const script = `
const at = (id) => document.getElementById(id);
const make = (tag, text, more = {}) => Object.assign(document.createElement(tag), { textContent: text }, more);
const get = async (path) => (await fetch('/viewer/' + path)).json();
let mailbox = '', folder = '', mail = null, view = 'body', last = '';
const path = () => 'mails/' + encodeURIComponent(mailbox) + '/' + mail.key;

async function showMail() {
  at('mail').replaceChildren();
  if (!mail) return;
  const facts = make('dl', '');
  const rows = { Subject: mail.subject, From: mail.from, To: mail.to.join(', '), Cc: mail.cc.join(', '), Bcc: mail.bcc.join(', '), Created: mail.createdDateTime,
    'Message-ID': mail.internetMessageId, 'Item class': mail.itemClass, State: [mail.isDraft && 'draft', mail.submitted && 'submitted', mail.isRead || 'unread'].filter((x) => x && x !== true).join(', '),
    Attachments: mail.attachments.map((a) => a.name + ' (' + a.size + ')').join(', '), Properties: Object.entries(mail.properties).map(([k, v]) => k + ' = ' + v).join('; ') };
  for (const [name, value] of Object.entries(rows)) if (value) facts.append(make('dt', name), make('dd', value));
  const tabs = make('div', '', { id: 'tabs' });
  for (const one of ['body', 'source']) { const tab = make('button', one, { onclick: () => { view = one; showMail(); } }); tab.setAttribute('aria-current', one === view); tabs.append(tab); }
  at('mail').append(facts, tabs);
  if (view === 'source') return at('mail').append(make('pre', await (await fetch('/viewer/' + path() + '/source')).text()));
  const frame = document.createElement('iframe');
  frame.setAttribute('sandbox', '');
  frame.referrerPolicy = 'no-referrer';
  frame.src = '/viewer/' + path() + '/body';
  at('mail').append(frame);
}

async function showList() {
  if (!mailbox) return;
  const { value } = await get('mails/' + encodeURIComponent(mailbox) + '?folder=' + encodeURIComponent(folder));
  at('list').replaceChildren(...value.map((one) => {
    const row = make('button', one.subject || '(no subject)', { onclick: () => { mail = one; showMail(); showList(); } });
    row.setAttribute('aria-current', mail !== null && one.key === mail.key);
    row.append(make('small', (folder === 'sentitems' ? 'to ' + one.to.join(', ') : 'from ' + one.from) + ' · ' + one.receivedDateTime), make('small', one.itemClass === 'IPM.Note' ? '' : one.itemClass));
    return row;
  }));
}

async function refresh() {
  const all = await get('overview');
  const { now, ...rest } = all;
  at('now').textContent = now;
  at('waiting').textContent = all.waiting + ' stages waiting';
  if (JSON.stringify(rest) === last) return;
  last = JSON.stringify(rest);
  at('folders').replaceChildren(...all.mailboxes.flatMap((box) => [make('h2', box.address + (box.state === 'ok' ? '' : ' (' + box.state + ')')), ...box.folders.filter((f) => f.items > 0 || ['inbox', 'drafts', 'sentitems'].includes(f.name)).map((f) => {
    const row = make('button', f.displayName + (f.items ? ' ' + f.items : ''), { onclick: () => { mailbox = box.address; folder = f.name; mail = null; last = ''; refresh(); showMail(); } });
    row.setAttribute('aria-current', mailbox === box.address && folder === f.name);
    return row;
  })]));
  at('faults').replaceChildren(...all.faults.map((f) => make('div', f.id + ': ' + f.operation + ' ' + f.when + ', fired ' + f.fired + ' of ' + (f.times ?? 'any'))));
  at('journal').replaceChildren(...all.deliveries.reverse().map((d) => make('div', d.handedOnDateTime + ' ' + d.mailbox + ' → ' + d.recipients.map((r) => r.address + ' (' + r.outcome + (r.status ? ' ' + r.status : '') + ')').join(', ') + ': ' + d.subject)));
  showList();
}
setInterval(() => refresh().catch(() => { at('now').textContent = 'the emulator does not answer'; }), 2000);
refresh();
`;

export function viewerPage(nonce: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Graph mail emulator</title><style nonce="${nonce}">${style}</style></head>
<body><header><strong>Graph mail emulator</strong><span id="now"></span><span id="waiting"></span></header>
<nav id="folders" aria-label="Mailboxes"></nav><section id="list" aria-label="Mails"></section><main id="mail"></main>
<footer><strong>Faults</strong><div id="faults"></div><strong>Handed on</strong><div id="journal"></div></footer>
<script nonce="${nonce}">${script}</script></body></html>
`;
}
