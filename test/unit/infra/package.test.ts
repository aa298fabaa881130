// What azd deploys from this folder: the bundle in its chunks, the script of its worker threads, the console and what names them, never node_modules.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { APP } from '../../../scripts/package.ts';
import { packedByAzd, type Service } from './azd.ts';
import { deployed, one, onTemplate, ROOT } from './bicep.ts';

interface Hook {
  shell: string;
  run: string;
  continueOnError?: boolean;
}

const project = parse(readFileSync(join(ROOT, 'azure.yaml'), 'utf8')) as {
  services: Record<string, Service>;
  hooks: Record<string, Record<'posix' | 'windows', Hook>>;
};
const [name, service] = Object.entries(project.services)[0] as [string, Service];
const packageJson = (folder: string) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));

describe('azd', () => {
  it('packs the bundle, the script of its worker threads, the console, host.json and package.json, and nothing else', () => {
    expect(Object.keys(project.services)).toHaveLength(1);
    const packed = packedByAzd(ROOT, service);
    expect(packed.filter((path) => !/^(dist|console)\/[A-Za-z-]+-[A-Z0-9]{8}\.(cjs|js)$/.test(path)).sort()).toEqual([
      'console/app.css',
      'console/app.js',
      'console/icon.svg',
      'console/index.html',
      'dist/mail-thread.cjs',
      'dist/main.cjs',
      'host.json',
      'package.json',
    ]);
  });

  it('installs nothing in Azure: it would, if the package asked for a remote build or named dependencies', () => {
    expect(service).toMatchObject({ host: 'function', remoteBuild: false });
    expect(Object.keys(packageJson(APP)).sort()).toEqual(['main', 'name', 'type', 'version']);
  });

  it('builds by the script that it runs itself for this language', () => {
    expect(service.language).toBe('ts');
    expect(service.hooks).toBeUndefined();
    expect(packageJson(ROOT).scripts.build).toBe('node scripts/build.mjs');
  });

  it('is told of hooks that fail the command, each the same program on every system', () => {
    expect(Object.keys(project.hooks).sort()).toEqual(['postdeploy', 'preprovision']);
    for (const hook of Object.values(project.hooks)) {
      expect(hook.posix.run).toBe(hook.windows.run);
      const [, script = ''] = /^node (\S+)$/.exec(hook.posix.run) ?? [];
      expect(existsSync(join(ROOT, script))).toBe(true);
      expect([hook.posix.continueOnError, hook.windows.continueOnError]).toEqual([undefined, undefined]);
    }
  });
});

it('the entry point of package.json is in the package', () => {
  expect(packedByAzd(ROOT, service)).toContain(packageJson(APP).main);
  expect(packageJson(ROOT).main).toBe(`dist/app/${packageJson(APP).main}`);
});

onTemplate('the function app', () => {
  it('carries the tag by which azd finds it', async () => {
    expect(one(await deployed(), 'Microsoft.Web/sites').tags?.['azd-service-name']).toBe(name);
  });
});
