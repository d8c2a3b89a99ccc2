# The specification behind nginx, at port 8080; everything that nginx writes is in /tmp. Built by cd/images.sh.
ARG BASE
FROM ${BASE}
ARG VERSION
ARG REVISION
RUN echo 'joulebus:x:10001:10001::/tmp:/usr/sbin/nologin' >> /etc/passwd && echo 'joulebus:x:10001:' >> /etc/group \
  && find / -xdev -type f -perm /6000 -exec chmod a-s {} +
COPY nginx.conf /etc/joulebus/nginx.conf
COPY models /srv/models
LABEL org.opencontainers.image.title="joulebus-web" \
  org.opencontainers.image.description="The specification of joulebus, to read and to fetch" \
  org.opencontainers.image.licenses="Apache-2.0" \
  org.opencontainers.image.version="${VERSION}" \
  org.opencontainers.image.revision="${REVISION}"
USER 10001:10001
WORKDIR /tmp
STOPSIGNAL SIGQUIT
ENTRYPOINT ["nginx", "-e", "stderr", "-p", "/tmp", "-c", "/etc/joulebus/nginx.conf"]
