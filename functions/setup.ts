// HTTP streaming: bodies come over the worker's own endpoint, so that a chunked one arrives, and a large one isn't copied on its way.
import { app } from '@azure/functions';

// Comes before every registration: the library locks its set-up with the first one.
app.setup({ enableHttpStream: true });
