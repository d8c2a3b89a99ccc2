"""Services of others in a home's file for Docker Compose: the database, the web server, Prometheus and Grafana."""

from joulebus.addresses import LOOPBACK
from joulebus_schemas.versions import SPECIFICATION

DATABASE_FOLDER, MONITORING_FOLDER, PROXY_FOLDER = "/run/joulebus/database", "/run/joulebus/monitoring", "/run/joulebus/proxy"
DATABASE_MOUNT = f"      - {{type: volume, source: database_secret, target: {DATABASE_FOLDER}, read_only: true}}\n"

POSTGRESQL = f"""  postgresql:
    <<: *confined
    image: ${{JOULEBUS_POSTGRESQL_IMAGE:-postgres:17-bookworm}}
    restart: unless-stopped
    mem_limit: 512m
    cap_add: [CHOWN, DAC_OVERRIDE, FOWNER, SETGID, SETUID]
    environment:
      POSTGRES_USER: joulebus
      POSTGRES_DB: joulebus
      POSTGRES_PASSWORD_FILE: {DATABASE_FOLDER}/password
      PGDATA: /var/lib/postgresql/data/joulebus
    depends_on: {{tickets: {{condition: service_completed_successfully}}}}
    tmpfs: [/tmp, /run/postgresql, /var/run/postgresql]
    healthcheck:
      <<: *often
      test: ["CMD", "pg_isready", "--quiet", "--host", "{LOOPBACK}", "--username", "joulebus"]
    volumes:
      - postgresql:/var/lib/postgresql/data
{DATABASE_MOUNT}"""

WEB = f"""  web:
    <<: *confined
    image: ${{JOULEBUS_PREFIX:-joulebus.local/}}joulebus-web:${{JOULEBUS_TAG:-{SPECIFICATION}}}
    restart: unless-stopped
    mem_limit: 64m
    depends_on: {{tickets: {{condition: service_completed_successfully}}}}
    ports:
      - "{LOOPBACK}:${{JOULEBUS_PORT:-8080}}:8090"
      - "{LOOPBACK}:${{JOULEBUS_WEB_PORT:-8082}}:8080"
    tmpfs: [/tmp]
    healthcheck:
      <<: *often
      test:
        - CMD
        - bash
        - -c
        - exec 3<>/dev/tcp/{LOOPBACK}/8090; printf 'GET / HTTP/1.0\\r\\n\\r\\n' >&3; read -r line <&3; [[ $$line == *' 200 '* ]]
    volumes:
      - {{type: volume, source: proxy, target: {PROXY_FOLDER}, read_only: true}}
"""

PROMETHEUS = f"""  prometheus:
    <<: *confined
    image: ${{JOULEBUS_PROMETHEUS_IMAGE:-prom/prometheus:v3.5.0}}
    restart: unless-stopped
    mem_limit: 512m
    command: ["--config.file={MONITORING_FOLDER}/prometheus.yml", "--storage.tsdb.path=/prometheus", "--storage.tsdb.retention.time=30d"]
    ports: ["{LOOPBACK}:${{JOULEBUS_PROMETHEUS_PORT:-9090}}:9090"]
    depends_on: {{tickets: {{condition: service_completed_successfully}}}}
    healthcheck:
      <<: *often
      test: ["CMD", "promtool", "query", "instant", "http://{LOOPBACK}:9090", "vector(1)"]
    volumes:
      - {{type: volume, source: monitoring, target: {MONITORING_FOLDER}, read_only: true}}
      - prometheus:/prometheus
"""

GRAFANA = f"""  grafana:
    <<: *confined
    image: ${{JOULEBUS_GRAFANA_IMAGE:-grafana/grafana:12.2.0}}
    restart: unless-stopped
    mem_limit: 384m
    ports: ["{LOOPBACK}:${{JOULEBUS_GRAFANA_PORT:-3000}}:3000"]
    environment:
      GF_AUTH_ANONYMOUS_ENABLED: "true"
      GF_AUTH_DISABLE_LOGIN_FORM: "true"
      GF_ANALYTICS_CHECK_FOR_UPDATES: "false"
      GF_ANALYTICS_REPORTING_ENABLED: "false"
      GF_PATHS_PROVISIONING: {MONITORING_FOLDER}/grafana
    depends_on: {{tickets: {{condition: service_completed_successfully}}}}
    tmpfs: [/tmp]
    healthcheck:
      <<: *often
      test: ["CMD", "wget", "-q", "-O", "/dev/null", "http://{LOOPBACK}:3000/api/health"]
    volumes:
      - {{type: volume, source: monitoring, target: {MONITORING_FOLDER}, read_only: true}}
{DATABASE_MOUNT}      - grafana:/var/lib/grafana
"""
