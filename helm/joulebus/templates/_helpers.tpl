{{/* The home file as an object. */}}
{{- define "joulebus.homeFile" -}}
{{- $text := required "a chart of joulebus needs a home: --set-file home=examples/homes/house.yaml" .Values.home -}}
{{- $file := fromYaml $text -}}
{{- with $file.Error }}{{ fail (printf "home must be a home file in YAML, but is not: %s" .) }}{{ end -}}
{{- if not $file.home }}{{ fail "home must be a home file with a name (home: house) in its first lines, but has none: give the file's text with --set-file home=FILE, not its path with --set" }}{{ end -}}
{{- toYaml $file -}}
{{- end }}

{{/* The name of the home: the second part of every address on the bus. */}}
{{- define "joulebus.home" -}}
{{- (include "joulebus.homeFile" . | fromYaml).home -}}
{{- end }}

{{/* Not empty when the home has a market, and so a balancer. */}}
{{- define "joulebus.market" -}}
{{- if hasKey (include "joulebus.homeFile" . | fromYaml) "market" }}yes{{ end -}}
{{- end }}

{{/* Objects are called after the release; the Deployments of devices, which the supervisor makes, after the devices. */}}
{{- define "joulebus.fullname" -}}
{{- .Release.Name -}}
{{- end }}

{{- define "joulebus.chart" -}}
{{- printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" -}}
{{- end }}

{{- define "joulebus.version" -}}
{{- .Values.image.tag | default .Chart.AppVersion -}}
{{- end }}

{{/* An image: dict "root" $ "name" "joulebus-router". */}}
{{- define "joulebus.image" -}}
{{- printf "%s%s:%s" .root.Values.image.prefix .name (include "joulebus.version" .root) -}}
{{- end }}

{{/* Labels by which things are selected: dict "root" $ "part" "hub". Of the devices' pods, too. */}}
{{- define "joulebus.selectorLabels" -}}
app.kubernetes.io/name: joulebus
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .part }}
{{- end }}

{{/* All labels of an object: dict "root" $ "part" "hub". */}}
{{- define "joulebus.labels" -}}
{{ include "joulebus.selectorLabels" . }}
app.kubernetes.io/part-of: joulebus
app.kubernetes.io/version: {{ include "joulebus.version" .root | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ include "joulebus.chart" .root }}
joulebus.io/home: {{ include "joulebus.home" .root }}
{{- end }}

{{/* Name, namespace and labels: dict "root" $ "part" "hub" "suffix" "journal"; the suffix is the part when it is not given. */}}
{{- define "joulebus.metadata" -}}
name: {{ include "joulebus.fullname" .root }}-{{ .suffix | default .part }}
namespace: {{ .root.Release.Namespace }}
labels:
  {{- include "joulebus.labels" . | nindent 2 }}
{{- end }}

{{/* Where components find the router. */}}
{{- define "joulebus.router" -}}
ws://{{ include "joulebus.fullname" . }}-router:8081/
{{- end }}

