# The image of Pushgraph: docker build -t pushgraph . (or podman build). docs/operations.md tells how to run it.

FROM node:24.21.0-slim AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
# No script of a package is needed, so none gets to run.
RUN ["npm", "ci", "--ignore-scripts"]
COPY . .
RUN ["npm", "exec", "--no", "vite", "build"]
RUN ["npm", "exec", "--no", "--", "vite", "build", "--config", "vite.overview.config.ts"]
RUN ["node", "image/assemble.ts", "/app"]

FROM node:24.21.0-slim
# Nothing is installed at run time. /data is where volumes go, whose owner is that of this folder when they are new.
RUN rm -rf /usr/local/lib/node_modules /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/corepack /usr/local/bin/yarn* /opt/yarn* \
    && install -d -o 1000 -g 1000 -m 0700 /data
COPY --from=build /app /app

# HOST is beyond loopback, so PUSHGRAPH_AUTH has to be set by whoever runs it: the image chooses none for them.
# Temporary files go beside the data: there is no other place that can be written. Two malloc arenas instead of eight for
# each processor take about 100 MB less, and large pieces that are given back at once some 40 MB.
ENV HOST=0.0.0.0 \
    PORT=4000 \
    PUSHGRAPH_DATA_DIR=/data \
    TMPDIR=/data \
    MALLOC_ARENA_MAX=2 \
    MALLOC_MMAP_THRESHOLD_=131072

WORKDIR /app
# A number, so that Kubernetes sees that it is not root.
USER 1000:1000
VOLUME ["/data"]
EXPOSE 4000
# Whether the process answers, not whether Push does: nobody should restart it for that.
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --start-interval=1s \
    CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/livez`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# No shell and no npm between: signals reach the server, which is process 1. SIGTERM stops it, SIGHUP has it read files again.
ENTRYPOINT ["node", "--max-semi-space-size=16", "--v8-pool-size=0", "--expose-gc", "/app/bin/pushgraph.js"]
CMD ["serve"]
