# Prometheus of Debian's packages, where no registry gives one.
ARG BASE
FROM ${BASE}
RUN mkdir /prometheus && chown 65534:65534 /prometheus && find / -xdev -type f -perm /6000 -exec chmod a-s {} +
EXPOSE 9090
USER 65534:65534
ENTRYPOINT ["prometheus"]
