# The figures of all runs, as JSON. Sourced by bench/deploy.
columns=tool,scenario,run,requests,failed,slowRequests,slowFailed,p50Millis,p99Millis,outageMillis,wallMillis,drainMillis,pushMillis,bytesMoved,registryBytes,changedLayerBytes,exitCode,wayBackTyped,serves,loadAverage

number_of() { tr ',' '\n' <<< "$columns" | grep -nx "$1" | cut -d: -f1; } # column -> which one it is

median() { # tool, scenario, column
  awk -F, -v tool="$1" -v scenario="$2" -v column="$(number_of "$3")" '
    $1 == tool && $2 == scenario { print $column }' "$work/runs.csv" | sort --numeric-sort \
    | awk '{ value[NR] = $1 } END { printf "%.1f", NR % 2 ? value[(NR + 1) / 2] : (value[NR / 2] + value[NR / 2 + 1]) / 2 }'
}
largest() { awk -F, -v tool="$1" -v scenario="$2" '$1 == tool && $2 == scenario && $5 + $7 > most { most = $5 + $7 } END { print most + 0 }' "$work/runs.csv"; }
last() { awk -F, -v tool="$1" -v scenario="$2" -v column="$(number_of "$3")" '$1 == tool && $2 == scenario { value = $column } END { print value }' "$work/runs.csv"; }
seconds() { awk -v milliseconds="$1" 'BEGIN { printf "%.1f", milliseconds / 1000 }'; }
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { if (b > 0) printf "%.2f", a / b; else printf "null" }'; }

figures() { # tool, scenario
  local name
  printf '{"name": "%s", "tool": "%s"' "$2" "$1"
  for name in requests failed slowRequests slowFailed; do printf ', "%s": %.0f' $name "$(median "$1" "$2" $name)"; done
  printf ', "failedInTheWorstRun": %d' "$(largest "$1" "$2")"
  for name in p50Millis p99Millis outageMillis; do printf ', "%s": %s' $name "$(median "$1" "$2" $name)"; done
  printf ', "wallSeconds": %s, "drainSeconds": %s, "pushSeconds": %s' "$(seconds "$(median "$1" "$2" wallMillis)")" \
    "$(seconds "$(median "$1" "$2" drainMillis)")" "$(seconds "$(median "$1" "$2" pushMillis)")"
  for name in bytesMoved registryBytes changedLayerBytes; do printf ', "%s": %.0f' $name "$(median "$1" "$2" $name)"; done
  printf ', "registryBytesPerChangedLayerByte": %s' "$(ratio "$(median "$1" "$2" registryBytes)" "$(median "$1" "$2" changedLayerBytes)")"
  printf ', "exitCode": %d, "wayBackTyped": %s, "serves": "%s"}' "$(last "$1" "$2" exitCode)" \
    "$([ "$(last "$1" "$2" wayBackTyped)" = 1 ] && echo true || echo false)" "$(last "$1" "$2" serves)"
}

write_result() {
  local tool scenario separator=""
  mkdir -p "$result"
  { echo "$columns"; cat "$work/runs.csv"; } > "$result/deploy-runs.csv"
  { echo "tool,scenario,run,millisecondsAfterTheStart,status,latencyMillis,error,method,address"; cat "$work/failures.csv" 2> /dev/null || true; } \
    > "$result/deploy-failures.csv"
  cp "$work"/edge-*.log "$result/" 2> /dev/null || true
  {
    printf '{"scenarios": ['
    for tool in slipway hand-script docker-rollout; do
      for scenario in $scenarios; do
        grep -q "^$tool,$scenario," "$work/runs.csv" || continue
        printf '%s\n  %s' "$separator" "$(figures "$tool" "$scenario")"
        separator=,
      done
    done
    printf '\n],\n"withoutDeployment": {"requests": %d, "failed": %d},\n' \
      "$(awk -F, '{ sum += $1 + $3 } END { print sum }' "$work/still.all")" "$(awk -F, '{ sum += $2 + $4 } END { print sum }' "$work/still.all")"
    printf '"machine": {"cpus": %d, "memoryGiB": %.1f, "kernel": "%s", "engine": "%s", "loadAverage": "%s", "requestsPerSecond": %d, "bearableRequestsPerSecond": %s, "runs": %d}}\n' \
      "$(getconf _NPROCESSORS_ONLN)" "$(awk '/^MemTotal/ { print $2 / 1024 / 1024 }' /proc/meminfo)" "$(uname -r)" \
      "$(docker version --format '{{.Server.Version}}')" "$(cut -d' ' -f1-3 /proc/loadavg)" "$rate" "${bearable:-null}" "$runs"
  } > "$result/deploy.json"
}
