# The load on a server and what became of it. Sourced by bench/deploy.
load_image=slipway-bench-load:12.12.0-3

build_load_generator() {
  docker image inspect "$load_image" > /dev/null 2>&1 || {
    say "Building the load generator once ..."
    DOCKER_BUILDKIT=0 docker build --quiet --tag "$load_image" "$root/bench/load" > /dev/null
  }
}

in_servers_network() { # name, arguments of docker run
  local name=$1
  shift
  docker run --rm --interactive --name "$name" --network "container:$server" --label dev.slipway.ephemeral=true \
    --label "dev.slipway.pid=$$" --label "dev.slipway.host=$(uname -n)" "$@"
}

server_address() { docker inspect --format '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}' "$server"; }

# It runs in the server's own network and asks the server's own address, as a client would, but on no wire that anything
# else goes over: what the server's interface counts is the deployment alone.
start_load() { # results file, requests a second
  local address body post
  address=http://$(server_address)
  body=$(printf '{"name": "Load", "contact_points": [{"kind": "email", "value": "load@platform.example"}]}' | base64 --wrap=0)
  post="{\"method\": \"POST\", \"url\": \"$address/api/customers\", \"header\": {\"Content-Type\": [\"application/json\"]}, \"body\": \"$body\"}"
  printf '%s\n' "{\"method\": \"GET\", \"url\": \"$address/api/products\"}" "$post" \
    "{\"method\": \"GET\", \"url\": \"$address/api/products/1\"}" "$post" > "$work/targets"
  load=$RIG_NAME-load
  in_servers_network "$load" "$load_image" attack -format=json -rate="$2/s" -duration=0 -timeout=10s < "$work/targets" > "$1" &
  load_process=$!
  in_servers_network "$load-slow" --entrypoint in-flight "$load_image" "$address" < /dev/null > "$1.slow" &
  slow_process=$!
}

stop_load() { # results file; writes the same as .csv: start (ns), status, latency (ns), error, method, address
  docker kill --signal INT "$load" > /dev/null
  docker kill --signal TERM "$load-slow" > /dev/null
  wait "$load_process" || die "the load generator failed"
  wait "$slow_process" || die "the generator of slow requests failed"
  load=""
  # Without bodies and headers; an error may have commas in it.
  docker run --rm --interactive "$load_image" encode -to csv < "$1" | awk -F, '{
    error = ""
    for (field = 6; field <= NF - 6; field++) error = error $field
    print $1 "," $2 "," $3 "," error "," $(NF - 2) "," $(NF - 1)
  }' > "$1.csv"
}

milliseconds() { date +%s%3N; }

# From: requests of the whole load. Percentiles: of those that began while the tool worked.
summary() { # results file, began (ms), ended (ms) -> requests, failed, slow requests, failed slow requests, p50, p99, outage (ms)
  local all failed slow slow_failed
  all=$(wc -l < "$1.csv") failed=$(failures "$1.csv" | wc -l)
  slow=$(wc -l < "$1.slow") slow_failed=$(failures "$1.slow" | wc -l)
  echo "$all,$failed,$slow,$slow_failed,$(percentiles "$1.csv" "$2" "$3"),$(outage "$1.csv")"
}

failures() { awk -F, '$2 !~ /^2/' "$1"; }

percentiles() { # csv, began, ended
  awk -F, -v began="$2" -v ended="$3" '{ at = substr($1, 1, 13) + 0 } at >= began && at <= ended { print $3 / 1000000 }' "$1" \
    | sort --numeric-sort | awk '
      { latency[++requests] = $1 }
      END { printf "%.1f,%.1f", latency[int((requests * 50 + 99) / 100)], latency[int((requests * 99 + 99) / 100)] }'
}

outage() { # csv -> the longest time between two successes
  # Sixteen digits are what a number in awk holds: microseconds.
  awk -F, '$2 ~ /^2/ { printf "%.0f\n", substr($1, 1, length($1) - 3) + int($3 / 1000) }' "$1" | sort --numeric-sort \
    | awk 'NR > 1 && $1 - last > longest { longest = $1 - last } { last = $1 } END { printf "%.0f", longest / 1000 }'
}

# One after the other, until requests fail, take a second, or fall behind.
find_bearable_rate() { # -> sets rate to a share of the last rate that was borne
  local tried=0 borne=0 began ended
  for tried in 25 50 75 100 150 200 250 300 400 500 600 800 1000 1500 2000; do
    start_load "$work/saturation" "$tried"
    sleep 2
    began=$(milliseconds)
    sleep 8
    ended=$(milliseconds)
    stop_load "$work/saturation"
    say "  $tried requests a second: $(summary "$work/saturation" "$began" "$ended" | told)"
    summary "$work/saturation" "$began" "$ended" | awk -F, '{ exit !($2 == 0 && $4 == 0 && $6 < 1000) }' || break
    borne=$tried
  done
  [ $borne -gt 0 ] || die "this machine bears no load at all now"
  bearable=$borne
  rate=$((borne * saturation_share / 100))
  say "  The platform bears $borne requests a second here; it gets $rate."
}

show_that_nothing_is_lost_without_a_deployment() {
  local attempt found began ended
  for attempt in 1 2 3 4 5; do
    began=$(milliseconds)
    start_load "$work/still" "$rate"
    sleep 10
    ended=$(milliseconds)
    stop_load "$work/still"
    found=$(summary "$work/still" "$began" "$ended")
    say "  without a deployment: $(echo "$found" | told)"
    if echo "$found" | awk -F, '{ exit !($2 == 0 && $4 == 0 && $6 < 1000) }'; then
      echo "$found" >> "$work/still.all"
      return 0
    fi
    [ "$attempt" = 5 ] || sleep 15
  done
  die "requests are lost, or take a second and more, without a deployment: this machine is too busy to measure anything"
}

told() {
  awk -F, '{ printf "%d requests, %d failed, %d slow ones, %d failed; p50 %s ms, p99 %s ms; longest time between two successes %d ms", $1, $2, $3, $4, $5, $6, $7 }'
}
