# The commits that are deployed, their images, and a verdict for each. Sourced by bench/deploy.

changes_of() { # release -> the changes of fixtures/changes that make it
  case $1 in
    old) ;;
    good) echo sort-customers-by-name ;;
    crash) echo demand-a-longer-key ;;
    red) echo answer-with-another-version ;;
    edge) echo keep-connections-for-longer ;;
    full) echo describe-products tell-of-descriptions update-dependencies ;;
    lock) echo describe-products tell-of-descriptions update-dependencies note-on-products ;;
  esac
}

head_of() { # release -> the revision that its database has
  case $1 in
    full) echo 0012 ;;
    lock) echo 0013 ;;
    *) echo 0011 ;;
  esac
}

commit_of() { git -C "$work/$1" rev-parse HEAD; }

# Releases that crash pass no suite, so the verdict is written here, for images that were built here as Slipway builds
# them: a service's version is the last commit that changed its folder.
make_release() { # release
  local release=$1 change service version id images=""
  [ ! -d "$work/$release" ] || return 0
  "$root/fixtures/changes/repository" "$work/$release" > /dev/null
  for change in $(changes_of "$release"); do "$root/fixtures/changes/repository" "$work/$release" "$change" > /dev/null; done
  for service in backend frontend nginx; do
    version=$(git -C "$work/$release" log -1 --format=%H -- "$service")
    image=slipway.local/bench/$service:${version:0:12}
    docker image inspect "$image" > /dev/null 2>&1 || {
      say "Building $service of $release ..."
      DOCKER_BUILDKIT=0 docker build --quiet --tag "$image" --build-arg "APP_VERSION=$version" \
        --label "org.opencontainers.image.revision=$version" "$work/$release/$service" > "$work/build.log" 2>&1 \
        || { tail -n 20 "$work/build.log" >&2; die "$service of $release does not build"; }
    }
    id=$(docker image inspect --format '{{.Id}}' "$image")
    images+="${images:+, }\"$service\": {\"id\": \"$id\", \"version\": \"$version\"}"
  done
  mkdir -p "$work/output-$release"
  printf '{"commit": "%s", "clean": true, "platform": "", "passed": true, "images": {%s}, "schemaRevision": "%s",
    "suites": [{"stage": "deploy", "name": "bench", "tests": 1, "failed": 0, "skipped": 0, "durationMillis": 0}],
    "finishedAt": "1970-01-01T00:00:00Z"}\n' "$(commit_of "$release")" "$images" "$(head_of "$release")" \
    > "$work/output-$release/verdict.json"
}

push_images() { # release; as CI would, for the tool that has no push of its own
  local service version
  printf '%s' "$REGISTRY_PASSWORD" | docker login --username "$REGISTRY_USER" --password-stdin "${REGISTRY%%/*}" > /dev/null 2>&1
  for service in backend frontend nginx; do
    version=$(git -C "$work/$1" log -1 --format=%H -- "$service")
    docker tag "slipway.local/bench/$service:${version:0:12}" "$REGISTRY/$service:$(commit_of "$1")"
    docker push --quiet "$REGISTRY/$service:$(commit_of "$1")" > /dev/null
  done
  docker logout "${REGISTRY%%/*}" > /dev/null 2>&1
}

layers() { # release -> digest and compressed bytes of each layer of its images, as the registry has them
  local service
  for service in backend frontend nginx; do
    curl --silent --fail --user "$REGISTRY_USER:$REGISTRY_PASSWORD" --header 'Accept: application/vnd.docker.distribution.manifest.v2+json' \
      "http://${REGISTRY%%/*}/v2/${REGISTRY#*/}/$service/manifests/$(commit_of "$1")" | tr -d ' \n' \
      | grep -o '"mediaType":"[a-z.+/]*","size":[0-9]*,"digest":"sha256:[0-9a-f]*"' | grep -v 'container.image.v1' \
      | sed 's/.*"size":\([0-9]*\),"digest":"\(.*\)"/\2 \1/'
  done | sort -u
}

changed_layer_bytes() { # from, to
  comm -13 <(layers "$1") <(layers "$2") | awk '{ bytes += $2 } END { print bytes + 0 }'
}
