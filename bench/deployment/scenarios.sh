# What is measured, scenario by scenario. Sourced by bench/deploy.
all_scenarios="good-deploy rollback no-change crashing-release red-gate edge-change full-change lock-wait"
lock_seconds=10

begins_with() { case $1 in rollback) echo good ;; lock-wait) echo full ;; *) echo old ;; esac; }
leads_to() {
  case $1 in
    good-deploy) echo good ;;
    rollback | no-change) echo old ;;
    crashing-release) echo crash ;;
    red-gate) echo red ;;
    edge-change) echo edge ;;
    full-change) echo full ;;
    lock-wait) echo lock ;;
  esac
}

in_database() { # SQL
  docker exec --interactive "$server" sh -c \
    'docker exec -i $(docker ps -q --filter label=com.docker.compose.service=postgres) psql -XqAt -v ON_ERROR_STOP=1 -U platform -d platform' <<< "$1"
}

fill_tables() { # an export of 40 orders, two a second, takes 20 s
  in_database "insert into customers (name) values ('Load');
    insert into products (sku, name, price) values ('LOAD-1', 'Load', 1);
    insert into orders (customer_id) select 1 from generate_series(1, 40);" > "$work/fill.log"
}

# Somebody's report, in a transaction that ends when the migration has waited for it for a while.
hold_lock() {
  in_database "do \$\$ begin
      perform count(*) from products;
      for tenth in 1 .. 1800 loop
        perform pg_sleep(0.1);
        exit when exists (select from pg_locks where relation = 'products'::regclass and mode = 'AccessExclusiveLock' and not granted);
      end loop;
      perform pg_sleep($lock_seconds);
    end \$\$" > "$work/lock.log" 2>&1 &
  lock_process=$!
  wait_until "the lock is not held" 10 lock_is_held
}
lock_is_held() {
  [ "$(in_database "select count(*) from pg_stat_activity where query like 'do %pg_sleep%' and pid <> pg_backend_pid()")" != 0 ]
}

interface_bytes() { # received and sent by a container
  docker exec "$1" cat /proc/net/dev | awk '$1 == "eth0:" { print $2 + $10 }'
}

wait_until() { # what, seconds, command
  local what=$1 deadline=$((SECONDS + $2))
  shift 2
  until "$@" 2> /dev/null; do
    [ $SECONDS -lt $deadline ] || die "$what"
    sleep 0.5
  done
}
answers() { curl --silent --fail --max-time 3 --output /dev/null "$RIG_HTTP/api/products"; }

changing() { case $1 in edge-change) echo nginx ;; *) echo backend ;; esac; } # scenario -> a service that is to change

serves() { # service, image before -> whether it or another one is there and answers
  local attempt
  for attempt in 1 2 3 4 5 6; do
    if answers; then
      if [ "$(image_running "$1")" = "$2" ]; then echo before; else echo after; fi
      return 0
    fi
    sleep 1
  done
  echo nothing
}

work_of() { # tool, scenario: what the tool does while it is watched
  case $2 in
    rollback) go_back "$1" "$(begins_with "$2")" "$(leads_to "$2")" ;;
    *) deploy "$1" "$(leads_to "$2")" ;;
  esac
}

measure() { # tool, scenario, run; appends a line to runs.csv
  local tool=$1 scenario=$2 run=$3 from to log before image pushed=0 layers=0 began ended moved code=0 back=0 left
  from=$(begins_with "$scenario") to=$(leads_to "$scenario") log=$work/$tool-$scenario-$run.log
  say " $scenario:"
  [ "$at" = "$from" ] || bring "$tool" "$from" > "$log.before" 2>&1 || { tail -n 30 "$log.before" >&2; die "$tool: $from does not deploy"; }
  wait_until "$tool: $from does not serve" 60 answers
  [ "$scenario" = rollback ] || merge "$to"
  if [ "$scenario" != rollback ] && [ "$tool" != hand-script ]; then
    began=$(milliseconds)
    publish "$tool" "$to" > "$log.pushed" 2>&1 || { tail -n 30 "$log.pushed" >&2; die "$tool: $to is not published"; }
    pushed=$(($(milliseconds) - began))
    layers=$(changed_layer_bytes "$from" "$to")
  fi
  image=$(image_running "$(changing "$scenario")")
  # The catalogue may be in Redis; what is asked for must be what the database says.
  start_load "$work/load" "$rate"
  sleep 3
  [ "$scenario" != lock-wait ] || hold_lock
  before=$(interface_bytes "$server") pulled=$(interface_bytes "$RIG_NAME-registry")
  began=$(milliseconds)
  work_of "$tool" "$scenario" > "$log" 2>&1 || code=$?
  # Where the tool leaves it broken, somebody types the way back at once.
  if [ $code != 0 ] && [ "$tool" != slipway ]; then
    back=1
    go_back "$tool" "$to" "$from" >> "$log" 2>&1 || true
  fi
  ended=$(milliseconds)
  moved=$(($(interface_bytes "$server") - before)) pulled=$(($(interface_bytes "$RIG_NAME-registry") - pulled))
  [ "$scenario" != lock-wait ] || wait "$lock_process" || true
  sleep 5
  stop_load "$work/load"
  left=$(serves "$(changing "$scenario")" "$image")
  keep_failures "$tool" "$scenario" "$run" "$began"
  expect "$tool" "$scenario" "$code" "$left" "$log"
  at=$from
  if [ "$left" != before ] || [ "$scenario" = no-change ]; then at=$to; fi
  echo "$tool,$scenario,$run,$(summary "$work/load" "$began" "$ended"),$((ended - began)),$(drained "$log"),$pushed,$moved,$pulled,$layers,$code,$back,$left,$(cut -d' ' -f1 /proc/loadavg)" \
    >> "$work/runs.csv"
  say "   $(summary "$work/load" "$began" "$ended" | told); $((ended - began)) ms, $((moved / 1024)) KiB over the server's interface; exit $code, serves: $left"
}

drained() { # log -> how long open requests were waited for (ms), by whom does that and says so
  sed -n 's/^ *they have finished after \([0-9.]*\) s.*/\1/p' "$1" | awk '{ sum += $1 } END { printf "%.0f", sum * 1000 }'
}

keep_failures() { # tool, scenario, run, began; what was lost, and when
  { failures "$work/load.csv"; failures "$work/load.slow"; } \
    | awk -F, -v run="$1,$2,$3" -v began="$4" '{ printf "%s,%d,%s,%d,%s,%s,%s\n", run, substr($1, 1, 13) - began, $2, $3 / 1000000, $4, $5, $6 }' \
    | tee -a "$work/failures.csv" > "$work/failed-now.csv"
  if [ -s "$work/failed-now.csv" ]; then
    docker exec "$server" sh -c 'docker ps -aq --filter label=com.docker.compose.service=nginx | xargs -n 1 docker logs --tail 20000' \
      > "$work/edge-$1-$2-$3.log" 2>&1 || true
  fi
}

expect() { # tool, scenario, exit code, what serves, log: a measurement of something that did not happen is none
  local wanted=after
  [ "$1" = slipway ] || return 0
  case $2 in crashing-release | red-gate | no-change) wanted=before ;; esac
  case $2 in crashing-release | red-gate) [ "$3" != 0 ] ;; *) [ "$3" = 0 ] ;; esac && [ "$4" = $wanted ] \
    || { tail -n 40 "$5" >&2; die "slipway ended $2 with $3, and $4 serves"; }
}