{{/* What holds for every container: Pod Security "restricted", and no byte written but on volumes. */}}
{{- define "joulebus.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end }}

{{/* What holds for every pod: dict "root" $. Only who speaks with the API server mounts a token, and that as a volume of its own. */}}
{{- define "joulebus.podBasics" -}}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: 10001
  runAsGroup: 10001
  fsGroup: 10001
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile:
    type: RuntimeDefault
{{- with .root.Values.image.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
{{- with .root.Values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .root.Values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .root.Values.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{/* What every container of our own image begins with: dict "root" $ "resources" "hub". */}}
{{- define "joulebus.containerBasics" -}}
image: {{ include "joulebus.image" (dict "root" .root "name" (.image | default "joulebus")) }}
imagePullPolicy: {{ .root.Values.image.pullPolicy }}
securityContext:
  {{- include "joulebus.containerSecurity" . | nindent 2 }}
resources:
  {{- toYaml (index .root.Values.resources .resources) | nindent 2 }}
{{- end }}

{{/* How a component is started, and how it is asked whether it lives: dict "root" $ "component" "inverter" "arguments" (list …). */}}
{{- define "joulebus.component" -}}
args:
  - {{ .component }}
  - --home={{ include "joulebus.home" .root }}
  - --router={{ include "joulebus.router" .root }}
  - --ticket-file=/run/joulebus/ticket/ticket
  - --metrics-port=9464
  - --metrics-address=0.0.0.0
  {{- range .arguments }}
  - {{ . | quote }}
  {{- end }}
ports:
  - {name: metrics, containerPort: 9464}
startupProbe:
  httpGet: {path: /healthz, port: metrics}
  periodSeconds: 1
  failureThreshold: 300
livenessProbe:
  httpGet: {path: /healthz, port: metrics}
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 6
readinessProbe:
  httpGet: {path: /readyz, port: metrics}
  periodSeconds: 2
  timeoutSeconds: 2
{{- end }}

{{/* The volumes that every component has: dict "root" $ "ticket" "inverter". */}}
{{- define "joulebus.volumes" -}}
- name: ticket
  secret:
    secretName: {{ include "joulebus.fullname" .root }}-{{ .ticket }}-ticket
    defaultMode: 0440
- name: tmp
  emptyDir: {sizeLimit: 64Mi}
{{- end }}

{{- define "joulebus.mounts" -}}
- {name: ticket, mountPath: /run/joulebus/ticket, readOnly: true}
- {name: tmp, mountPath: /tmp}
{{- end }}

{{/* The folder of the home file, and below it the files that are secret. */}}
{{- define "joulebus.homeVolume" -}}
- name: home
  {{- $files := include "joulebus.secretFiles" . | fromJsonArray }}
  {{- if and .Values.secrets.existingSecret $files }}
  projected:
    defaultMode: 0440
    sources:
      - configMap: {name: {{ include "joulebus.fullname" . }}-home}
      - secret:
          name: {{ .Values.secrets.existingSecret }}
          items:
            {{- range $files }}
            - {key: {{ . }}, path: secrets/{{ . }}}
            {{- end }}
  {{- else }}
  configMap:
    name: {{ include "joulebus.fullname" . }}-home
  {{- end }}
{{- end }}

{{/* Keys of the Secret that the home file names, as JSON. */}}
{{- define "joulebus.secretFiles" -}}
{{- $keys := list -}}
{{- range $name, $device := (include "joulebus.homeFile" . | fromYaml).devices -}}
{{- range $property, $value := $device -}}
{{- if and (kindIs "string" $value) (hasPrefix "secrets/" $value) -}}
{{- $keys = append $keys (trimPrefix "secrets/" $value) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- $keys | uniq | sortAlpha | toJson -}}
{{- end }}

{{- define "joulebus.homeMount" -}}
- {name: home, mountPath: /run/joulebus/home, readOnly: true}
{{- end }}

{{/* A token of the API server, for one container of a pod. */}}
{{- define "joulebus.tokenVolume" -}}
- name: token
  projected:
    defaultMode: 0440
    sources:
      - serviceAccountToken: {path: token, expirationSeconds: 3600}
      - configMap:
          name: kube-root-ca.crt
          items: [{key: ca.crt, path: ca.crt}]
      - downwardAPI:
          items: [{path: namespace, fieldRef: {apiVersion: v1, fieldPath: metadata.namespace}}]
{{- end }}

{{- define "joulebus.tokenMount" -}}
- {name: token, mountPath: /var/run/secrets/kubernetes.io/serviceaccount, readOnly: true}
{{- end }}

{{/* Whether a part keeps its books in a database: the name of the Secret with its URL; dict "root" $ "what" "history". */}}
{{- define "joulebus.database" -}}
{{- (index .root.Values.database .what).existingSecret -}}
{{- end }}

{{/* A home that is another one restarts who reads it: its hash, as an annotation of pods. */}}
{{- define "joulebus.homeHash" -}}
checksum/home: {{ printf "%s%s" .Values.home (toYaml .Values.files) | sha256sum }}
{{- end }}

{{/* The Role of a part is that of its ServiceAccount: dict "root" $ "part" "router". */}}
{{- define "joulebus.roleBinding" -}}
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  {{- include "joulebus.metadata" . | nindent 2 }}
  {{- with .annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: Role
  name: {{ include "joulebus.fullname" .root }}-{{ .part }}
subjects:
  - kind: ServiceAccount
    name: {{ include "joulebus.fullname" .root }}-{{ .part }}
    namespace: {{ .root.Release.Namespace }}
{{- end }}

{{/* A claim for books: dict "root" $ "part" "hub" "what" "journal". */}}
{{- define "joulebus.claim" -}}
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  {{- include "joulebus.metadata" (dict "root" .root "part" .part "suffix" .what) | nindent 2 }}
  {{- if .root.Values.persistence.keep }}
  annotations:
    helm.sh/resource-policy: keep
  {{- end }}
spec:
  {{- with .root.Values.persistence.storageClass }}
  storageClassName: {{ . }}
  {{- end }}
  accessModes:
    {{- toYaml .root.Values.persistence.accessModes | nindent 4 }}
  resources:
    requests:
      storage: {{ (index .root.Values.persistence .what).size }}
{{- end }}

{{/* Where the URL of a database lies, as a volume and as a mount: dict "root" $ "what" "history". */}}
{{- define "joulebus.databaseVolume" -}}
- name: database
  secret:
    secretName: {{ include "joulebus.database" . }}
    defaultMode: 0440
    items: [{key: {{ (index .root.Values.database .what).key }}, path: url}]
{{- end }}

{{- define "joulebus.databaseMount" -}}
- {name: database, mountPath: /run/joulebus/database, readOnly: true}
{{- end }}

{{/* Simulated seconds per real second: what the values say, else the home file. */}}
{{- define "joulebus.speed" -}}
{{- .Values.clock.speed | default (include "joulebus.homeFile" . | fromYaml).speed | default "flat_out" -}}
{{- end }}

{{/* Pods of the home, in one line: dict "root" $ "parts" (list "hub" …); without parts, all of them. */}}
{{- define "joulebus.podsOf" -}}
{{- $labels := dict "app.kubernetes.io/name" "joulebus" "app.kubernetes.io/instance" .root.Release.Name -}}
{{- if .parts -}}
{{- toJson (dict "matchLabels" $labels "matchExpressions" (list (dict "key" "app.kubernetes.io/component" "operator" "In" "values" .parts))) -}}
{{- else -}}
{{- toJson (dict "matchLabels" $labels) -}}
{{- end -}}
{{- end }}
