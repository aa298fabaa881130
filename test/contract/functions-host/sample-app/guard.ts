// The product's guard in the sample app, with short times.
import { createRequire } from 'node:module';
import { app } from '@azure/functions';
import { guardedModel } from '../../../../shared/adapters/http/guarded-model.ts';
import type { ProgrammingModel } from '../../../../shared/adapters/http/programming-model.ts';

interface CoreApi {
  getProgrammingModel(): ProgrammingModel;
  setProgrammingModel(model: ProgrammingModel): void;
}

if (process.env['SAMPLE_GUARD'] === 'true')
  app.hook.appStart(() => {
    const core = createRequire(__filename)('@azure/functions-core') as CoreApi;
    core.setProgrammingModel(guardedModel(core.getProgrammingModel(), { graceMs: 500, answerMs: 1_000 }));
  });
