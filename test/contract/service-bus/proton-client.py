# Drives the emulator with Apache Qpid Proton, an AMQP client of another make; prints what it saw as JSON.
import json
import sys
import time

from proton import Message, symbol, timestamp
from proton.reactor import LinkOption
from proton.utils import BlockingConnection, LinkDetached

SESSION_FILTER = symbol("com.microsoft:session-filter")


class SessionFilter(LinkOption):
    def __init__(self, session_id):
        self.session_id = session_id

    def apply(self, link):
        link.source.filter.put_dict({SESSION_FILTER: self.session_id})


def put_token(connection, audience, token):
    receiver = connection.create_receiver("$cbs", name="cbs-reply", credit=1)
    sender = connection.create_sender("$cbs")
    properties = {"operation": "put-token", "type": "jwt", "name": audience}
    sender.send(Message(id="token", reply_to="cbs-reply", properties=properties, body=token))
    status = receiver.receive(timeout=5).properties["status-code"]
    sender.close()
    receiver.close()
    return status


def session_of(receiver):
    granted = receiver.link.remote_source.filter
    granted.rewind()
    granted.next()
    return granted.get_dict()[SESSION_FILTER]


def take(receiver, accept=True):
    message = receiver.receive(timeout=5)
    if accept:
        receiver.accept()
    return message


def refused(connection, queue, options=None):
    try:
        connection.create_receiver(queue, name="refused-" + queue, credit=1, options=options).receive(timeout=2)
    except LinkDetached as error:
        return error.condition
    return None


def main(port, audience, token):
    seen = {}
    connection = BlockingConnection("localhost:%s" % port, timeout=10, allowed_mechs="ANONYMOUS")
    seen["token"] = put_token(connection, audience, token)

    sender = connection.create_sender("plain")
    for body in ["one", "two", "three"]:
        sender.send(Message(id=body, body=body, properties={"n": len(body)}))
    receiver = connection.create_receiver("plain", credit=1)
    first = take(receiver)
    seen["first"] = [first.body, first.properties, first.annotations["x-opt-sequence-number"], first.delivery_count]
    second = take(receiver, accept=False)
    receiver.release(delivered=True)
    # Its credit had fetched the third one before the second was given back.
    third = take(receiver, accept=False)
    receiver.reject()
    again = take(receiver)
    seen["abandoned"] = [second.body, again.body, again.delivery_count]
    seen["rejected"] = third.body
    sender.send(Message(body="x" * 200000))
    seen["large"] = len(take(receiver).body)
    receiver.close()
    dead = connection.create_receiver("plain/$deadletterqueue", credit=1)
    seen["dead"] = take(dead).body
    dead.close()

    sender = connection.create_sender("sessions")
    for session_id, body in [("a", 1), ("b", 2), ("a", 3)]:
        sender.send(Message(group_id=session_id, body=body))
    named = connection.create_receiver("sessions", credit=1, options=SessionFilter("a"))
    seen["named"] = [take(named).body, take(named).body]
    seen["busy"] = refused(connection, "sessions", SessionFilter("a"))
    following = connection.create_receiver("sessions", name="next", credit=1, options=SessionFilter(None))
    seen["next"] = [session_of(following), take(following).body]
    seen["unknown"] = refused(connection, "nope")

    later = Message(group_id="a", body="later")
    later.annotations = {symbol("x-opt-scheduled-enqueue-time"): timestamp(int((time.time() + 0.2) * 1000))}
    sender.send(later)
    seen["scheduled"] = take(named).body
    connection.close()
    print(json.dumps(seen))


main(*sys.argv[1:4])
