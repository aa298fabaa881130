// Lets two links of opposite direction share a name within a session, as AMQP allows and Qpid Proton does.
// (AMQP 1.0, part 2, section 2.6.1; rhea keys its links by name alone.)
import type { AnyLink, AttachFrame, RheaSession } from './rhea-internals.ts';

export function separateDirections(session: RheaSession): void {
  const onAttach = session.on_attach.bind(session);
  session.on_attach = (frame: AttachFrame) => {
    const { name, role: peerReceives } = frame.performative;
    const known = session.links[name];
    if (known && known.is_receiver() === peerReceives) {
      delete session.links[name];
      session.links[`${name} (${known.is_receiver() ? 'receiver' : 'sender'})`] = known;
    }
    onAttach(frame);
  };
  session.remove_link = (link: AnyLink) => {
    delete session.local.handles[link.local.handle];
    for (const [handle, other] of Object.entries(session.remote.handles)) if (other === link) delete session.remote.handles[handle];
    for (const [name, other] of Object.entries(session.links)) if (other === link) delete session.links[name];
  };
}
