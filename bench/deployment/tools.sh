# What each tool does with a release, on a server of its own. Sourced by bench/deploy.

random() { od -An -N "$1" -tx1 /dev/urandom | tr -d ' \n'; }

server_up() { # tool; only the hand script builds on its server, so only there are the base images asked for
  local name value foreign="postgres:15 redis:7.0" dotenv
  dotenv=$(printf 'POSTGRES_PASSWORD=%s\nSECRET_KEY=%s\nHTTP_PORT=80' "$(random 12)" "$(random 8)")
  if [ "$1" = hand-script ]; then
    dotenv+=$'\nREGISTRY=built.here\nTAG=latest'
    foreign+=" python:3.11-slim node:20-slim nginx:1.26"
  fi
  RIG_PID=$$ RIG_DOTENV=$dotenv "$root/fixtures/target/rig" up "$work/rig" "$work/old" "$(commit_of old)" \
    --foreign "$foreign" 2> "$work/rig.log" || { cat "$work/rig.log" >&2; die "the server did not start"; }
  while IFS='=' read -r name value; do export "$name=$value"; done < "$work/rig/env"
  server=$RIG_NAME-target
  case $1 in
    hand-script) docker exec --user deploy --interactive "$server" sh -c 'cat > ~/build.yml' < "$root/bench/build.yml" ;;
    docker-rollout)
      docker exec --user deploy --interactive "$server" sh -c \
        'mkdir -p ~/.docker/cli-plugins && cat > ~/.docker/cli-plugins/docker-rollout && chmod +x ~/.docker/cli-plugins/docker-rollout' \
        < "$docker_rollout"
      typed "echo REGISTRY=$REGISTRY >> .env; echo TAG=none >> .env" ;;
  esac
}

take_server_down() {
  if [ -n "${REGISTRY:-}" ]; then
    docker image ls --format '{{.Repository}}:{{.Tag}}' "$REGISTRY/*" | xargs -r docker image rm > /dev/null 2>&1 || true
  fi
  "$root/fixtures/target/rig" down "$work/rig"
}

typed() { # lines, as a person types them over SSH; in braces, so that bash has read them all before one of them reads the rest
  ssh -i "$PROD_SSH_KEY" -o IdentitiesOnly=yes -o UserKnownHostsFile="$PROD_SSH_KNOWN_HOSTS" -o StrictHostKeyChecking=yes \
    -p "$PROD_SERVER_PORT" "$PROD_SERVER_USER@$PROD_SERVER_HOST" bash -e << TYPED
{
cd /opt/platform-v2
$1
exit
}
TYPED
}

compose="docker-compose -f docker-compose.prod.yml"
building="$compose -f ~/build.yml"

merge() { # release; what a merge to main is to the server
  git -C "$work/$1" push --quiet --force "$RIG_GIT" HEAD:refs/heads/main
}

# --- before: what CI does while nothing is measured but its time -----------------------------------------------------

publish() { # tool, release
  case $1 in
    slipway) slipway release "$2" ;;
    docker-rollout) push_images "$2" ;;
    hand-script) ;;
  esac
}

# --- forwards --------------------------------------------------------------------------------------------------------

slipway() { # verb, release, options
  SLIPWAY_OUTPUT=$work/output-$2 "$root/bin/slipway" "$1" --platform "$work/$2" "${@:3}"
}

hand_script() { # the four lines
  typed "git pull origin main
$building up -d --build
$building exec -T backend alembic upgrade head"
}

docker_rollout() { # release; images by the registry, migrations before, as its documentation leaves it to its users
  local services="" edge=""
  [ "$(image_running backend)" = "$(image_of "$1" backend)" ] || services+=" backend"
  [ "$(image_running frontend)" = "$(image_of "$1" frontend)" ] || services+=" frontend"
  [ "$(image_running nginx)" = "$(image_of "$1" nginx)" ] || edge=" nginx"
  typed "git pull origin main
sed -i 's/^TAG=.*/TAG=$(commit_of "$1")/' .env
printf '%s' '$REGISTRY_PASSWORD' | docker login -u $REGISTRY_USER --password-stdin ${REGISTRY%%/*} 2>/dev/null
$compose pull -q$services$edge
docker logout ${REGISTRY%%/*}
$compose run --rm -T backend alembic upgrade head
for service in$services; do docker rollout -f docker-compose.prod.yml \$service; done
for service in$edge; do $compose up -d --no-deps \$service; done"
}

deploy() { # tool, release
  case $1 in
    slipway) slipway deploy "$2" ;;
    hand-script) hand_script ;;
    docker-rollout) docker_rollout "$2" ;;
  esac
}

# --- backwards -------------------------------------------------------------------------------------------------------

go_back() { # tool, from, to; the two others have no way back of their own: this is what a person types
  case $1 in
    slipway) slipway rollback "$2" ;;
    hand-script)
      typed "git reset --hard $(commit_of "$3")
$building up -d --build" ;;
    docker-rollout)
      typed "git reset --hard $(commit_of "$3")
sed -i 's/^TAG=.*/TAG=$(commit_of "$3")/' .env
docker rollout -f docker-compose.prod.yml backend" ;;
  esac
}

# --- not measured: the state that a scenario begins with -------------------------------------------------------------

bring() { # tool, release
  merge "$2"
  case $1 in
    slipway) slipway deploy "$2" || slipway rollback "$2" --to "$(commit_of "$2")" ;; # deploy refuses an older commit
    hand-script)
      typed "git fetch origin main; git reset --hard $(commit_of "$2")
$building up -d --build
for second in \$(seq 60); do $building exec -T backend alembic upgrade head && exit 0; sleep 1; done; exit 1" ;;
    docker-rollout)
      push_images "$2"
      typed "git fetch origin main; git reset --hard $(commit_of "$2")
sed -i 's/^TAG=.*/TAG=$(commit_of "$2")/' .env
printf '%s' '$REGISTRY_PASSWORD' | docker login -u $REGISTRY_USER --password-stdin ${REGISTRY%%/*} 2>/dev/null
$compose pull -q
docker logout ${REGISTRY%%/*}
$compose up -d postgres redis
for second in \$(seq 60); do $compose run --rm -T backend alembic upgrade head && break; sleep 1; done
$compose up -d" ;;
  esac
}

image_running() { # service
  docker exec "$server" sh -c "docker ps -q --filter label=com.docker.compose.oneoff=False --filter label=com.docker.compose.service=$1 | xargs -r docker inspect --format '{{.Image}}' | sort -u | head -n 1"
}
image_of() { # release, service
  sed -n "s/.*\"$2\": {\"id\": \"\([^\"]*\)\".*/\1/p" "$work/output-$1/verdict.json"
}
