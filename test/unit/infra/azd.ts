// What azd packs and refuses of a service with host `function`, by the rules of its source (Azure/azure-dev, read at commit ae35809f of August 2026; azd itself is no package of npm).
import { existsSync, readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

export interface Service {
  host: string;
  language: string;
  project: string;
  dist?: string;
  remoteBuild?: boolean;
  hooks?: Record<string, unknown>;
}

/** Files of the zip. Throws as azd does. `excludes` says what the ignore file excludes, by path relative to the folder that is packed. */
export function packedByAzd(root: string, service: Service): string[] {
  // cli/azd/resources/alpha_features.yaml: `language.custom`, off unless somebody switches it on.
  if (service.language === 'custom') throw new Error('service language custom is in alpha and must be enabled');
  if (!['js', 'ts'].includes(service.language)) throw new Error(`these rules do not know the language ${service.language}`);
  const project = join(root, service.project);
  // cli/azd/pkg/project/service_target_functionapp.go, resolveFunctionAppRemoteBuild: the ignore file is looked for in the project's folder.
  if (existsSync(join(project, '.funcignore'))) throw new Error('these rules do not read an ignore file');
  const folder = service.dist === undefined ? project : join(project, service.dist);
  // cli/azd/pkg/project/framework_service_node.go, Package: what the script `build` has written must be there.
  if (!existsSync(folder) || readdirSync(folder).length === 0) throw new Error(`package source ${folder} is empty or does not exist`);
  if (existsSync(join(folder, '.funcignore'))) throw new Error('these rules do not read an ignore file');
  return packed(folder, folder, service);
}

/** cli/azd/pkg/project/project_utils.go, createDeployableZip: exclusions without an ignore file. Links are followed (cli/azd/pkg/rzip/rzip.go). */
function packed(root: string, folder: string, service: Service): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (!entry.isDirectory()) return entry.name === 'local.settings.json' ? [] : [relative(root, path).split(sep).join('/')];
    if (entry.name === '.azure') return [];
    if (entry.name === 'node_modules' && service.remoteBuild !== false) return [];
    return packed(root, path, service);
  });
}
