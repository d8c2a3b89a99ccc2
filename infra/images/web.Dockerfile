# The web part behind nginx: the specification at port 8080, the dashboard and the way to the bus at 8090; everything that nginx writes is in
# /tmp. Built by cd/images.sh.
ARG BASE
FROM ${BASE}
ARG VERSION
ARG REVISION
RUN echo 'joulebus:x:10001:10001::/tmp:/usr/sbin/nologin' >> /etc/passwd && echo 'joulebus:x:10001:' >> /etc/group \
  && find / -xdev -type f -perm /6000 -exec chmod a-s {} +
COPY nginx.conf /etc/joulebus/nginx.conf
COPY dashboard.conf /etc/joulebus/servers/dashboard.conf
COPY web.sh /usr/local/bin/joulebus-web
COPY models /srv/models
COPY dashboard /srv/dashboard
LABEL org.opencontainers.image.title="joulebus-web" \
  org.opencontainers.image.description="The dashboard of a home, and the specification of joulebus" \
  org.opencontainers.image.licenses="Apache-2.0" \
  org.opencontainers.image.version="${VERSION}" \
  org.opencontainers.image.revision="${REVISION}"
USER 10001:10001
WORKDIR /tmp
STOPSIGNAL SIGQUIT
ENTRYPOINT ["joulebus-web"]
