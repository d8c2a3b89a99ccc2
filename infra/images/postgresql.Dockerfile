# PostgreSQL on Debian's packages, where no registry gives one; it is told its user and password as the public image is.
ARG BASE
FROM ${BASE}
COPY postgresql.sh /usr/local/bin/joulebus-postgresql
RUN find / -xdev -type f -perm /6000 -exec chmod a-s {} +
ENV LANG=C.UTF-8 PGDATA=/var/lib/postgresql/data
EXPOSE 5432
STOPSIGNAL SIGINT
ENTRYPOINT ["joulebus-postgresql"]
