# Builds Claviger from a clone and leaves the tools behind: the image holds Node, the program and what it needs to run, no shell, no
# package manager, no secret. docs/many-nodes.md says how to run it.

FROM node:24-trixie-slim AS build
WORKDIR /build
COPY package.json package-lock.json ./
# No package needs its install script: what is native comes prebuilt. The workspace would only bring a second Node.
RUN npm ci --ignore-scripts --workspaces=false --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY src src
COPY console console
COPY tools/build-console.ts tools/build-console.ts
RUN npm run build

FROM node:24-trixie-slim AS dependencies
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts --workspaces=false --no-audit --no-fund && mkdir data

FROM gcr.io/distroless/nodejs24-debian13:nonroot
WORKDIR /app
COPY package.json project.schema.json openapi.json LICENSE ./
COPY bin bin
COPY projects projects
COPY --from=dependencies /build/node_modules node_modules
COPY --from=build /build/dist dist
# The only place that is written to: the embedded store and the pepper, or with a shared store the first root key and notes.
COPY --from=dependencies --chown=65532:65532 /build/data /data
VOLUME /data
ENV NODE_ENV=production CLAVIGER_HOST=0.0.0.0 CLAVIGER_DATA=/data
# 4000 is the control plane with the console, which is for you alone; 4001 is the gateway and 4002 the portal, which are for your
# customers.
EXPOSE 4000 4001 4002
# By number, so that an orchestrator can see that it is not root.
USER 65532:65532
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 CMD ["/nodejs/bin/node", "-e", "fetch(`http://127.0.0.1:${process.env.CLAVIGER_PORT ?? 4000}/readyz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["/nodejs/bin/node", "bin/claviger.mjs"]
# A root key that is printed would stay in the log.
CMD ["serve", "--root-key-file", "/data/root-key"]
