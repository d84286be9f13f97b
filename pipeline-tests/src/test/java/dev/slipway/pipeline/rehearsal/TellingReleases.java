package dev.slipway.pipeline.rehearsal;

import static dev.slipway.pipeline.rehearsal.SampleReleases.all;

import java.util.Map;

/** Releases that print every variable that they see, as it is and as programs write them. */
final class TellingReleases {

  private static final String TELL =
      """
      import base64, json, os, urllib.parse
      for name, value in sorted(os.environ.items()):
          raw = value.encode()
          print(name, value, repr(value), json.dumps(value), urllib.parse.quote(value), raw.hex(),
                *(base64.b64encode(before + raw).decode() for before in (b"", b"u", b"u:")), flush=True)
      """;

  /** Compose hands the whole {@code .env} to the backend, and another file. */
  private static final String ENVIRONMENT = "    environment:\n      DATABASE_URL";

  private final SampleReleases releases;

  TellingReleases(SampleReleases releases) {
    this.releases = releases;
  }

  private Map<String, String> environment() {
    return releases.changed(
        "docker-compose.prod.yml",
        ENVIRONMENT,
        "    env_file: [.env, backend.env]\n" + ENVIRONMENT);
  }

  private static Map<String, String> settings(String more) {
    return Map.of("slipway.yml", "health:\n  budget: 40s\n" + more);
  }

  /** One that migrates, with hooks on both sides; migration and hooks tell all that they see. */
  Map<String, String> migrating(String note) {
    return all(
        environment(),
        settings(
            """
            hooks:
              before:
                run: [sh, -c, "env; cat .env backend.env"]
              after:
                where: local
                run: [sh, -c, "env; export -p; echo In a file:; cat \\"$PROD_SSH_JUMP_KEY\\" || true"]
            """),
        releases.migration(TELL.lines().toArray(String[]::new)),
        Map.of("backend/app/NOTES", note));
  }

  /** One that ends while it starts. */
  Map<String, String> crashing() {
    return all(
        environment(),
        settings(""),
        Map.of("backend/app/main.py", TELL + "raise SystemExit(os.environ[\"DATABASE_URL\"])\n"));
  }

  /** One that never becomes well. */
  Map<String, String> illForever() {
    return all(
        environment(),
        Map.of("slipway.yml", "health:\n  budget: 15s\n"),
        releases.changed(
            "backend/app/health.py", "version=self._settings.app_version", "version=\"another\""));
  }
}
