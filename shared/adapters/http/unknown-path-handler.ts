// Every path and method that no other route takes: Graph's words for it, and what to do instead.
import { printable } from '../../domain/content/addresses.ts';
import { problems } from '../../domain/content/problem.ts';
import { problemAnswer } from './answer.ts';
import { type HandlerDependencies, type HttpHandler, httpHandler } from './handler.ts';
import { methodsAt, unknownSegment } from './known-paths.ts';
import { adviceFor } from './path-advice.ts';

export function unknownPathHandler(dependencies: HandlerDependencies): HttpHandler {
  return httpHandler(dependencies, async (request, ids) => {
    const { pathname } = new URL(request.url);
    // The host brings such a path here, whatever its segments are.
    if (pathname.includes('//')) return problems.emptySegment();
    const segments = pathname.split('/').filter(Boolean);
    const [version, resource, ...rest] = segments;
    const methods: readonly string[] = methodsAt(segments);
    // The host has no route for a value with a line break: then the method is right, and the value is wrong.
    if (methods.includes(request.method)) {
      return resource?.toLowerCase() === 'users' ? problems.invalidUser(printable(rest[0] as string)) : problems.notFound();
    }
    if (methods.length > 0) {
      const allow = methods.join(', ');
      return problemAnswer(problems.methodNotAllowed(request.method, allow), ids, dependencies.clock.now(), { allow });
    }
    if (version?.toLowerCase() === 'v1.0' && resource?.toLowerCase() === 'me') return problems.meNotPossible(printable(rest.join('/')));
    return problems.unknownSegment(printable(unknownSegment(segments)), adviceFor(pathname));
  });
}
