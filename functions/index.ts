// The one entry file: registers every function. The settings are read on the way, so that a wrong one stops the start with every problem listed.
import './setup.ts';
import './trace.ts';
import './get-send-request.ts';
import './health-live.ts';
import './health-ready.ts';
import './list-all-send-requests.ts';
import './list-send-requests.ts';
import './openapi.ts';
import './reconcile-mailboxes.ts';
import './record-dead-letter.ts';
import './send-mail.ts';
import './submit-send-request.ts';
import './unknown-path.ts';
