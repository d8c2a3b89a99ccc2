# All components of a home, and the command joulebus; which one a container is, its arguments say. Built by cd/images.sh.
ARG BASE
ARG BUILD_BASE
FROM ${BUILD_BASE} AS build
COPY boot.txt image.txt install.sh trim.sh /build/
RUN --mount=type=secret,id=certificates,target=/etc/ssl/certs/ca-certificates.crt --mount=type=cache,target=/root/.cache \
  /build/install.sh /build/image.txt && /build/trim.sh 0
COPY wheels /build/wheels
ARG EPOCH
RUN /boot/bin/uv pip install --quiet --offline --no-deps --python /app/bin/python /build/wheels/*.whl \
  && /build/trim.sh "$EPOCH" joulebus joulebus_core joulebus_schemas

FROM ${BASE}
ARG VERSION
ARG REVISION
RUN echo 'joulebus:x:10001:10001::/tmp:/usr/sbin/nologin' >> /etc/passwd && echo 'joulebus:x:10001:' >> /etc/group \
  && find / -xdev -type f -perm /6000 -exec chmod a-s {} +
COPY --from=build /app /app
COPY shared /usr/share/joulebus
ENV PATH=/app/bin:/usr/local/bin:/usr/bin:/bin HOME=/tmp LANG=C.UTF-8 PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
LABEL org.opencontainers.image.title="joulebus" \
  org.opencontainers.image.description="Each component of a home of energy packets, and the command joulebus" \
  org.opencontainers.image.licenses="Apache-2.0" \
  org.opencontainers.image.version="${VERSION}" \
  org.opencontainers.image.revision="${REVISION}"
USER 10001:10001
WORKDIR /tmp
ENTRYPOINT ["python", "-P", "-m", "joulebus.services.run"]
