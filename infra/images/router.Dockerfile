# The router: Crossbar, unmodified, in an environment of its own. Its configuration is mounted at /run/router. Built by cd/images.sh.
ARG BASE
ARG BUILD_BASE
FROM ${BUILD_BASE} AS build
COPY boot.txt router.txt install.sh trim.sh /build/
RUN --mount=type=secret,id=certificates,target=/etc/ssl/certs/ca-certificates.crt --mount=type=cache,target=/root/.cache \
  /build/install.sh /build/router.txt && /build/trim.sh 0

FROM ${BASE}
ARG VERSION
ARG REVISION
RUN echo 'joulebus:x:10001:10001::/tmp:/usr/sbin/nologin' >> /etc/passwd && echo 'joulebus:x:10001:' >> /etc/group \
  && find / -xdev -type f -perm /6000 -exec chmod a-s {} +
COPY --from=build /app /app
COPY router.sh /app/bin/joulebus-router
ENV PATH=/app/bin:/usr/local/bin:/usr/bin:/bin HOME=/tmp LANG=C.UTF-8 PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
LABEL org.opencontainers.image.title="joulebus-router" \
  org.opencontainers.image.description="Crossbar, which routes the messages of a home" \
  org.opencontainers.image.licenses="EUPL-1.2" \
  org.opencontainers.image.version="${VERSION}" \
  org.opencontainers.image.revision="${REVISION}"
USER 10001:10001
WORKDIR /tmp
ENTRYPOINT ["joulebus-router"]
