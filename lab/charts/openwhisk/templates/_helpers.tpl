{{- define "openwhisk.labels" -}}
heritage: {{ .Release.Service | quote }}
release: {{ .Release.Name | quote }}
chart: "{{ .Chart.Name }}-{{ .Chart.Version }}"
app: {{ printf "%s-openwhisk" .Release.Name }}
{{- end -}}

{{- define "openwhisk.storageClass" -}}
{{- if not .Values.k8s.persistence.hasDefaultStorageClass }}
storageClassName: {{ .Values.k8s.persistence.explicitStorageClass }}
{{- end }}
{{- end -}}

{{- define "openwhisk.limitsEnvVars" -}}
- name: LIMITS_ACTIONS_INVOKES_PERMINUTE
  value: {{ .Values.whisk.limits.actionsInvokesPerminute | int64 | quote }}
- name: LIMITS_ACTIONS_INVOKES_CONCURRENT
  value: {{ .Values.whisk.limits.actionsInvokesConcurrent | int64 | quote }}
{{- range $variable, $limit := dict "timeLimit" "time" "memory" "memory" "concurrencyLimit" "concurrency" "logLimit" "log" }}
{{- range $bound := list "min" "max" "std" }}
- name: CONFIG_whisk_{{ $variable }}_{{ $bound }}
  value: {{ index $.Values.whisk.limits.actions $limit $bound | toString | quote }}
{{- end }}
{{- end }}
{{- end -}}
