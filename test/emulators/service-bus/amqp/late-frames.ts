// Ignores the end of a session and the detach of a link that are gone, as Microsoft's AMQP library does (AmqpConnection.cs and AmqpSession.cs
// in Azure/azure-amqp). A client may send them: if it ends a session while the server detaches a link of it, rhea answers that detach although
// it has ended the session. To rhea on this side such a frame is an error that ends the connection, with all its other links.
import type { DetachFrame, EndFrame, RheaConnection, RheaSession } from './rhea-internals.ts';

export function ignoreLateEnds(connection: RheaConnection): void {
  const onEnd = connection.on_end.bind(connection);
  connection.on_end = (frame: EndFrame) => {
    if (connection.remote_channel_map[frame.channel]?.state.remote_open) onEnd(frame);
  };
  const onDetach = connection.on_detach.bind(connection);
  connection.on_detach = (frame: DetachFrame) => {
    if (connection.remote_channel_map[frame.channel]) onDetach(frame);
  };
}

export function ignoreLateDetaches(session: RheaSession): void {
  const onDetach = session.on_detach.bind(session);
  session.on_detach = (frame: DetachFrame) => {
    if (session.remote.handles[frame.performative.handle]?.state.remote_open) onDetach(frame);
  };
}
