# fluxwatch runs its TypeScript sources as they are: no build step, no dev dependencies in the image.
FROM node:24-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
# The only optional native part (msgpackr-extract) is denied by package.json's allowScripts; its JavaScript twin is used.
RUN npm install --omit=dev --no-audit --no-fund && npm cache clean --force

FROM node:24-bookworm-slim
# Only a container that runs `serve` without REDIS_URL starts this redis-server; with docker-compose.yml nothing does.
RUN apt-get update \
 && apt-get install -y --no-install-recommends redis-server \
 && rm -rf /var/lib/apt/lists/* \
 && mkdir -p /data && chown node:node /data
WORKDIR /app
ENV NODE_ENV=production FLUXWATCH_DATA_DIR=/data
COPY --from=dependencies /app/node_modules ./node_modules
COPY package.json openapi.yaml ./
COPY src ./src
USER node
VOLUME /data
EXPOSE 8080
# SIGTERM drains; give `docker stop` the time for it (compose: stop_grace_period).
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s --retries=3 \
  CMD ["node", "src/cli/main.ts", "health"]
ENTRYPOINT ["node", "src/cli/main.ts"]
CMD ["serve"]
