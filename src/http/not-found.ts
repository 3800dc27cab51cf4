// Requests that no operation takes: 405 with the methods of the path where the path is known (RFC 9110 section 15.5.6), else 404.
import { ClavigerError } from "../base/errors.ts";
import type { App } from "./operation.ts";

/** Must be called before the routes are added. */
export function answerUnknownPaths(app: App): void {
  const known: { readonly segments: readonly string[]; readonly method: string }[] = [];
  app.addHook("onRoute", ({ url, method }) => {
    for (const one of [method].flat()) known.push({ segments: url.split("/"), method: one });
  });
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split("?", 1)[0]!.split("/");
    const methods = known.filter(({ segments }) => fits(segments, path)).map(({ method }) => method);
    // A page that is not there is no matter of its method.
    if (methods.length === 0 || methods.includes(request.method))
      throw new ClavigerError("not_found", "There is nothing under this path.");
    const allowed = [...new Set(methods)].sort().join(", ");
    reply.header("allow", allowed);
    throw new ClavigerError("method_not_allowed", `This path takes: ${allowed}.`);
  });
}

function fits(segments: readonly string[], path: readonly string[]): boolean {
  return (
    segments.length === path.length &&
    segments.every((segment, index) =>
      segment.startsWith(":") ? path[index] !== "" : segment === path[index],
    )
  );
}
