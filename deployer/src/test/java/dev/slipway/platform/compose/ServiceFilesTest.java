package dev.slipway.platform.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.util.Set;
import org.junit.jupiter.api.Test;

class ServiceFilesTest {

  @Test
  void namesWhatServicesAreMadeOfBesideTheComposeFile() {
    assertThat(
            ServiceFiles.of(
                """
                x-common: &common {env_file: ./common.env}
                services:
                  edge:
                    image: nginx
                    volumes:
                      - ./nginx/nginx.conf:/etc/nginx/nginx.conf:ro
                      - {type: bind, source: ../shared//snippets, target: /etc/nginx/snippets}
                      - cache:/var/cache
                  backend: {<<: *common, image: backend}
                  worker: {image: worker, env_file: [worker.env, {path: more.env, required: false}]}
                  postgres:
                    image: postgres
                    configs: [tuning]
                    secrets: [{source: password, target: password}, outside]
                configs: {tuning: {file: ./postgres.conf}}
                secrets: {password: {file: password.txt}, outside: {external: true}}
                volumes: {cache: }
                """))
        .containsOnly(
            entry("edge", Set.of("./nginx/nginx.conf", "../shared//snippets")),
            entry("backend", Set.of("./common.env")),
            entry("worker", Set.of("worker.env", "more.env")),
            entry("postgres", Set.of("./postgres.conf", "password.txt")));
  }

  @Test
  void countsPathsFromTheFolderInWhichComposeIsCalled() {
    assertThat(
            ServiceFiles.of(
                """
                services:
                  edge:
                    volumes: ["${PWD}/nginx.conf:/a", "$PWD/tls:/b", "$PWDX/c:/c", "${PWD:-.}/d:/d"]
                    env_file: ["${PWD}/edge.env"]
                """))
        .containsOnly(entry("edge", Set.of("./nginx.conf", "./tls", "./edge.env")));
  }

  @Test
  void namesTheFilesThatSecretsAreTakenFrom() {
    ServiceFiles.SecretFiles files =
        ServiceFiles.secretFiles(
            """
            services:
              backend: {env_file: [.env, backend.env, {path: /etc/backend.env, required: false}]}
              worker: {env_file: worker.env, volumes: ["./data:/data"], secrets: [password]}
              odd: {env_file: ["$NAME.env", "~/x", "${NAME:-x}"]}
              none:
            secrets: {password: {file: ./password.txt}, other: {external: true}, odd: {environment: ODD}}
            configs: {tuning: {file: ./tuning.conf}}
            """);

    assertThat(files.environment())
        .containsExactlyInAnyOrder(".env", "backend.env", "/etc/backend.env", "worker.env");
    assertThat(files.secrets()).containsExactly("./password.txt");
    assertThat(ServiceFiles.secretFiles("services: []").environment()).isEmpty();
  }

  @Test
  void leavesOutWhatNamesNoFile() {
    assertThat(
            ServiceFiles.of(
                """
                services:
                  edge:
                    volumes: ["/etc/ssl:/etc/ssl", "~/x:/x", "./$NAME:/y", "cache:/z", "/anonymous"]
                    env_file: ["", "/etc/environment", "a\\0b"]
                    configs: [unknown]
                  odd: none
                """))
        .containsOnly(entry("edge", Set.of("/etc/ssl", "/etc/environment")));
    assertThat(ServiceFiles.of("services: []")).isEmpty();
  }

  @Test
  void seesConfigsAndSecretsThatAreDefinedOtherwise() {
    String text =
        """
        services:
          edge: {image: nginx, configs: [{source: site, target: /etc/nginx/conf.d/site.conf}]}
          backend: {image: backend, secrets: [key]}
          worker: {image: worker}
        configs: {site: {content: "server {}"}}
        secrets: {key: {environment: KEY}}
        """;

    assertThat(ServiceFiles.redefined(text, text)).isEmpty();
    assertThat(ServiceFiles.redefined(text, text.replace("{}", "{listen 80;}")))
        .containsExactly("edge");
    assertThat(ServiceFiles.redefined(text, text.replace("KEY", "OTHER_KEY")))
        .containsExactly("backend");
    assertThat(ServiceFiles.redefined("[", text)).containsExactly("backend", "edge");
  }
}
