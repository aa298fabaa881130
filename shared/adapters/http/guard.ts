// Puts the guard around the library's programming model, in the worker that runs the app.
import { HTTP_ANSWER_MS } from '../../domain/time-limits.ts';
import { guardedModel } from './guarded-model.ts';
import type { ProgrammingModel } from './programming-model.ts';

/** The part of `@azure/functions-core` that this uses. */
interface CoreApi {
  getProgrammingModel(): ProgrammingModel;
  setProgrammingModel(model: ProgrammingModel): void;
}

/** The worker supplies the module by its own `require`, as the library itself asks for it; it is in no registry. */
declare const require: (name: '@azure/functions-core') => CoreApi;

/** The host tries for up to two seconds to reach the library's endpoint (RetryProxyHandler). */
const GRACE_MS = 5_000;

/** `metadata`: see GuardOptions. */
export function guardInvocations(metadata: readonly string[]): void {
  const core = require('@azure/functions-core');
  core.setProgrammingModel(guardedModel(core.getProgrammingModel(), { graceMs: GRACE_MS, answerMs: HTTP_ANSWER_MS, metadata }));
}
